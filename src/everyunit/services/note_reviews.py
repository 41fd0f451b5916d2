"""Reading all notes of a home: what their words carry beside what was billed, and where skilled time went.

Kept beside the facts until facts, book or reader change; of what was read before, only a note whose text, payer or
billed codes changed is read again. Notes are read in processes of their own; no text of a note is kept, only where in
it the words stand.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from everyunit.audit import READINGS, claims_standing
from everyunit.audit.compare import compare
from everyunit.errors import UsageError
from everyunit.frames import conform, polars
from everyunit.ledger import Ledger
from everyunit.notes import Reading
from everyunit.rulebook import Book
from everyunit.services.home import open_home
from everyunit.services.inputs import inputs_of, practice_of
from everyunit.services.kept import PACKAGE, is_kept, kept, put, version_of
from everyunit.services.note_marks import payer_words
from everyunit.services.note_reading import plain_minutes, read_beside
from everyunit.services.note_services import twins
from everyunit.services.parts import parts, spans

NAMES = ("notes", "note_findings", "note_codes")
LAST = "notes_read"  # names the state of the home whose notes were read last
AT_ONCE = 400
SECONDS = 2  # between two words of progress
OPTIONAL = "start_stop"  # an element that no general rule asks for
ALONE = 1_500  # notes that one process reads sooner than others are started
_WHOSE = ("visit_id", "service_day", "clinic", "clinician_npi", "discipline", "payer_name", "claim_id")
NOTES = {
    "visit_id": pl.String, "session_minutes": pl.Int64, "timed_minutes": pl.Int64, "counted_minutes": pl.Int64,
    "countable_minutes": pl.Int64, "not_countable_minutes": pl.Int64, "passages": pl.Int64, "missing": pl.String,
    "key": pl.String,
}  # fmt: skip
FINDINGS = {
    "visit_id": pl.String, "kind": pl.String, "code": pl.String, "supported": pl.String, "minutes": pl.Int64,
    "direction": pl.String, "spans": pl.String, "message": pl.String,
}  # fmt: skip
CODES = {
    "visit_id": pl.String, "code": pl.String, "minutes": pl.Int64, "sure": pl.Boolean, "billed_units": pl.Int64,
    "plain_minutes": pl.Int64,
}  # fmt: skip


Task = tuple[str, str, str, str, list[tuple[str, int]]]


@dataclass(frozen=True)
class NoteReviews:
    """`notes`, one row a note read; `findings`, one a disagreement; `codes`, one a visit and code that the words
    carry or the claim bills. All bear visit_id; `whose` says whose the visits are."""

    notes: pl.DataFrame
    findings: pl.DataFrame
    codes: pl.DataFrame
    whose: pl.DataFrame


def note_reviews(home: str | Path, say: Callable[[str], None] | None = None, patient: bool = True) -> NoteReviews:
    """Every note of a kept visit, read beside the claim in force.

    Raises UsageError where there is no ledger and, where the caller is not `patient`, for many notes not read yet.
    """
    ledger = open_home(home)
    folder = ledger.derived() / "notes"
    folder.mkdir(exist_ok=True)
    version = version_of([*PACKAGE.glob("notes/**/*"), PACKAGE / "services" / "note_reading.py", Path(__file__)])
    if not patient and not is_kept(folder, version, NAMES) and _many(ledger):
        raise UsageError("The notes have not been read yet.", remedy=f"Run: everyunit skilled-time --home {home}")
    paths = kept(folder, version, NAMES, lambda: _made(ledger, say or (lambda _: None), _before(ledger, version)))
    put(ledger.home / "derived" / LAST, lambda path: path.write_text(f"{folder.parent.name} {version}"))
    notes, findings, codes = (pl.read_parquet(paths[name]) for name in NAMES)
    return NoteReviews(notes, findings, codes, _visits(ledger).select(_WHOSE).collect())


def _before(ledger: Ledger, version: str) -> dict[str, pl.DataFrame]:
    """What this version read of the home at an earlier state of its files; nothing where there is none."""
    last = ledger.home / "derived" / LAST
    named, _, by = last.read_text().partition(" ") if last.is_file() else ("", "", "")
    folder = ledger.home / "derived" / named / "notes"
    if by != version or not is_kept(folder, version, NAMES):
        return {}
    return {name: pl.read_parquet(folder / f"{name}.parquet") for name in NAMES}


def readings(reviews: NoteReviews) -> pl.DataFrame:
    """What was read, as the judgement takes it: the columns of READINGS."""
    plain = reviews.codes.drop_nulls("plain_minutes").select("visit_id", "code", minutes="plain_minutes")
    found = reviews.findings.join(reviews.notes.select("visit_id", "session_minutes"), on="visit_id", how="left")
    found = found.select("visit_id", "kind", "code", "minutes", instead="supported", session="session_minutes",
                         said="message")  # fmt: skip
    other = {code: ":".join(names) for code, names in twins().items()}
    named = pl.col("code").replace_strict(other, default="", return_dtype=pl.String)
    unbilled = pl.col("kind") == "documented_not_billed"
    found = found.with_columns(instead=pl.when(unbilled).then(named).otherwise("instead"))
    rows = pl.concat([plain.with_columns(kind=pl.lit("minutes")), found], how="diagonal")
    return conform(rows.unique(["visit_id", "kind", "code"], keep="first", maintain_order=True), READINGS)


def _many(ledger: Ledger) -> bool:
    return int(ledger.scan("notes").select(pl.len()).collect().item()) > ALONE * 2


def _visits(ledger: Ledger) -> pl.LazyFrame:
    kept_ = pl.col("status").fill_null("kept").is_in(["", "kept"])
    return ledger.scan("visits").filter(kept_)


def _made(
    ledger: Ledger, say: Callable[[str], None], before: dict[str, pl.DataFrame] | None = None
) -> dict[str, pl.DataFrame]:
    """The frames of NAMES: rows of `before` where a note's key is the same, the others read now."""
    tasks, old = _tasks(ledger), before or {}
    known = set(old["notes"].select("visit_id", "key").iter_rows()) if old else set()
    fresh = [task for task in tasks if (task[0], key_of(task)) not in known]
    rows: tuple[list[Any], list[Any], list[Any]] = ([], [], [])
    done, last = 0, time.monotonic()
    if len(fresh) > ALONE:
        say(f"reading {len(fresh):,} notes")
    for made in _readings(fresh):
        for kept_, new in zip(rows, made, strict=True):
            kept_ += new
        done += len(made[0])
        if len(fresh) > ALONE and (done >= len(fresh) or time.monotonic() - last >= SECONDS):
            last = time.monotonic()
            say(f"{min(done, len(fresh)):,} of {len(fresh):,} notes read")
    again = {task[0] for task in tasks} - {task[0] for task in fresh}
    frames = {}
    for name, kept_, schema in zip(NAMES, rows, (NOTES, FINDINGS, CODES), strict=True):
        frame = pl.DataFrame(kept_, schema=schema, orient="row")
        if again:
            frame = pl.concat([old[name].filter(pl.col("visit_id").is_in(list(again))), frame])
        frames[name] = frame.sort("visit_id", maintain_order=True)
    return frames


def key_of(task: Task) -> str:
    """Names everything that a reading follows from, so that what was read once is not read again."""
    return hashlib.sha256(json.dumps(task[1:]).encode()).hexdigest()[:16]


def _billed(ledger: Ledger) -> pl.DataFrame:
    """visit_id and `lines`, the codes with their units in force; remote work of a month is not for its note."""
    inputs, practice, book = inputs_of(ledger), practice_of(ledger), Book.load()
    standing, made = claims_standing(inputs), []
    for part in parts(inputs, spans(inputs)):
        day = compare(part, practice, book, standing)
        rows = day.rows.filter(nw.col("billed") > 0).select("rank", "billed", visit_key="on_visit")
        whose = polars(rows.join(day.kept.select("visit_key", "visit_id"), on="visit_key", how="inner"))
        made.append(whose.join(day.shelf.select("rank", "code"), on="rank").select("visit_id", "code", "billed"))
    held = pl.concat(made).filter(~pl.col("code").is_in(sorted(book.monthly)))
    lines = held.group_by("visit_id", "code").agg(pl.col("billed").sum())
    return lines.group_by("visit_id").agg(pl.struct("code", "billed").alias("lines"))


def _tasks(ledger: Ledger) -> list[Task]:
    """visit_id, text, discipline, payer in the reader's words, and the codes and units in force."""
    book = Book.load()
    notes = ledger.scan("notes").select("visit_id", "text").unique("visit_id", keep="last")
    visits = _visits(ledger).select("visit_id", "discipline", "payer_id", "payer_name", "claim_id", "service_day")
    rows = polars(visits.join(notes, on="visit_id", how="inner").sort("visit_id"))
    both = rows.join(_billed(ledger), on="visit_id", how="left", maintain_order="left")
    kinds = {name: payer_words(book, name or "") for name in both["payer_name"].unique()}
    return [
        (row["visit_id"], row["text"] or "", row["discipline"] or "PT", kinds[row["payer_name"]],
         sorted((line["code"], line["billed"]) for line in row["lines"] or []))
        for row in both.iter_rows(named=True)
    ]  # fmt: skip


def _readings(tasks: list[Task]) -> Iterable[tuple[list[Any], list[Any], list[Any]]]:
    parts = [tasks[at : at + AT_ONCE] for at in range(0, len(tasks), AT_ONCE)]
    if len(tasks) <= ALONE:
        yield from map(read_part, parts)
        return
    with ProcessPoolExecutor(max(1, (os.cpu_count() or 1) - 1), mp_context=get_context("spawn")) as pool:
        sent = [pool.submit(read_part, part) for part in parts]
        while sent and sent[-1].cancel():  # this process reads from the other end until they meet
            sent.pop()
            yield read_part(parts[len(sent)])
        for reading in sent:
            yield reading.result()


def read_part(tasks: list[Task]) -> tuple[list[Any], list[Any], list[Any]]:
    """Rows of NOTES, FINDINGS and CODES of some notes."""
    rows: tuple[list[Any], list[Any], list[Any]] = ([], [], [])
    for task in tasks:
        visit_id, text, discipline, payer, billed = task
        note, findings, codes = _rows(visit_id, read_beside(text, discipline, payer, billed), dict(billed))
        rows[0].append((*note, key_of(task)))
        rows[1].extend(findings)
        rows[2].extend(codes)
    return rows


def readings_of(visit_id: str, reading: Reading, billed: Mapping[str, int]) -> pl.DataFrame:
    """One reading as the judgement takes it: the columns of READINGS."""
    note, findings, codes = _rows(visit_id, reading, billed)
    return readings(
        NoteReviews(
            pl.DataFrame([(*note, "")], schema=NOTES, orient="row"),
            pl.DataFrame(findings, schema=FINDINGS, orient="row"),
            pl.DataFrame(codes, schema=CODES, orient="row"),
            pl.DataFrame(),
        )
    )


def _rows(visit_id: str, reading: Reading, units: Mapping[str, int]) -> tuple[Any, list[Any], list[Any]]:
    findings, codes = [], []
    for found in reading.findings:
        spans = ":".join(f"{span.start}-{span.end}" for span in found.spans)
        findings.append((visit_id, found.kind, found.code or "", ":".join(found.supported), found.minutes,
                         found.direction or "", spans, found.message))  # fmt: skip
    carried, plain = reading.code_minutes(), plain_minutes(reading)
    sure = {made.code for made in reading.interventions if made.sure}
    for code in sorted({made.code for made in reading.interventions} | units.keys()):
        codes.append((visit_id, code, carried.get(code), code in sure, units.get(code, 0), plain.get(code)))
    return _time(visit_id, reading), findings, codes


def _time(visit_id: str, reading: Reading) -> tuple[Any, ...]:
    """Where the minutes of one visit went, as far as its note tells; null where it does not.

    Face to face is counted, open and rest together. A total that is not told, or is less than the minutes of the
    services, gives way to these.
    """
    minutes = reading.minutes
    counted = sum(reading.code_minutes().values())
    open_ = minutes.uncounted if any(told.counted == "not_counted" for told in reading.passages) else 0
    session = minutes.session if minutes.session is not None else minutes.total
    if counted:
        session = max(session or 0, counted)
    lacking = [name for name in reading.elements.missing() if name == OPTIONAL or name in reading.lacking()]
    open_ = min(open_, (session or 0) - counted)
    rest = None if session is None else session - counted - open_
    return (visit_id, session, minutes.timed, counted, open_, rest, len(reading.passages),
            ":".join(lacking))  # fmt: skip

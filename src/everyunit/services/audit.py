"""Judging a home: findings and the value of each visit, kept beside the facts they follow from."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.audit import FINDINGS, VISIT_VALUES, Inputs, claims_standing, judge, review_history
from everyunit.audit.review import FRAMES
from everyunit.frames import polars
from everyunit.intake.linking import paid_by_visit
from everyunit.ledger import Ledger
from everyunit.rulebook import Book, Practice
from everyunit.services.home import open_home
from everyunit.services.inputs import inputs_of, practice_of
from everyunit.services.kept import PACKAGE, put, version_of
from everyunit.services.note_reviews import note_reviews, readings
from everyunit.services.note_services import SAID, SILENT, services_from_notes
from everyunit.services.parts import parts, spans
from everyunit.services.today import latest_day

LINES_AT_ONCE = 4_000_000
FILES = {"findings": FINDINGS, "visit_values": VISIT_VALUES}
BESIDE = ("together", "aliases", "note_findings")  # small files that a proof looks things up in
RULE_OF_NOTES = "documented"
BY_NOTE = "note_findings.parquet"  # kept apart: the audit is whole without them
_STAMP = "audited.json"
_OF_ALL = ("payers_without_terms_of_their_own", "replacements_whose_original_is_not_known")  # the same in every part


@dataclass(frozen=True)
class Audited:
    """`findings` sorted by visit, code and kind; `visit_values` by visit; `counts` of what was not judged and why."""

    findings: pl.DataFrame
    visit_values: pl.DataFrame
    counts: dict[str, int]
    folder: Path


def audit(
    home: str | Path, again: bool = False, say: Callable[[str], None] | None = None, notes: bool = False
) -> Audited:
    """Judge all that was taken in and keep the result; what was judged before by the same book and code is reused.

    With `notes` every note is read first (once: see `note_reviews`), and where note, record and claim part stands
    among the findings; without, it does not, whatever was read before. Raises UsageError where there is no ledger.
    `say` is told of progress.
    """
    ledger, tell = open_home(home), say or (lambda _: None)
    folder, version = ledger.derived(), _version()
    stamp = _stamp(folder)
    if again or stamp.get("version") != version or (notes and not stamp.get("notes")):
        read = readings(note_reviews(home, tell)) if notes else None
        counts = _judge(ledger, folder, tell, read)
        stamp = {"version": version, "counts": counts, "notes": notes}
        put(folder / _STAMP, lambda path: path.write_text(json.dumps(stamp)))
    frames = {name: pl.read_parquet(folder / f"{name}.parquet") for name in FILES}
    if notes:
        frames["findings"] = with_notes(folder, frames["findings"])
    return Audited(**frames, counts=stamp["counts"], folder=folder)


def notes_read(folder: Path) -> bool:
    """Whether the notes were read for the judgement that stands in this folder."""
    return bool(_stamp(folder).get("notes"))


def notes_found(folder: Path) -> int:
    """How many findings the notes brought to this judgement; 0 where they were not read."""
    if not notes_read(folder):
        return 0
    return int(pl.scan_parquet(folder / BY_NOTE).select(pl.len()).pipe(polars).item())


def with_notes(folder: Path, findings: pl.DataFrame) -> pl.DataFrame:
    """The findings of a judged home with those of its notes, where the notes were read for this judgement."""
    if not notes_read(folder):
        return findings
    return pl.concat([findings, pl.read_parquet(folder / BY_NOTE)]).sort("visit_id", "code", "kind", "finding_id")


def audited(home: str | Path) -> Audited:
    """The result for what was taken in so far, judged now where that has not been done."""
    return audit(home)


def _judge(
    ledger: Ledger, folder: Path, say: Callable[[str], None], read: pl.DataFrame | None = None
) -> dict[str, int]:
    inputs, practice, book = inputs_of(ledger), practice_of(ledger), Book.load()
    by_note = services_from_notes(ledger)["visit_id"].unique()
    inputs = replace(inputs, readings=read, reaches=latest_day(ledger))
    within = spans(inputs)
    standing = claims_standing(inputs)
    put(folder / "aliases.parquet", standing.aliases.rename({"_root": "root"}).write_parquet)
    if len(within) > 1 or by_note.len():
        brought = replace(inputs, services=ledger.scan("services"))
        first, last = _recorded(brought, within)
        inputs = replace(inputs, recorded_from=first or 0, recorded_to=-1 if last is None else last)
    counts: dict[str, int] = {}
    with tempfile.TemporaryDirectory(dir=folder) as spool:
        for number, part in enumerate(parts(inputs, within), start=1):
            if len(within) > 1:
                say(f"judging part {number} of {len(within)}")
            judged = judge(part, practice, book, standing, whole=len(within) == 1)
            for name, frame in judged.history.items():
                frame.write_parquet(Path(spool) / f"{name}.{number:05d}.parquet")
            judged = replace(judged, findings=_said(judged.findings, by_note))
            for name in ("findings", "visit_values", "together"):
                getattr(judged, name).write_parquet(Path(spool) / f"{name}.{number:05d}.parquet")
            for name, count in judged.counts.items():
                more = max if name in _OF_ALL else int.__add__
                counts[name] = more(counts.get(name, 0), count)
        del standing
        if len(within) > 1:
            _courses(Path(spool), inputs, practice, book, say)
        _finish(ledger, folder, Path(spool))
    return counts


def _said(findings: pl.DataFrame, by_note: pl.Series) -> pl.DataFrame:
    """Findings that rest on a note's minutes say so, and count as unchecked; what a note cannot show is not said."""
    ours = pl.col("visit_id").is_in(by_note.implode())
    findings = findings.filter(~(ours & pl.col("kind").is_in(SILENT)))
    message = pl.when(ours).then(pl.concat_str("message", pl.lit(SAID))).otherwise("message")
    return findings.with_columns(message.alias("message"), (pl.col("checked") & ~ours).alias("checked"))


def _courses(spool: Path, inputs: Inputs, practice: Practice, book: Book, say: Callable[[str], None]) -> None:
    """What only the whole history shows, as one more part of the findings."""
    history = {name: pl.scan_parquet(sorted(spool.glob(f"{name}.*.parquet"))) for name in FRAMES}
    lines = int(history["lines"].select(pl.len()).collect().item())
    found = review_history(history, inputs, practice, book, buckets=lines // LINES_AT_ONCE + 1, say=say)
    found.write_parquet(spool / "findings.courses.parquet")


def _finish(ledger: Ledger, folder: Path, spool: Path) -> None:
    """Put the parts together, sorted, with the payments beside the visits."""

    def spooled(name: str) -> pl.LazyFrame:
        return pl.scan_parquet(sorted(spool.glob(f"{name}.*.parquet")))

    values = _with_payments(ledger, spooled("visit_values")).sort("visit_id")
    put(folder / "together.parquet", spooled("together").sort("first_id", "visit_id").sink_parquet)
    findings = spooled("findings").sort("visit_id", "code", "kind", "finding_id")
    ours = pl.col("rule") == RULE_OF_NOTES
    put(folder / BY_NOTE, findings.filter(ours).sink_parquet)
    put(folder / "findings.parquet", findings.filter(~ours).sink_parquet)
    put(folder / "visit_values.parquet", values.sink_parquet)


def _recorded(inputs: Inputs, within: list[tuple[int, int]]) -> tuple[int | None, int | None]:
    """First and last day for which services were brought."""
    kept = inputs.visits.filter(pl.col("status").fill_null("kept").is_in(["", "kept"]))

    def days(span: tuple[int, int]) -> tuple[int | None, int | None]:
        ours = kept.filter(pl.col("service_day").is_between(*span)).select("visit_id", "service_day")
        met = inputs.services.select("visit_id").join(ours, on="visit_id")
        ends = met.select(first=pl.col("service_day").min(), last=pl.col("service_day").max())
        first, last = ends.pipe(polars).row(0)
        return first, last

    first = next((day for day, _ in map(days, within) if day is not None), None)
    last = next((day for _, day in map(days, reversed(within)) if day is not None), None)
    return first, last


def _with_payments(ledger: Ledger, values: pl.LazyFrame) -> pl.LazyFrame:
    """What payers paid and what they left to the patient, of each visit that a remittance names."""
    tables = [ledger.scan(name) for name in ("visits", "remit_claims", "remit_lines", "adjustments")]
    paid = paid_by_visit(*tables).pipe(polars).lazy()
    joined = values.drop("paid_cents", "patient_cents").join(paid, on="visit_id", how="left")
    return joined.select(VISIT_VALUES.names)


def _stamp(folder: Path) -> dict[str, Any]:
    path = folder / _STAMP
    if not path.is_file() or not all((folder / f"{name}.parquet").is_file() for name in (*FILES, *BESIDE)):
        return {}
    try:
        found = json.loads(path.read_bytes())
    except (ValueError, OSError):
        return {}  # cut short or damaged: judged again, as if it had never been
    return found if isinstance(found, dict) and isinstance(found.get("counts"), dict) else {}


def _version() -> str:
    """Names the code and the book that judge, so that a change of either judges again."""
    read_by = [*PACKAGE.glob("notes/**/*"), *PACKAGE.glob("services/note_re*.py")]
    judged_by = [*PACKAGE.glob("audit/*.py"), PACKAGE / "intake" / "linking.py"]
    return version_of([*read_by, *judged_by, Path(__file__)])

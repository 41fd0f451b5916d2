"""Services of visits for which no services.csv came: what the note says was done today, with its minutes.

Only where every service in the note is sure and the timed codes that the words carry are those of the claim (or there
is no claim): then the minutes can be counted. Where words and claim name other codes, that is the notes' own finding,
and the visit stays unjudged here.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.frames import conform, polars
from everyunit.ledger import Ledger
from everyunit.ledger.tables import SERVICES
from everyunit.notes import Intervention, read
from everyunit.notes.disagreements import same
from everyunit.rulebook import Book
from everyunit.services.kept import PACKAGE, kept, version_of
from everyunit.services.note_marks import payer_words

SOURCE = "note"
SILENT = (
    "not_recorded",
    "assistant_modifier_missing",
    "assistant_modifier_unneeded",
    "assistant_modifier_wrong",
    "pair_bundled",
    "pair_modifier_missing",
    "pair_modifier_unsupported",
)  # what a note cannot show: who treated, when, and that something was not done
SAID = " The minutes are those of the note, as it was read: services.csv holds no row of this visit."


def services_from_notes(ledger: Ledger) -> pl.DataFrame:
    """Rows in the columns of `services`, source_id "note", of kept visits that have a note and no service on record.

    Kept beside the facts until facts, book or reader change.
    """
    if int(ledger.scan("notes").select(pl.len()).collect().item()) == 0:
        return SERVICES.empty()
    folder = ledger.derived() / "note_services"
    folder.mkdir(exist_ok=True)
    version = version_of([*PACKAGE.glob("notes/**/*"), Path(__file__)])
    return pl.read_parquet(kept(folder, version, ("services",), lambda: {"services": _made(ledger)})["services"])


def _made(ledger: Ledger) -> pl.DataFrame:
    held = pl.concat([ledger.scan(name).select("visit_id") for name in ("services", "refusals")]).unique()
    visits = ledger.scan("visits").filter(pl.col("status").fill_null("kept").is_in(["", "kept"]))
    bare = visits.join(held, on="visit_id", how="anti")
    bare = bare.select("visit_id", "discipline", "payer_name", "claim_id", "service_day")
    lines = ledger.scan("claim_lines").filter(pl.col("units") > 0)
    billed = lines.group_by("claim_id", "service_day").agg(pl.col("code").unique().sort().alias("codes"))
    notes = ledger.scan("notes").select("visit_id", "text").unique("visit_id", keep="last")
    joined = bare.join(notes, on="visit_id", how="inner").join(billed, on=["claim_id", "service_day"], how="left")
    rows = polars(joined.sort("visit_id"))
    made = [row for visit in rows.iter_rows(named=True) for row in services_of(visit)]
    return conform(pl.DataFrame(made, infer_schema_length=None), SERVICES) if made else SERVICES.empty()


def services_of(visit: dict[str, Any]) -> list[dict[str, Any]]:
    """The services of one visit (discipline, payer_name, text, and `codes` of its claim or None) by its note."""
    book = Book.load()
    payer = payer_words(book, visit["payer_name"] or "")
    done = read(visit["text"] or "", visit["discipline"] or "PT", payer).interventions
    if not done or not all(made.sure and made.attended for made in done):
        return []
    timed = {code for code, held in book.codes_by_number.items() if held.timed}
    codes = [_code(made, visit["codes"] or ()) for made in done]
    if visit["codes"] is not None and set(codes) & timed != set(visit["codes"]) & timed:
        return []
    summed: dict[tuple[str, str], int | None] = {}
    for code, made in zip(codes, done, strict=True):
        key = code, "assistant" if made.by == "assistant" else "therapist"
        known = summed.get(key, 0)
        summed[key] = None if known is None or made.minutes is None else known + made.minutes
    return [
        {"visit_id": visit["visit_id"], "seq": number, "code": code, "minutes": minutes, "mode": "individual",
         "performed_by": by, "assistant_minutes": minutes if by == "assistant" else None, "source_id": SOURCE,
         "row": 0}
        for number, ((code, by), minutes) in enumerate(summed.items(), start=1)
    ]  # fmt: skip


def _code(made: Intervention, billed: Collection[str]) -> str:
    """The code of a service: of those the words carry equally, of their twins at other payers and of the levels of an
    evaluation, which words rarely tell apart, the billed one."""
    carried = (made.code, *made.supported)
    both = [*carried, *(twin for code in carried for twin in twins().get(code, ()))]
    both += [level for level in sorted(billed) if any(same(level, code) for code in carried)]
    return next((code for code in both if code in billed), made.code)


@cache
def twins() -> dict[str, list[str]]:
    """Codes of one service that payers name differently, such as 97014 and G0283."""
    made: dict[str, list[str]] = {}
    rows = Book.load().traits.filter(pl.col("trait") == "instead").select("code", "value")
    for code, other in rows.iter_rows():
        made.setdefault(code, []).append(other)
        made.setdefault(other, []).append(code)
    return made

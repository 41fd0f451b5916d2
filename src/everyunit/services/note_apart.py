"""Where the note, the record and the claim of one visit part, as `audit --notes` says it of all visits."""

from __future__ import annotations

from typing import Any

import polars as pl

from everyunit.audit.checks import finding_name
from everyunit.audit.documented import beside
from everyunit.frames import lazy
from everyunit.rulebook import Book
from everyunit.services.note_marks import MarkedNote
from everyunit.services.note_reviews import readings_of

READ_AS = {
    "note_code_unsupported": "unsupported_code", "note_code_better": "better_supported_code",
    "note_minutes_missing": "missing_minutes", "note_not_billed": "documented_not_billed",
    "note_units_differ": "units_not_supported", "note_time_uncounted": "uncounted_skilled_time",
    "note_minutes_differ": "note_minutes_differ",
}  # fmt: skip
_LINE = {
    "visit_id": pl.String, "claim_id": pl.String, "line": pl.Int64, "code": pl.String, "units": pl.Int64,
    "price_cents": pl.Int64, "recorded": pl.Boolean,
}  # fmt: skip
_SERVICE = {
    "visit_id": pl.String, "code": pl.String, "minutes": pl.Int64, "mode": pl.String, "timed": pl.Boolean,
}  # fmt: skip


def apart(story: dict[str, Any], note: MarkedNote) -> list[dict[str, Any]]:
    """Rows of kind, code, message, fix, rule, source and finding_id, with `read_as`, the reader's own name of it.

    Of one visit there are no dollars here: they stand with the finding where the home's notes were read.
    """
    visit_id = story["visit"]["visit_id"]
    billed = story["billed"]
    read = readings_of(visit_id, note.reading, billed).with_columns(claimed=pl.lit(bool(billed)))
    hits = beside(lazy(read), lazy(_lines(story)), lazy(_services(story)))
    if hits.is_empty():
        return []
    kinds, made = Book.load().kinds(), []
    for row in hits.sort("kind", "code").to_dicts():
        kind = kinds[row["kind"]]
        made.append({
            "kind": row["kind"], "code": row["code"], "message": row["message"], "fix": row["fix"],
            "read_as": READ_AS[row["kind"]], "owner_role": kind.owner_role, "rule": kind.rule,
            "source": kind.source, "checked": False, "finding_id": finding_name(visit_id, row["code"], row["kind"]),
        })  # fmt: skip
    return made


def _lines(story: dict[str, Any]) -> pl.DataFrame:
    visit = story["visit"]
    recorded = {row["code"] for row in [*story["services"], *story["services_beside"]]}
    rows = [
        (visit["visit_id"], visit["claim_id"], None, code, units, 0, code in recorded)
        for code, units in story["billed"].items()
    ]
    return pl.DataFrame(rows, schema=_LINE, orient="row")


def _services(story: dict[str, Any]) -> pl.DataFrame:
    known = Book.load().codes_by_number
    rows = [
        (
            row["visit_id"],
            row["code"],
            row["minutes"],
            row["mode"] or "",
            row["code"] in known and known[row["code"]].timed,
        )
        for row in story["services"]
    ]
    return pl.DataFrame(rows, schema=_SERVICE, orient="row")

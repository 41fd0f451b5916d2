"""What of a claim could not be read, or is not known to the book: it was not judged and must not pass unseen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from everyunit.rulebook import Book

NOT_READ, NOT_KNOWN = "not_read", "code_not_known"
DENTAL, INSTITUTIONAL = "837D", "837I"
_CODE = re.compile("[A-Z0-9]{5}")
_KEY = ("source_id", "claim")

Row = dict[str, object]


class Gap(NamedTuple):
    """One thing that cannot be judged: the kind, the line (None for the claim), what was seen and what clears it."""

    kind: str
    line: int | None
    code: str
    message: str
    fix: str


def gaps(claims: pl.DataFrame, lines: pl.DataFrame, book: Book) -> Iterator[list[Gap]]:
    """Of each claim, in the order of `claims`, what keeps it from being judged; none where all of it can be."""
    by_claim: dict[tuple[object, ...], list[Row]] = {}
    for row in lines.iter_rows(named=True):
        by_claim.setdefault(tuple(row[name] for name in _KEY), []).append(row)
    for claim in claims.iter_rows(named=True):
        own = by_claim.get(tuple(claim[name] for name in _KEY), [])
        yield [*_of_claim(claim, own), *(gap for line in own for gap in _of_line(line, book))]


def _of_claim(claim: Row, lines: list[Row]) -> Iterator[Gap]:
    def gap(message: str, fix: str) -> Gap:
        return Gap(NOT_READ, None, "", message, fix)

    if not claim["claim_id"]:
        yield gap(
            "The claim has no number (CLM01), so it cannot be held against the record.", "Give it its own number."
        )
    if not claim["payer_id"] and not claim["payer_name"]:
        yield gap(
            "The claim names no payer (NM1*PR), so no payer's rules could be held against it.",
            "Name the payer with its identifier.",
        )
    if claim["charge_cents"] is None:
        yield gap("The charge of the claim (CLM02) cannot be read.", "Write it as the sum of the lines, 120.00.")
    if not lines:
        yield gap(
            "The claim has no line that could be read.", "Put each service on a line (SV1, SV2 or SV3) of its own."
        )


def _of_line(line: Row, book: Book) -> Iterator[Gap]:
    number = line["line"] if isinstance(line["line"], int) else None
    code = str(line["code"] or "")

    def gap(message: str, fix: str, kind: str = NOT_READ) -> Gap:
        return Gap(kind, number, code, message, fix)

    bare = line["kind"] == INSTITUTIONAL and line["revenue_code"]  # a room or a supply may stand without a code
    if not code and not bare:
        yield gap("The line has no procedure code.", "Write the code of what the record shows was done.")
    elif code and not _CODE.fullmatch(code):
        yield gap(f"{code[:10]} is no procedure code.", "Write its five characters, such as 97110.")
    elif code and code not in book.codes_by_number:
        yield gap(
            f"The book does not know {code}, so this line was not judged.",
            "Hold the line against the payer's own rules before it is sent.",
            NOT_KNOWN,
        )
    yield from (gap(*told) for told in _amounts(line))


def _amounts(line: Row) -> Iterator[tuple[str, str]]:
    units, milli = line["units"], line["units_milli"]
    whole = "Write whole units, 1 or more, as the record shows them."
    if milli is None:
        if line["kind"] != DENTAL:
            yield "The units of the line are missing or cannot be read.", whole
    elif not isinstance(units, int):
        yield "The units of the line are not whole.", whole
    elif units < 1:
        yield f"The line charges {units} units.", whole
    if line["charge_cents"] is None:
        yield "The charge of the line is missing or cannot be read.", "Write it as 60.00."
    if line["service_day"] is None:
        yield "The line has no day of service that can be read.", "Give it its day (DTP*472), such as 20260312."

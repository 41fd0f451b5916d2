"""Why payers take money off: reason and remark codes in own words, who can prevent each, and what clears it.

A code that the book lacks is unknown: it is shown as such, and never counted as settled.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from everyunit.errors import Unreadable
from everyunit.rulebook.kinds import ROLES
from everyunit.rulebook.loading import Folder, Row
from everyunit.rulebook.shelves import Shelves

CAUSES = (
    "authorization", "coding", "contractual", "credentialing", "demographics", "documentation", "duplicate",
    "eligibility", "modifiers", "other payer", "patient share", "timely filing", "units",
)  # fmt: skip
WAYS = ("correct", "new", "papers", "appeal", "other_payer", "patient", "write_off", "wait", "post")
UNKNOWN = "unknown"
OTHER = "any_other"
SPECIAL = {"253": "sequestration", "59": "reduction", "23": "prior_payer", "18": "duplicate"}
_WORDS = ("code", "list", "label", "cause", "department", "way", "remedy")
_FLAGS = ("denial", "preventable", "by_remark")


def put(folder: Folder, shelf: Shelves) -> None:
    """Codes, deadlines and the figures of the work on them as keys of the book (denials, deadlines, work)."""
    for row in folder.table("denials.csv"):
        if row.need("cause") not in CAUSES or row.need("way") not in WAYS or row.need("department") not in ROLES:
            raise Unreadable(f"cause, department or way of {row.need('code')} is none.", place=row.place)
        body: dict[str, Any] = {name: row.need(name) for name in _WORDS[1:]}
        body |= {name: row.flag(name) for name in _FLAGS} | {"groups": row.text("groups").replace(":", " ")}
        shelf.add(f"denials.{row.need('code')}", row, body, "reason of an adjustment")
    for _, row in folder.entries("denials.toml", "deadlines"):
        if row.need("way") not in WAYS:
            raise Unreadable(f"{row.need('way')} is no way.", place=row.place, remedy=f"Take one of {WAYS}.")
        shelf.add(_deadline(row), row, row.whole("days"), f"days from the {row.need('basis')}")
    for name, row in folder.entries("denials.toml", "work"):
        shelf.add(f"work.{name}", row, row.whole("value"), row.need("unit"))


def _deadline(row: Row) -> str:
    return f"deadlines.{row.need('payer')}.{row.need('way')}"


def reasons_frame(shelf: Shelves) -> pl.DataFrame:
    """One row a code: code, list (CARC or RARC), label, cause, department, way, remedy, denial, preventable,
    by_remark (a remark code says more than the reason), bucket, source, checked.

    `bucket` is where an adjustment of that reason goes: sequestration, reduction, prior_payer, duplicate, denied,
    patient or contractual.
    """
    rows = []
    for key, values in shelf.values.items():
        if not key.startswith("denials."):
            continue
        last, code = values[-1], key.removeprefix("denials.")
        usual = "denied" if last.value["denial"] else "contractual"
        bucket = SPECIAL.get(code, "patient" if last.value["cause"] == "patient share" else usual)
        rows.append({"code": code, **last.value, "bucket": bucket, "source": last.source, "checked": last.checked})
    schema: dict[str, Any] = {name: pl.String for name in _WORDS} | {name: pl.Boolean for name in _FLAGS}
    schema |= {"bucket": pl.String, "source": pl.String, "checked": pl.Boolean}
    return pl.DataFrame(rows, schema=schema)


def deadlines_frame(shelf: Shelves) -> pl.DataFrame:
    """kind (of payer), way, days, from_service (counted from the day of service, else of the remit), deadline_source,
    deadline_checked; a kind without an entry takes that of any_other."""
    rows = []
    for key, values in shelf.values.items():
        if key.startswith("deadlines."):
            _, kind, way = key.split(".")
            last = values[-1]
            rows.append((kind, way, last.value, "service" in last.unit, last.source, last.checked))
    schema = ["kind", "way", "days", "from_service", "deadline_source", "deadline_checked"]
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col("days").cast(pl.Int64))

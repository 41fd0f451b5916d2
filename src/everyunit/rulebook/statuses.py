"""What a 277 or 999 says of a claim before it is decided: statuses, entities and faults in own words."""

from __future__ import annotations

from typing import Any

import polars as pl

from everyunit.errors import Unreadable
from everyunit.rulebook.kinds import ROLES
from everyunit.rulebook.loading import Folder
from everyunit.rulebook.shelves import Shelves

LISTS = ("category", "status", "entity", "transaction", "segment", "element")  # the last three of a 999
ANSWERS = ("received", "accepted", "rejected", "asked", "decided", "unknown")
SHELF = "claim_statuses."


def put(folder: Folder, shelf: Shelves) -> None:
    """Each code as a key of the book: claim_statuses.category.A7, claim_statuses.status.562, ...entity.85."""
    for row in folder.table("claim_statuses.csv"):
        kind, department = row.need("list"), row.text("department")
        if kind not in LISTS or (department and department not in ROLES):
            raise Unreadable(f"list or department of {row.need('code')} is none.", place=row.place)
        if (kind == "category") != (row.text("answer") in ANSWERS):
            raise Unreadable(f"answer of {row.need('code')} is none.", place=row.place, remedy=f"One of {ANSWERS}.")
        said = {name: row.text(name) for name in ("label", "answer", "department", "remedy")}
        shelf.add(f"{SHELF}{kind}.{row.need('code')}", row, said, "claim status")


def frame(shelf: Shelves) -> pl.DataFrame:
    """list, code, label, answer (of a category: received, accepted, rejected, asked, decided or unknown),
    department, remedy, source, checked; one row a code."""
    rows: list[dict[str, Any]] = []
    for key, values in shelf.values.items():
        if key.startswith(SHELF):
            _, kind, code = key.split(".")
            last = values[-1]
            rows.append({"list": kind, "code": code, **last.value, "source": last.source, "checked": last.checked})
    names = ("list", "code", "label", "answer", "department", "remedy", "source")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String) | {"checked": pl.Boolean})

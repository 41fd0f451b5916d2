"""Reading what is asked for out of an address, and writing addresses that ask for it."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from everyunit.services.asked import SORTS, WAYS, Asked, month_days

# name in the address -> field
NAMES = {
    "from": "first_month",
    "to": "last_month",
    "clinic": "clinic",
    "payer": "payer",
    "clinician": "clinician",
    "direction": "direction",
    "gate": "gate",
    "way": "way",
    "gap": "gap",
    "q": "words",
    "sort": "sort",
}
LONGEST = 200
LARGEST = 1_000_000


def read(query: QueryDict) -> tuple[Asked, list[str]]:
    """The filters of an address, and a sentence for each that cannot be read (and is then left out)."""
    found: dict[str, Any] = {field: query.get(name, "").replace("\0", "")[:LONGEST] for name, field in NAMES.items()}
    faults = []
    for name in ("from", "to"):
        try:
            if found[NAMES[name]]:
                month_days(found[NAMES[name]])
        except ValueError:
            faults.append(f"The month in “{name}” cannot be read; a month reads 2026-03. It is left out.")
            found[NAMES[name]] = ""
    if found["first_month"] and found["last_month"] and found["first_month"] > found["last_month"]:
        found["first_month"], found["last_month"] = found["last_month"], found["first_month"]
    if found["way"] not in WAYS:
        found["way"] = ""
    if found["sort"] not in SORTS:
        found["sort"] = "dollars"
    kinds = tuple(dict.fromkeys(kind[:LONGEST] for kind in query.getlist("kind") if kind))[:20]
    return Asked(kinds=kinds, **found), faults


def page_number(query: QueryDict) -> int:
    """The page asked for, at least 1; 1 where it is no number."""
    text = query.get("page", "1")
    return min(max(int(text), 1), LARGEST) if text.isascii() and text.isdigit() and len(text) < 12 else 1


def write(asked: Asked, page: int = 1, **changes: Any) -> str:
    """`?from=2026-03&kind=units_over` for what is asked for, after the changes (by field name)."""
    wanted = replace(asked, **changes)
    pairs = [(name, getattr(wanted, field)) for name, field in NAMES.items() if getattr(wanted, field)]
    pairs = [pair for pair in pairs if pair != ("sort", "dollars")] + [("kind", kind) for kind in wanted.kinds]
    if page > 1:
        pairs.append(("page", str(page)))
    return "?" + urlencode(pairs) if pairs else "?"


def plain(asked: Asked) -> Asked:
    """The same period and places without what narrows a list."""
    kept = {"first_month", "last_month", "clinic", "payer", "clinician"}
    blank = Asked()
    return replace(asked, **{f.name: getattr(blank, f.name) for f in fields(Asked) if f.name not in kept})


def visits_only(asked: Asked) -> Asked:
    """What narrows a list of visits."""
    return replace(plain(asked), words=asked.words, gap=asked.gap)

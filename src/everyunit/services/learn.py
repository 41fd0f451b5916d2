"""What words carry which code: the deciding questions and made-up examples in pairs, as the book ships them."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from everyunit.days import Day
from everyunit.errors import BookRefusal, UsageError
from everyunit.rulebook import Book


@cache
def _held() -> dict[str, Any]:
    made: dict[str, Any] = json.loads((files("everyunit.rulebook") / "data" / "learn.json").read_text("utf-8"))
    return made


def learn_index() -> dict[str, Any]:
    """before and drawn (what holds for every page), and pages: one row a page with stem, codes, title, discipline."""
    rows = [{"stem": stem, **page} for stem, page in sorted(_held()["pages"].items())]
    return {"before": _held()["before"], "drawn": _held()["drawn"], "pages": rows}


def learn_page(code: str, day: Day) -> dict[str, Any]:
    """The page that speaks of a code: its title, codes (with the book's label and counting on the day), questions
    and pairs (code, carries, does_not, instead, why). Raises UsageError where no page speaks of the code."""
    stem = page_of(code)
    if stem is None:
        known = ", ".join(sorted(one for page in _held()["pages"].values() for one in page["codes"]))
        raise UsageError(f"No page speaks of {code}.", remedy=f"There are pages for {known}.")
    page = _held()["pages"][stem]
    codes = [{"code": one, **_label(one, day)} for one in page["codes"]]
    return {**page, "stem": stem, "codes": codes, "before": _held()["before"], "drawn": _held()["drawn"]}


def page_of(code: str) -> str | None:
    """The stem of the page that speaks of a code; None where there is none."""
    return next((stem for stem, page in sorted(_held()["pages"].items()) if code in page["codes"]), None)


def _label(code: str, day: Day) -> dict[str, str]:
    """What the book calls the code on a day and how it counts it; empty words where the book refuses."""
    try:
        value = Book.load().value(f"codes.{code}", day)
    except BookRefusal:
        return {"label": "", "counted": "", "source": ""}
    held: dict[str, Any] = value.value
    return {"label": held["label"], "counted": "timed" if held["timed"] else "untimed", "source": value.source}

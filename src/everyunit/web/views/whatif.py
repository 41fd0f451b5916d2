"""What if: one change asked for, the difference by payer, clinic and code. Nothing is stored."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from everyunit.errors import EveryUnitError, UsageError
from everyunit.services.pages import held
from everyunit.services.whatif import Answer, Question, fee_years, whatif
from everyunit.web.query import LONGEST
from everyunit.web.views.errors import worded

TABLES = ("payer", "clinic", "code")
MOST_ROWS = 25
_FIELDS = ("ask", "payer", "rule", "fees", "on", "percent", "per_visit", "unit_cap", "old", "new", "share")


@worded
def page(request: HttpRequest) -> HttpResponse:
    """The questions that can be asked and, where one is, its answer."""
    given = {name: request.GET.get(name, "").replace("\0", "").strip()[:LONGEST] for name in _FIELDS}
    state = held(settings.EVERYUNIT_HOME)
    years = sorted({month[:4] for month in state.months})
    context: dict[str, Any] = {"title": "What if", "given": given, "payers": state.payers.items(), "years": years}
    context["fee_years"] = fee_years()
    status = 200
    if given["ask"]:
        try:
            answer = whatif(settings.EVERYUNIT_HOME, _question(given, min(state.months, default="1990-01")))
            tables = [_rows(answer, name) for name in TABLES]
            context |= {"answer": answer, "tables": tables}
        except EveryUnitError as error:
            context["refusal"], status = error.sentence(), 422
    return render(request, "everyunit/whatif.html", context, status=status)


def _rows(answer: Answer, name: str) -> tuple[str, list[dict[str, Any]], int]:
    """A table's name, its largest rows, and how many more there are."""
    found = answer.by(name)
    return name, found.head(MOST_ROWS).to_dicts(), max(0, found.height - MOST_ROWS)


def _question(given: dict[str, str], since: str) -> Question:
    """The question of a form; an offer holds from the first month (2026-01) with visits on."""
    if given["ask"] == "rule":
        return Question(rule=f"{given['payer']} counts by {given['rule']}")
    if given["ask"] == "fees":
        return Question(fees=_year(given["fees"]), on=_year(given["on"]))
    if given["ask"] == "mix":
        return Question(code_mix=f"{given['old']}:{given['new']}:{given['share']}")
    if not any(given[name] for name in ("percent", "per_visit", "unit_cap")):
        raise UsageError(
            "The offer names no price.", remedy="Give a percentage of Medicare, or a rate for the visit."
        )
    lines = [f"[payers.{json.dumps(given['payer'])}]", f"rule = {json.dumps(given['rule'] or 'ama')}"]
    lines += [f"[[payers.{json.dumps(given['payer'])}.contracts]]", f'from = "{since}-01"']
    lines += [f"{name} = {json.dumps(given[name])}" for name in ("percent", "per_visit", "unit_cap") if given[name]]
    return Question(contract="\n".join(lines))


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise UsageError("A year is missing.", remedy="Write it as 2026.")
    return int(text)

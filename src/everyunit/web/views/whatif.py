"""What if: one change asked for, the difference by payer, clinic and code. Nothing is stored."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from everyunit.errors import EveryUnitError, UsageError
from everyunit.services.pages import held
from everyunit.services.whatif import Question, whatif
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
    status = 200
    if given["ask"]:
        try:
            answer = whatif(settings.EVERYUNIT_HOME, _question(given))
            tables = [(name, answer.by(name).head(MOST_ROWS).to_dicts()) for name in TABLES]
            context |= {"answer": answer, "tables": tables}
        except EveryUnitError as error:
            context["refusal"], status = error.sentence(), 422
    return render(request, "everyunit/whatif.html", context, status=status)


def _question(given: dict[str, str]) -> Question:
    if given["ask"] == "rule":
        return Question(rule=f"{given['payer']} counts by {given['rule']}")
    if given["ask"] == "fees":
        return Question(fees=_year(given["fees"]), on=_year(given["on"]))
    if given["ask"] == "mix":
        return Question(code_mix=f"{given['old']}:{given['new']}:{given['share']}")
    lines = [f"[payers.{json.dumps(given['payer'])}]", f"rule = {json.dumps(given['rule'] or 'ama')}"]
    lines += [f"[[payers.{json.dumps(given['payer'])}.contracts]]", 'from = "1990-01-01"']
    lines += [f"{name} = {json.dumps(given[name])}" for name in ("percent", "per_visit", "unit_cap") if given[name]]
    return Question(contract="\n".join(lines))


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise UsageError("A year is missing.", remedy="Write it as 2026.")
    return int(text)

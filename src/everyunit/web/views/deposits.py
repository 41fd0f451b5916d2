"""Deposits: the bank against the payments that payers announced."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from everyunit.services.deposits_page import ONLY_BANK, DepositsPage, deposits_page
from everyunit.web import query
from everyunit.web.views.errors import worded
from everyunit.web.views.remits import turns
from everyunit.web.words import MONEY


@worded
def deposits(request: HttpRequest) -> HttpResponse:
    """The months, the states, and the payments and deposits to look for."""
    show = request.GET.get("show", "")
    show = show if show in MONEY else ""
    page = deposits_page(settings.EVERYUNIT_HOME, show, query.page_number(request.GET))
    context = {
        "title": "Deposits",
        "page": page,
        "show": show,
        "chips": [{"name": "state", "words": MONEY[show][0], "link": "?"}] if show else [],
        "states": states(page),
        "months": months(page),
        "pages": turns({"show": show}, page.page, page.pages),
    }
    return render(request, "everyunit/deposits.html", context)


def states(page: DepositsPage) -> list[dict[str, Any]]:
    """Each state that holds anything: payments first, then what stands in the bank alone."""
    held = {**page.paid, **{state: page.banked[state] for state in ONLY_BANK}}
    return [
        {"words": MONEY[state][0], "meaning": MONEY[state][1], "link": f"?show={state}", **sums}
        for state, sums in held.items() if sums["rows"]
    ]  # fmt: skip


def months(page: DepositsPage) -> list[dict[str, Any]]:
    """Each month with its bar in thousandths of the largest: found, open, not found."""
    largest = max(1, *(row["remitted_cents"] for row in page.months), 1)
    made = []
    for row in page.months:
        found, waiting, lost = (max(row[f"{name}_cents"], 0) * 1000 // largest for name in ("found", "open", "lost"))
        made.append(
            {**row, "found": found, "waiting": waiting, "waiting_x": found, "lost": lost, "lost_x": found + waiting}
        )
    return made

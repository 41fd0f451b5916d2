"""Visits: the list behind a gap, and the page of one visit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from everyunit.services.pages import visits_page
from everyunit.services.visit_page import visit_page
from everyunit.web import query
from everyunit.web.views.errors import plain, worded
from everyunit.web.views.findings import chips, fields, pages
from everyunit.web.words import GAPS

PAYMENT, BILLING = "payment", "billing"  # ?for=billing: a page that may show expected payment; &show=payment shows it


@worded
def visits(request: HttpRequest) -> HttpResponse:
    """One page of visits with what each earned, was charged and was paid."""
    asked, faults = query.read(request.GET)
    state, listed = visits_page(settings.EVERYUNIT_HOME, asked, query.page_number(request.GET))
    shown = [field for field in fields(asked, state) if field["name"] in ("clinic", "payer", "clinician")]
    shown.append({"name": "gap", "label": "Paid against charged", "options": GAPS, "chosen": asked.gap})
    gap = {"name": "gap", "words": GAPS.get(asked.gap, asked.gap), "link": query.write(asked, gap="")}
    context = {
        "title": "Visits",
        "asked": asked,
        "faults": faults,
        "held": state,
        "listed": listed,
        "gap_words": GAPS.get(asked.gap, ""),
        "chips": [*chips(query.visits_only(asked), state), *([gap] if asked.gap else [])],
        "fields": shown,
        "pages": pages(asked, listed.page, listed.pages),
    }
    return render(request, "everyunit/visits.html", context)


def view_of(asked: Mapping[str, Any]) -> str:
    """The query of a visit page that was opened for billing, with or without payment; empty for any other."""
    if asked.get("for") != BILLING:
        return ""
    return f"?for={BILLING}&show={PAYMENT}" if asked.get("show") == PAYMENT else f"?for={BILLING}"


@worded
def visit(request: HttpRequest, visit_id: str) -> HttpResponse:
    """The record, the proof, the claim and what was paid."""
    billing = request.GET.get("for") == BILLING
    payment = "show=" in view_of(request.GET)
    page = visit_page(settings.EVERYUNIT_HOME, visit_id, payment=payment)
    if page is None:
        words = "No visit has the number in this address. It may stand in a file that has not been brought."
        return plain(request, 404, "No such visit", words, "Look the visit up in the list of visits.")
    context: dict[str, Any] = {
        "title": f"Visit {visit_id}",
        "page": page,
        "story": page.story,
        "visit": page.story["visit"],
        "value": page.value,
        "counts": counts(page.story),
        "uncounted": bool(page.story["billed"] and page.value and not page.value["judged"]),
        "payments": page.payments,
        "billing": BILLING if billing else "",
        "show": PAYMENT if payment else "",
        "show_payment": f"?for={BILLING}&show={PAYMENT}#note" if billing else "",
        "hide_payment": f"?for={BILLING}#note",
        "payment_words": "Expected allowed amount of one unit alone that day, by the terms of this visit's payer.",
    }
    return render(request, "everyunit/visit.html", context)


def counts(story: dict[str, Any]) -> list[dict[str, Any]]:
    """Earned beside billed units of each code of the visit."""
    earned, billed = story["earned"], story["billed"]
    minutes = {row["code"]: row["minutes"] for row in story["minutes"]}
    codes = dict.fromkeys([*minutes, *earned, *billed])
    return [
        {"code": code, "minutes": minutes.get(code), "earned": earned.get(code), "billed": billed.get(code, 0)}
        for code in codes
    ]

"""Remits: every 835 with its proof, and one of them with its claims."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from everyunit.services.remits_page import SHOWS, RemitPage, remit_page, remits_page
from everyunit.web import query
from everyunit.web.views.errors import plain, worded
from everyunit.web.words import GROUPS, REMIT_SHOWS


@worded
def remits(request: HttpRequest) -> HttpResponse:
    """One page of the remittances asked for."""
    asked = {name: request.GET.get(name, "").replace("\0", "")[: query.LONGEST] for name in ("show", "payer", "q")}
    if asked["show"] not in SHOWS:
        asked["show"] = ""
    number = query.page_number(request.GET)
    page = remits_page(settings.EVERYUNIT_HOME, asked["show"], asked["payer"], asked["q"], number)
    named = {"show": REMIT_SHOWS.get(asked["show"], ""), "payer": page.payers.get(asked["payer"], asked["payer"])}
    context = {
        "title": "Remits",
        "page": page,
        "asked": asked,
        "chips": [
            {"name": name, "words": named.get(name, value), "link": address(asked, **{name: ""})}
            for name, value in asked.items() if value
        ],
        "shows": [(REMIT_SHOWS[one], page.counts[one], address(asked, show=one)) for one in SHOWS],
        "fields": [{"name": "payer", "label": "Payer", "options": page.payers, "chosen": asked["payer"]}],
        "pages": turns(asked, page.page, page.pages),
    }  # fmt: skip
    return render(request, "everyunit/remits.html", context)


@worded
def remit(request: HttpRequest, number: str) -> HttpResponse:
    """One remittance: its proof, its claims, what it takes back, and its deposit."""
    page = remit_page(settings.EVERYUNIT_HOME, number)
    if page is None:
        words = "No remittance has the number in this address. It may stand in a file that has not been brought."
        return plain(request, 404, "No such remit", words, "Look it up in the list of remits.")
    context = {"title": "Remit", "page": page, "remit": page.remit, "bars": bars(page)}
    return render(request, "everyunit/remit.html", context)


def bars(page: RemitPage) -> list[dict[str, Any]]:
    """What was charged and where it went, as bars in thousandths of the longest."""
    remit = page.remit
    rows = [("Charged", "CLP03 of its claims", remit["charge_cents"], "bar")]
    rows += [
        (f"{GROUPS.get(group, group)} ({group})", "taken off", -cents, "waiting")
        for group, cents in page.groups.items()
    ]
    rows.append(("Paid on claims", "CLP04", remit["claims_cents"], "bar"))
    if remit["provider_adjustments"]:
        rows.append(("Provider adjustments", "PLB", -remit["withheld_cents"], "waiting"))
    rows.append(("Payment", "BPR02", remit["amount_cents"] or 0, "bar"))
    longest = max(1, *(abs(cents) for _, _, cents, _ in rows))
    return [
        {"words": words, "element": element, "cents": cents, "tone": tone, "width": abs(cents) * 1000 // longest}
        for words, element, cents, tone in rows
    ]


def address(asked: dict[str, str], **changes: Any) -> str:
    """`?show=faults&payer=P1` after the changes."""
    pairs = [(name, str(value)) for name, value in {**asked, **changes}.items() if value]
    return "?" + urlencode(pairs)


def turns(asked: dict[str, str], page: int, last: int) -> dict[str, Any]:
    """Addresses of the page before and after; empty where there is none."""
    return {
        "page": page,
        "last": last,
        "before": address(asked, page=page - 1) if page > 1 else "",
        "after": address(asked, page=page + 1) if page < last else "",
    }

"""Aging: what is really owed, how old it is, and what may have to go back."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from everyunit.services.aging import AGES
from everyunit.services.aging import aging as read
from everyunit.web.charts import columns
from everyunit.web.query import LONGEST
from everyunit.web.views.errors import worded

SHOWN = 50


@worded
def aging(request: HttpRequest) -> HttpResponse:
    """The page of one home, of one payer or clinic where the address names it."""
    payer, clinic = (request.GET.get(name, "").replace("\0", "")[:LONGEST] for name in ("payer", "clinic"))
    found = read(settings.EVERYUNIT_HOME, payer_id=payer, clinic=clinic)
    sums = [(age, sum(row[age] for row in found.by_gate)) for age in AGES]
    named = (("payer", payer), ("clinic", clinic))
    context = {
        "title": "Aging", "page": found, "totals": found.totals, "ages": AGES, "columns": columns(sums),
        "gates": [_aged(_without_charge(row)) for row in found.by_gate],
        "patient": [_aged(row) for row in found.patient],
        "payers": [_aged(row) for row in found.by_payer[:SHOWN]], "more_payers": len(found.by_payer) > SHOWN,
        "clinics": [_aged(row) for row in found.by_clinic[:SHOWN]],
        "whole": _aged(_summed(found.by_gate)),
        "credits": found.credits[:SHOWN], "refund_days": found.refund_days, "checked": found.clock_checked,
        "chips": [{"name": name, "words": value, "link": "?"} for name, value in named if value],
    }  # fmt: skip
    return render(request, "everyunit/aging.html", context)


@worded
def credits(request: HttpRequest) -> HttpResponse:
    """What may have to go back as CSV, with its clocks: patients' numbers, no names."""
    made = HttpResponse(read(settings.EVERYUNIT_HOME).credits_csv(), content_type="text/csv; charset=utf-8")
    made.headers["Content-Disposition"] = 'attachment; filename="credits.csv"'
    return made


def _without_charge(row: dict[str, Any]) -> dict[str, Any]:
    """What a payer paid short has no list charge of its own: what lies open is a part of the expected amount."""
    return {**row, "open_charge_cents": None} if row["gate"] == "underpaid" else row


def _summed(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The row under rows of gates: claims, owed cents and each age; list charge of those that have one."""
    names = ("claims", "owed_cents", *AGES)
    charge = sum(row["open_charge_cents"] or 0 for row in map(_without_charge, rows))
    return {name: sum(row[name] for row in rows) for name in names} | {"open_charge_cents": charge}


def _aged(row: dict[str, object]) -> dict[str, object]:
    return {**row, "by_age": [(age, row[age]) for age in AGES]}

"""Statements: what patients owe, by patient's number, and the lines of one of them."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from everyunit.errors import EveryUnitError
from everyunit.services.statements import statements as read
from everyunit.web.query import LONGEST, page_number
from everyunit.web.views.errors import plain, worded

PAGE = 50


@worded
def statements(request: HttpRequest) -> HttpResponse:
    """Patients by balance, or the lines of the one whose number the address bears."""
    patient = request.GET.get("patient", "").replace("\0", "").strip()[:LONGEST]
    try:
        found = read(settings.EVERYUNIT_HOME, patient=patient)
    except EveryUnitError as error:
        if not patient:
            raise
        return plain(request, 404, "No such balance", error.seen, "Open it from the list of statements.")
    rows = found.lines.to_dicts() if patient else found.patients
    last = max(1, -(-len(rows) // PAGE))
    page = min(page_number(request.GET), last)
    turned = f"patient={patient}&" if patient else ""
    context = {
        "title": "Statements", "page": found, "totals": found.totals, "patient": patient, "total": len(rows),
        "rows": rows[(page - 1) * PAGE : page * PAGE],
        "chips": [{"name": "patient", "words": patient, "link": "?"}] if patient else [],
        "pages": {
            "page": page, "last": last, "before": f"?{turned}page={page - 1}" if page > 1 else "",
            "after": f"?{turned}page={page + 1}" if page < last else "",
        },
    }  # fmt: skip
    return render(request, "everyunit/statements.html", context)


@worded
def download(request: HttpRequest) -> HttpResponse:
    """All lines as CSV: patients' numbers, no names."""
    made = HttpResponse(read(settings.EVERYUNIT_HOME).as_csv(), content_type="text/csv; charset=utf-8")
    made.headers["Content-Disposition"] = 'attachment; filename="statements.csv"'
    return made

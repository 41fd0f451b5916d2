"""Notes: where skilled time went, and where words and codes disagree."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from everyunit.services.pages import held
from everyunit.services.skilled_time import skilled_time
from everyunit.web import query
from everyunit.web.views.errors import worded
from everyunit.web.views.findings import fields
from everyunit.web.words import NOTE_KINDS

BAR = 640


@worded
def notes(request: HttpRequest) -> HttpResponse:
    """The ledger of skilled time of the clinic and clinician asked for."""
    asked, faults = query.read(request.GET)
    found = skilled_time(settings.EVERYUNIT_HOME, asked.clinic, asked.clinician, patient=False)
    state = held(settings.EVERYUNIT_HOME)
    longest = max((row["session_minutes"] for row in found.rows), default=0) or 1
    rows = [
        {**row, "widths": [row[name] * BAR // longest for name in ("counted_minutes", "countable_minutes")],
         "width": row["session_minutes"] * BAR // longest}
        for row in found.rows
    ]  # fmt: skip
    context = {
        "title": "Skilled time", "faults": faults, "found": found, "rows": rows, "bar": BAR,
        "kinds": [(NOTE_KINDS.get(kind, kind), number) for kind, number in found.kinds],
        "fields": [field for field in fields(asked, state) if field["name"] in ("clinic", "clinician")],
    }  # fmt: skip
    return render(request, "everyunit/notes.html", context)

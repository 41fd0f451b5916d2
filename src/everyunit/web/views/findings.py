"""Findings: the list that can be narrowed, and the same list as a file."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from everyunit.services.asked import Asked
from everyunit.services.pages import Held, findings_csv, findings_page
from everyunit.web import query
from everyunit.web.views.errors import worded
from everyunit.web.words import DIRECTIONS, SORTS, WAYS, WAYS_TOLD, kind_words
from everyunit.web.words import GATES as GATE_WORDS


@worded
def findings(request: HttpRequest) -> HttpResponse:
    """One page of the findings asked for, both ways summed."""
    asked, faults = query.read(request.GET)
    state, listed = findings_page(settings.EVERYUNIT_HOME, asked, query.page_number(request.GET))
    context = {
        "title": "Findings",
        "asked": asked,
        "faults": faults,
        "held": state,
        "listed": listed,
        "rows": listed.rows,
        "chips": chips(asked, state),
        "fields": fields(asked, state),
        "carried": [(name, value) for name, value in (("gate", asked.gate), ("direction", asked.direction)) if value],
        "sorts": [(words, query.write(asked, sort=sort), sort == asked.sort) for sort, words in SORTS.items()],
        "download": "/findings/findings.csv" + query.write(asked),
        "pages": pages(asked, listed.page, listed.pages),
    }
    return render(request, "everyunit/findings.html", context)


@worded
def download(request: HttpRequest) -> HttpResponse:
    """The findings asked for as CSV, all pages."""
    asked, _ = query.read(request.GET)
    answer = HttpResponse(findings_csv(settings.EVERYUNIT_HOME, asked), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="findings.csv"'
    return answer


def chips(asked: Asked, state: Held) -> list[dict[str, str]]:
    """Each filter that is on, with the address without it."""
    made = []

    def chip(name: str, shown: str, **without: Any) -> None:
        made.append({"name": name, "words": shown, "link": query.write(asked, **without)})

    if asked.first_month:
        chip("from", asked.first_month, first_month="")
    if asked.last_month:
        chip("to", asked.last_month, last_month="")
    if asked.clinic:
        chip("clinic", asked.clinic, clinic="")
    if asked.payer:
        chip("payer", state.payers.get(asked.payer, asked.payer), payer="")
    if asked.clinician:
        chip("clinician", asked.clinician, clinician="")
    for kind in asked.kinds:
        chip("kind", kind_words(kind), kinds=tuple(other for other in asked.kinds if other != kind))
    if asked.direction:
        chip("direction", DIRECTIONS.get(asked.direction, asked.direction), direction="")
    if asked.gate:
        chip("gate", GATE_WORDS.get(asked.gate, asked.gate), gate="")
    if asked.way:
        chip("way", WAYS[asked.way], way="")
    if asked.words:
        chip("search", asked.words, words="")
    return made


def fields(asked: Asked, state: Held) -> list[dict[str, Any]]:
    """The choice lists of the filter form: name, label, the options and the one that is on."""
    one_kind = asked.kinds[0] if len(asked.kinds) == 1 else ""
    return [
        _field("clinic", "Clinic", {clinic: clinic for clinic in state.clinics}, asked.clinic),
        _field("payer", "Payer", dict(state.payers), asked.payer),
        _field("clinician", "Clinician (NPI)", {npi: npi for npi in state.clinicians}, asked.clinician),
        _field("kind", "Kind", {kind: kind_words(kind) for kind in sorted(state.kinds, key=kind_words)}, one_kind),
        _field("way", "What to do", WAYS_TOLD, asked.way),
    ]


def _field(name: str, label: str, options: dict[str, str], chosen: str) -> dict[str, Any]:
    return {"name": name, "label": label, "options": options, "chosen": chosen}


def pages(asked: Asked, page: int, last: int) -> dict[str, Any]:
    """Addresses of the page before and after; empty where there is none."""
    return {
        "page": page,
        "last": last,
        "before": query.write(asked, page=page - 1) if page > 1 else "",
        "after": query.write(asked, page=page + 1) if page < last else "",
    }

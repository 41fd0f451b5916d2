"""One case of underpayment: its lines, and the letter that asks for what is short."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from everyunit.errors import UsageError
from everyunit.services.appeals_sent import keep_case
from everyunit.services.dispute import FORM, LETTER, dispute
from everyunit.services.letter import pdf
from everyunit.services.paper_day import paper_day
from everyunit.web.query import LONGEST
from everyunit.web.views.errors import plain, worded

WAYS = (LETTER, FORM)


@worded
def short(request: HttpRequest) -> HttpResponse:
    """The lines of a case (or claim) with what is asked, and the letter."""
    if request.method == "POST":
        return _went(request)
    home, named = settings.EVERYUNIT_HOME, named_in(request.GET.get("case", ""))
    if not named:
        return plain(request, 404, "No case is named", "The address names no case.", "Open it from the denials.")
    try:
        made = dispute(home, named, paper_day(home))
    except UsageError as error:
        return plain(request, 404, "Nothing is short here", error.seen, "Open it from the denials.")
    return render(request, "everyunit/short.html", {"title": "Paid short", "made": made})


def letter(named: str, way: str) -> bytes:
    """The letter or form (WAYS) as PDF; it names patients or their numbers. UsageError where nothing is short."""
    home = settings.EVERYUNIT_HOME
    made = dispute(home, named, paper_day(home), way == FORM)
    return pdf(made.template, made.letter)


def named_in(value: str) -> str:
    """A case or claim as an address names it."""
    return value.replace("\0", "").strip()[:LONGEST]


def _went(request: HttpRequest) -> HttpResponse:
    """Write down that the letter went out, and show what is followed."""
    home = settings.EVERYUNIT_HOME
    try:
        day = paper_day(home)
        made = dispute(home, named_in(request.POST.get("case", "")), day)
        keep_case(home, made.case_id, made.parts, made.name, request.POST.get("by", ""), day)
    except UsageError as error:
        return plain(request, 422, "This was not kept", error.seen, error.remedy)
    answer = HttpResponse(status=303)
    answer.headers["Location"] = "/sent/"
    return answer

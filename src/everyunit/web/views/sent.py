"""Claims sent: what became of them, and sending one again in the way its payer takes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from everyunit.errors import EveryUnitError
from everyunit.services.again import FORM, WAYS, appeal_pdf, claim_again, ways_open
from everyunit.services.answers import answers, summary, to_mend
from everyunit.services.paper_day import paper_day
from everyunit.web.query import LONGEST, page_number
from everyunit.web.views.errors import plain, worded

PAGE = 50


@worded
def sent(request: HttpRequest) -> HttpResponse:
    """Counts of each answer, and the claims that are rejected or late."""
    day, rows = answers(settings.EVERYUNIT_HOME)
    told, mend = summary(day, rows), to_mend(rows)
    last = max(1, -(-len(mend) // PAGE))
    page = min(page_number(request.GET), last)
    context = {
        "title": "Claims sent", "day": day, "told": told, "total": len(mend),
        "rows": mend[(page - 1) * PAGE : page * PAGE],
        "states": [(name, told["answers"][name]) for name in told["answers"]],
        "pages": {
            "page": page, "last": last, "before": f"?page={page - 1}" if page > 1 else "",
            "after": f"?page={page + 1}" if page < last else "",
        },
    }  # fmt: skip
    return render(request, "everyunit/sent.html", context)


@worded
def again(request: HttpRequest) -> HttpResponse:
    """One claim: which ways of sending it again its payer takes, and the letter that asks again."""
    number = _number(request)
    if not number:
        return plain(request, 404, "No claim is named", "The address names no claim.", "Open it from the denials.")
    ways = ways_open(settings.EVERYUNIT_HOME, number, paper_day(settings.EVERYUNIT_HOME))
    context = {"title": "Send again", "number": number, "ways": ways}
    return render(request, "everyunit/again.html", context)


@worded
def download(request: HttpRequest) -> HttpResponse:
    """The file itself: an 837 or a letter. It names the patient, so that nothing keeps it on the way."""
    number, way = _number(request), request.GET.get("as", "")
    if way not in (*WAYS, FORM):
        return plain(request, 404, "Nothing stands here", "The address names no way to send a claim again.")
    today = paper_day(settings.EVERYUNIT_HOME)
    try:
        if way in ("appeal", FORM):
            template = "appeal_form" if way == FORM else way
            made = appeal_pdf(settings.EVERYUNIT_HOME, number, today, template)
            return _file(made, "application/pdf", f"{way}.pdf")
        data = claim_again(settings.EVERYUNIT_HOME, number, way, today)
    except EveryUnitError as error:
        return plain(request, 422, "This was not written", error.seen, error.remedy)
    return _file(data, "application/edi-x12", f"{way}.837")


def _number(request: HttpRequest) -> str:
    return request.GET.get("claim", "").replace("\0", "").strip()[:LONGEST]


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    made: Any = HttpResponse(data, content_type=kind)
    made.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return made  # type: ignore[no-any-return]

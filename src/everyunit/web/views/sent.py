"""Claims sent: what became of them, and sending one again in the way its payer takes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from everyunit.errors import EveryUnitError, UsageError
from everyunit.services.again import FORM, WAYS, appeal_pdf, claim_again, kind_of, refund_pdf, ways_open
from everyunit.services.answers import answers, summary, to_mend, with_last_days
from everyunit.services.appeal import appeal
from everyunit.services.appeals_sent import followed, keep_sent
from everyunit.services.batch import BATCHES, waiting
from everyunit.services.dispute import short_lines
from everyunit.services.paper_day import paper_day
from everyunit.services.refund import REFUND
from everyunit.services.resubmit import resubmit
from everyunit.web.query import LONGEST, page_number
from everyunit.web.views import short
from everyunit.web.views.errors import plain, worded

PAGE = 50
BATCH = 200  # claims in one file from the page


@worded
def sent(request: HttpRequest) -> HttpResponse:
    """Counts of each answer, and the claims that are rejected or late."""
    day, rows = answers(settings.EVERYUNIT_HOME)
    told, mend = summary(day, rows), to_mend(rows)
    last = max(1, -(-len(mend) // PAGE))
    page = min(page_number(request.GET), last)
    context = {
        "title": "Claims sent", "day": day, "told": told, "total": len(mend),
        "appeals": followed(settings.EVERYUNIT_HOME)[:PAGE],
        "rows": with_last_days(settings.EVERYUNIT_HOME, mend[(page - 1) * PAGE : page * PAGE], day),
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
    if request.method == "POST":
        return _went(request)
    number = _number(request)
    if not number:
        return plain(request, 404, "No claim is named", "The address names no claim.", "Open it from the denials.")
    ways = ways_open(settings.EVERYUNIT_HOME, number, paper_day(settings.EVERYUNIT_HOME))
    paid_short = short_lines(settings.EVERYUNIT_HOME, number).height
    context = {
        "title": "Send again",
        "number": number,
        "ways": ways,
        "short": paid_short,
        "kind": kind_of(settings.EVERYUNIT_HOME, number),
        "changed": next((way.name for way in ways if way.open and way.name in ("corrected", "new")), ""),
    }
    return render(request, "everyunit/again.html", context)


def _went(request: HttpRequest) -> HttpResponse:
    """Write down that the appeal of a claim went out, and show what is followed."""
    home, number = settings.EVERYUNIT_HOME, request.POST.get("claim", "").replace("\0", "").strip()[:LONGEST]
    try:
        day = paper_day(home)
        letter = appeal(home, number, day)
        keep_sent(home, letter.claim_id, letter.name, request.POST.get("by", ""), day)
    except UsageError as error:
        return plain(request, 422, "This was not kept", error.seen, error.remedy)
    made = HttpResponse(status=303)
    made.headers["Location"] = "/sent/"
    return made


@worded
def batch(request: HttpRequest) -> HttpResponse:
    """Every claim that waits to go out in one way, as one file, with those that cannot."""
    wanted = request.GET.get("as", "")
    if wanted not in BATCHES:
        return plain(request, 404, "Nothing stands here", "The address names no way to send claims again.")
    home = settings.EVERYUNIT_HOME
    numbers = waiting(home, wanted)
    context = {"title": "Several claims", "wanted": wanted, "made": None, "why": "No claim waits to go out so."}
    if numbers:
        try:
            made = resubmit(home, numbers[:BATCH], wanted, paper_day(home))
        except EveryUnitError as error:
            context |= {"why": error.seen} if wanted == "new" else {"waits": numbers[:BATCH]}
        else:
            if request.GET.get("file"):
                return _file(made.data, "application/edi-x12", f"{wanted}.837")
            context |= {"made": made, "more": max(0, len(numbers) - BATCH)}
    return render(request, "everyunit/batch.html", context)


@worded
def download(request: HttpRequest) -> HttpResponse:
    """The file itself: an 837 or a letter. It names the patient, so that nothing keeps it on the way."""
    number, way = _number(request), request.GET.get("as", "")
    if way not in (*WAYS, FORM, *short.WAYS):
        return plain(request, 404, "Nothing stands here", "The address names no way to send a claim again.")
    today = paper_day(settings.EVERYUNIT_HOME)
    try:
        if way in short.WAYS:
            data = short.letter(short.named_in(request.GET.get("case", "")), way)
            return _file(data, "application/pdf", f"{way}.pdf")
        if way in ("appeal", FORM):
            template = "appeal_form" if way == FORM else way
            made = appeal_pdf(settings.EVERYUNIT_HOME, number, today, template)
            return _file(made, "application/pdf", f"{way}.pdf")
        if way == REFUND:
            return _file(refund_pdf(settings.EVERYUNIT_HOME, number, today), "application/pdf", f"{way}.pdf")
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

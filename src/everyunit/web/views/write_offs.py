"""Write-offs: what is proposed and waits for another person, what was decided, and the form that proposes one."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from everyunit.errors import UsageError
from everyunit.services.home import open_home
from everyunit.services.paper_day import paper_day
from everyunit.services.write_off_items import REASONS, cents_of, propose, subject
from everyunit.services.write_offs import LONGEST, decide
from everyunit.services.write_offs import write_offs as read
from everyunit.web.query import LONGEST as LONGEST_NAME
from everyunit.web.query import page_number
from everyunit.web.views.errors import plain, worded

PAGE = 50


@worded
def write_offs(request: HttpRequest) -> HttpResponse:
    """The lists, with a form where the address names an item; what a form sends is kept, and the list shown again."""
    if request.method == "POST":
        try:
            _keep(request)
        except UsageError as error:
            return plain(request, 422, "This was not kept", error.seen, error.remedy)
        made = HttpResponse(status=303)
        made.headers["Location"] = "/write-offs/"
        return made
    item = _text(request.GET.get("item", ""), LONGEST_NAME)
    try:
        about = subject(settings.EVERYUNIT_HOME, item) if item else None
    except UsageError as error:
        return plain(request, 404, "Nothing to write off", error.seen, "Open it from the denials.")
    open_home(settings.EVERYUNIT_HOME)
    found = read(settings.EVERYUNIT_HOME)
    decided = [one for one in reversed(found) if one.state != "proposed"]
    last = max(1, -(-len(decided) // PAGE))
    page = min(page_number(request.GET), last)
    approved = [one.cents for one in found if one.state == "approved"]
    waiting = [one for one in found if one.state == "proposed"]
    context = {
        "title": "Write-offs", "about": about, "reasons": REASONS, "longest": LONGEST,
        "waiting": waiting, "waiting_cents": sum(one.cents for one in waiting),
        "approved": len(approved), "approved_cents": sum(approved),
        "decided": decided[(page - 1) * PAGE : page * PAGE], "total": len(decided),
        "pages": {
            "page": page, "last": last, "before": f"?page={page - 1}" if page > 1 else "",
            "after": f"?page={page + 1}" if page < last else "",
        },
    }  # fmt: skip
    return render(request, "everyunit/write_offs.html", context)


def _keep(request: HttpRequest) -> None:
    home = settings.EVERYUNIT_HOME
    given = {name: _text(request.POST.get(name, ""), LONGEST) for name in ("item", "by", "reason", "amount", "words")}
    day, action = paper_day(home), request.POST.get("action", "")
    if action == "propose":
        cents = cents_of(given["amount"]) if given["amount"] else None
        propose(home, given["item"], given["reason"], given["by"], day, cents, given["words"])
    elif action in ("approve", "decline"):
        decide(home, given["item"], action == "approve", given["by"], day, given["words"])
    else:
        raise UsageError("The form says nothing to do.", remedy="Send it from its own page.")


def _text(value: str, longest: int) -> str:
    return value.replace("\0", "").strip()[:longest]

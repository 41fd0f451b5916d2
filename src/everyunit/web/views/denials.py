"""Denials: what to do first, for whom, by when, and what it is worth."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from everyunit.services.denials import FILTERS, Denials
from everyunit.services.denials import denials as read
from everyunit.web.charts import bars, told
from everyunit.web.query import LONGEST, page_number
from everyunit.web.views.errors import worded
from everyunit.web.words import ADVICE, ROLES

PAGE = 50
LABELS = {"payer_id": "Payer", "owner_role": "Who", "cause": "Cause", "advice": "Advice"}
NAMES = {"payer_id": "payer", "owner_role": "who", "cause": "cause", "advice": "advice"}


@worded
def denials(request: HttpRequest) -> HttpResponse:
    """The queue, narrowed by the address, and what stands behind it."""
    asked = {name: request.GET.get(NAMES[name], "").replace("\0", "")[:LONGEST] for name in FILTERS}
    found = read(settings.EVERYUNIT_HOME, **asked)
    last = max(1, -(-len(found.queue) // PAGE))
    page = min(page_number(request.GET), last)
    causes, roles = bars(found.by["cause"], "at_risk_cents"), found.by["owner_role"]
    context = {
        "title": "Denials", "page": found, "totals": found.totals,
        "rows": found.queue[(page - 1) * PAGE : page * PAGE],
        "causes": [{**row, "link": _link(asked, cause=row["cause"])} for row in causes],
        "roles": [{**row, "link": _link(asked, owner_role=row["owner_role"])} for row in roles],
        "cases": found.cases[:PAGE], "chips": _chips(asked), "fields": _fields(asked, found),
        "any": any(asked.values()), "told": told(found.reliability),
        "pages": {
            "page": page, "last": last, "before": _link(asked, page=page - 1) if page > 1 else "",
            "after": _link(asked, page=page + 1) if page < last else "",
        },
    }  # fmt: skip
    return render(request, "everyunit/denials.html", context)


def _link(asked: dict[str, str], page: int = 1, **changes: Any) -> str:
    pairs = [(NAMES[name], value) for name, value in {**asked, **changes}.items() if value]
    return "?" + urlencode([*pairs, *([("page", str(page))] if page > 1 else [])])


def _words(name: str, value: str) -> str:
    return {"owner_role": ROLES, "advice": ADVICE}.get(name, {}).get(value, value)


def _chips(asked: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"name": LABELS[name].lower(), "words": _words(name, value), "link": _link({**asked, name: ""})}
        for name, value in asked.items()
        if value
    ]


def _fields(asked: dict[str, str], found: Denials) -> list[dict[str, Any]]:
    payers = sorted({row["payer_id"] for row in found.by["payer_id"]} | ({asked["payer_id"]} - {""}))
    causes = sorted({row["cause"] for row in found.by["cause"]} | {"underpaid"})
    options = {
        "payer_id": {payer: payer for payer in payers}, "owner_role": ROLES, "cause": {one: one for one in causes},
        "advice": ADVICE,
    }  # fmt: skip
    return [
        {"name": NAMES[name], "label": LABELS[name], "options": options[name], "chosen": asked[name]}
        for name in FILTERS
    ]

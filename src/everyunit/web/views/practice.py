"""Practice: the four gates, four short lists, and how fresh it all is."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from everyunit.services.asked import Asked
from everyunit.services.pages import Gates, Held, Part, practice_page, shortlist
from everyunit.web import query
from everyunit.web.flow import flow
from everyunit.web.views.errors import worded
from everyunit.web.views.findings import fields
from everyunit.web.words import WAYS

LIST_WORDS = {
    "gain": "The record supports more than the claim says.",
    "back": "The claim says more than the record supports.",
    "mend": "Claims that the payer would refuse, or take back, as they stand.",
    "document": "Money that hangs on a record not complete yet.",
}


@worded
def practice(request: HttpRequest) -> HttpResponse:
    """The home page."""
    asked, faults = query.read(request.GET)
    asked = query.plain(asked)
    state, gates, waiting = practice_page(settings.EVERYUNIT_HOME, asked)
    deposits = not (asked.clinic or asked.clinician)
    picture = flow(gates, deposits=deposits)
    context = {
        "title": "Practice",
        "asked": asked,
        "faults": faults,
        "held": state,
        "gates": gates,
        "flow": picture,
        "streams": [_drawn(stream.part, asked, stream=stream) for stream in picture.streams],
        "ladder": _ladder(gates, asked, deposits),
        "deposits": deposits,
        "between": {gate: _between(gates, gate, asked) for gate in ("charged", "paid", "deposited")},
        "waiting": waiting,
        "lists": [_list(state, asked, way) for way in WAYS],
        "fields": [field for field in fields(asked, state) if field["name"] == "clinic"],
        "period": _period(state, asked),
        "anything": bool(asked.first_month or asked.last_month or asked.clinic),
    }
    return render(request, "everyunit/practice.html", context)


def _list(state: Held, asked: Asked, way: str) -> dict[str, Any]:
    rows, sums = shortlist(state, asked, way)
    cents = getattr(sums, f"{way}_cents")
    return {
        "way": way,
        "words": WAYS[way],
        "meaning": LIST_WORDS[way],
        "rows": rows,
        "count": sums.rows,
        "cents": cents,
        "link": "/findings/" + query.write(asked, way=way),
    }


def _link(part: Part, asked: Asked) -> str:
    """The list behind one number."""
    if part.gate == "deposited":
        return "/deposits/" + BANK_SHOWS[part.side]
    if part.gap:
        return "/visits/" + query.write(asked, gap=part.gap)
    return "/findings/" + query.write(asked, kinds=part.kinds, way=part.way)


BANK_SHOWS = {"falls": "", "rises": "?show=over", "beside": "?show=waiting"}
SIGNS = {"falls": ("−", "fell"), "rises": ("+", "rose"), "beside": ("", "waiting")}


def _drawn(part: Part, asked: Asked, **more: Any) -> dict[str, Any]:
    """One part with its sign, its hue, and the list behind it."""
    mark, tone = SIGNS[part.side]
    if part.gap == "no_remit":
        tone = "waiting"
    unit = "payments" if part.gate == "deposited" else "visits" if part.gap else "findings"
    return {"part": part, "mark": mark, "tone": tone, "unit": unit, "link": _link(part, asked), **more}


def _between(gates: Gates, gate: str, asked: Asked) -> list[dict[str, Any]]:
    """What falls out and comes on top at one gate, in the order of the picture."""
    return [_drawn(part, asked) for side in SIGNS for part in gates.at(gate, side)]


def _ladder(gates: Gates, asked: Asked, deposits: bool) -> list[dict[str, Any]]:
    """The picture as rungs for a narrow screen; `width` in thousandths of the largest gate."""
    amounts = {"earned": gates.earned_cents, "charged": gates.charged_cents, "paid": gates.paid_cents}
    if deposits:
        amounts["deposited"] = gates.deposited_cents if gates.banked else gates.remitted_cents
    largest = max(*amounts.values(), 1)
    made = []
    for gate, cents in amounts.items():
        for row in _between(gates, gate, asked):
            part = row["part"]
            rung = {"kind": "part", "words": part.name, "cents": part.cents, "mark": row["mark"]}
            made.append({**rung, "tone": row["tone"], "link": row["link"], "width": part.cents * 1000 // largest})
        words = "Remitted, not yet matched" if gate == "deposited" and not gates.banked else gate.capitalize()
        rung = {"kind": "gate", "words": words, "cents": cents, "mark": "", "tone": "bar", "link": f"#{gate}"}
        made.append({**rung, "width": max(cents, 0) * 1000 // largest})
    return made


def _period(state: Held, asked: Asked) -> dict[str, str]:
    """First and last month that are shown."""
    first = asked.first_month or (state.months[0] if state.months else "")
    last = asked.last_month or (state.months[-1] if state.months else "")
    return {"first": first, "last": last}

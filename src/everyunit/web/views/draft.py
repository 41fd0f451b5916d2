"""Before signing: a draft note is read at once and forgotten."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from everyunit.days import as_day
from everyunit.errors import EveryUnitError
from everyunit.services.learn import page_of
from everyunit.services.note_marks import mark
from everyunit.services.note_payments import before_signing, of_draft
from everyunit.services.read_note import DEFAULT_PAYER, DISCIPLINES, Draft, read_draft
from everyunit.services.read_notes import PAYERS

LARGEST = 200_000
PAYMENT = "payment"


def draft(request: HttpRequest) -> HttpResponse:
    """The form; with a draft, what its words carry, the units its minutes earn and what the record lacks."""
    payment = before_signing(settings.EVERYUNIT_HOME)
    given = {name: request.POST.get(name, "") for name in ("note", "discipline", "payer", "codes", "minutes")}
    context: dict[str, Any] = {
        "title": "Before signing", "given": given, "disciplines": DISCIPLINES, "payers": PAYERS.items(),
        "payment_at": f"/note/?show={PAYMENT}" if payment else "",
        "payment_words": "Medicare's national allowed amount of one unit alone today; contracts may pay otherwise.",
    }  # fmt: skip
    status = 200
    if request.method == "POST":
        status = _read(given, context, payment and request.GET.get("show") == PAYMENT)
    return render(request, "everyunit/draft.html", context, status=status)


def _read(given: dict[str, str], context: dict[str, Any], payment: bool) -> int:
    text = given["note"].replace("\r\n", "\n")
    if not text.strip() or len(text) > LARGEST:
        long = f"The text is longer than {LARGEST:,} characters." if text.strip() else "There is no text in the form."
        context["refusal"] = f"{long} Paste the note as it stands."
        return 400
    payer = given["payer"] or DEFAULT_PAYER
    try:
        made = read_draft(text, given["discipline"] or "PT", payer, _parts(given["codes"]), _parts(given["minutes"]))
    except EveryUnitError as error:
        context["refusal"] = error.sentence()
        return 422
    note = mark(text, given["discipline"] or "PT", payer, made.planned.items())
    context |= {"draft": made, "note": note, "units": _units(made)}
    if payment:
        context["payments"] = of_draft(note.codes(), as_day(date.today()))
    return 200


def _parts(text: str) -> list[str]:
    return text.replace(",", " ").replace(";", " ").split()


def _units(made: Draft) -> list[dict[str, Any]]:
    """Minutes, units earned and units planned of each code."""
    earned = made.earned.units if made.earned else {}
    codes = dict.fromkeys([*made.minutes, *earned, *made.planned])
    return [
        {"code": code, "minutes": made.minutes.get(code), "earned": earned.get(code, 0 if made.earned else None),
         "planned": made.planned.get(code), "taught": page_of(code) is not None}
        for code in codes
    ]  # fmt: skip

"""A clinician's answer on what was read in a note: kept in the home, and shown on the visit's page."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from everyunit.errors import UsageError
from everyunit.services.note_answers import LONGEST, NoteAnswer, keep
from everyunit.web.query import LONGEST as LONGEST_NAME
from everyunit.web.views.errors import plain
from everyunit.web.views.visits import view_of


def answer(request: HttpRequest) -> HttpResponse:
    """Keep one answer and go back to the visit."""
    if request.method != "POST":
        return plain(request, 405, "This address takes answers", "Answers are given on a visit's page.")
    names = ("visit_id", "kind", "code", "verdict")
    given = {name: request.POST.get(name, "").replace("\0", "")[:LONGEST_NAME] for name in names}
    because = request.POST.get("because", "").replace("\0", "")[:LONGEST]
    try:
        keep(settings.EVERYUNIT_HOME, NoteAnswer(**given, because=because))
    except UsageError as error:
        return plain(request, 422, "The answer was not kept", error.seen, error.remedy)
    made = HttpResponse(status=303)
    made.headers["Location"] = f"/visits/{quote(given['visit_id'], safe='')}{view_of(request.POST)}#note"
    return made

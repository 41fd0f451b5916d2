"""What every page has around it: the places to go, and the addresses of its style and script."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.http import HttpRequest

# A place in the bar and the pages that belong to it, the first being where the place leads: name, address, words.
PLACES = (
    ("Practice", (("practice", "/", "Practice"),)),
    ("Findings", (("findings", "/findings/", "Findings"),)),
    ("Visits", (("visits", "/visits/", "Visits"), ("notes", "/notes/", "Skilled time"))),
    ("Paid", (("remits", "/remits/", "Remits"), ("deposits", "/deposits/", "Deposits"))),
    (
        "Owed",
        (
            ("denials", "/denials/", "Denials"),
            ("sent", "/sent/", "Claims sent"),
            ("aging", "/aging/", "Aging"),
            ("statements", "/statements/", "Statements"),
            ("write-offs", "/write-offs/", "Write-offs"),
            ("forecast", "/forecast/", "Forecast"),
        ),
    ),
    ("Before sending", (("scrub", "/scrub/", "Claims"), ("note", "/note/", "A draft note"))),
    ("What if", (("whatif", "/whatif/", "What if"),)),
    ("Book", (("book", "/book/", "The book"), ("learn", "/learn/", "Learn"))),
    ("Files", (("files", "/files/", "Files"),)),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of every template."""
    here = request.path_info.strip("/").split("/")[0] or "practice"
    places: list[dict[str, Any]] = []
    rooms: list[dict[str, Any]] = []
    for words, pages in PLACES:
        inside = any(name == here for name, _, _ in pages)
        places.append({"url": pages[0][1], "words": words, "here": inside})
        if inside and len(pages) > 1:
            rooms = [{"url": url, "words": said, "here": name == here} for name, url, said in pages]
    return {
        "places": places,
        "rooms": rooms,
        "style_url": dated("everyunit/ledger.css"),
        "script_url": dated("everyunit/keys.js"),
        "mark_url": dated("everyunit/mark.svg"),
        "home_words": settings.EVERYUNIT_HOME or "DIR",
    }


@cache
def dated(name: str) -> str:
    """Address of a static file with a digest of its content, so that it may be kept for a year."""
    content = (settings.STATIC_ROOT / name).read_bytes()
    return f"{settings.STATIC_URL}{name}?v={sha256(content).hexdigest()[:10]}"

"""What every page has around it: the places to go, and the addresses of its style and script."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.http import HttpRequest

PLACES = (
    ("practice", "/", "Practice"),
    ("findings", "/findings/", "Findings"),
    ("visits", "/visits/", "Visits"),
    ("scrub", "/scrub/", "Before sending"),
    ("whatif", "/whatif/", "What if"),
    ("files", "/files/", "Files"),
    ("book", "/book/", "Book"),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of every template."""
    here = request.path_info.strip("/").split("/")[0] or "practice"
    return {
        "places": [{"name": name, "url": url, "words": words, "here": name == here} for name, url, words in PLACES],
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

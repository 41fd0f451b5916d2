"""What every answer carries, and what no request may do."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from everyunit.web.views.errors import plain

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
READS = ("GET", "HEAD")
FORMS = (
    "/scrub/",
    "/note/",
    "/answers/",
    "/write-offs/",
    "/sent/again/",
    "/sent/short/",
)  # a file or a draft, judged and forgotten; an answer, a write-off, a word that it went: kept
log = logging.getLogger("everyunit.web")


class Guard:
    """Refuses foreign hosts and anything but reading; puts the same headers on every answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request."""
        answer = self._refusal(request) or self.get_response(request)
        for name, value in HEADERS.items():
            answer.headers[name] = value
        if not request.path_info.startswith("/static/") or answer.status_code != 200:
            answer.headers["Cache-Control"] = "no-store"
        return answer

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """Note the kind of fault and nothing of the request or the data it met."""
        trail = error.__traceback__
        while trail and trail.tb_next:
            trail = trail.tb_next
        place = f"{trail.tb_frame.f_code.co_name}:{trail.tb_lineno}" if trail else "?"
        log.info("a page could not be made: %s in %s", type(error).__name__, place)

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        try:
            request.get_host()
        except SuspiciousOperation:
            return plain(
                request,
                400,
                "This address is not served",
                "The page answers on this machine only: open http://localhost.",
            )
        if request.method == "POST" and request.path_info in FORMS:
            if _from_here(request):
                return None
            return plain(
                request, 403, "Sent from elsewhere", "This form is only taken from its own page.", "Open it."
            )
        if request.method not in READS:
            made = plain(request, 405, "This page only reads", "Files come in by the command everyunit import.")
            made.headers["Allow"] = ", ".join(READS)
            return made
        return None


def _from_here(request: HttpRequest) -> bool:
    """Whether a form came from a page of this host (browsers say so), or from no browser at all."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or origin.partition("://")[2] == request.get_host()

"""What is said when a page cannot be shown: what was seen, what to do, and that nothing was lost."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from everyunit.errors import EveryUnitError, UsageError
from everyunit.services.pages import NotJudged

View = Callable[..., HttpResponse]


def plain(request: HttpRequest, status: int, title: str, words: str, remedy: str = "") -> HttpResponse:
    """One page of words with a status."""
    context = {"title": title, "words": words, "remedy": remedy}
    return render(request, "everyunit/words.html", context, status=status)


def worded(view: View) -> View:
    """A view whose errors that a person can act on become pages of words."""

    @functools.wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotJudged as error:
            return plain(request, 503, "Not judged yet", error.seen, error.remedy)
        except UsageError as error:
            return plain(request, 503, "Nothing to show yet", error.seen, error.remedy)
        except EveryUnitError as error:
            return plain(request, 500, "This could not be read", error.seen, error.remedy)

    return shown


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, and 413 where a form brings more than is taken."""
    remedy = "Go back, shorten it and send it again; long files are taken by the command everyunit."
    if isinstance(exception, RequestDataTooBig):
        return plain(request, 413, "This is too large", "The form brought more than 26 MB. Nothing was kept.", remedy)
    if isinstance(exception, TooManyFieldsSent | TooManyFilesSent):
        return plain(request, 400, "Too many fields", "The form brought more fields than it has.", "Open it again.")
    return plain(request, 400, "This address is not served", "The address holds something that cannot be read.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    words = "There is no page at this address. Nothing was lost."
    return plain(request, 404, "Nothing stands here", words, "Start again from Practice, above.")


def broken(request: HttpRequest) -> HttpResponse:
    """500."""
    words = "The page could not be made. Nothing was changed and nothing was lost."
    return plain(
        request, 500, "This page did not come together", words, "Try it again, or start from Practice, above."
    )

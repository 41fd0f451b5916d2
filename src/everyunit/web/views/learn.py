"""Learn: what words carry which code, by questions and by examples in pairs."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from everyunit.days import as_day
from everyunit.errors import UsageError
from everyunit.services.learn import learn_index, learn_page
from everyunit.web.query import LONGEST
from everyunit.web.views.errors import plain


def learn(request: HttpRequest) -> HttpResponse:
    """The list of the pages."""
    return render(request, "everyunit/learn.html", {"title": "Learn", **learn_index()})


def code(request: HttpRequest, name: str) -> HttpResponse:
    """The page that speaks of one code."""
    try:
        page = learn_page(name.upper()[:LONGEST], as_day(date.today()))
    except UsageError as error:
        return plain(request, 404, "Nothing stands here", error.seen, error.remedy)
    title = f"{', '.join(one['code'] for one in page['codes'])} · Learn"
    return render(request, "everyunit/learn_code.html", {"title": title, "page": page})

"""Files: what came in, what was refused and why."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from everyunit.services.files_page import files_page
from everyunit.web import query
from everyunit.web.views.errors import worded


@worded
def files(request: HttpRequest) -> HttpResponse:
    """The receipts of every file, newest first."""
    page = files_page(settings.EVERYUNIT_HOME, query.page_number(request.GET))
    turn = {
        "page": page.page,
        "last": page.pages,
        "before": f"?page={page.page - 1}" if page.page > 1 else "",
        "after": f"?page={page.page + 1}" if page.page < page.pages else "",
    }
    return render(request, "everyunit/files.html", {"title": "Files", "page": page, "pages": turn})

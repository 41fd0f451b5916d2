"""Every address of the web door. Those that take a form judge it and keep nothing."""

from __future__ import annotations

from django.urls import path

from everyunit.web.views import (
    aging,
    answers,
    book,
    denials,
    deposits,
    draft,
    files,
    findings,
    forecast,
    learn,
    notes,
    practice,
    remits,
    scrub,
    sent,
    short,
    statements,
    visits,
    whatif,
    write_offs,
)

handler400 = "everyunit.web.views.errors.bad_request"
handler404 = "everyunit.web.views.errors.not_found"
handler500 = "everyunit.web.views.errors.broken"

urlpatterns = [
    path("", practice.practice, name="practice"),
    path("findings/", findings.findings, name="findings"),
    path("findings/findings.csv", findings.download, name="findings_csv"),
    path("visits/", visits.visits, name="visits"),
    path("visits/<path:visit_id>", visits.visit, name="visit"),
    path("remits/", remits.remits, name="remits"),
    path("remits/<str:number>", remits.remit, name="remit"),
    path("deposits/", deposits.deposits, name="deposits"),
    path("sent/", sent.sent, name="sent"),
    path("sent/again/", sent.again, name="again"),
    path("sent/short/", short.short, name="short"),
    path("sent/file/", sent.download, name="again_file"),
    path("denials/", denials.denials, name="denials"),
    path("aging/", aging.aging, name="aging"),
    path("aging/credits.csv", aging.credits, name="credits_csv"),
    path("forecast/", forecast.forecast, name="forecast"),
    path("write-offs/", write_offs.write_offs, name="write-offs"),
    path("sent/batch/", sent.batch, name="batch"),
    path("statements/", statements.statements, name="statements"),
    path("statements/statements.csv", statements.download, name="statements_csv"),
    path("files/", files.files, name="files"),
    path("scrub/", scrub.scrub, name="scrub"),
    path("note/", draft.draft, name="draft"),
    path("answers/", answers.answer, name="answer"),
    path("notes/", notes.notes, name="notes"),
    path("whatif/", whatif.page, name="whatif"),
    path("learn/", learn.learn, name="learn"),
    path("learn/<slug:name>", learn.code, name="learn_code"),
    path("book/rules/<slug:name>", book.rule, name="rule"),
    path("book/", book.book, name="book"),
]

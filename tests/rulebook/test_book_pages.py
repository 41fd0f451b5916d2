"""The pages of docs/rules say what the book says."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest

from everyunit.cli import main
from everyunit.errors import UsageError
from everyunit.rulebook import Book
from everyunit.rulebook.pages import refresh

RULES = Path(__file__).resolve().parents[2] / "docs" / "rules"
PAGES = [RULES / f"{stem}.md" for stem in ("units", "untimed", "fees", "payers")]
SESSION = re.compile(r"```console\n\$ everyunit ([^\n]*)\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_quoted_values_are_those_of_the_book(page):
    text = page.read_text(encoding="utf-8")
    assert refresh(text, Book.load()) == text, "refresh the page"
    assert "<!-- book " in text and "\n| `" in text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_sessions_on_the_pages_are_true(page, capsys, monkeypatch):
    sessions = SESSION.findall(page.read_text(encoding="utf-8"))
    for words, shown in sessions:
        monkeypatch.setattr(sys, "argv", ["everyunit", *shlex.split(words)])
        with pytest.raises(SystemExit):
            main.run()
        assert capsys.readouterr().out == shown
    assert sessions or page.stem != "units"


def test_a_page_that_quotes_an_unknown_key_is_refused():
    with pytest.raises(UsageError, match="no key"):
        refresh("<!-- book 2026-03-12: codes.x -->\n<!-- end of book -->", Book.load())


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("codes.97161.timed", "| no |"),
        ("codes.97161.once_a_day", "| yes |"),
        ("codes.97110", "timed yes; minutes per unit 15"),
        ("codes.97161.ceiling", "| 1 unit a day ("),
        ("codes.97110.minutes_per_unit", "| 15 minutes |"),
    ],
)
def test_values_read_as_words(key, said):
    assert said in refresh(f"<!-- book 2026-03-12: {key} -->\n<!-- end of book -->", Book.load())

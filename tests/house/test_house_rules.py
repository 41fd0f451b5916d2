"""One stem, four rooms: whoever knows the rule knows the paths. Every kind has a source, a page and a case."""

from __future__ import annotations

import tomllib

import pytest
from house import PACKAGE, ROOT

from everyunit.rulebook import Book

KINDS = Book.load().kinds()
CASES = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "cases").glob("*.toml")}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.kind)
def test_kind_has_source_page_case_and_code(kind):
    assert kind.source.strip()
    page = ROOT / "docs" / "rules" / f"{kind.rule}.md"
    assert page.is_file(), f"docs/rules/{kind.rule}.md is missing"
    assert kind.kind in page.read_text(encoding="utf-8"), f"the page does not speak of {kind.kind}"
    assert f'"{kind.kind}"' in CASES.get(kind.rule, ""), f"tests/cases/{kind.rule}.toml has no case of {kind.kind}"
    assert (PACKAGE / "audit" / f"{kind.rule}.py").is_file(), f"audit/{kind.rule}.py is missing"


@pytest.mark.parametrize("stem", sorted(CASES))
def test_cases_parse_and_say_what_they_show(stem):
    cases = tomllib.loads(CASES[stem]).get("case", [])
    assert cases, f"{stem}.toml holds no [[case]]"
    assert all(case.get("name") for case in cases), "a case has a name that says what it shows"


def test_book_is_whole():
    """Every value carries its source and there is no gap or overlap between the spans of one key."""
    assert Book.load().check() == []

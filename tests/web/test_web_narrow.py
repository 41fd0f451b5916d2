"""Rows on a narrow screen: cards that hold what the wide table holds."""

from __future__ import annotations

import pytest
from test_web_browser import PAGES, base, chromium, look  # noqa: F401

from everyunit.services.rules import rules

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LISTS = ["/findings/", "/visits/", "/denials/", "/sent/", "/aging/", "/statements/", "/forecast/", "/files/"]
TEXTS = """() => [...document.querySelectorAll('tr[data-row]')].slice(0, 20).map(row =>
  [...row.querySelectorAll('td')].map(cell => [cell.innerText.trim(), getComputedStyle(cell).display,
   Math.round(cell.getBoundingClientRect().right)]))"""


BOXES = """() => [...document.querySelectorAll('main *')].filter(box => box.scrollWidth > box.clientWidth + 1
  && ['auto', 'scroll'].includes(getComputedStyle(box).overflowX)).map(box => box.innerText.slice(0, 60))"""
FIGURES = """() => [...document.querySelectorAll('table.cards tbody tr')].map(row =>
  [...row.querySelectorAll('th, td:not(.none)')].map(cell => [cell.offsetHeight, cell.getBoundingClientRect().right,
   cell.matches('th, .lead, .drawn') || getComputedStyle(cell, '::before').content.length > 2]))"""
OWED = (
    "/aging/",
    "/forecast/",
    "/deposits/",
    "/denials/",
    "/statements/",
    "/write-offs/",
    "/notes/",
    "/book/rules/units",
)


@pytest.mark.parametrize("path", [*PAGES, *OWED])
def test_no_table_scrolls_in_its_box(look, base, path):  # noqa: F811
    """What lies beyond the edge of a phone is not read: each row is a card that names its figures."""
    page = look(base + path, viewport={"width": 390, "height": 844})
    assert page.evaluate(BOXES) == []
    for cells in page.evaluate(FIGURES):
        assert all(height and right <= 390 and named for height, right, named in cells), cells


def test_the_tables_of_a_rule_are_tables(client):
    for name in rules():
        said = client.get(f"/book/rules/{name}").content.decode()
        assert "|--" not in said and "| key" not in said and "```" not in said, name
    assert "<td" in said and 'data-name="' in client.get("/book/rules/units").content.decode()


@pytest.mark.parametrize("path", LISTS)
def test_no_cell_that_says_something_is_hidden(look, base, path):  # noqa: F811
    page = look(base + path, viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for cells in page.evaluate(TEXTS):
        assert [text for text, shown, _ in cells if text and shown == "none"] == []
        assert [right for _, _, right in cells if right > 390] == []


def test_a_finding_and_a_visit_keep_what_matters(look, base):  # noqa: F811
    page = look(base + "/findings/", viewport={"width": 390, "height": 844})
    card = page.locator("tr[data-row]").first
    heights = [card.locator("td").nth(at).bounding_box()["height"] for at in range(4)]
    assert all(height >= 14 for height in heights)  # dollars, day, clinic and payer, the sentence
    assert card.locator(".message").is_visible()
    page.goto(base + "/visits/")
    card = page.locator("tr[data-row]").first
    assert [card.locator(f"td[data-name='{name}']").is_visible() for name in ("Earned", "Charged", "By payers")] == [
        True, True, True,
    ]  # fmt: skip

"""What if: the page answers one question at a time and stores nothing."""

from __future__ import annotations

import pytest


def test_page_stands_with_its_questions(client):
    page = client.get("/whatif/")
    assert page.status_code == 200
    assert page.content.count(b"<form") == 4


@pytest.mark.parametrize(
    "asked",
    [
        "ask=rule&payer=MKBLUEW&rule=cms",
        "ask=fees&fees=2026&on=2025",
        "ask=contract&payer=MKBLUEW&percent=105",
        "ask=contract&payer=MKPINNA&per_visit=95",
        "ask=mix&old=97110&new=97530&share=10",
    ],
)
def test_questions_are_answered(client, asked):
    page = client.get(f"/whatif/?{asked}")
    assert page.status_code == 200
    assert b"By payer" in page.content and b'role="alert"' not in page.content


def test_an_offer_is_told_by_name_from_the_first_month_on(client):
    page = client.get("/whatif/?ask=contract&payer=MKPINNA&percent=95").content.decode()
    assert "Pinnacle Mutual: 95 % of Medicare" in page and "1990" not in page
    assert "Expected of all payers:" in page and "Visits of " in page


@pytest.mark.parametrize("asked", ["ask=rule&payer=x", "ask=fees&fees=two", "ask=contract&payer=%22%5D&percent=9",
                                   "ask=contract&payer=MKPINNA&percent="])  # fmt: skip
def test_what_cannot_be_asked_is_told(client, asked):
    page = client.get(f"/whatif/?{asked}")
    assert page.status_code == 422 and b'role="alert"' in page.content

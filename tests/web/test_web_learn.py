"""The learning pages in the web."""

from __future__ import annotations

from html import escape

import pytest

from everyunit.services.learn import learn_index


def test_the_list_leads_to_every_page(bare_client):
    shown = bare_client.get("/learn/").content.decode()
    for page in learn_index()["pages"]:
        for code in page["codes"]:
            assert f'href="/learn/{code}"' in shown


@pytest.mark.parametrize("page", learn_index()["pages"], ids=lambda page: page["stem"])
def test_every_page_shows_its_questions_and_both_halves(bare_client, page):
    for code in page["codes"]:
        answer = bare_client.get(f"/learn/{code}")
        shown = answer.content.decode()
        assert answer.status_code == 200
        for words in (
            *page["questions"],
            *(pair[side] for pair in page["pairs"] for side in ("carries", "does_not")),
        ):
            assert escape(words) in shown
    assert 'aria-current="page">Learn' in shown


def test_a_code_is_found_in_small_letters_and_an_unknown_one_is_refused(bare_client):
    assert bare_client.get("/learn/g0283").status_code == 200
    refused = bare_client.get("/learn/99999")
    assert refused.status_code == 404 and "99999" in refused.content.decode()


def test_pages_run_no_script_of_their_own(bare_client):
    shown = bare_client.get("/learn/97530").content.decode()
    assert shown.count("<script") == 1 and " style=" not in shown and "onclick" not in shown

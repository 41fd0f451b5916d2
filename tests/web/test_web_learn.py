"""The learning pages in the web."""

from __future__ import annotations

import json
from html import escape

import pytest
from django.test import Client, override_settings

from everyunit.services.audit import audit
from everyunit.services.learn import learn_index
from everyunit.services.take_in import take_in


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


def test_a_code_that_a_note_carries_leads_to_its_page(tmp_path):
    (tmp_path / "visits.csv").write_text(
        "visit_id,date_of_service,clinic,payer_id,payer_name,discipline,clinician_npi,status,claim_id\n"
        "V1,2026-03-12,North,P1,Medicare,PT,1999999984,kept,\n"
    )
    note = "O: TE 15 min: bridges 3x10, clams 3x10 for hip strength.\nTimed 15, total 15."
    (tmp_path / "notes.jsonl").write_text(json.dumps({"visit_id": "V1", "text": note}) + "\n")
    list(take_in([tmp_path], tmp_path / "home"))
    audit(tmp_path / "home")
    with override_settings(EVERYUNIT_HOME=str(tmp_path / "home")):
        shown = Client(SERVER_NAME="localhost").get("/visits/V1").content.decode()
    assert 'href="/learn/97110">97110</a>' in shown

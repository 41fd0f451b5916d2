"""Claims sent: what became of them, and one sent again in the way its payer takes."""

from __future__ import annotations

import shutil
from html import escape

import polars as pl
import pytest
from django.test import Client, override_settings

from everyunit.days import iso, to_day
from everyunit.services.again import WAYS, ways_open
from everyunit.services.answers import answers, to_mend, with_last_days
from everyunit.services.denials import denials
from everyunit.services.owed import owed_of

DAY = 20_780


@pytest.fixture
def denied(home):
    return next(row["claim_id"] for row in denials(home).queue if row["direction"] == "denied")


def test_page_counts_every_answer(client):
    page = client.get("/sent/").content.decode()
    assert "Adjudicated" in page and "Rejected" in page
    assert client.get("/sent/?page=99").status_code == 200


def test_ways_of_a_denied_claim_stand_with_reasons(client, home, denied):
    page = client.get("/sent/again/", {"claim": denied}).content.decode()
    ways = ways_open(home, denied, DAY)
    assert len(ways) == len(WAYS) and any(way.open for way in ways)
    assert all(way.words for way in ways if not way.open)
    assert denied in page and page.count('<article class="proof">') == len(WAYS)


def test_files_come_as_downloads_that_nothing_keeps(client, home, denied):
    seen = set()
    for name, way in zip(WAYS, ways_open(home, denied, DAY), strict=True):
        answer = client.get("/sent/file/", {"claim": denied, "as": name})
        assert answer.status_code == (200 if way.open else 422)
        if way.open:
            seen.add(answer["Content-Type"])
            assert answer["Content-Disposition"].startswith("attachment") and answer["Cache-Control"] == "no-store"
            assert answer.content.startswith(b"%PDF" if name == "appeal" else b"ISA")
            if name == "appeal":
                form = client.get("/sent/file/", {"claim": denied, "as": "form"})
                assert form.content.startswith(b"%PDF") and form.content != answer.content
    assert seen


@pytest.mark.parametrize("query", ["", "?claim=", "?claim=NONE", "?claim=%00%22%3Cb%3E"])
def test_unknown_claims_are_told(client, query):
    page = client.get(f"/sent/again/{query}")
    assert page.status_code in (200, 404) and b"<b>" not in page.content
    assert client.get(f"/sent/file/{query or '?x=1'}").status_code == 404


@pytest.fixture
def case(home):
    return next(row for row in denials(home).cases if row["direction"] == "underpaid" and row["claims"] > 1)


def test_a_case_of_underpayment_has_a_page_and_a_letter(client, home, case):
    listed = client.get("/denials/").content.decode()
    link = f"/sent/short/?case={case['case_id']}"
    assert link in listed
    page = client.get(link).content.decode()
    assert page.count("data-row") == case["lines"] and case["payer_name"] in page
    answer = client.get("/sent/file/", {"case": case["case_id"], "as": "dispute"})
    assert answer.content.startswith(b"%PDF") and answer["Cache-Control"] == "no-store"
    assert "as=dispute_form" in page
    formed = client.get("/sent/file/", {"case": case["case_id"], "as": "dispute_form"})
    assert formed.content.startswith(b"%PDF") and formed.content != answer.content
    assert formed["Content-Disposition"].endswith('filename="dispute_form.pdf"')


@pytest.mark.parametrize("query", ["", "?case=", "?case=NONE", "?case=%00%22%3Cb%3E"])
def test_unknown_cases_are_told(client, query):
    page = client.get(f"/sent/short/{query}")
    assert page.status_code == 404 and b"<b>" not in page.content
    assert client.get(f"/sent/file/{query or '?x=1'}&as=dispute").status_code in (404, 422)


def test_a_letter_that_went_out_is_followed_on_the_page(tmp_path, home, case):
    copy = shutil.copytree(home, tmp_path / "home")
    with override_settings(EVERYUNIT_HOME=str(copy)):
        served = Client(SERVER_NAME="localhost")
        refused = served.post("/sent/short/", {"case": case["case_id"], "by": ""})
        assert refused.status_code == 422
        went = served.post("/sent/short/", {"case": case["case_id"], "by": "Ann"})
        assert went.status_code == 303 and went["Location"] == "/sent/"
        assert f"{case['claims']} claims" in served.get("/sent/").content.decode()
        assert "Asked for by letter" in served.get("/denials/").content.decode()
        assert served.post("/sent/short/", {"case": "x"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_rejected_claim_shows_its_payer_its_last_day_and_one_way(client, home):
    day, rows = answers(home)
    mend = with_last_days(home, to_mend(rows), day)
    body = client.get("/sent/").content.decode()
    dated = [row for row in mend[:50] if row["last_day"] is not None]
    assert dated and all(iso(row["last_day"]) in body for row in dated)
    assert all(row["days_left"] == row["last_day"] - day for row in dated)
    assert all(escape(row["payer_name"]) in body for row in mend[:50])
    number = next(row["claim_id"] for row in mend if row["answer"] == "rejected")
    page = client.get("/sent/again/", {"claim": number}).content.decode()
    assert "Send it as a new claim." in page and "No claim was written" not in page
    assert f"resubmit {number} --as new" in page and "--as corrected" not in page
    [limit] = {row["last_day"] - to_day(row["first_day"]) for row in dated if "MEDICARE PART B" in row["payer_name"]}
    assert limit in (365, 366)


def test_a_void_is_not_bound_by_the_time_to_file(client, home):
    """What goes back goes back; the other ways name their last day, or the paper that knows it."""
    kept = owed_of(home).read("paid_off").filter(pl.col("payer_id") == "MKBLUEW")
    page = client.get("/sent/again/", {"claim": kept["claim_id"][0]}).content.decode()
    void = page.partition("<h2>Void</h2>")[2].partition("</article>")[0]
    assert "no time to file binds that" in void and "Due at the payer" not in void
    corrected = page.partition("<h2>Corrected</h2>")[2].partition("</article>")[0]
    assert "see the contract" in corrected or "Not open" in corrected

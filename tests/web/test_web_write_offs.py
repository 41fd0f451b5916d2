"""Write-offs, batches and appeals that went out, through the pages."""

from __future__ import annotations

import pytest
from conftest import reader
from web_homes import bring_sample
from web_words import text, whole

from everyunit.services.denials import denials
from everyunit.services.write_offs import write_offs


@pytest.fixture(scope="module")
def own_home(tmp_path_factory):
    """A practice that these tests may write to."""
    return bring_sample(tmp_path_factory.mktemp("write_offs"))


@pytest.fixture
def own(own_home):
    yield from reader(own_home)


def item_of(home, direction="denied"):
    return next(row for row in denials(home).queue if row["direction"] == direction and row["at_risk_cents"])


@pytest.mark.parametrize("direction", ["denied", "underpaid"])
def test_one_proposes_another_approves(own, own_home, direction):
    row = item_of(own_home, direction)
    assert f"/write-offs/?item={row['item_id']}" in own.get("/denials/").content.decode() or direction == "underpaid"
    form = own.get("/write-offs/", {"item": row["item_id"]}).content.decode()
    assert 'value="propose"' in form and row["message"].split(".")[0][:30] in text(
        own.get("/write-offs/", {"item": row["item_id"]})
    )
    asked = {"item": row["item_id"], "action": "propose", "reason": "cost", "by": "Ann"}
    made = own.post("/write-offs/", asked)
    assert (made.status_code, made["Location"]) == (303, "/write-offs/")
    assert 'value="approve"' in own.get("/write-offs/").content.decode()
    decide = {"item": row["item_id"], "action": "approve", "by": "ann"}
    assert own.post("/write-offs/", decide).status_code == 422
    assert own.post("/write-offs/", {**decide, "by": "Bob"}).status_code == 303
    assert write_offs(own_home)[-1].state == "approved"
    page = text(own.get("/write-offs/"))
    assert "Approved: Bob" in page
    aged = text(own.get("/aging/"))
    assert "Written off" in aged
    assert whole(denials(own_home).totals["written_off_cents"]) in text(own.get("/denials/"))


@pytest.mark.parametrize(
    "given", [{}, {"action": "drop"}, {"action": "propose", "item": "x", "by": "Ann", "reason": "cost"}]
)
def test_a_form_that_makes_no_sense_keeps_nothing(own, own_home, given):
    before = write_offs(own_home)
    assert own.post("/write-offs/", given).status_code == 422
    assert write_offs(own_home) == before


def test_a_form_from_elsewhere_is_refused(own):
    answer = own.post("/write-offs/", {"action": "approve"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_an_unknown_item_is_told(own):
    answer = own.get("/write-offs/?item=%3Cscript%3E")
    assert answer.status_code == 404 and "<script>" not in answer.content.decode()


def test_an_appeal_that_went_is_listed_with_the_claims_sent(own, own_home):
    row = next(
        row for row in denials(own_home).queue if row["direction"] == "denied" and row["way"] in ("papers", "appeal")
    )
    made = own.post("/sent/again/", {"claim": row["claim_id"], "by": "Ann"})
    assert (made.status_code, made["Location"]) == (303, "/sent/")
    page = text(own.get("/sent/"))
    assert "Letters that were sent" in page and row["claim_id"] in page and "Awaited" in page
    assert row["item_id"] not in {one["item_id"] for one in denials(own_home).queue}
    assert own.post("/sent/again/", {"claim": row["claim_id"], "by": "Ann"}).status_code == 422
    assert own.post("/sent/again/", {"claim": "NONE", "by": "Ann"}).status_code == 422


@pytest.mark.parametrize("wanted", ["new", "corrected"])
def test_a_batch_stands_with_what_is_left_out(own, wanted):
    page = own.get("/sent/batch/", {"as": wanted})
    assert page.status_code == 200 and len(page.content) < 100_000
    if "The file (837)" in page.content.decode():
        made = own.get("/sent/batch/", {"as": wanted, "file": "1"})
        assert made.content.startswith(b"ISA") and made["Content-Disposition"].startswith("attachment")


def test_a_batch_of_nothing_known_is_told(own, bare_client):
    assert own.get("/sent/batch/?as=void").status_code == 404
    assert "No claim waits" in text(bare_client.get("/sent/batch/?as=new"))
    assert "Nothing is written off" in text(bare_client.get("/write-offs/"))

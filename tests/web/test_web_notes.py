"""A visit's note with its marks, and the page of skilled time."""

from __future__ import annotations

import re

import polars as pl

from everyunit.services.audit import audit
from everyunit.services.held import held
from everyunit.services.note_reviews import note_reviews


def test_note_stands_marked_beside_the_claim(client, home):
    read = note_reviews(home)
    visit = read.codes.filter(read.codes["sure"])["visit_id"][0]
    page = client.get(f"/visits/{visit}").content.decode()
    assert '<mark class="done"' in page and "What the words carry" in page


def test_what_no_record_earned_has_no_amount(client, home):
    """Billed and without minutes the day stands as billed in sums; on its own page no amount is called earned."""
    reasons = {row["why_not"]: row["visit_id"] for row in held(home).visits.to_dicts()}
    for why in ("no services on record", "minutes missing or no whole units"):
        page = client.get(f"/visits/{reasons[why]}").content.decode()
        assert '<dt>As earned</dt><dd class="num">not judged</dd>' in page
    page = client.get(f"/visits/{reasons['no claim']}").content.decode()
    assert "As earned" in page and "not judged</dd>" not in page


def test_where_only_the_note_tells_otherwise_the_proof_leads_to_it(client, home):
    apart = audit(home, notes=True).findings.filter(pl.col("kind") == "note_minutes_differ")
    page = client.get(f"/visits/{apart['visit_id'][0]}").content.decode()
    assert 'Nothing differs between this record and its claim. <a href="#note">The note tells otherwise</a>' in page


def test_a_hostile_note_stays_text(hostile_client):
    page = hostile_client.get("/visits/V%2F1%20%22%3Ci%3E%3F%23%26").content
    assert b"<script>alert" not in page and b"&lt;script&gt;" in page


def test_page_of_skilled_time(client, home):
    page = client.get("/notes/").content.decode()
    assert "Face to face" in page and "What notes lack" in page
    clinic = note_reviews(home).whose["clinic"].drop_nulls()[0]
    assert client.get("/notes/", {"clinic": clinic}).status_code == 200
    assert "No note of a kept visit" in client.get("/notes/", {"clinic": "nowhere"}).content.decode()


def test_without_notes_the_page_says_so(bare_client):
    assert "No note of a kept visit" in bare_client.get("/notes/").content.decode()


def test_an_answer_is_kept_and_shown(client, home):
    found = note_reviews(home).findings.row(0, named=True)
    given = {"visit_id": found["visit_id"], "kind": found["kind"], "code": found["code"], "verdict": "wrong"}
    assert client.post("/answers/", given).status_code == 422
    kept = client.post("/answers/", {**given, "because": "the grid shows it"})
    assert kept.status_code == 303 and kept["Location"] == f"/visits/{found['visit_id']}#note"
    sent = {**given, "because": "the grid shows it", "for": "billing", "show": "payment"}
    back = client.post("/answers/", sent)["Location"]
    assert back == f"/visits/{found['visit_id']}?for=billing&show=payment#note"
    assert client.get("/answers/").status_code == 405
    assert client.post("/answers/", given, HTTP_ORIGIN="https://elsewhere.example").status_code == 403


def test_an_answer_leads_back_to_the_page_it_was_given_on(client, home):
    asked = {"for": "billing", "show": "payment"}
    visits = note_reviews(home).findings["visit_id"].unique(maintain_order=True)
    pages = (client.get(f"/visits/{visit}", asked).content.decode() for visit in visits)
    page = next(page for page in pages if 'action="/answers/"' in page)
    assert 'name="for" value="billing"' in page and 'name="show" value="payment"' in page


def test_expected_payment_stands_only_where_billing_asks_for_it(client, home):
    visit = note_reviews(home).codes.filter(pl.col("sure"))["visit_id"][0]
    own = client.get(f"/visits/{visit}", {"show": "payment"}).content.decode()
    assert "A unit brings" not in own and "Show expected payment" not in own
    plain = client.get(f"/visits/{visit}", {"for": "billing"}).content.decode()
    assert "A unit brings" not in plain and "Show expected payment" in plain
    shown = client.get(f"/visits/{visit}", {"for": "billing", "show": "payment"}).content.decode()
    assert "A unit brings" in shown and "orders nothing" in shown
    codes = [re.findall(r'href="/learn/(\w+)"', page) for page in (plain, shown)]
    assert codes[0] == codes[1] != []


def test_lists_of_findings_lead_to_the_page_for_billing_and_visits_to_the_clinicians(client):
    for path in ("/findings/", "/"):
        links = re.findall(r'href="(/visits/V[^"]*)"', client.get(path).content.decode())
        assert links and all("?for=billing" in link for link in links)
    assert "for=billing" not in client.get("/visits/").content.decode()


def test_the_list_says_that_notes_were_not_read(client, home):
    assert ("audit --notes" in client.get("/findings/").content.decode()) is not held(home).notes_read

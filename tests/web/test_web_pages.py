"""Every page as the server writes it: figures, filters, words, headers."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import quote

import polars as pl
import pytest
from django.template.loader import render_to_string
from django.test import Client, override_settings
from web_homes import CLINIC, VISIT
from web_words import text, whole

from everyunit.money import dollars
from everyunit.services.asked import Asked
from everyunit.services.held import held
from everyunit.services.home import open_home
from everyunit.services.pages import practice_page

PAGES = ["/", "/findings/", "/visits/", "/files/", "/book/", "/book/?key=codes.97110&on=2026-03-12"]


def a_visit(home, column: str = "visit_id") -> str:
    return held(home).findings.sort("cents_at_stake")[column][0]


@pytest.mark.parametrize("path", PAGES)
def test_each_page_answers_with_its_frame(client, path):
    answer = client.get(path)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert len(page.encode()) < 100_000
    assert page.count("<h1") == 1 and '<main id="main"' in page and 'href="#main"' in page
    assert page.count('aria-current="page"') == 1
    assert "Pages of this place" not in page or 'aria-current="true"' in page
    assert " style=" not in page and "<style" not in page and not re.search(r"\son\w+=", page)
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)
    assert not answer.cookies


@pytest.mark.parametrize("path", [*PAGES, "/nowhere", "/visits/none", "/static/everyunit/ledger.css"])
def test_each_answer_bears_the_same_headers(client, path):
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy
    assert "script-src 'self'" in policy and "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Permissions-Policy" in headers
    assert ("no-store" in headers["Cache-Control"]) == (not path.startswith("/static/"))


def test_another_host_is_refused(client):
    answer = client.get("/", headers={"host": "clinic.example:8765"})
    assert answer.status_code == 400
    assert "this machine only" in text(answer)
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_pages_only_read(client, method):
    answer = getattr(client, method)("/findings/")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"


def test_practice_shows_the_sums_of_the_audit(client, home):
    shown, state = text(client.get("/")), held(home)
    earned = state.visits.select(pl.coalesce("earned_cents", "charged_cents").sum()).item()
    charged = state.visits["charged_cents"].sum()
    paid = state.visits["paid_cents"].sum() + state.visits["patient_cents"].sum()
    for cents in (earned, charged, paid):
        assert dollars(cents) in shown and whole(cents) in shown
    stakes = state.findings["cents_at_stake"]
    assert f"+{whole(stakes.filter(stakes > 0).sum())}" in shown
    assert whole(stakes.filter(stakes < 0).sum()) in shown


def test_each_number_of_the_picture_leads_to_the_list_behind_it(client, home):
    _, gates, _ = practice_page(home, Asked())
    page = unescape(client.get("/").content.decode())
    parts = [part for part in gates.parts if part.rows]
    assert len(parts) >= 6
    for part in parts:
        link = re.search(rf'<a href="([^"]+)">{re.escape(part.name)}</a>', page).group(1)
        counted = "" if part.gate == "deposited" else " visit" if part.gap else " finding"
        assert f"{part.rows:,}{counted}" in text(client.get(link)), part.name


def test_a_period_cuts_every_figure(client, home):
    state = held(home)
    month = state.months[len(state.months) // 2]
    shown = text(client.get("/", {"from": month, "to": month}))
    day = pl.from_epoch("service_day", "d").dt.strftime("%Y-%m")
    charged = state.visits.filter(day == month)["charged_cents"].sum()
    assert 0 < charged < state.visits["charged_cents"].sum()
    assert dollars(charged) in shown


def test_months_that_cannot_be_read_are_named_and_left_out(client):
    answer = client.get("/", {"from": "2026-13", "to": "<b>"})
    assert answer.status_code == 200
    assert text(answer).count("cannot be read; a month reads 2026-03") == 2


@pytest.mark.parametrize("page", ["0", "-4", "99999999999999", "1e3", "<b>", "٣", ""])
def test_junk_pages_give_a_page(client, page):
    assert client.get("/findings/", {"page": page}).status_code == 200
    assert client.get("/visits/", {"page": page}).status_code == 200
    assert client.get("/files/", {"page": page}).status_code == 200


@pytest.mark.parametrize(
    "name", ["clinic", "payer", "clinician", "kind", "direction", "gate", "way", "gap", "q", "sort"]
)
@pytest.mark.parametrize("junk", ["<script>alert(1)</script>", "' OR 1=1 --", "\0", "[(", "x" * 5000, "𝕏"])
def test_junk_filters_find_nothing_and_do_no_harm(client, name, junk):
    for path in ("/", "/findings/", "/visits/"):
        answer = client.get(path, {name: junk})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()


def test_a_visit_shows_record_proof_claim_and_payment(client, home):
    over = held(home).findings.filter(pl.col("kind") == "units_over").sort("visit_id")
    row = over.row(0, named=True)
    answer = client.get(f"/visits/{row['visit_id']}")
    shown = re.sub(r"\s+", " ", text(answer))
    assert answer.status_code == 200
    for heading in ("The record", "The proof", "Step by step", "Claim and payment", "What the day is worth"):
        assert heading in shown
    assert row["message"] in shown and row["fix"] in shown
    assert dollars(row["cents_at_stake"]).replace("-", "−") in shown
    services = open_home(home).find("services", "visit_id", row["visit_id"])
    lines = open_home(home).find("claim_lines", "claim_id", row["claim_id"])
    for code in {*services["code"].to_list(), *lines["code"].to_list()}:
        assert code in shown
    for name in ("Scheduled", "Check-in", "Check-out", "Note signed", "Charge entered", "Claim made", "Remit"):
        assert name in shown


def test_a_visit_without_a_claim_says_why(client, home):
    missed = held(home).findings.filter(pl.col("kind") == "visit_not_billed")["visit_id"][0]
    shown = text(client.get(f"/visits/{missed}"))
    assert "Billed units are not judged here: no claim." in shown
    assert "Nothing can be paid before a claim is made." in shown and "not on record" in shown


def test_a_reversal_shows_what_was_taken_back(client, home):
    ledger = open_home(home)
    back = ledger.scan("remit_claims").filter(pl.col("status") == "22").collect().row(0, named=True)
    visit = ledger.scan("visits").filter(pl.col("claim_id") == back["claim_id"]).collect()["visit_id"][0]
    shown = text(client.get(f"/visits/{visit}"))
    assert "reversal" in shown and dollars(back["paid_cents"]).replace("-", "−") in shown


def test_no_title_names_a_patient(client, home):
    parties = open_home(home).scan("parties").filter(pl.col("entity").is_in(["IL", "QC"])).collect()
    names = {name.lower() for name in parties["name"].drop_nulls().to_list() if name}
    assert names
    for path in [*PAGES, f"/visits/{a_visit(home)}"]:
        title = re.search(r"<title>(.*?)</title>", client.get(path).content.decode()).group(1)
        assert not names & set(title.lower().split())


def test_a_visit_that_is_none_says_so(client):
    answer = client.get("/visits/nobody-knows-this")
    assert answer.status_code == 404
    assert "No such visit" in text(answer) and "nobody-knows-this" not in text(answer)
    assert client.get("/nowhere").status_code == 404


def test_hostile_texts_stay_texts(hostile_client):
    address = f"/visits/{quote(VISIT, safe='')}"
    for path in ("/", "/findings/", "/visits/", address):
        answer = hostile_client.get(path)
        body = answer.content.decode()
        assert answer.status_code == 200, path
        assert "<script>alert" not in body and "<b>Clinic" not in body and "<i>" not in body
    body = hostile_client.get(address).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body and "{{ settings.SECRET_KEY }}" in body
    shown = text(hostile_client.get("/findings/", {"clinic": CLINIC}))
    assert "1 finding " in shown


def test_a_period_without_remits_says_so(hostile_client):
    shown = text(hostile_client.get("/"))
    assert "No remits have come in." in shown and "everyunit import" in shown
    assert "none yet: bring the 837 files" in shown


def test_an_empty_home_teaches(bare_client):
    assert "Nothing has come in yet" in text(bare_client.get("/"))
    assert "everyunit import" in text(bare_client.get("/files/"))
    assert "visits.csv" in text(bare_client.get("/findings/"))
    assert "visits.csv" in text(bare_client.get("/visits/"))


def test_what_is_not_judged_or_missing_names_the_command(tmp_path):
    open_home(tmp_path / "home", create=True)
    with override_settings(EVERYUNIT_HOME=str(tmp_path / "home")):
        answer = Client(SERVER_NAME="localhost").get("/")
    assert answer.status_code == 503 and "everyunit audit --home" in text(answer)
    with override_settings(EVERYUNIT_HOME=str(tmp_path / "nowhere")):
        answer = Client(SERVER_NAME="localhost").get("/")
    assert answer.status_code == 503 and "There is no ledger" in text(answer)


def test_a_fault_shows_words_and_logs_no_data(client, monkeypatch, capsys):
    def fault(*_):
        raise ValueError("patient Doe")

    monkeypatch.setattr("everyunit.web.views.findings.findings_page", fault)
    answer = client.get("/findings/?q=secret-visit")
    said = capsys.readouterr()
    assert answer.status_code == 500 and "nothing was lost" in text(answer)
    for place in (text(answer), said.out, said.err):
        assert "Doe" not in place and "secret-visit" not in place


def test_the_book_answers_and_refuses(client):
    shown = text(client.get("/book/", {"key": "codes.97110", "on": "2026-03-12"}))
    assert "codes.97110 on 12 March 2026" in shown and "Source" in shown
    refused = client.get("/book/", {"key": "conversion_factor", "on": "2031-01-01"})
    assert refused.status_code == 404 and "does not know" in text(refused)
    assert client.get("/book/", {"key": "codes.97110", "on": "soon"}).status_code == 404
    listed = text(client.get("/book/", {"key": "codes."}))
    assert "codes.97110" in listed


def test_files_show_what_was_refused(tmp_path):
    from everyunit.services.audit import audit
    from everyunit.services.take_in import take_in

    bad = tmp_path / "visits.csv"
    bad.write_text("visit_id,date_of_service,status\nV1,2026-01-02,kept\nV2,not a day,kept\n")
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.4")
    list(take_in([bad, tmp_path / "letter.pdf"], tmp_path / "home"))
    audit(tmp_path / "home")
    with override_settings(EVERYUNIT_HOME=str(tmp_path / "home")):
        shown = re.sub(r"\s+", " ", text(Client(SERVER_NAME="localhost").get("/files/")))
    assert "1 row refused" in shown and "row 3, date_of_service" in shown
    assert "1 file taken in, 1 left out" in shown and "letter.pdf" in shown


def test_a_remark_on_a_file_is_no_refusal():
    """A file that was taken whole bears remarks; only refused rows stand under a heading of refusals."""
    said = {"faults": [{"place": "", "about": "", "words": "No fees.", "remedy": ""}], "more": 0}
    shown = [
        render_to_string("everyunit/faults.html", {"row": {**said, "refused": refused, "problems": problems}})
        for refused, problems in ((0, [1]), (2, []), (2, [1]))
    ]
    assert "1 remark on the file" in shown[0] and "refused" not in shown[0]
    assert "What was refused and why<" in shown[1] and "refused and why, and remarks" in shown[2]

"""Denials, aging and forecast as pages: the figures are the service's, filters narrow, an empty home is taught."""

from __future__ import annotations

import csv
import io
import re
import shutil
from html import unescape

import pytest
from django.test import Client, override_settings
from web_words import text, whole

from everyunit.days import iso
from everyunit.services.aging import AGES, aging
from everyunit.services.denials import denials
from everyunit.services.forecast import cash_forecast, held_words
from everyunit.services.statements import statements
from everyunit.services.take_in import take_in
from everyunit.web.charts import LEFT, SIDE, TOP, told
from everyunit.web.templatetags.figures import cash

PAGES = ["/denials/", "/denials/?who=front_office&page=99", "/aging/", "/aging/?payer=MKPARTB", "/forecast/"]


@pytest.mark.parametrize("path", PAGES)
def test_each_page_answers_with_its_frame(client, path):
    answer = client.get(path)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert len(page.encode()) < 100_000
    assert page.count("<h1") == 1
    assert " style=" not in page and not re.search(r"<script(?![^>]*\ssrc=)", page)


def test_sums_of_the_denials_are_those_of_the_service(client, home):
    page = text(client.get("/denials/"))
    totals = denials(home).totals
    for name in ("whole_at_risk_cents", "expected_cents", "dropped_cents"):
        assert whole(totals[name]) in page


def test_a_filter_narrows_the_queue_and_can_be_taken_off(client, home):
    role = next(row["owner_role"] for row in denials(home).queue if row["direction"] == "denied")
    wanted = [row["claim_id"] for row in denials(home, owner_role=role).queue if row["direction"] == "denied"]
    page = client.get(f"/denials/?who={role}").content.decode()
    shown = re.findall(r'<a data-open href="/visits/\?q=([^"]+)"', page)
    assert shown == wanted[:50]
    assert f"{role.replace('_', ' ')} <span" in unescape(page)


def test_ages_and_weeks_stand_in_tables_behind_their_pictures(client, home):
    page = text(client.get("/aging/"))
    for row in aging(home).by_gate:
        assert row["gate"].capitalize() in page and whole(row["over 120"]) in page
    ahead = cash_forecast(home).ahead
    page = text(client.get("/forecast/"))
    assert all(whole(cents) in page for cents in ahead.weeks["expected_cents"])
    found = cash_forecast(home)
    assert unescape(held_words(found.held)) in page and "80 of 100 futures" not in page
    assert all(row["first_day"] + 6 > found.as_of for row in ahead.weeks.iter_rows(named=True))


def test_public_programs_are_never_said_to_have_a_contract(client, home):
    """An item without a last day names the paper that knows it, by kind of payer."""
    seen = set()
    for payer_id in ("MKMCAID", "MKPARTB", "MKBLUEW"):
        rows = [row for row in denials(home, payer_id=payer_id).queue if row["deadline_day"] is None][:50]
        page = text(client.get("/denials/", {"payer": payer_id}))
        seen |= {row["payer_id"] for row in rows}
        assert bool(re.search(r"see the contract\b", page)) == any(row["payer_id"] == "MKBLUEW" for row in rows)
        assert ("see the program's provider manual" in page) == any(row["payer_id"] == "MKMCAID" for row in rows)
    assert seen >= {"MKMCAID", "MKBLUEW"}


@pytest.mark.parametrize("path", ["/denials/", "/aging/", "/forecast/"])
def test_an_empty_home_is_told_what_belongs_here(bare_client, path):
    page = text(bare_client.get(path))
    assert "everyunit import" in page or "needs" in page


@pytest.mark.parametrize("path", ["/denials/?who=%00%3Cscript%3E", "/aging/?clinic=%3Cscript%3E", "/denials/?page=x"])
def test_an_address_that_makes_no_sense_is_no_danger(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()


def test_statements_list_patients_by_number_and_one_patients_lines(client, home):
    found = statements(home)
    page = text(client.get("/statements/"))
    assert whole(found.totals["owed_cents"]) in page and found.patients[0]["patient_id"] in page
    one = found.patients[0]["patient_id"]
    answer = client.get("/statements/", {"patient": one})
    assert answer.status_code == 200 and len(answer.content) < 100_000
    assert whole(found.patients[0]["owed_cents"]) in text(answer)
    assert "<title>Statements" in answer.content.decode()
    assert client.get("/statements/?patient=NOBODY").status_code == 404
    table = client.get("/statements/statements.csv")
    assert table["Content-Disposition"].startswith("attachment")
    assert table.content.count(b"\n") == found.lines.height + 1


def test_an_empty_home_has_no_statements(bare_client):
    assert "everyunit import" in text(bare_client.get("/statements/"))


def test_chances_are_drawn_where_they_stand_in_the_table(client, home):
    found = denials(home)
    page = client.get("/denials/").content.decode()
    assert page.count("<circle") == len(found.reliability) == len(told(found.reliability))
    row = {"chance_bp": 5_000, "observed_bp": 10_000, "items": 4}
    [dot] = told([row])
    assert (dot.x, dot.y) == (LEFT + SIDE // 2, TOP) and dot.radius > 5


def test_credits_stand_with_their_clocks_and_as_a_table(tmp_path, home):
    """A patient who paid $300.00 at a visit of which less is the patient's."""
    copy = shutil.copytree(home, tmp_path / "home")
    rows = list(csv.DictReader(io.StringIO((home.parent / "practice" / "visits.csv").read_text())))
    claims = set(statements(home).lines["claim_id"])
    paid = next(row for row in rows if row["claim_id"] in claims)
    with (tmp_path / "visits.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerow(paid | {"copay_collected": "300.00"})
    list(take_in([tmp_path / "visits.csv"], copy))
    with override_settings(EVERYUNIT_HOME=str(copy)):
        served = Client(SERVER_NAME="localhost")
        page, table = text(served.get("/aging/")), served.get("/aging/credits.csv")
    (credit,) = [row for row in aging(copy).credits if row["claim_id"] == paid["claim_id"]]
    assert f"patient {credit['patient_id']}" in page and "the state's law or the contract says by when" in page
    assert f"since {iso(credit['noticed_day'])}" in page
    assert table["Content-Disposition"].startswith("attachment")
    told = list(csv.DictReader(io.StringIO(table.content.decode())))
    assert [row["due_day"] for row in told if row["claim_id"] == credit["claim_id"]] == [""]


def test_tiles_of_the_denials_add_up(client, home):
    """Also of a narrowed list: worth working, to drop, past the deadline, asked again."""
    for narrow in ({}, {"owner_role": "biller"}, {"advice": "late"}):
        found = denials(home, **narrow)
        totals = found.totals
        parts = ("work", "drop", "late", "waiting")
        assert totals["whole_items"] == sum(totals[f"{name}_items"] for name in parts)
        assert totals["whole_at_risk_cents"] == sum(totals[f"{name}_at_risk_cents"] for name in parts)
        assert totals["whole_items"] == len(found.queue) + totals["waiting_items"]
    every = denials(home).totals
    assert every["whole_items"] == every["open"] + every["short_items"]
    page = text(client.get("/denials/"))
    assert all(whole(every[f"{name}_at_risk_cents"]) in page for name in ("whole", "work", "drop", "late"))


def test_a_chance_says_whose_cases_stand_behind_it(client, home):
    found = denials(home)
    page = client.get("/denials/").content.decode()
    assert found.survey.startswith("52 of 100 (APTA") and found.survey in unescape(page)
    for row in found.queue:
        assert row["cause_cases"] >= row["cases_behind"]
        assert row["cause_cases"] or row["chance_bp"] == 5_200
    shown = found.queue[:50]
    alone = sum(not row["cause_cases"] for row in shown)
    assert alone and unescape(page).count("the survey's; no case yet") == alone
    assert "0 cases<" not in page


def test_aging_bears_totals_and_no_charge_that_repeats_what_is_owed(client, home):
    found = aging(home)
    page = " ".join(text(client.get("/aging/")).split())
    row = re.search(r"Payers in all (.*?) Patient", page)[1].split()
    ages = [sum(gate[age] for gate in found.by_gate) for age in AGES]
    charge = sum(gate["open_charge_cents"] for gate in found.by_gate if gate["gate"] != "underpaid")
    owed = found.totals["owed_cents"]
    assert row[1:] == [cash(owed), *(whole(cents) for cents in ages), whole(charge)]
    assert len(re.findall(r"In all " + re.escape(f"{row[0]} {cash(owed)}"), page)) == 2
    for gate in (*found.patient, *(gate for gate in found.by_gate if gate["gate"] == "underpaid")):
        shown = re.search(gate["gate"].capitalize() + r" [\d,]+ \$[\d,.]+( \$[\d,]+){5} (\S+)", page)
        assert shown[2] == "–"

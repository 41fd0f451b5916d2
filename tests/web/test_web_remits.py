"""The pages of remits and deposits: proofs, reversals, money to look for; no person's name anywhere but in the bank's
own words."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from django.test import Client, override_settings
from web_words import text

from everyunit.money import dollars
from everyunit.services.audit import audit
from everyunit.services.deposits_page import deposits_page
from everyunit.services.make_sample import make_sample
from everyunit.services.remits_page import remit_page, remits_page
from everyunit.services.take_in import take_in


def a_cent_more(match: re.Match[str]) -> str:
    return f"BPR*I*{Decimal(match[1]) + Decimal('0.01')}"


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory) -> Path:
    """A small practice: one deposit stolen, one cut, one strange; one BPR02 a cent too high."""
    folder = tmp_path_factory.mktemp("spoiled")
    make_sample(folder / "p", visits=500, seed=9)
    bank = folder / "p" / "deposits.csv"
    head, *rows = bank.read_text().splitlines()
    rows.sort()
    stolen = rows.pop(5)
    day, amount, trace, words = rows[6].split(",")
    rows[6] = f"{day},{int(float(amount)) - 1}.00,{trace},{words}"
    rows.append(f"{day},12345.67,,<b>CARD</b> SETTLEMENT")
    bank.write_text("\n".join([head, *rows]) + "\n")
    remit = next(path for path in sorted((folder / "p" / "remits").iterdir()) if b"BPR*I*" in path.read_bytes())
    remit.write_text(re.sub(r"BPR\*I\*([\d.]+)", a_cent_more, remit.read_text(), count=1))
    list(take_in([folder / "p"], folder / "h"))
    audit(folder / "h")
    (folder / "stolen").write_text(stolen)
    return folder


@pytest.fixture
def door(spoiled):
    with override_settings(EVERYUNIT_HOME=str(spoiled / "h")):
        yield Client(SERVER_NAME="localhost", raise_request_exception=False)


def test_the_list_counts_what_its_filters_show(door, spoiled):
    page = remits_page(spoiled / "h")
    assert page.counts["faults"] == 1 and page.counts["reversals"] > 0
    assert "off by +$0.01" in text(door.get("/remits/?show=faults"))
    for show, count in page.counts.items():
        assert remits_page(spoiled / "h", show).total == count
        answer = door.get(f"/remits/?show={show}")
        assert answer.status_code == 200 and len(answer.content) < 100_000
    payer = next(iter(page.payers))
    assert {row["payer_id"] for row in remits_page(spoiled / "h", payer=payer).rows} == {payer}
    trace = page.rows[0]["trace"]
    assert [row["trace"] for row in remits_page(spoiled / "h", words=trace.lower()).rows] == [trace]
    assert "No remittance fits" in text(door.get("/remits/?q=nothing-bears-this"))


def test_each_remittance_has_its_page(door, spoiled):
    for row in remits_page(spoiled / "h").rows:
        answer = door.get(f"/remits/{row['remit']}")
        said = text(answer)
        assert answer.status_code == 200 and row["trace"] in said
        assert dollars(row["amount_cents"]) in said
    assert door.get("/remits/none-1").status_code == 404
    assert door.get("/remits/" + "9" * 40).status_code == 404
    assert door.get("/remits/x-99999999999999999999").status_code == 404


def test_a_page_adds_up_as_its_payment_does(spoiled):
    for row in remits_page(spoiled / "h").rows:
        page = remit_page(spoiled / "h", row["remit"])
        assert page is not None
        assert page.remit["charge_cents"] - sum(page.groups.values()) == page.remit["claims_cents"]
        assert sum(claim["paid_cents"] for claim in page.claims) == page.remit["claims_cents"]


def test_reversals_and_provider_adjustments_lead_on(door, spoiled):
    undone = next(row for row in remits_page(spoiled / "h", "reversals").rows)
    said = door.get(f"/remits/{undone['remit']}").content.decode()
    link = re.search(r'href="(/remits/[0-9a-f]{16}-\d+)"', said)
    assert link and door.get(link.group(1)).status_code == 200


def test_stolen_and_cut_deposits_are_to_be_looked_for(door, spoiled):
    page = deposits_page(spoiled / "h")
    stolen = (spoiled / "stolen").read_text().split(",")
    states = {row["trace"]: row["state"] for row in page.payments}
    assert states[stolen[2]] == "missing" and "short" in states.values()
    said = door.get("/deposits/")
    assert said.status_code == 200 and stolen[2] in text(said)
    assert b"&lt;b&gt;CARD&lt;/b&gt; SETTLEMENT" in said.content
    for show in [*page.paid, *page.banked, "nonsense"]:
        assert door.get(f"/deposits/?show={show}").status_code == 200


def test_months_add_up_to_the_payments(spoiled):
    page = deposits_page(spoiled / "h")
    due = sum(sums["cents"] for state, sums in page.paid.items() if state != "not_needed")
    assert sum(row["remitted_cents"] for row in page.months) == due
    for row in page.months:
        assert row["found_cents"] + row["lost_cents"] + row["open_cents"] == row["remitted_cents"]


def test_without_files_the_pages_say_what_to_bring(bare_client):
    assert "835 files" in text(bare_client.get("/remits/"))
    assert "No deposits have come in" in text(bare_client.get("/deposits/"))


def test_no_name_of_a_patient_stands_on_these_pages(door, spoiled):
    from everyunit.services.home import open_home

    parties = open_home(spoiled / "h").scan("parties")
    names = parties.filter(pl.col("entity") == "QC").select("name").unique().collect()["name"].to_list()
    shown = [door.get(path).content.decode().upper() for path in ("/remits/", "/deposits/")]
    shown += [door.get(f"/remits/{row['remit']}").content.decode().upper() for row in remits_page(spoiled / "h").rows]
    assert names and not [name for name in names if any(re.search(rf"\b{name}\b", page) for page in shown)]


def test_the_fourth_gate_holds_what_the_bank_does(door, spoiled):
    said = door.get("/").content.decode()
    page = deposits_page(spoiled / "h")
    found = sum(row["found_cents"] for row in page.months)
    assert "matched with the bank" in said and dollars(found) in said
    assert "not found in the bank" in said and 'href="/deposits/"' in said
    clinic = door.get("/?clinic=Alder Street Rehab").content.decode()
    assert "matched with the bank" not in clinic

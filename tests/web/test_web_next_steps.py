"""A finding leads to what can be done about it: on the visit's page, in its story, and beside the credits."""

from __future__ import annotations

import html
import re

import polars as pl
import pytest
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.days import words, year_later
from everyunit.errors import UsageError
from everyunit.money import dollars
from everyunit.services.again import ways_open
from everyunit.services.audit import audit
from everyunit.services.explain import finding_story, shared_ledger
from everyunit.services.held import held
from everyunit.services.refund import refund
from everyunit.services.sent_twice import repeats


def a_finding(home, kind: str, payer: str):
    found = audit(home).findings.filter((pl.col("kind") == kind) & pl.col("payer_name").str.contains(payer))
    return found.row(0, named=True)


def article(client, row) -> str:
    page = client.get(f"/visits/{row['visit_id']}").content.decode()
    found = re.search(rf'id="f-{row["finding_id"]}".*?</article>', page, re.S)
    assert found
    return html.unescape(found.group())


def test_too_many_units_lead_to_a_corrected_claim(client, home):
    row = a_finding(home, "units_over", "Medicaid")
    said = article(client, row)
    assert f"everyunit resubmit {row['claim_id']} --as corrected --findings --home" in said
    assert f"/sent/again/?claim={row['claim_id']}" in said
    assert re.search(r"60 days from the day you confirm it; confirmed on \d+ \w+ \d{4}, the last day in", said)


@pytest.mark.parametrize("kind", ["units_over", "pair_bundled"])
def test_part_b_is_given_back_by_reopening_or_refund(client, home, kind):
    said = article(client, a_finding(home, kind, "Medicare Part B"))
    assert "reopen it for a clerical error" in said and "voluntary refund" in said and "60 days" in said
    assert "--as corrected" not in said


def test_a_private_payer_names_no_sixty_days(client, home):
    said = article(client, a_finding(home, "untimed_repeated", "Pinnacle"))
    assert "resubmit" in said and "60 days" not in said


def test_a_claim_sent_twice_is_voided(home):
    row = a_finding(home, "duplicate_claim", "Pinnacle")
    step = finding_story(home, row["finding_id"])["step"]
    assert step["command"] == f"everyunit resubmit {row['claim_id']} --as void"


def test_what_was_sent_twice_is_given_back_once(client, home, tmp_path):
    """The claim that is repeated names the void of the other on every page, and is not corrected or voided itself."""
    findings = audit(home).findings
    twice = findings.filter(pl.col("kind") == "duplicate_claim").select("claim_id", "service_day", "code")
    over = findings.filter((pl.col("kind") == "units_over") & ~pl.col("claim_id").is_in(twice["claim_id"].implode()))
    ledger = shared_ledger(home)
    named = {number: repeats(ledger, number) for number in over["claim_id"].unique().sort()}
    pairs = {number: other for number, other in named.items() if other}
    assert pairs and set(pairs.values()) <= set(twice["claim_id"])
    row = next(
        row for row in over.to_dicts() if row["claim_id"] in pairs and repeats(ledger, row["claim_id"], row["code"])
    )
    number, other = row["claim_id"], pairs[row["claim_id"]]
    step = finding_story(home, row["finding_id"])["step"]
    assert step["claim_id"] == other and other in step["words"]
    assert number not in step["command"] and f"/sent/again/?claim={other}" in article(client, row)
    ways = {way.name: way for way in ways_open(home, number, 20_800)}
    for name in ("corrected", "void"):
        assert not ways[name].open and f"Claim {other} repeats it" in ways[name].words[0]
    assert client.get("/sent/file/", {"claim": number, "as": "void"}).status_code == 422
    told = CliRunner().invoke(
        app,
        [
            "resubmit",
            number,
            "--as",
            "corrected",
            "--findings",
            "--home",
            str(home),
            "--out",
            str(tmp_path / "a.837"),
        ],
    )
    assert told.exception.exit_code == 2 and f"claim {other} repeats it" in told.exception.sentence()


def test_money_goes_back_to_part_b_by_letter(client, home, tmp_path):
    """A finding of Medicare's claim leads to a letter with its lines and its amount, by page and by command."""
    row = next(
        row for row in audit(home).findings.filter(
            (pl.col("kind") == "units_over") & pl.col("payer_name").str.contains("Medicare Part B")
        ).to_dicts() if not repeats(shared_ledger(home), row["claim_id"])
    )  # fmt: skip
    number = row["claim_id"]
    assert f"everyunit refund {number} --home" in article(client, row)
    way = next(way for way in ways_open(home, number, 20_800) if way.name == "refund")
    assert way.open and any("voluntary refund" in said for said in way.words)
    assert "as=refund" in client.get("/sent/again/", {"claim": number}).content.decode()
    assert client.get("/sent/file/", {"claim": number, "as": "refund"}).content.startswith(b"%PDF")
    letter = refund(home, number, 20_800).letter
    line = next(one for one in letter["lines"] if one["line"] == str(row["line"]) and one["reason"] == row["message"])
    assert (line["billed"], line["earned"]) == (str(row["billed_units"]), str(row["earned_units"]))
    assert line["amount"] == dollars(-row["cents_at_stake"]) and line["paid"].startswith("$")
    out = tmp_path / "letter.pdf"
    told = CliRunner().invoke(app, ["refund", number, "--home", str(home), "--out", str(out)])
    assert told.exit_code == 0 and out.read_bytes().startswith(b"%PDF")
    other = a_finding(home, "units_over", "Medicaid")["claim_id"]
    assert not next(way for way in ways_open(home, other, 20_800) if way.name == "refund").open
    with pytest.raises(UsageError, match="corrected claim"):
        refund(home, other, 20_800)


def test_a_visit_not_billed_says_what_to_send_and_until_when(client, home):
    row = audit(home).findings.filter(
        (pl.col("kind") == "visit_not_billed") & pl.col("payer_name").str.contains("Medicare Part B")
        & (pl.col("earned_units") > 0)
    ).row(0, named=True)  # fmt: skip
    story = finding_story(home, row["finding_id"])
    said = article(client, row)
    last = words(year_later(row["service_day"], 1))
    assert "Send Medicare Part B a new claim" in said and f"It takes it until {last}" in said
    assert all(f"{code} {count}" in said for code, count in story["story"]["earned"].items() if count)
    assert 'href="/scrub/"' in said and "/sent/again/" not in said
    told = CliRunner().invoke(app, ["explain", row["finding_id"], "--home", str(home)]).output
    assert last in told and "everyunit scrub NEW.837" in told


def test_the_story_tells_the_step_and_the_days(home):
    row = a_finding(home, "units_over", "Medicaid")
    told = CliRunner().invoke(app, ["explain", row["finding_id"], "--home", str(home)]).output
    assert "Next      Send it corrected" in told and "Back by   60 days from the day you confirm it" in told
    assert "](" not in told


def test_what_the_audit_gives_back_stands_beside_the_credits(client, home):
    back = held(home).findings.filter(pl.col("way") == "back")
    cents = -back["cents_at_stake"].fill_null(0).sum()
    page = client.get("/aging/").content.decode()
    assert f"${cents // 100:,}.{cents % 100:02d} in {back.height} findings" in page and "/findings/?way=back" in page
    told = " ".join(CliRunner().invoke(app, ["aging", "--home", str(home)]).output.split())
    assert f"{back.height} findings of the audit to give back ${cents // 100:,}.{cents % 100:02d}" in told

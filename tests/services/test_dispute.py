"""The letter about what was paid short: its figures are those of the contract and the remittances, to the cent."""

from __future__ import annotations

import json
import re
import stat
import sys
from html import unescape
from pathlib import Path

import polars as pl
import pytest
import typst
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.days import iso, to_day
from everyunit.errors import UsageError
from everyunit.money import dollars, to_cents
from everyunit.rulebook import Book, price_day
from everyunit.services.appeals_sent import followed, keep_case, sent_rows, with_appeals
from everyunit.services.asking import letter_for
from everyunit.services.denials import denials
from everyunit.services.dispute import dispute
from everyunit.services.letter import pdf, source
from everyunit.services.make_sample import make_sample
from everyunit.services.take_in import take_in

sys.path.insert(0, str(Path(__file__).parents[1] / "receivables"))
from answers_kit import DAY, sent
from receivables_kit import claim, line, payer, remit, undone

from everyunit.x12.writer import Party

MEDICARE, AGREED = Party("MEDICARE PART B", "", "PI", "PB"), Party("B PAYER", "", "PI", "P2")
PATTERN = tuple(f"C{number}" for number in range(1, 7))
PRACTICE = b"""
[payers.P1]
name = "A PAYER"
rule = "ama"
fees = "fees.csv"

[payers.P2]
name = "B PAYER"
rule = "ama"
[[payers.P2.contracts]]
from = "2025-07-01"
percent = 110
reduction = false
"""
ON = "2026-04-01"


def short(number: str, paid: int, *shares: tuple[str, str, int], by=None, day=DAY + 14) -> bytes:
    off = 10_000 - paid - sum(cents for *_, cents in shares)
    row = line(10_000, paid, ("CO", "45", off), *shares)
    return remit(claim(number, f"ICN{number}", row), day=day, trace=f"T{number}", by=by)


FILES = {
    "practice.toml": PRACTICE,
    "fees.csv": b"code,allowed\n97110,45.00\n",
    "one.837": sent(*PATTERN, "C7"),
    "two.837": sent("M1", control=2, reference="B2", payer=MEDICARE, filing="MB"),
    "three.837": sent("B1", control=3, reference="B3", payer=AGREED),
    "c7.835": short("C7", 9_000),
    "m1.835": short("M1", 4_000, ("PR", "2", 1_000), by=payer("PB", "MEDICARE PART B")),
    "b1.835": short("B1", 5_000, by=payer("P2", "B PAYER")),
} | {f"{number}.835": short(number, 7_000, ("PR", "3", 1_000)) for number in PATTERN}


@pytest.fixture
def home(tmp_path):
    return bring(tmp_path, FILES)


def bring(folder, files):
    held = folder / "files"
    held.mkdir(exist_ok=True)
    for name, data in files.items():
        (held / name).write_bytes(data)
    done = CliRunner().invoke(app, ["import", str(held), "--home", str(folder / "home"), "--json"])
    assert done.exit_code == 0, done.output
    return folder / "home"


def run(home, *words):
    return CliRunner().invoke(app, [words[0], "--home", str(home), *words[1:]])


def cases(home):
    told = json.loads(run(home, "denials", "--json").stdout)
    return {row["payer_id"]: row for row in told["queue"] if row["direction"] == "underpaid"}


def test_a_pattern_is_one_letter_with_all_its_claims(home):
    made = letter_for(home, cases(home)["P1"]["item_id"], to_day(ON))
    told = made.letter
    assert made.parts == tuple((number, 1) for number in PATTERN) and made.claim_id == ""
    assert [row["claim"] for row in told["lines"]] == list(PATTERN)
    assert {(row["expected"], row["paid"], row["patient"], row["short"]) for row in told["lines"]} == {
        ("$90.00", "$70.00", "$10.00", "$10.00")
    }
    assert [(row["control"], row["trace"]) for row in told["lines"]] == [(f"ICN{n}", f"T{n}") for n in PATTERN]
    assert (told["expected"], told["received"], told["short"]) == ("$540.00", "$480.00", "$60.00")
    assert "6 lines" in told["asked"] and "$60.00" in told["asked"] and "6 times" in told["seen"]
    assert [row["agreed"] for row in told["bases"]] == ["Your fee schedule as agreed with us (fees.csv)"]
    assert [row["steps"] for row in told["steps"]] == ["2 x $45.00 = $90.00"]
    assert [row["claim"] for row in told["claims"]] == list(PATTERN)
    [enclosed] = told["claims"][0]["lines"]
    assert [(one["code"], one["amount"]) for one in enclosed["reasons"]] == [("CO 45", "$20.00"), ("PR 3", "$10.00")]
    assert made.name == "payment review" and made.deadline is None


def test_a_letter_of_several_claims_names_no_patient_and_medicares_does(home):
    assert "ALDER" not in json.dumps(letter_for(home, cases(home)["P1"]["item_id"], to_day(ON)).letter)
    assert letter_for(home, "M1", to_day(ON)).letter["patient"]["name"] == "ANN ALDER"


def test_medicare_is_asked_for_a_redetermination_by_its_fee_schedule(home):
    made = letter_for(home, "M1", to_day(ON))
    priced = price_day([("97110", 2)], DAY - 3, "", "", Book.load())
    [row], [basis] = made.letter["lines"], made.letter["bases"]
    assert row["expected"] == dollars(priced.total_cents)
    assert to_cents(row["short"]) == priced.total_cents - 5_000
    assert made.letter["steps"][0]["steps"].endswith(f"= {dollars(priced.total_cents)}")
    assert basis["source"] and "national rate" in basis["agreed"]
    assert made.name == "redetermination" and made.deadline == iso(DAY + 14 + 120)


def test_the_queue_bears_the_last_day_to_ask_medicare(home):
    """The same as the letter's; of others contract or program say it."""
    found = cases(home)
    assert found["PB"]["deadline_day"] == letter_for(home, "M1", to_day(ON)).deadline == iso(DAY + 14 + 120)
    assert found["PB"]["days_left"] == 120 and found["P1"]["deadline_day"] is None
    assert found["PB"]["kind"] == "medicare" and found["P1"]["kind"] == "any_other"


def test_a_public_program_has_no_contract(tmp_path):
    """Medicaid's terms stand in its manual and fee schedule: no word of a contract with it."""
    medicaid = Party("STATE MEDICAID", "", "PI", "PD")
    toml = b'[payers.PD]\nname = "STATE MEDICAID"\nrule = "cms"\nfees = "state.csv"\n'
    files = {
        "practice.toml": toml, "state.csv": b"code,allowed\n97110,45.00\n",
        "d.837": sent("D1", payer=medicaid, filing="MC"),
        "d.835": short("D1", 7_000, by=payer("PD", "STATE MEDICAID")),
    }  # fmt: skip
    home = bring(tmp_path, files)
    for form in (False, True):
        made = letter_for(home, "D1", to_day(ON), form=form)
        assert [row["agreed"] for row in made.letter["bases"]] == ["Your fee schedule as we hold it (state.csv)"]
        assert "the program's provider manual" in " ".join(made.notes)
        assert "the program's fee schedule" in " ".join(made.notes)
        assert "contract" not in json.dumps(made.letter["bases"]) + " ".join(made.notes)
    assert "The page of the program's fee schedule that names the fees" in words_of(made.letter)


def test_a_contract_is_named_with_its_days(home):
    told = letter_for(home, "B1:1", to_day(ON)).letter
    assert "110 % of Medicare's fee schedule" in told["bases"][0]["agreed"]
    assert "contract from 2025-07-01" in told["bases"][0]["agreed"]
    full = Book.load().price("97110", DAY - 3).full_cents
    each = (full * 110 + 50) // 100
    assert told["lines"][0]["expected"] == dollars(2 * each)
    assert f"2 x {dollars(each)}" in told["steps"][0]["steps"]


@pytest.mark.parametrize(("named", "word"), [("C7", "no line of it bears"), ("X1", "neither a claim sent")])
def test_what_was_paid_in_full_has_no_letter(home, named, word):
    with pytest.raises(UsageError, match=word):
        letter_for(home, named, to_day(ON))
    with pytest.raises(UsageError, match="paid below") as told:
        dispute(home, named, to_day(ON))
    assert told.value.remedy


def test_the_command_writes_it_for_its_owner_and_names_nobody(home, tmp_path):
    item, out = cases(home)["P1"]["item_id"], tmp_path / "letter.pdf"
    done = run(home, "appeal", item, "--out", str(out), "--day", ON)
    assert done.exit_code == 0 and "payment review of 6 claims" in done.output, done.output
    assert out.read_bytes() == pdf("dispute", letter_for(home, item, to_day(ON)).letter)
    assert out.read_bytes().startswith(b"%PDF-") and stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "ALDER" not in done.output


def words_of(letter):
    """What stands in the form, in order."""
    made = typst.compile(source("dispute_form"), sys_inputs={"data": json.dumps(letter)}, format="html")
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", made.decode())).split())


@pytest.mark.parametrize(("named", "claims"), [("P1", PATTERN), ("M1", ("M1",)), ("B1:1", ("B1",))])
def test_what_was_paid_short_has_a_form_with_the_same_figures(home, tmp_path, named, claims):
    item, out = cases(home)["P1"]["item_id"] if named == "P1" else named, tmp_path / "form.pdf"
    done = run(home, "appeal", item, "--form", "--out", str(out), "--day", ON, "--json")
    assert done.exit_code == 0, done.output
    told, held = json.loads(done.stdout), letter_for(home, item, to_day(ON), form=True)
    assert told["claims"] == len(claims) and stat.S_IMODE(out.stat().st_mode) == 0o600
    assert out.read_bytes() == pdf("dispute_form", held.letter) != pdf("dispute", held.letter)
    text = words_of(held.letter)
    for row in held.letter["lines"]:
        assert all(row[name] in text for name in ("claim", "control", "trace", "expected", "paid", "short", "day"))
    base, step = held.letter["bases"][0], held.letter["steps"][0]
    assert all(part in text for part in (held.letter["short"], base["agreed"], step["steps"], "Tax number"))
    assert "Name and title of who signs" in text and "In our own words" in text
    medicare = named == "M1"
    assert (Book.load().request("medicare") in text) == medicare == ("redetermination" in text)
    assert ("ALDER" in text) == (len(claims) == 1)


def test_a_form_that_comes_late_asks_why(home):
    late = letter_for(home, "M1", DAY + 14 + 121, form=True)
    assert late.letter["late"].startswith("The time to ask ended on") and late.letter["deadline"] == ""
    assert pdf("dispute_form", late.letter).startswith(b"%PDF-")


def test_a_letter_that_was_not_written_is_not_sent(home, tmp_path, monkeypatch):
    def full(path, data, replace=False):
        raise UsageError("No space is left.", place=str(path))

    item = cases(home)["P1"]["item_id"]
    words = ("--out", str(tmp_path / "letter.pdf"), "--sent", "--by", "Ann", "--day", ON)
    with monkeypatch.context() as patched:
        patched.setattr("everyunit.services.private.write_private", full)
        for named in (item, "M1"):
            assert isinstance(run(home, "appeal", named, *words).exception, UsageError)
    assert followed(home) == [] and not (tmp_path / "letter.pdf").exists()
    # nor is a letter left where it cannot be written down
    for wrong in (("--sent", "--day", ON), ("--sent", "--by", " ", "--day", ON)):
        assert isinstance(run(home, "appeal", item, "--out", str(tmp_path / "l.pdf"), *wrong).exception, UsageError)
        assert not (tmp_path / "l.pdf").exists()
    assert run(home, "appeal", item, *words).exit_code == 0
    assert (tmp_path / "letter.pdf").exists() and followed(home)[0].case_id == item
    again = run(home, "appeal", item, "--out", str(tmp_path / "twice.pdf"), *words[2:])
    assert "already" in str(again.exception) and not (tmp_path / "twice.pdf").exists()


def test_marks_in_the_data_are_no_markup(home):
    told = letter_for(home, "M1", to_day(ON)).letter
    told["patient"]["name"] = told["seen"] = '#panic("x") $a$ *b* _c_ <d> @e ]] \\'
    assert pdf("dispute", told).startswith(b"%PDF-") and pdf("dispute_form", told).startswith(b"%PDF-")


def test_what_was_asked_for_waits_until_the_payer_decides_again(home, tmp_path):
    item = cases(home)["P1"]["item_id"]
    owed = denials(home).totals["underpaid_cents"]
    done = run(home, "appeal", item, "--sent", "--by", "Ann", "--day", ON)
    assert done.exit_code == 0, done.output
    assert "P1" not in cases(home) and denials(home).totals["underpaid_cents"] == owed
    [case] = [row for row in denials(home).cases if row["case_id"] == item]
    assert iso(case["asked_day"]) == ON
    [one] = followed(home)
    assert (one.case_id, one.claims, one.claim_id, one.state) == (item, 6, "", "waiting")
    assert "went out on 2026-04-01" in letter_for(home, item, to_day(ON)).notes[0]
    with pytest.raises(UsageError, match="already"):
        keep_case(home, item, (("C1", 1),), "payment review", "Ann", to_day(ON))
    # one of the six is decided again: paid in full; the letter is not answered yet
    bring(tmp_path, {"again.835": corrected("C1", to_day(ON) + 20)})
    assert followed(home)[0].state != "answered" and "P1" not in cases(home)
    bring(tmp_path, {f"more{n}.835": corrected(n, to_day(ON) + 30) for n in PATTERN[1:]})
    assert followed(home)[0].state == "answered" and followed(home)[0].answered_day == to_day(ON) + 30
    assert "P1" not in cases(home)


def corrected(number, day):
    """The payer takes its word back and pays in full."""
    old = claim(number, f"ICN{number}", line(10_000, 7_000, ("CO", "45", 2_000), ("PR", "3", 1_000)))
    new = claim(number, f"NEW{number}", line(10_000, 8_000, ("CO", "45", 1_000), ("PR", "3", 1_000)))
    return remit(undone(old), new, day=day, trace=f"A{number}")


def test_decided_again_as_short_it_is_asked_for_again(home, tmp_path):
    item = cases(home)["P2"]["item_id"]
    keep_case(home, item, (("B1", 1),), "payment review", "Ann", to_day(ON))
    assert "P2" not in cases(home)
    old = claim("B1", "ICNB1", line(10_000, 5_000, ("CO", "45", 5_000)))
    new = claim("B1", "NEWB1", line(10_000, 5_100, ("CO", "45", 4_900)))
    by = payer("P2", "B PAYER")
    bring(tmp_path, {"again.835": remit(undone(old), new, day=to_day(ON) + 20, trace="AB1", by=by)})
    assert "P2" in cases(home) and followed(home)[0].state == "answered"


def test_every_shortfall_of_a_practice_is_counted_by_its_fees(tmp_path):
    """The steps of each line are worked out from fees, units and reduction alone; they end at what is expected."""
    make_sample(tmp_path / "practice", visits=1_200, seed=2)
    list(take_in([tmp_path / "practice"], tmp_path / "home"))
    found = denials(tmp_path / "home")
    queue = [row for row in found.queue if row["direction"] == "underpaid"]
    assert len(queue) >= 5
    total = 0
    for row in queue:
        made = letter_for(tmp_path / "home", row["item_id"], to_day("2026-12-01"))
        assert to_cents(made.letter["short"]) == row["at_risk_cents"]
        assert sum(to_cents(one["short"]) for one in made.letter["lines"]) == row["at_risk_cents"]
        for step in made.letter["steps"]:
            count, _, end = step["steps"].split("; ")[0].partition(" = ")
            terms = [part.split(" (")[0].split(" x ") for part in count.split(" + ")]
            assert sum(int(units) * to_cents(each) for units, each in terms) == to_cents(end)
        total += row["at_risk_cents"]
    assert total == found.totals["underpaid_cents"] > 0


def test_a_letter_about_underpayment_makes_no_denial_wait(home):
    item = cases(home)["P1"]["item_id"]
    keep_case(home, item, (("C1", 1),), "payment review", "Ann", to_day(ON))
    row = {"claim_id": ["C1"], "line": [1], "state": ["open"], "first_day": [DAY], "last_day": [DAY],
           "resent_day": [None], "worked_day": [None]}  # fmt: skip
    kinds = dict.fromkeys(("line", "first_day", "last_day", "resent_day", "worked_day"), pl.Int32)
    frame = pl.DataFrame(row, schema_overrides=kinds)
    assert with_appeals(frame, sent_rows(home))["state"].to_list() == ["open"]

"""What if: sums of the other book are the judgement under that book, and what cannot be asked is told."""

from __future__ import annotations

import json
from dataclasses import replace

import polars as pl
import pytest
from typer.testing import CliRunner

from everyunit.audit import judge
from everyunit.cli.main import app
from everyunit.errors import UsageError
from everyunit.rulebook import Book, price_day
from everyunit.rulebook.moved import FeesMoved
from everyunit.services import parts as split
from everyunit.services.asked import Asked
from everyunit.services.audit import audit
from everyunit.services.home import open_home
from everyunit.services.inputs import inputs_of, practice_of
from everyunit.services.make_sample import make_sample
from everyunit.services.pages import practice_page
from everyunit.services.take_in import take_in
from everyunit.services.whatif import Question, whatif

OFFER = '[payers.MKBLUEW]\nrule = "ama"\n[[payers.MKBLUEW.contracts]]\nfrom = "2020-01-01"\npercent = 105\n'


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whatif")
    make_sample(folder / "practice", visits=500, seed=77)
    list(take_in([folder / "practice"], folder / "home"))
    return folder / "home"


def values(home, column, change):
    ledger = open_home(home)
    practice = practice_of(ledger)
    terms = change(practice.payers["MKBLUEW"])
    other = replace(practice, payers={**practice.payers, "MKBLUEW": terms})
    book = Book.load()
    sums = [judge(inputs_of(ledger), held, book).visit_values[column].sum() for held in (practice, other)]
    return sums[1] - sums[0]


def test_another_rule_is_the_judgement_by_that_rule(home):
    answer = whatif(home, Question(rule="Bluewater Health Plan counts by cms"))
    assert answer.what == "earned" and answer.rows.height > 10
    assert answer.by("payer")["payer"].to_list() == ["Bluewater Health Plan"]
    now, then = (answer.rows[name].sum() for name in ("now_units", "then_units"))
    assert now != then and answer.cents < 0


def test_what_is_earned_now_is_what_the_home_page_says(home):
    audit(home)
    _, gates, _ = practice_page(home, Asked())
    answer = whatif(home, Question(rule="MKBLUEW counts by cms"))
    assert gates.assumed_cents > 0 and answer.totals[0] == gates.earned_cents
    assert any("without a complete record stand as charged" in sentence for sentence in answer.assumed)


def test_a_contract_is_the_judgement_by_that_contract(home):
    from everyunit.rulebook import Practice

    terms = Practice.from_documents({"practice.toml": OFFER.encode()}).payers["MKBLUEW"]
    answer = whatif(home, Question(contract=OFFER))
    assert answer.cents == values(home, "charged_cents", lambda held: replace(held, contracts=terms.contracts))
    assert answer.rows["now_units"].equals(answer.rows["then_units"])


LATER = '[payers.MKBLUEW]\nrule = "ama"\n[[payers.MKBLUEW.contracts]]\nfrom = "{day}"\npercent = 105\n'


def test_outside_the_days_of_an_offer_the_payer_pays_as_today(home):
    """An offer that names no fees left the days before it at Medicare's, in place of the payer's own table."""
    whole = whatif(home, Question(contract=OFFER))
    none = whatif(home, Question(contract=LATER.format(day="2099-01-01")))
    assert none.cents == 0 and none.rows["then_cents"].equals(none.rows["now_cents"])
    assert "On other days Bluewater Health Plan pays as today." in none.assumed
    part = whatif(home, Question(contract=LATER.format(day="2026-07-01")))
    assert abs(whole.cents) > abs(part.cents) > 0
    assert not any("On other days" in sentence for sentence in whole.assumed)
    fees = whatif(home, Question(contract=LATER.format(day="2099-01-01").replace("rule", 'fees = "medicare"\nrule')))
    assert fees.cents != 0
    assert "On other days Bluewater Health Plan pays by the fees of the offer." in fees.assumed


def test_an_answer_says_of_which_days_and_of_how_much(home):
    answer = whatif(home, Question(fees=2024, on=2026))
    assert answer.assumed[0].startswith("Visits of ") and " 2026 to " in answer.assumed[0]
    now, then = answer.totals
    assert then - now == answer.cents and now == answer.rows["now_cents"].sum() > 0
    assert "Fees of 1 January 2024 to 8 March 2024 rest on a value that was not checked" in " ".join(answer.assumed)
    assert "not checked" not in " ".join(whatif(home, Question(fees=2025, on=2026)).assumed)


def test_other_fees_move_only_medicare_and_only_that_year(home):
    answer = whatif(home, Question(fees=2024, on=2025))
    assert answer.cents != 0
    assert {"Bluewater Health Plan", "Pinnacle Mutual"}.isdisjoint(answer.by("payer")["payer"])


def test_fees_moved_hold_each_day_at_its_place_in_the_year():
    moved = FeesMoved(Book.load(), 2024, 2025)
    for day, then in (("2025-03-08", "2024-03-08"), ("2025-03-09", "2024-03-09"), ("2025-12-31", "2024-12-31")):
        lines = [("97110", 2), ("97530", 1)]
        wanted = price_day(lines, then, "06102", "15", Book.load()).by_line
        assert price_day(lines, day, "06102", "15", moved).by_line == wanted
    with pytest.raises(UsageError, match="no fees of 2011"):
        FeesMoved(Book.load(), 2011, 2025)


def test_a_mix_moves_units_and_keeps_their_number(home):
    answer = whatif(home, Question(code_mix="97110:97530:10"))
    by = {row["code"]: row for row in answer.by("code").iter_rows(named=True)}
    assert set(by) == {"97110", "97530"}
    moved = by["97110"]["now_units"] - by["97110"]["then_units"]
    assert moved == by["97530"]["then_units"] - by["97530"]["now_units"] > 0
    assert any("not advice" in sentence for sentence in answer.assumed)


def test_parts_of_days_give_the_same(home, monkeypatch):
    whole = whatif(home, Question(contract=OFFER))
    monkeypatch.setattr(split, "VISITS_AT_ONCE", 90)
    assert whatif(home, Question(contract=OFFER)).rows.equals(whole.rows)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (Question(), "One question at a time"),
        (Question(rule="x counts by cms", fees=2026), "One question at a time"),
        (Question(rule="whatever"), "--rule cannot be read"),
        (Question(rule="Nobody counts by cms"), "No payer is called Nobody"),
        (Question(fees=2026), "--on is missing"),
        (Question(contract="[payers.A]\nrule = 'ama'\n[[payers.A.contracts]]\nfrom = 'x'"), "from is no day"),
        (Question(contract="x = 1"), "x is no section"),
        (Question(code_mix="97110:97530:200"), "--code-mix cannot be read"),
        (Question(code_mix="97110:11111:10"), "not two codes of the book"),
    ],
)
def test_what_cannot_be_asked_is_told(home, question, said):
    with pytest.raises(UsageError, match=said):
        whatif(home, question)


def test_command_prints_the_difference_both_for_people_and_machines(home, tmp_path):
    (tmp_path / "offer.toml").write_text(OFFER)
    (tmp_path / "folder.csv").mkdir()
    words = ["whatif", "--home", str(home), "--contract", str(tmp_path / "offer.toml")]
    told = CliRunner().invoke(app, words)
    assert told.exit_code == 0 and "105 % of Medicare's fee schedule" in told.stdout
    assert "Expected of all payers: $" in told.stdout
    body = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert body["difference_cents"] == sum(row["difference_cents"] for row in body["by"]["clinic"])
    assert pl.DataFrame(body["by"]["code"]).height > 3


def test_an_offer_without_its_fee_table_is_refused_in_one_voice(home):
    offer = '[payers.MKBLUEW]\nrule = "ama"\nfees = "new.csv"\n'
    with pytest.raises(UsageError) as refused:
        whatif(home, Question(contract=offer))
    said = refused.value.sentence()
    assert "the fee table new.csv is not there" in said and "beside the contract" in said
    assert "stands in" not in said

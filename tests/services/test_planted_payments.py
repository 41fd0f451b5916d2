"""What goes wrong between payers, practice and bank is planted in the sample, and found: that, and nothing else."""

from __future__ import annotations

import csv
import json

import polars as pl
import pytest
from test_owed import judged, run

from everyunit.receivables.billed import TABLES, billed
from everyunit.rulebook import Book
from everyunit.services.audit import practice_of
from everyunit.services.home import open_home
from everyunit.services.make_sample import make_sample
from everyunit.services.receivables import remitted_of
from everyunit.services.take_in import take_in


@pytest.mark.parametrize("seed", [8_101])
def test_every_planted_trouble_of_payment_is_found_and_no_other(tmp_path, seed):
    make_sample(tmp_path / "practice", visits=1_500, seed=seed)
    list(take_in([tmp_path / "practice"], tmp_path / "home"))
    with (tmp_path / "practice" / "truth_payments.csv").open(encoding="utf-8", newline="") as file:
        truth = list(csv.DictReader(file))

    def told(kind, *names):
        return {tuple(row[name] for name in names) for row in truth if row["kind"] == kind}

    ledger = open_home(tmp_path / "home")
    charges = billed({name: ledger.scan(name) for name in TABLES}, practice_of(ledger), Book.load())
    refused, off, gone = judged(charges, remitted_of(ledger))
    assert {(claim, str(line or "")) for claim, line, *_ in refused} == told("denied", "claim_id", "line")
    # where two claims share a day the reduction may lie on either: there a shortfall is known for the day only
    alone = pl.col("claim_id").n_unique().over("scope") == 1
    sure = set(charges.lines.filter(alone)["claim_id"])
    found = {(claim, str(line), str(-cents)) for claim, line, cents in off if claim in sure}
    assert found == {row for row in told("underpaid", "claim_id", "line", "cents") if row[0] in sure}
    assert {claim for claim, _ in gone} == {claim for (claim,) in told("unanswered", "claim_id")}
    bank = json.loads(run("deposits", "--home", tmp_path / "home", "--json"))["totals"]
    assert bank["payments"]["missing"]["rows"] == len(told("deposit_missing", "trace"))
    assert bank["payments"]["short"]["rows"] == len(told("deposit_short", "trace"))
    assert bank["deposits"]["unmatched"]["rows"] == len([row for row in truth if row["kind"] == "deposit_unknown"])
    assert told("denied", "claim_id") and told("underpaid", "claim_id") and told("unanswered", "claim_id")

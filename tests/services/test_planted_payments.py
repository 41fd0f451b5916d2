"""What goes wrong between payers, practice and bank is planted in the sample, and found: that, and nothing else."""

from __future__ import annotations

import csv
from collections import Counter

import polars as pl
import pytest

from everyunit.receivables.billed import TABLES, billed
from everyunit.rulebook import Book
from everyunit.services.answers import answers
from everyunit.services.dispute import dispute
from everyunit.services.home import open_home
from everyunit.services.inputs import practice_of
from everyunit.services.make_sample import make_sample
from everyunit.services.owed import owed_of
from everyunit.services.receivables import receivables
from everyunit.services.take_in import take_in

KINDS = ("denied", "underpaid", "underpaid_pattern", "unanswered", "rejected", "deposit_missing", "deposit_short",
         "deposit_unknown", "deposit_joined", "deposit_parted")  # fmt: skip


def planted(practice):
    """What is planted, by kind: the key that names it and its cents."""
    with (practice / "truth_payments.csv").open(encoding="utf-8", newline="") as file:
        truth = list(csv.DictReader(file))
    made = {kind: Counter() for kind in KINDS}
    for row in truth:
        named = row["claim_id"], row["line"] if row["kind"] != "denied" else row["line"] or "0"
        key = row["trace"] if row["kind"].startswith("deposit") else named
        made[row["kind"]][key, int(row["cents"])] += 1
    return made


def found(home):
    """The same as the product tells it."""
    kept, paid = owed_of(home), receivables(home)
    refused = kept.read("denials").filter(pl.col("state") == "open")
    owed, short = kept.read("owed"), kept.read("paid_off").filter(pl.col("direction") == "underpaid")
    cases = kept.read("cases")
    patterned = cases.filter((pl.col("pattern") != "single") & (pl.col("direction") == "underpaid"))
    short = short.join(patterned.select("case_id", wide=True), on="case_id", how="left")
    banked, expected = paid.read("banked"), paid.read("expected")
    links = paid.read("links")
    made = {
        "denied": refused.select("claim_id", pl.col("line").cast(pl.String), "at_risk_cents"),
        "underpaid": short.filter(pl.col("wide").is_null()).select("claim_id", _line(), -pl.col("off_cents")),
        "underpaid_pattern": short.filter("wide").select("claim_id", _line(), -pl.col("off_cents")),
        **{
            gate: owed.filter(pl.col("gate") == gate).select("claim_id", pl.lit(""), "owed_cents")
            for gate in ("unanswered", "rejected")
        },
    }
    told = {
        kind: Counter(((one, line), cents) for one, line, cents in rows.iter_rows()) for kind, rows in made.items()
    }
    state = {name: expected.filter(pl.col("state") == name) for name in ("missing", "short")}
    told["deposit_missing"] = Counter(state["missing"].select("trace", "amount_cents").iter_rows())
    told["deposit_short"] = Counter(state["short"].select("trace", -pl.col("off_cents")).iter_rows())
    alone = banked.filter(pl.col("state") == "unmatched")
    told["deposit_unknown"] = Counter(("", cents) for cents in alone["amount_cents"])
    joined = links.join(expected.filter(pl.col("state") == "matched"), on=["source_id", "transaction"], how="inner")
    several = joined.group_by("deposit_source_id", "deposit_row").agg(
        pl.col("trace").sort(), pl.col("amount_cents").sum()
    )
    told["deposit_joined"] = Counter(
        (":".join(traces), cents) for *_, traces, cents in several.iter_rows() if len(traces) > 1
    )
    parted = joined.group_by("source_id", "transaction").agg(pl.len(), pl.col("trace", "amount_cents").first())
    told["deposit_parted"] = Counter(parted.filter(pl.col("len") > 1).select("trace", "amount_cents").iter_rows())
    return told


def _line():
    return pl.col("line").cast(pl.String)


def lone(home):
    """Claims that share no day of their patient with another: there a shortfall is known for its line."""
    ledger = open_home(home)
    lines = billed({name: ledger.scan(name) for name in TABLES}, practice_of(ledger), Book.load()).lines
    return set(lines.filter(pl.col("claim_id").n_unique().over("scope") == 1)["claim_id"])


def missed(practice, home):
    """By kind: planted and not found, found and not planted, of those that can be told."""
    truth, told, sure = planted(practice), found(home), lone(home)
    made = {}
    for kind in KINDS:
        short = kind.startswith("underpaid")
        want, have = (
            Counter({key: n for key, n in rows.items() if not short or key[0][0] in sure})
            for rows in (truth[kind], told[kind])
        )
        made[kind] = (want - have, have - want, want.total())
    return made


def the_pattern_is_one_case(practice, home):
    """What a payer does again and again is one case, one item of the queue and one letter: its claims alone."""
    want = {(claim, int(line)): cents for ((claim, line), cents) in planted(practice)["underpaid_pattern"]}
    kept = owed_of(home)
    wide = (pl.col("pattern") != "single") & (pl.col("direction") == "underpaid")
    [case] = kept.read("cases").filter(wide).to_dicts()
    lines = kept.read("paid_off").filter(pl.col("case_id") == case["case_id"])
    assert {(row["claim_id"], row["line"]): -row["off_cents"] for row in lines.to_dicts()} == want
    assert (case["lines"], case["claims"]) == (len(want), len({claim for claim, _ in want}))
    assert case["off_cents"] == -sum(want.values())
    assert kept.read("queue").filter(pl.col("item_id") == case["case_id"]).height == 1
    assert set(dispute(home, case["case_id"], kept.as_of + 30).parts) == set(want)


@pytest.mark.parametrize(("seed", "visits"), [(8_101, 1_500), (8_102, 2_000)])
def test_every_planted_trouble_of_payment_is_found_and_no_other(tmp_path, seed, visits):
    make_sample(tmp_path / "practice", visits=visits, seed=seed)
    list(take_in([tmp_path / "practice"], tmp_path / "home"))
    for kind, (lost, made_up, total) in missed(tmp_path / "practice", tmp_path / "home").items():
        assert total, f"no {kind} was planted"
        assert not lost and not made_up, (kind, lost, made_up)
    the_pattern_is_one_case(tmp_path / "practice", tmp_path / "home")
    _, rows = answers(tmp_path / "home")
    rejected = {key[0][0] for key in planted(tmp_path / "practice")["rejected"]}
    assert set(rows.filter(pl.col("answer") == "rejected")["claim_id"]) == rejected
    denied = set(owed_of(tmp_path / "home").read("denials")["claim_id"])
    assert not denied & rejected

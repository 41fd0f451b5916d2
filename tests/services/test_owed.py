"""A whole practice: what is owed agrees with the audit to the cent, and what is planted is found, and only that."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random

import polars as pl
import pytest
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.days import iso, to_day
from everyunit.receivables.aging import owed
from everyunit.receivables.billed import TABLES, billed
from everyunit.receivables.buckets import chosen, in_buckets, sorted_reasons
from everyunit.receivables.denials import denials
from everyunit.receivables.grain import at_grain
from everyunit.receivables.turns import decisions
from everyunit.receivables.underpaid import paid_off
from everyunit.rulebook import Book
from everyunit.services.audit import audit
from everyunit.services.home import open_home
from everyunit.services.inputs import practice_of
from everyunit.services.make_sample import make_sample
from everyunit.services.owed import owed_of
from everyunit.services.receivables import remitted_of
from everyunit.services.take_in import take_in

CLAIM = ["source_id", "claim"]
BOOK = Book.load()


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("owed")
    make_sample(folder / "practice", visits=900, seed=41, clean=True)
    list(take_in([folder / "practice"], folder / "home"))
    return folder / "home"


@pytest.fixture(scope="module")
def facts(home):
    ledger = open_home(home)
    return billed({name: ledger.scan(name) for name in TABLES}, practice_of(ledger), BOOK), remitted_of(ledger)


def test_expected_amounts_are_those_of_the_audit(home, facts):
    values = audit(home).visit_values
    lines = facts[0].lines
    assert lines["expected_cents"].sum() == values["charged_cents"].sum()
    assert lines["charge_cents"].sum() == values["list_charge_cents"].sum()
    told = owed_of(home).read("told").row(0, named=True)
    buckets = [cents for name, cents in told.items() if name.endswith("_cents") and name != "charge_cents"]
    assert sum(buckets) == told["charge_cents"] == values["list_charge_cents"].sum()
    assert told["unproved_cents"] == 0


def judged(charges, remitted):
    made = decisions(remitted, charges)
    marked = sorted_reasons(made.adjustments, BOOK.reasons)
    best = chosen(made, marked)
    units = at_grain(charges, made, in_buckets(charges, made, best))
    refused = denials(units, made, best, marked, BOOK)
    lines, _ = paid_off(units, best)
    gone = owed(units, refused, lines, {}, to_day("2026-12-01")).filter(pl.col("gate") == "unanswered")
    return (
        set(refused.filter(pl.col("state") == "open").select("claim_id", "line", "reason", "at_risk_cents").rows()),
        set(lines.select("claim_id", "line", "off_cents").rows()),
        set(gone.select("claim_id", "owed_cents").rows()),
    )


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_planted_denials_shortfalls_and_lost_claims_are_found_and_no_others(facts, seed):
    charges, remitted = facts
    rng = Random(seed)
    held = remitted.remit_claims.collect()
    once = held.filter((pl.len().over("claim_id") == 1) & (pl.col("status") == "1"))
    clean = once.join(
        remitted.adjustments.filter(pl.col("reason").is_in(["50", "97"])).collect(), on=CLAIM, how="anti"
    )
    # where two claims share a day the reduction may rightly lie on either, so a shortfall is known for the day only
    # and of an assistant's line it is not known whether the payer cuts its share
    helped = pl.col("modifiers").fill_null("").str.contains("CQ|CO").any().over("claim_id")
    one = pl.col("claim_id").n_unique().over("scope") == 1
    alone = charges.lines.filter(one & ~helped).select("claim_id").unique()
    clean = clean.join(alone, on="claim_id", how="semi")
    rows = clean.select("claim_id", *CLAIM, "charge_cents").sort("claim_id").rows()
    drawn = rng.sample(rows, 60)
    denied, short, lost = (rows_of(drawn, part) for part in range(3))
    before = judged(charges, remitted)
    after = judged(charges, planted(remitted, denied, short, lost))
    found = [now - then for now, then in zip(after, before, strict=True)]
    due = pl.min_horizontal("expected_cents", "charge_cents")  # a payer pays the lesser of the two
    worth = dict(charges.lines.group_by("claim_id").agg(due.sum()).rows())
    assert found[0] == {(claim_id, 0, "197", worth[claim_id]) for claim_id in denied["claim_id"]}
    assert found[1] == {(claim_id, 1, -417) for claim_id in short["claim_id"]}
    assert found[2] == {(claim_id, worth[claim_id]) for claim_id in lost["claim_id"]}
    assert not any(then - now for now, then in zip(after, before, strict=True))


def rows_of(drawn, part):
    return pl.DataFrame(drawn[20 * part : 20 * part + 20], schema=["claim_id", *CLAIM, "charge"], orient="row")


def planted(remitted, denied, short, lost):
    """Remittances that refuse `denied` as a whole, pay line 1 of `short` 4.17 less, and lack `lost`."""
    refused, cut, gone = (frame.lazy() for frame in (denied, short, lost))
    first = (pl.col("line") == 1) & pl.col("cut").is_not_null()
    cut = cut.select(*CLAIM, cut=pl.lit(417))

    def kept(table):
        return table.join(gone, on=CLAIM, how="anti")

    claims = kept(remitted.remit_claims).join(refused.select(*CLAIM, refused=True), on=CLAIM, how="left")
    claims = claims.join(cut, on=CLAIM, how="left").with_columns(
        paid_cents=pl.when("refused").then(0).otherwise(pl.col("paid_cents") - pl.col("cut").fill_null(0)),
        status=pl.when("refused").then(pl.lit("4")).otherwise("status"),
    )
    lines = kept(remitted.remit_lines).join(refused, on=CLAIM, how="anti").join(cut, on=CLAIM, how="left")
    lines = lines.with_columns(paid_cents=pl.when(first).then(pl.col("paid_cents") - 417).otherwise("paid_cents"))
    reasons = kept(remitted.adjustments).join(refused, on=CLAIM, how="anti").join(cut, on=CLAIM, how="left")
    contract = first & (pl.col("reason") == "45")
    reasons = reasons.with_columns(
        amount_cents=pl.when(contract).then(pl.col("amount_cents") + 417).otherwise("amount_cents")
    ).drop("cut")
    whole = refused.select(
        "source_id", "claim", "claim_id", side=pl.lit("835"), line=pl.lit(0, pl.Int32), group_code=pl.lit("CO"),
        reason=pl.lit("197"), amount_cents="charge",
    )  # fmt: skip
    return replace(
        remitted, remit_claims=claims.drop("refused", "cut"), remit_lines=lines.drop("cut"),
        adjustments=pl.concat([reasons, whole], how="diagonal"),
    )  # fmt: skip


def run(*asked):
    answer = CliRunner().invoke(app, [str(one) for one in asked])
    assert answer.exit_code == 0, answer.output
    return answer.stdout


@pytest.mark.parametrize("command", ["denials", "aging", "forecast"])
def test_commands_speak_to_people_and_machines(home, command):
    assert run(command, "--home", home).strip()
    assert json.loads(run(command, "--home", home, "--json"))["as_of"]


def test_the_queue_can_be_narrowed_and_its_sums_follow(home):
    every = json.loads(run("denials", "--home", home, "--json"))
    roles = {row["owner_role"] for row in every["queue"]}
    parts = [json.loads(run("denials", "--home", home, "--json", "--role", role)) for role in roles]
    assert sum(part["totals"]["listed"] for part in parts) == every["totals"]["listed"] > 0
    assert sum(part["totals"]["expected_cents"] for part in parts) == every["totals"]["expected_cents"]


def test_an_earlier_day_knows_nothing_of_what_came_later(home):
    day = owed_of(home).as_of - 120
    then = owed_of(home, iso(day))
    assert then.as_of == day
    assert then.read("denials")["last_day"].max() <= day
    assert then.read("cash")["day"].max() <= day < owed_of(home).read("cash")["day"].max()


def test_aging_sums_are_those_of_its_claims(home):
    told = json.loads(run("aging", "--home", home, "--json"))
    payers = [row for row in told["claims"] if row["gate"] != "patient"]
    assert told["totals"]["owed_cents"] == sum(row["owed_cents"] or 0 for row in payers)
    for by in ("by_gate", "by_payer", "by_clinic"):
        assert sum(row["owed_cents"] for row in told[by]) == told["totals"]["owed_cents"]

"""Random days: the fast judgement and the plain one find the same, to the cent."""

from __future__ import annotations

from random import Random

import polars as pl
from audit_kit import Facts, found, judged, practice
from hypothesis import example, given, settings
from hypothesis import strategies as st
from oracle.days import findings

from everyunit.rulebook import Book

DAYS = ("2026-03-12", "2026-03-13", "2024-03-08", "2027-01-05")
CODES = ("97110", "97140", "97530", "97112", "97129", "97130", "97035", "97550", "97014", "G0283", "97161", "97010",
         "95851", "99999", "97039")  # fmt: skip
MODIFIERS = ("GP", "GO", "GP:59", "", "KX:GP:CQ")


PAYERS = ("MCR", "MCR", "OWN", "AMA", "UNNAMED")
SEEDS = st.integers(0, 2**32)


def days(seed: int, patients: int = 40) -> Facts:
    """Patients with a few visits over a few days, recorded and billed at will."""
    random, facts = Random(seed), Facts()
    for patient in range(patients):
        for number in range(random.randint(1, 5)):
            _visit(random, facts, f"{patient:03d}", number)
    return facts


def _visit(random: Random, facts: Facts, patient: str, number: int) -> None:
    visit, day = f"V{patient}-{number}", random.choice(DAYS)
    own, first = f"C{patient}-{number}", f"C{patient}-0"
    payer, claim = PAYERS[int(patient) % len(PAYERS)], random.choice([None, own, own, own, first])
    if number and random.random() < 0.1:
        payer, claim = random.choice(PAYERS), own
    facts.visit(
        visit, day, payer, patient_id=f"P{patient}",
        discipline=random.choice(["PT", "PT", "OT", "SLP"]), clinic="River" if int(patient) % 2 else "Nowhere",
        status=random.choice(["kept", "kept", "kept", "no_show", ""]), claim_id=claim,
    )  # fmt: skip
    codes = [random.choice(CODES) for _ in range(random.randint(0, 5))]
    for code in codes:
        minutes = (
            None
            if random.random() < 0.07
            else random.choice([0, 5, 7, 8, 10, 15, 20, 22, 23, 30, random.randint(1, 60)])
        )
        facts.service(visit, code, minutes, "group" if random.random() < 0.1 else "individual")
    if random.random() < 0.05:
        facts.refuse(visit, random.choice("so"))
    codes += [random.choice(CODES)] * (random.random() < 0.3)
    random.shuffle(codes)
    lines = [
        (code, None if random.random() < 0.02 else random.randint(0, 3), random.choice(MODIFIERS)) for code in codes
    ]
    if random.random() < 0.8:
        facts.claim(own, lines, day, frequency=random.choice(["1"] * 8 + ["8"]))
        if random.random() < 0.25:
            facts.claim(own, lines[1:], day, frequency=random.choice(["1", "7", "8"]),
                        sequence=random.choice(["P", "P", "S"]), made=random.randint(1, 999))  # fmt: skip
        if random.random() < 0.1:
            facts.remits.append({"claim_id": own, "payer_control": f"PC{own}"})
            reference = random.choice([f"PC{own}", own, "PCother"])
            facts.claim(f"{own}R", lines[:2], day, frequency="7", original_reference=reference)


@settings(max_examples=12)
@given(SEEDS)
@example(7064506)  # a base code without minutes: its add-on, billed, is asked of the visit that recorded the base
@example(124950)  # a line of no units charges nothing: the visit that recorded the code first is named
def test_fast_and_plain_judgement_agree(seed):
    facts = days(seed)
    assert found(facts) == findings(facts, practice(), Book.load())


@settings(max_examples=3)
@given(SEEDS, st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(seed, random):
    facts, shuffled = days(seed), {}
    for name, frame in facts.frames().items():
        order = list(range(frame.height))
        random.shuffle(order)
        shuffled[name] = frame[order]
    one, other = judged(facts), judged(facts, **shuffled)
    assert one.findings.equals(other.findings)
    assert one.visit_values.equals(other.visit_values)


@settings(max_examples=4)
@given(SEEDS)
def test_one_finding_for_each_visit_code_and_kind(seed):
    every = judged(days(seed)).findings
    assert every["finding_id"].is_unique().all()
    frame = every.filter(pl.col("visit_id") != "")  # claims without a visit share the empty number
    assert frame.select("visit_id", "code", "kind").is_unique().all()
    signs = {"over": pl.col("cents_at_stake") <= 0, "under": pl.col("cents_at_stake") >= 0,
             "document": pl.col("cents_at_stake") == 0}  # fmt: skip
    for direction, sign in signs.items():
        assert frame.filter(
            (pl.col("direction") == direction) & pl.col("cents_at_stake").is_not_null() & ~sign
        ).is_empty()

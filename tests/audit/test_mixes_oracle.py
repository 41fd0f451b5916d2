"""A clinician's own figures: the frames and their plain reading raise the same alarms."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from audit_kit import Facts as Rows
from checks_kit import facts
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import mixes as plainly
from oracle.facts import plain
from practice_kit import practice

from everyunit.audit.checks import run
from everyunit.audit.mixes import alarms, first_alarm
from everyunit.rulebook import Book

BOOK, PRACTICE = Book.load(), practice()
CODES = ("97110", "97530", "97140", "97035", "97161", "97039", "99999")


def figures(seed):
    """Three clinicians over some months, a few big days in each; from some month on the codes or minutes move."""
    random, rows = Random(seed), Rows()
    for number in range(3):
        start, moves = date(random.choice((2024, 2025)), random.randint(1, 6), 1), random.randint(6, 9)
        dear, short = random.choice((0.2, 0.5, 0.9)), random.choice((6, 9, 12, 15, 15))
        for month in range(random.randint(7, 14)):
            for visit in range(random.randint(1, 3)):
                day = start + timedelta(days=30 * month + random.randint(0, 25))
                if day.year > 2026:
                    continue
                name = f"{number}-{month}-{visit}"
                rows.visit(
                    f"V{name}", day.isoformat(), random.choice(("MCR", "AMA", "OWN")), claim_id=f"C{name}",
                    patient_id=f"P{name}", discipline=random.choice(("PT", "PT", "PT", "OT")),
                    clinic=random.choice(("River", "Nowhere")), clinician_npi=f"199900001{number}",
                )  # fmt: skip
                share = dear if month >= moves else random.choice((0.1, 0.2))
                units = random.randint(25, 90)
                lines = [("97530", round(units * share)), ("97110", units - round(units * share))]
                lines += [(random.choice(CODES), random.randint(0, 4))] * (random.random() < 0.4)
                rows.claim(f"C{name}", [(code, count, "GP") for code, count in lines], day.isoformat())
                for code, count in lines[: random.randint(1, 3)]:
                    rows.service(f"V{name}", code, random.choice((None, 0, *[count * short] * 8)))
    return rows


def fast(rows):
    _, known = facts(rows, BOOK, PRACTICE)
    hits = run((alarms,), known)
    wanted = hits.select("kind", "clinician_npi", "discipline", "service_day").rows()
    return sorted(wanted)


def slow(rows):
    return [tuple(row.values()) for row in plainly.hits(plain(rows, PRACTICE, BOOK))]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32))
def test_frames_raise_the_alarms_of_the_plain_reading(seed):
    rows = figures(seed)
    assert fast(rows) == slow(rows), seed


def test_random_figures_hold_both_alarms():
    seen = Counter(row[0] for seed in range(12) for row in slow(figures(seed)))
    assert seen["mix_drift"] >= 3 and seen["minutes_per_unit_low"] >= 3


@settings(max_examples=200)
@given(st.lists(st.integers(2_000, 4_000), max_size=30))
def test_the_alarm_itself_is_the_plain_one(values):
    assert first_alarm([float(value) for value in values]) == plainly.alarm([Fraction(value) for value in values])

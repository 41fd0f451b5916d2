"""Random practices: every check and its slow plain reading in tests/oracle see the same, to the cent."""

from __future__ import annotations

import importlib
from collections import Counter

from checks_kit import facts, hits_of
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.facts import plain, told
from practice_kit import practice, random_practice

from everyunit.audit.checks import findings_of_hits
from everyunit.audit.rules import COURSE, DAY
from everyunit.rulebook import Book

BOOK, PRACTICE = Book.load(), practice()
STEMS = sorted({check.__module__.rsplit(".", 1)[-1] for check in (*DAY, *COURSE)})
HELD = [stem for stem in STEMS if importlib.util.find_spec(f"oracle.{stem}")]
SEEDS = st.integers(0, 2**32)


def checks_of(stem):
    return [check for check in (*DAY, *COURSE) if check.__module__ == f"everyunit.audit.{stem}"]


def fast(stem, day, known):
    rows = findings_of_hits(hits_of(checks_of(stem), day, known), known.visits, BOOK)
    order = ("visit_id", "code", "kind", "clinician_npi", "service_day")
    return [_short(row) for row in rows.sort(order).to_dicts()]


def _short(row):
    on = () if row["visit_id"] else (row["clinician_npi"], row["service_day"])
    return {
        "visit": row["visit_id"], "on": on, "kind": row["kind"], "code": row["code"], "line": row["line"],
        "units": row["billed_units"], "earned": row["earned_units"], "cents": row["cents_at_stake"],
        "risk": row["at_risk_cents"],
    }  # fmt: skip


def slow(stem, read):
    return told(read, importlib.import_module(f"oracle.{stem}").hits(read))


def test_every_check_has_a_plain_reading():
    assert HELD == STEMS


@settings(max_examples=25)
@given(SEEDS)
def test_every_check_sees_what_its_plain_reading_sees(seed):
    rows = random_practice(seed)
    day, known = facts(rows, BOOK, PRACTICE)
    read = plain(rows, PRACTICE, BOOK)
    for stem in HELD:
        assert fast(stem, day, known) == slow(stem, read), f"{stem}, seed {seed}"


def test_random_practices_hold_every_kind_of_these_checks():
    """What the comparison rests on: no check is compared on silence alone."""
    seen = Counter()
    for seed in range(64):
        read = plain(random_practice(seed), PRACTICE, BOOK)
        seen.update(row["kind"] for stem in HELD for row in slow(stem, read))
    wanted = {kind.kind for kind in BOOK.kinds().values() if kind.rule in HELD}
    assert wanted <= {kind for kind, times in seen.items() if times >= 3}, wanted - set(seen)

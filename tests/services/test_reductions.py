"""Sequestration is Medicare's own: what another payer keeps under reason 253 is no reduction that was due."""

from __future__ import annotations

import polars as pl
import pytest

from everyunit.services.reductions import rightly_taken

DAY = 20_500
PAYERS = [("C1", "Medicare Part B", "MB"), ("C2", "Bluewater Health Plan", "CI"), ("C3", None, None)]


class Shelf:
    """One line of 100.00 less 2.00 under reason 253 for each claim."""

    def __init__(self, payers):
        names = ["claim_id", "payer_name", "filing_code"]
        claims = pl.DataFrame(payers, schema=dict.fromkeys(names, pl.String), orient="row")
        size = len(payers)
        ids = {"source_id": ["s"] * size, "claim": list(range(size)), "line": [1] * size}
        cut = {"side": ["835"] * size, "reason": ["253"] * size, "amount_cents": [200] * size}
        line = {"claim_id": claims["claim_id"], "service_day": [DAY] * size, "paid_cents": [9_800] * size}
        line |= {name: [""] * size for name in ("submitted_modifiers", "modifiers")}
        cuts, lines = pl.DataFrame(ids | cut), pl.DataFrame(ids | line)
        self.tables = {"claims": claims, "adjustments": cuts, "remit_lines": lines}

    def scan(self, name):
        return self.tables[name].lazy()


@pytest.mark.parametrize(("claim", "cents"), [("C1", 200), ("C2", 0), ("C3", 0)])
def test_sequestration_is_counted_for_payers_whose_it_is(claim, cents):
    taken = dict(rightly_taken(Shelf(PAYERS)).select("claim_id", "sequestered_cents").iter_rows())
    assert taken.get(claim, 0) == cents


def test_a_second_payer_takes_nothing_from_the_first_ones_right():
    taken = rightly_taken(Shelf([("C1", "Medicare Part B", "MB"), ("C1", "Bluewater Health Plan", "CI")]))
    assert taken["sequestered_cents"].to_list() == [400]


def test_without_a_claim_on_file_nothing_is_held_against_the_payer():
    shelf = Shelf(PAYERS[1:2])
    shelf.tables["claims"] = shelf.tables["claims"].clear()
    assert rightly_taken(shelf)["sequestered_cents"].to_list() == [200]

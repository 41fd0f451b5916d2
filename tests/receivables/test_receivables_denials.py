"""Cases a biller could write: what is a denial, whose it is, by when, and what a payer owes or is owed."""

from __future__ import annotations

import polars as pl
import pytest
from case_claims import cases, worlds_of

from everyunit.days import iso
from everyunit.money import dollars, to_cents
from everyunit.receivables.billed import Billed
from everyunit.receivables.buckets import chosen, in_buckets, sorted_reasons
from everyunit.receivables.denials import DENIALS, denials
from everyunit.receivables.grain import at_grain
from everyunit.receivables.patterns import PATTERN
from everyunit.receivables.strays import with_strays
from everyunit.receivables.turns import decisions
from everyunit.receivables.underpaid import paid_off
from everyunit.rulebook import Book

BOOK = Book.load()


def judged(found):
    """denials, paid_off lines and cases of these claims."""
    billed, remitted = worlds_of(found)
    made = decisions(remitted, billed)
    marked = sorted_reasons(made.adjustments, BOOK.reasons)
    best = chosen(made, marked)
    units = at_grain(billed, made, in_buckets(billed, made, best))
    return denials(units, made, best, marked, BOOK), *paid_off(units, best)


@pytest.mark.parametrize("case", cases("denials"), ids=lambda case: case["name"])
def test_denials(case):
    found = [
        [row["line"], f"{row['group_code']}-{row['reason']}", row["state"], row["owner_role"], row["way"],
         dollars(row["at_risk_cents"])[1:], iso(row["deadline_day"]) if row["deadline_day"] else ""]
        for row in judged([case])[0].to_dicts()
    ]  # fmt: skip
    assert found == case["denials"]


@pytest.mark.parametrize("case", cases("underpaid"), ids=lambda case: case["name"])
def test_paid_against_expected(case):
    lines = judged([case])[1].to_dicts()
    found = [[row["line"], row["direction"], row["off_cents"]] for row in lines]
    assert found == [[line, direction, to_cents(off)] for line, direction, off in case["off"]]


@pytest.mark.parametrize(("times", "cases_made"), [(PATTERN - 1, PATTERN - 1), (PATTERN, 1)])
def test_the_same_shortfall_again_and_again_is_one_case(times, cases_made):
    short = next(case for case in cases("underpaid") if "below the fee" in case["name"])
    _, lines, made = judged([short] * times)
    assert (lines.height, made.height) == (times, cases_made)
    assert made["off_cents"].sum() == lines["off_cents"].sum() == -960 * times
    assert made["pattern"][0] == ("percent" if cases_made == 1 else "single")


def short_by(paid, expected, units=2):
    """A line of $144 with these cents paid and expected."""
    return {
        "name": "made", "payer": "blue_cross", "lines": [["97110 GP", units, "144.00", dollars(expected)[1:]]],
        "remits": [["2026-03-20", "1", "A1", [["97110", dollars(paid)[1:], [f"CO-45 {dollars(14_400 - paid)[1:]}"],
                                               ""]]]],
    }  # fmt: skip


def patterns(found):
    """(pattern, lines, cents off, message) of each case."""
    return [(row["pattern"], row["lines"], row["off_cents"], row["message"]) for row in judged(found)[2].to_dicts()]


def test_the_same_cents_a_unit_off_whole_and_reduced_fees_are_one_case():
    """$3 a unit less, of fees of $45.00, $38.12 and $31.14: three percents, one payer's doing."""
    fees = [4_500, 3_812, 3_114] * PATTERN
    [(pattern, lines, off, _)] = patterns([short_by(2 * fee - 600, 2 * fee) for fee in fees])
    assert (pattern, lines, off) == ("cents", 3 * PATTERN, -600 * 3 * PATTERN)


def test_rounding_does_not_part_a_pattern():
    """86.5 percent of fees that round to 86 and to 87."""
    fees = [4_501, 4_507, 3_814, 3_119, 7_003, 6_991] * PATTERN
    found = [short_by(fee * 865 // 1000 + at % 2, fee, 1) for at, fee in enumerate(fees)]
    lines = judged(found)[1]
    assert set(lines["percent"]) == {86, 87}
    [(pattern, count, _, message)] = patterns(found)
    assert (pattern, count) == ("percent", len(fees)) and "at 87 percent" in message


def test_a_stray_shortfall_does_not_join_a_pattern():
    found = [short_by(8_700, 10_000)] * PATTERN + [short_by(8_600, 10_000), short_by(7_100, 10_000)]
    assert sorted(row[1] for row in patterns(found)) == [1, 1, PATTERN]


def test_an_item_keeps_its_name_when_the_files_come_again():
    found = cases("denials")
    first, second = judged(found)[0], judged(found)[0]
    assert first.equals(second) and first["item_id"].n_unique() == first.height
    assert first.columns == DENIALS.names
    assert first.filter(pl.col("message").is_null()).is_empty()


def test_medicare_takes_no_replacement_and_the_message_says_what_to_do():
    bundled = next(case for case in cases("denials") if "bundled" in case["name"])
    private, medicare = (
        judged([{**bundled, "payer": payer}])[0]["message"][0] for payer in ("blue_cross", "medicare")
    )
    assert "reopen" in medicare and "reopen" not in private


def test_a_claim_that_only_its_remittance_tells_of_is_listed_without_a_price():
    whole = next(case for case in cases("denials") if "line by line" in case["name"])
    billed, remitted = worlds_of([whole, whole])
    mine = Billed(billed.lines.filter(pl.col("root_no") == 0), billed.aliases.filter(pl.col("root_no") == 0))
    both = with_strays(mine, remitted, pl.LazyFrame({"claim_id": ["C0"]}), BOOK)
    assert both.lines["charge_cents"].sum() == billed.lines["charge_cents"].sum()
    made = decisions(remitted, both)
    marked = sorted_reasons(made.adjustments, BOOK.reasons)
    best = chosen(made, marked)
    units = at_grain(both, made, in_buckets(both, made, best))
    rows = denials(units, made, best, marked, BOOK).select("claim_id", "line", "reason", "at_risk_cents").rows()
    assert rows == [("C0", 0, "197", 7_212), ("C1", 0, "197", None)]


def test_a_number_that_an_837_bears_is_no_stray():
    billed, remitted = worlds_of([cases("denials")[0]])
    none = Billed(billed.lines.clear(), billed.aliases.clear())
    assert with_strays(none, remitted, pl.LazyFrame({"claim_id": ["C0"]}), BOOK).lines.is_empty()


def test_a_line_without_a_price_is_not_judged():
    billed, remitted = worlds_of([next(case for case in cases("underpaid") if "below the fee" in case["name"])])
    bare = Billed(billed.lines.with_columns(expected_cents=pl.lit(None, pl.Int64)), billed.aliases)
    made = decisions(remitted, bare)
    best = chosen(made, sorted_reasons(made.adjustments, BOOK.reasons))
    assert paid_off(at_grain(bare, made, in_buckets(bare, made, best)), best)[0].is_empty()

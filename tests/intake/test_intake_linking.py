"""Payments meet the line they decide, by number or by the only line that fits, and never by a guess."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from everyunit.frames import Table, stack
from everyunit.intake.linking import linked, paid_by_visit, unlinked
from everyunit.ledger import tables as own
from everyunit.x12 import tables as x12


def rows(declared: Table, *given: dict[str, Any]) -> pl.LazyFrame:
    """Rows of a table, whatever is not given being null."""
    return stack([pl.DataFrame([one]) for one in given], declared).lazy()


def billed(line: int, code: str, number: str | None = None, **more: Any) -> dict[str, Any]:
    told = {"source_id": "a", "claim": 1, "line": line, "claim_id": "C1", "code": code, "service_day": 10}
    return {**told, "control_number": number, **more}


def paid(line: int, code: str, number: str | None = None, **more: Any) -> dict[str, Any]:
    return billed(line, code, number, **{"source_id": "r", **more})


def found(remits: list[dict[str, Any]], claims: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    made = linked(rows(x12.REMIT_LINES, *remits), rows(x12.CLAIM_LINES, *claims)).collect()
    return made.select("billed_source_id", "billed_claim", "billed_line", "how").rows()


NONE = (None, None, None, None)


def test_the_control_number_links_even_where_the_code_was_changed() -> None:
    lines = [billed(1, "97110", "L1"), billed(2, "97140", "L2")]
    assert found([paid(1, "97530", "L2")], lines) == [("a", 1, 2, "control")]


@pytest.mark.parametrize(
    ("remit", "line"),
    [
        (paid(1, "97140"), 2),
        (paid(1, "97999", submitted_code="97140"), 2),
        (paid(1, "97110", modifiers="GP"), None),
        (paid(1, "97140", service_day=11), None),
        (paid(1, "97140", claim_id="C9"), None),
        (paid(1, "97140", "unknown number"), 2),
    ],
)
def test_without_a_number_the_only_line_that_fits_is_taken(remit: dict[str, Any], line: int | None) -> None:
    lines = [billed(1, "97110"), billed(2, "97140"), billed(3, "97530")]
    assert found([remit], lines) == [("a", 1, line, "match") if line else NONE]


def test_two_lines_that_fit_are_not_guessed() -> None:
    assert found([paid(1, "97110")], [billed(1, "97110"), billed(2, "97110")]) == [NONE]
    twice = [billed(1, "97110", "L1"), billed(2, "97110", "L1")]
    assert found([paid(1, "97110", "L1")], twice) == [NONE]
    apart = [billed(1, "97110", modifiers="GP"), billed(2, "97110", modifiers="GP:59")]
    assert found([paid(1, "97110", modifiers="GP:59")], apart) == [("a", 1, 2, "match")]


def test_a_line_that_was_sent_again_is_one_line() -> None:
    again = billed(1, "97110", "L1", source_id="b", claim=7)
    assert found([paid(1, "97110", "L1"), paid(1, "97110", "L1")], [again, billed(1, "97110", "L1")]) == [
        ("a", 1, 1, "control"),
        ("a", 1, 1, "control"),
    ]


def visit(name: str, claim: str | None, day: int = 10) -> dict[str, Any]:
    return {"visit_id": name, "claim_id": claim, "service_day": day}


def decided(
    claim: int, cents: int, name: str = "C1", status: str = "1", control: str | None = None
) -> dict[str, Any]:
    told = {"source_id": "r", "claim": claim, "claim_id": name, "paid_cents": cents, "status": status}
    return {**told, "payer_control": control}


def share(
    claim: int, line: int, cents: int, name: str = "C1", group: str = "PR", side: str = "835"
) -> dict[str, Any]:
    told = {"source_id": "r", "claim": claim, "line": line, "claim_id": name, "amount_cents": cents}
    return {**told, "group_code": group, "side": side}


def amounts(
    visits: list[dict[str, Any]],
    claims: list[dict[str, Any]],
    lines: list[dict[str, Any]],
    shares: list[dict[str, Any]],
) -> dict[str, tuple[int, int]]:
    made = paid_by_visit(
        rows(own.VISITS, *visits),
        rows(x12.REMIT_CLAIMS, *claims),
        rows(x12.REMIT_LINES, *lines),
        rows(x12.ADJUSTMENTS, *shares),
    ).collect()
    assert made.schema == {"visit_id": pl.String, "paid_cents": pl.Int64, "patient_cents": pl.Int64}
    return {name: (paid_cents, patient) for name, paid_cents, patient in made.rows()}


def test_a_claim_of_one_visit_gives_it_all() -> None:
    got = amounts(
        [visit("V1", "C1"), visit("V2", "C2"), visit("V3", None)],
        [decided(1, 8000)],
        [paid(1, "97110", paid_cents=5000), paid(2, "97140", paid_cents=3500)],
        [share(1, 1, 2000), share(1, 0, 500), share(1, 1, 900, group="CO"), share(1, 1, 700, side="837")],
    )
    assert got == {"V1": (8000, 2500)}


def test_a_reversal_takes_back_what_it_reverses() -> None:
    got = amounts(
        [visit("V1", "C1")],
        [
            decided(1, 8000, control="P1"),
            decided(2, -8000, status="22", control="P1"),
            decided(3, 6000, control="P2"),
        ],
        [],
        [share(1, 1, 2000), share(2, 1, -2000), share(3, 1, 1500)],
    )
    assert got == {"V1": (6000, 1500)}


def test_the_last_payer_leaves_the_patient_share() -> None:
    got = amounts(
        [visit("V1", "C1")],
        [decided(1, 8000, control="P1"), decided(2, 1500, status="2", control="S1")],
        [],
        [share(1, 1, 2000), share(2, 1, 500)],
    )
    assert got == {"V1": (9500, 500)}


def test_a_claim_of_several_days_is_parted_by_day() -> None:
    got = amounts(
        [visit("V1", "C1", 10), visit("V2", "C1", 11), visit("V3", "C1", 12), visit("V4", "C1", 12)],
        [decided(1, 9000)],
        [
            paid(1, "97110", paid_cents=5000),
            paid(2, "97110", paid_cents=3000, service_day=11),
            paid(3, "97110", paid_cents=1000, service_day=12),
        ],
        [share(1, 2, 700), share(1, 3, 800), share(1, 0, 900)],
    )
    assert got == {"V1": (5000, 0), "V2": (3000, 700)}


def test_what_has_no_other_half_is_counted() -> None:
    held = {
        "visits": rows(own.VISITS, visit("V1", "C1"), visit("V2", "C2"), visit("V3", None)),
        "services": rows(own.SERVICES, {"visit_id": "V1"}, {"visit_id": "V9"}),
        "notes": rows(own.NOTES, {"visit_id": "V8"}, {"visit_id": "V9"}),
        "claims": rows(x12.CLAIMS, {"claim_id": "C1"}, {"claim_id": "C7"}, {"claim_id": "C7"}),
        "claim_lines": rows(x12.CLAIM_LINES, billed(1, "97110")),
        "remit_claims": rows(x12.REMIT_CLAIMS, decided(1, 5), decided(2, 5, "C5")),
        "remit_lines": rows(x12.REMIT_LINES, paid(1, "97110"), paid(1, "97140"), paid(1, "97140", claim_id="C5")),
    }
    assert unlinked(held) == {
        "visits_without_their_claim": 1,
        "claims_without_visit": 1,
        "services_without_visit": 1,
        "notes_without_visit": 2,
        "remit_claims_without_claim": 1,
        "remit_lines_without_line": 2,
    }

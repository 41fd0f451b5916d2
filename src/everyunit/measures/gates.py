"""What passes each of the four gates, and what falls out or comes on top between them.

Everything here is an expected allowed amount in cents; list charges stand apart and are never mixed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw

from everyunit.frames import lazy, polars

GATES = ("earned", "charged", "paid", "deposited")
GATE_OF_DIRECTION = {
    "over": "charged",
    "under": "charged",
    "mis": "charged",
    "document": "earned",
    "denied": "paid",
    "underpaid": "paid",
    "late": "paid",
}
GAPS = ("no_remit", "nothing_paid", "reduced", "below", "above")


@dataclass(frozen=True)
class Part:
    """One stream between two gates. `cents` is never negative; `side` is falls, rises or beside.

    `gate` is the gate it is seen at. A part made of findings names their `kinds` and the `way` (gain, back,
    document); a part made of visits names its `gap`. `rows` counts those findings or visits.
    """

    name: str
    gate: str
    side: str
    cents: int
    rows: int
    kinds: tuple[str, ...] = ()
    way: str = ""
    gap: str = ""


@dataclass(frozen=True)
class Gates:
    """The figures of one period, in cents.

    `visits` counts all visits, `kept` the kept, `charged_visits` those with a claim. Where the record of a charged
    visit cannot be judged, what was charged stands as earned: `assumed` visits, `assumed_cents`. `repriced_cents` is
    what the parts leave open between earned and charged: days with several findings are priced whole. Where deposits
    were matched (`banked`), `deposited_cents` of `deposited` payments stand in the bank.
    """

    visits: int
    kept: int
    charged_visits: int
    assumed: int
    assumed_cents: int
    earned_cents: int
    charged_cents: int
    payer_cents: int
    patient_cents: int
    list_charge_cents: int
    remitted_cents: int
    remits: int
    repriced_cents: int
    parts: tuple[Part, ...]
    banked: bool = False
    deposited_cents: int = 0
    deposited: int = 0

    @property
    def paid_cents(self) -> int:
        """What payers paid and what they left to patients."""
        return self.payer_cents + self.patient_cents

    def at(self, gate: str, side: str) -> list[Part]:
        """The parts of one side that are seen at a gate, without the empty ones."""
        return [part for part in self.parts if part.gate == gate and part.side == side and part.rows]


# name, side, way, kinds
STREAMS = (
    ("under-billed", "falls", "gain", ("units_under", "units_misallocated")),
    ("not billed", "falls", "gain", ("not_billed", "visit_not_billed")),
    ("over-billed", "rises", "back", ("units_over", "untimed_repeated", "units_misallocated")),
    ("not in the record", "rises", "document", ("not_recorded",)),
    ("minutes missing", "beside", "document", ("minutes_missing",)),
)
GAP_WORDS = {
    "no_remit": ("no remit yet", "falls"),
    "nothing_paid": ("nothing paid", "falls"),
    "reduced": ("reduced", "falls"),
    "below": ("paid below", "falls"),
    "above": ("paid above", "rises"),
}


def gates(visits: Any, findings: Any, remits: Any, banked: Any = None) -> Gates:
    """The four gates of the visits, findings and remits given (any frames; already cut to the period).

    `visits` has a row a visit: status, answered (its claim stands in a remit), earned_cents, charged_cents,
    list_charge_cents, paid_cents, patient_cents, and where known those of `with_gap`. `findings` has kind,
    direction, cents_at_stake, at_risk_cents.
    `remits` has amount_cents, signed. `banked` has state, amount_cents and off_cents of each payment that was looked
    for in the bank, and is left out where none was. Other nulls count as nothing.
    """
    sums = _one_row(_gapped(lazy(visits)).select(*_visit_sums()))
    found = {(row["kind"], row["way"]): row for row in polars(_by_kind(findings)).to_dicts()}
    remitted = _one_row(lazy(remits).select(_sum("amount_cents", "cents"), nw.len().alias("rows")))
    parts = [*(_stream(found, *stream) for stream in STREAMS), *(_gap(sums, gap) for gap in GAPS)]
    found_cents, found_rows, at_bank = _at_bank(banked)
    parts += at_bank
    explained = sum(
        part.cents if part.side == "rises" else -part.cents
        for part in parts
        if part.gate == "charged" and part.side != "beside"
    )
    return Gates(
        **{name: sums[name] for name in _PLAIN},
        remitted_cents=remitted["cents"],
        remits=remitted["rows"],
        repriced_cents=sums["charged_cents"] - sums["earned_cents"] - explained,
        parts=tuple(parts),
        banked=banked is not None,
        deposited_cents=found_cents,
        deposited=found_rows,
    )


# state of a payment -> the part it falls into beside what is deposited
_AT_BANK = {"missing": 0, "short": 0, "over": 1, "waiting": 2, "unclear": 2, "before": 2, "unread": 2}
_FOUND = ("matched", "short", "over")
BANK_PARTS = (("not found in the bank", "falls"), ("more in the bank", "rises"), ("not yet matched", "beside"))


def _at_bank(banked: Any) -> tuple[int, int, list[Part]]:
    """Cents and payments that stand in the bank, and what falls out or comes on top there."""
    if banked is None:
        return 0, 0, []
    sums = (
        lazy(banked)
        .group_by("state")
        .agg(_sum("amount_cents", "cents"), _sum("off_cents", "off"), nw.len().alias("rows"))
    )
    cents, rows, found, found_rows = [0, 0, 0], [0, 0, 0], 0, 0
    for row in polars(sums).to_dicts():
        here = row["state"] in _FOUND
        found += row["cents"] + row["off"] if here else 0
        found_rows += row["rows"] if here else 0
        place = _AT_BANK.get(row["state"])
        if place is not None:
            cents[place] += abs(row["off"]) if here else row["cents"]
            rows[place] += row["rows"]
    parts = [Part(name, "deposited", side, cents[at], rows[at]) for at, (name, side) in enumerate(BANK_PARTS)]
    return found, found_rows, parts


_PLAIN = (
    "visits", "kept", "charged_visits", "assumed", "assumed_cents",
    "earned_cents", "charged_cents", "payer_cents", "patient_cents", "list_charge_cents",
)  # fmt: skip


def with_gap(visits: Any) -> nw.LazyFrame[Any]:
    """The visits with `gap` (one of GAPS or null), `gap_cents`, how far paid lies from charged, and `reduced_cents`,
    what the payer rightly takes beside the fee.

    Where the visits have sequestered_cents, that is no shortfall; nor is what lies within assistant_cents, the most
    that an assistant's share takes. pooled_cents, where they have it, is what visits charged as one received of each
    other's charge.
    """
    return _gapped(lazy(visits)).drop("received", "rest")


def _gapped(visits: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    names = visits.collect_schema().names()
    taken, most = (
        nw.max_horizontal(nw.col(name).fill_null(0), nw.lit(0)) if name in names else nw.lit(0)
        for name in ("sequestered_cents", "assistant_cents")
    )
    received = nw.col("paid_cents").fill_null(0) + nw.col("patient_cents").fill_null(0)
    if "pooled_cents" in names:
        received = received + nw.col("pooled_cents").fill_null(0)
    charged = nw.col("charged_cents").fill_null(0)
    framed = visits.with_columns(received.alias("received"), taken.alias("reduced_cents"), most.alias("most"))
    bare = nw.col("received") == 0
    taken = nw.when(bare).then(nw.lit(0)).otherwise(nw.col("reduced_cents"))
    framed = framed.with_columns(taken.alias("reduced_cents"), (charged - nw.col("received") - taken).alias("rest"))
    within = nw.max_horizontal(nw.lit(0), nw.min_horizontal(nw.col("rest"), nw.col("most")))
    within = nw.when(bare).then(nw.lit(0)).otherwise(within)
    framed = framed.with_columns(
        (nw.col("reduced_cents") + within).alias("reduced_cents"), (nw.col("rest") - within).alias("rest")
    )
    nothing = bare & (charged > 0)
    gap = (
        nw.when(nothing & ~nw.col("answered").fill_null(False)).then(nw.lit("no_remit"))
        .otherwise(nw.when(nothing).then(nw.lit("nothing_paid"))
        .otherwise(nw.when(nw.col("rest") > 0).then(nw.lit("below"))
        .otherwise(nw.when(nw.col("rest") < 0).then(nw.lit("above"))
        .otherwise(nw.when(nw.col("reduced_cents") > 0).then(nw.lit("reduced")).otherwise(nw.lit(None, nw.String))))))
    )  # fmt: skip
    even = (nw.col("rest") == 0) & ~nothing
    cents = nw.when(even).then(nw.col("reduced_cents")).otherwise(nw.col("rest").abs())
    return framed.with_columns(gap.alias("gap"), cents.alias("gap_cents")).drop("most")


def _visit_sums() -> list[nw.Expr]:
    kept = nw.col("status").fill_null("").is_in(["", "kept"])
    charged = nw.col("charged_cents").fill_null(0)
    assumed = nw.col("earned_cents").is_null() & (charged > 0)
    sums = [
        nw.len().alias("visits"),
        kept.cast(nw.Int64).sum().alias("kept"),
        (charged > 0).cast(nw.Int64).sum().alias("charged_visits"),
        assumed.cast(nw.Int64).sum().alias("assumed"),
        (assumed.cast(nw.Int64) * charged).sum().alias("assumed_cents"),
        nw.coalesce(nw.col("earned_cents"), charged).sum().alias("earned_cents"),
        _sum("charged_cents"),
        _sum("list_charge_cents"),
        _sum("paid_cents", "payer_cents"),
        _sum("patient_cents"),
    ]
    reduced = nw.col("reduced_cents")
    sums += [reduced.sum().alias("reduced_cents"), (reduced > 0).cast(nw.Int64).sum().alias("reduced_rows")]
    for gap in GAPS:
        if gap == "reduced":
            continue  # a visit that is paid below may be reduced too
        here = (nw.col("gap") == gap).fill_null(False)
        sums.append((here.cast(nw.Int64) * nw.col("gap_cents").fill_null(0)).sum().alias(f"{gap}_cents"))
        sums.append(here.cast(nw.Int64).sum().alias(f"{gap}_rows"))
    return sums


def with_way(findings: Any) -> nw.LazyFrame[Any]:
    """The findings with `way`, exactly one each: gain, back, document, or mend (a claim to put right, whether or not
    its payment hangs on it).

    A finding without a price goes the way of its direction; units on another code go where their cents fall.
    """
    stake, direction = nw.col("cents_at_stake").fill_null(0), nw.col("direction").fill_null("")
    gain = (stake > 0) | ((stake == 0) & (direction == "under"))
    back = (stake < 0) | ((stake == 0) & (direction == "over"))
    rest = nw.when(back).then(nw.lit("back")).otherwise(nw.lit("mend"))
    money = nw.when(gain).then(nw.lit("gain")).otherwise(rest)
    way = nw.when(direction == "document").then(nw.lit("document")).otherwise(money)
    return lazy(findings).with_columns(way.alias("way"))


def _by_kind(findings: Any) -> nw.LazyFrame[Any]:
    return (
        with_way(findings)
        .group_by("kind", "way")
        .agg(
            nw.col("cents_at_stake").fill_null(0).sum().alias("cents"),
            nw.col("at_risk_cents").fill_null(0).sum().alias("risk"),
            nw.len().alias("rows"),
        )
    )


def _stream(found: dict[tuple[str, str], dict[str, Any]], name: str, side: str, way: str, kinds: Any) -> Part:
    rows = [found[kind, way] for kind in kinds if (kind, way) in found]
    cents = sum(row["risk"] if way == "document" else abs(row["cents"]) for row in rows)
    return Part(name, "charged", side, cents, sum(row["rows"] for row in rows), kinds=kinds, way=way)


def _gap(sums: dict[str, int], gap: str) -> Part:
    name, side = GAP_WORDS[gap]
    return Part(name, "paid", side, sums[f"{gap}_cents"], sums[f"{gap}_rows"], gap=gap)


def _sum(column: str, name: str = "") -> nw.Expr:
    return nw.col(column).fill_null(0).sum().alias(name or column)


def _one_row(frame: nw.LazyFrame[Any]) -> dict[str, int]:
    row = polars(frame).row(0, named=True)
    return {name: int(value or 0) for name, value in row.items()}

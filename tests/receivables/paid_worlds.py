"""Small worlds of claims and remittances as frames, for the tests of this room."""

from __future__ import annotations

import polars as pl
from hypothesis import strategies as st

from everyunit.frames import conform
from everyunit.receivables.billed import Billed
from everyunit.receivables.inputs import Remitted
from everyunit.x12.tables import ADJUSTMENTS, REMIT_CLAIMS, REMIT_LINES, REMITS

DAY = 20_500
REASONS = (
           ("CO", "45"), ("CO", "253"), ("CO", "59"), ("PR", "1"), ("PR", "2"), ("PR", "3"), ("CO", "197"),
           ("CO", "16"), ("PR", "50"), ("CO", "2"), ("PR", "45"), ("CO", "987"), ("OA", "18"), ("OA", "23"),
)  # fmt: skip


@st.composite
def _reasons(draw, cents):
    """What is taken off `cents`, and what is left to pay; now and then it does not add up."""
    made, left = [], cents
    for group, reason in draw(st.lists(st.sampled_from(REASONS), max_size=3, unique=True)):
        taken = draw(st.sampled_from((left, left // 2, 137)))
        made.append((group, reason, taken))
        left -= taken
    return made, left + draw(st.sampled_from((0, 0, 0, 0, 11)))


@st.composite
def _decision(draw, lines):
    status, control = draw(st.sampled_from(("1", "1", "2", "3", "4"))), draw(st.sampled_from("ABC"))
    total = sum(line[3] for line in lines)
    shape = draw(st.sampled_from(("lines", "lines", "some", "denied", "bare", "repeat", "second", "second")))
    event = {"status": status, "control": control, "charge": total, "lines": [], "own": []}
    if shape == "denied":
        group, reason = draw(st.sampled_from(REASONS))
        return {**event, "paid": 0, "own": [(group, reason, total)]}
    if shape == "bare":
        own, paid = draw(_reasons(total))
        return {**event, "paid": paid, "own": own}
    if shape in ("repeat", "second"):
        event["status"] = "2" if shape == "second" else status
        for place, (_, _, _, cents) in enumerate(lines):
            share = draw(st.integers(0, cents)) if shape == "second" else 0
            why = [("OA", "23" if share else "18", cents - share)]
            event["lines"].append((place, cents, share, why))
        return {**event, "paid": sum(line[2] for line in event["lines"])}
    places = range(len(lines)) if shape == "lines" else sorted(draw(st.sets(st.sampled_from(range(len(lines))))))
    for place in places:
        why, paid = draw(_reasons(lines[place][3]))
        event["lines"].append((place, lines[place][3], paid, why))
    own = draw(st.sampled_from(([], [], [("PR", "3", 500)])))
    paid = sum(line[2] for line in event["lines"]) - sum(one[2] for one in own)
    return {**event, "paid": paid, "own": own, "charge": sum(line[1] for line in event["lines"])}


def _back(event):
    """The reversal of a decision."""
    lines = [(at, -c, -p, [(g, r, -x) for g, r, x in why]) for at, c, p, why in event["lines"]]
    own = [(group, reason, -cents) for group, reason, cents in event["own"]]
    return {**event, "status": "22", "charge": -event["charge"], "paid": -event["paid"], "lines": lines, "own": own}


@st.composite
def claims(draw):
    """One claim as the oracle reads it: (lines, events)."""
    codes = st.sampled_from(("97110", "97140", "97530"))
    shapes = st.tuples(st.booleans(), codes, st.integers(1, 3), st.sampled_from((4000, 7250, 12101)))
    drawn = draw(st.lists(shapes, min_size=1, max_size=3))
    lines = [
        (str(at + 1) if named else None, code, units, cents) for at, (named, code, units, cents) in enumerate(drawn)
    ]
    events = []
    for _ in range(draw(st.integers(0, 4))):
        decided = [event for event in events if event["status"] != "22"]
        if decided and draw(st.integers(0, 3)) == 0:
            events.append(_back(draw(st.sampled_from(decided))))
        else:
            events.append(draw(_decision(lines)))
    return lines, events


def billed_of(worlds):
    """The charges of these claims, in the columns that decisions need."""
    rows = [
        (root, place + 1, number, code, "GP", units, cents, DAY)
        for root, (lines, _) in enumerate(worlds)
        for place, (number, code, units, cents) in enumerate(lines)
    ]
    schema = {"root_no": pl.Int64, "unit": pl.Int64, "control_number": pl.String, "code": pl.String,
              "modifiers": pl.String, "units": pl.Int64, "charge_cents": pl.Int64,
              "service_day": pl.Int64}  # fmt: skip
    aliases = [(f"C{root}", root) for root in range(len(worlds))]
    return Billed(
        pl.DataFrame(rows, schema=schema, orient="row"),
        pl.DataFrame(aliases, schema={"claim_id": pl.String, "root_no": pl.Int64}, orient="row"),
    )


def remitted_of(worlds):
    """The remittances of these claims: one a day, in the order of each claim's events."""
    remits, held, lines, reasons = [], [], [], []
    number = 0
    for root, (billed, events) in enumerate(worlds):
        for day, event in enumerate(events):
            number += 1
            place = {"source_id": "s", "transaction": day + 1, "claim": number}
            held.append({**place, "claim_id": f"C{root}", "status": event["status"], "charge_cents": event["charge"],
                         "paid_cents": event["paid"], "payer_control": event["control"]})  # fmt: skip
            for at, (unit, charge, paid, why) in enumerate(event["lines"]):
                mark, code, units, _ = billed[unit]
                lines.append({**place, "line": at + 1, "claim_id": f"C{root}", "control_number": mark, "code": code,
                              "modifiers": "GP", "units": units, "units_milli": units * 1000, "charge_cents": charge,
                              "paid_cents": paid, "service_day": DAY})  # fmt: skip
                reasons += [_reason(place, at + 1, *one) for one in why]
            reasons += [_reason(place, 0, *one) for one in event["own"]]
    longest = max((len(events) for _, events in worlds), default=0)
    remits = [
        {"source_id": "s", "transaction": day + 1, "paid_day": DAY + day, "payer_id": "P"} for day in range(longest)
    ]
    frames = {
        "remits": _frame(REMITS, remits), "remit_claims": _frame(REMIT_CLAIMS, held),
        "remit_lines": _frame(REMIT_LINES, lines), "adjustments": _frame(ADJUSTMENTS, reasons),
    }  # fmt: skip
    return remitted_with(frames)


def _reason(place, line, group, reason, cents):
    return {**place, "line": line, "side": "835", "group_code": group, "reason": reason, "amount_cents": cents}


def _frame(table, rows):
    return conform(pl.DataFrame(rows, infer_schema_length=None), table) if rows else table.empty()


def remitted_with(frames):
    """The tables given, and empty ones for the others."""
    from everyunit.ledger.tables import TABLES as OWN
    from everyunit.x12.tables import TABLES as READ

    empty = {table.name: table.empty() for table in (*OWN, *READ)}
    return Remitted.of({**empty, **frames})

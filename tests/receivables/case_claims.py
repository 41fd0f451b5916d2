"""Cases of tests/cases as frames: one claim of 2 March 2026, sent on the 6th, and its remittances."""

from __future__ import annotations

import tomllib
from pathlib import Path

import polars as pl
from paid_worlds import _frame, _reason, remitted_with

from everyunit.days import to_day
from everyunit.money import to_cents
from everyunit.receivables.billed import COLUMNS, Billed
from everyunit.x12.tables import ADJUSTMENTS, REMIT_CLAIMS, REMIT_LINES, REMITS

SERVICE, SENT = to_day("2026-03-02"), to_day("2026-03-06")
_TEXTS = (
    "claim_id", "payer_id", "payer_name", "kind", "clinic", "code", "modifiers", "control_number", "source_id"
)  # fmt: skip
_SCHEMA = dict.fromkeys(COLUMNS, pl.Int64) | dict.fromkeys(_TEXTS, pl.String) | {"priced": pl.Boolean}


def cases(name):
    """The cases of one file."""
    path = Path(__file__).resolve().parents[1] / "cases" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))["case"]


def worlds_of(found):
    """Billed and remitted of several cases, one claim each (C0, C1 ...)."""
    rows, tables = [], {"remits": [], "remit_claims": [], "remit_lines": [], "adjustments": []}
    for root, case in enumerate(found):
        for unit, (what, units, charge, expected) in enumerate(case["lines"], 1):
            code, _, modifiers = what.partition(" ")
            rows.append({
                "root_no": root, "unit": unit, "line": unit, "claim_id": f"C{root}", "payer_id": case["payer"],
                "payer_name": case["payer"], "kind": case["payer"].replace("not priced", "any_other"),
                "priced": case["payer"] != "not priced", "clinic": "Elm", "service_day": SERVICE, "code": code,
                "modifiers": modifiers, "units": units, "charge_cents": to_cents(charge),
                "expected_cents": to_cents(expected), "scope": root, "first_sent_day": SENT, "last_sent_day": SENT,
                "sent": 1,
            })  # fmt: skip
        for remit in case["remits"]:
            _add(tables, root, case, *remit)
    lines = pl.DataFrame([{name: row.get(name) for name in _SCHEMA} for row in rows], schema=_SCHEMA).select(COLUMNS)
    aliases = pl.DataFrame({"claim_id": [f"C{at}" for at in range(len(found))], "root_no": range(len(found))})
    declared = {
        "remits": REMITS,
        "remit_claims": REMIT_CLAIMS,
        "remit_lines": REMIT_LINES,
        "adjustments": ADJUSTMENTS,
    }
    frames = {name: _frame(declared[name], made) for name, made in tables.items()}
    return Billed(lines, aliases.cast({"root_no": pl.Int64})), remitted_with(frames)


def _add(tables, root, case, day, status, control, lines, own=()):
    number = len(tables["remits"]) + 1
    place = {"source_id": "s", "transaction": number, "claim": number}
    sign = -1 if status == "22" else 1
    tables["remits"].append(
        {"source_id": "s", "transaction": number, "paid_day": to_day(day), "payer_id": case["payer"]}
    )
    charges = {what.split(" ")[0]: to_cents(charge) for what, _, charge, _ in case["lines"]}
    tables["remit_claims"].append({
        **place, "claim_id": f"C{root}", "status": status, "payer_control": control,
        "charge_cents": sign * sum(charges.values()), "paid_cents": sum(to_cents(line[1]) for line in lines),
    })  # fmt: skip
    for at, (said, paid, reasons, remarks) in enumerate(lines, 1):
        code, _, decided = said.partition(">")
        tables["remit_lines"].append({
            **place, "line": at, "claim_id": f"C{root}", "code": decided or code,
            "charge_cents": sign * charges[code],
            "submitted_code": code if decided else None, "modifiers": _modifiers(case, code), "service_day": SERVICE,
            "paid_cents": to_cents(paid), "remarks": remarks or None, "units": None, "units_milli": None,
        })  # fmt: skip
        tables["adjustments"] += [_taken(place, at, reason) for reason in reasons]
    tables["adjustments"] += [_taken(place, 0, reason) for reason in own]


def _modifiers(case, code):
    return next(what.partition(" ")[2] for what, *_ in case["lines"] if what.split(" ")[0] == code)


def _taken(place, line, text):
    reason, cents = text.split(" ")
    return _reason(place, line, *reason.split("-", 1), to_cents(cents))

"""Plain cases to frames: a list of visits, each with its record and its claims, and a judgement of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from everyunit.audit import READINGS, Inputs, judge
from everyunit.days import to_day
from everyunit.frames import conform
from everyunit.ledger.tables import AUTHORIZATIONS, NOTES, PLANS, REFUSALS, SERVICES, VISITS
from everyunit.rulebook import Book, Practice
from everyunit.x12.tables import CLAIM_LINES, CLAIMS, REMIT_CLAIMS, TRANSACTIONS

PRACTICE = {
    "practice.toml": b"""
[payers.MCR]
name = "Medicare"
rule = "cms"
fees = "medicare"
[payers.OWN]
name = "Own table"
rule = "ama"
fees = "own.csv"
[payers.AMA]
name = "Midpoint payer"
rule = "ama"
fees = "medicare"
[clinics."River"]
mac = "13202"
locality = "01"
""",
    "own.csv": b"code,allowed\n97110,30.00\n97140,28.50\n97530,35.25\n97112,33.00\n97014,9.00\n97161,90\n97035,11\n",
}


COUNTED = (
    "units_over", "units_under", "units_misallocated", "not_billed", "not_recorded", "untimed_repeated",
    "minutes_missing", "visit_not_billed",
)  # fmt: skip


@dataclass
class Facts:
    """Rows of the tables the judgement reads."""

    visits: list[dict[str, Any]] = field(default_factory=list)
    services: list[dict[str, Any]] = field(default_factory=list)
    claims: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    transactions: list[dict[str, Any]] = field(default_factory=list)
    remits: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    plans: list[dict[str, Any]] = field(default_factory=list)
    authorizations: list[dict[str, Any]] = field(default_factory=list)
    readings: list[dict[str, Any]] = field(default_factory=list)

    def visit(self, visit_id: str, day: str, payer: str = "MCR", **more: Any) -> None:
        row = {"patient_id": "P1", "discipline": "PT", "clinic": "Nowhere", "status": "kept", "clinician_npi": "1"}
        self.visits.append(
            {**row, "visit_id": visit_id, "service_day": to_day(day), "payer_id": payer, "payer_name": payer, **more}
        )

    def service(self, visit_id: str, code: str, minutes: int | None, mode: str = "individual") -> None:
        seq = 1 + sum(row["visit_id"] == visit_id for row in self.services)
        row = {"visit_id": visit_id, "code": code, "minutes": minutes, "mode": mode, "seq": seq, "source_id": "s"}
        self.services.append(row)

    def refuse(self, visit_id: str, source_id: str = "s") -> None:
        self.refusals.append({"visit_id": visit_id, "source_id": source_id, "row": len(self.refusals) + 2})

    def claim(self, claim_id: str, lines: list[tuple[str, int | None, str]], day: str, **more: Any) -> None:
        """Lines are (code, units, modifiers parted by :). `made` orders claims in time, `control` within a moment."""
        number = len(self.claims) + 1
        made, control = more.pop("made", number), more.pop("control", f"{number:04d}")
        envelope = {"interchange_control": more.pop("interchange", ""), "group_control": more.pop("group", "")}
        base = {"source_id": more.pop("source_id", "s"), "transaction": number, "claim": number}
        moment = {"created_day": to_day(day) + 1, "created_time": f"{made:04d}", "control_number": control}
        self.transactions.append({**base, **moment, **envelope})
        days = {"first_day": to_day(day), "last_day": to_day(day)}
        row = {"claim_id": claim_id, "frequency": "1", "sequence": "P", "payer_id": "MCR", **days}
        self.claims.append({**row, **base, **more})
        for at, (code, units, modifiers) in enumerate(lines, start=1):
            self.lines.append(
                {**base, "line": at, "claim_id": claim_id, "code": code, "units": units, "modifiers": modifiers,
                 "charge_cents": 6000 * (units or 0), "service_day": to_day(day)}
            )  # fmt: skip

    def frames(self) -> dict[str, pl.DataFrame]:
        tables = {
            "visits": (VISITS, self.visits), "services": (SERVICES, self.services), "claims": (CLAIMS, self.claims),
            "claim_lines": (CLAIM_LINES, self.lines), "transactions": (TRANSACTIONS, self.transactions),
            "remit_claims": (REMIT_CLAIMS, self.remits),
            "refusals": (REFUSALS, self.refusals), "notes": (NOTES, self.notes), "plans": (PLANS, self.plans),
            "authorizations": (AUTHORIZATIONS, self.authorizations), "readings": (READINGS, self.readings),
        }  # fmt: skip
        made = {}
        for name, (declared, rows) in tables.items():
            kept = [{key: row.get(key) for key in declared.schema if key in row} for row in rows]
            made[name] = conform(pl.DataFrame(kept, infer_schema_length=None), declared) if kept else declared.empty()
        return made


def practice() -> Practice:
    return Practice.from_documents(PRACTICE)


def judged(facts: Facts, **frames: pl.DataFrame) -> Any:
    """The judgement of these facts, with frames of one's own in place of theirs."""
    return judge(Inputs(**{**facts.frames(), **frames}), practice(), Book.load())


def found(facts: Facts) -> list[tuple[str, str, str, int | None, int | None]]:
    """visit, kind, code, cents at stake, cents at risk of every finding of the first judgement."""
    columns = ("visit_id", "kind", "code", "cents_at_stake", "at_risk_cents")
    found = counted(judged(facts).findings)
    return [tuple(row) for row in found.select(columns).iter_rows()]


def counted(findings: pl.DataFrame) -> pl.DataFrame:
    """The findings of counting units alone, without those of the checks."""
    return findings.filter(pl.col("kind").is_in(COUNTED))

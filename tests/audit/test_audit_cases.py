"""Cases that a biller could read: visits and charges, and what those of units and untimed say of claims."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from audit_kit import Facts, found, practice
from oracle.days import findings

from everyunit.days import to_day
from everyunit.rulebook import Book

FOLDER = Path(__file__).resolve().parents[1] / "cases"
DAY = "2026-03-12"
RULES = {"cms": "MCR", "ama": "AMA"}


def cases(stem):
    read = tomllib.loads((FOLDER / f"{stem}.toml").read_text(encoding="utf-8"))["case"]
    return [pytest.param(case, id=case["name"]) for case in read]


def facts_of(case):
    facts = Facts()
    default = [{"id": "V1", "minutes": [["97110", 30]], "claim": "C1"}]
    for visit in case.get("visits", default):
        facts.visit(
            visit["id"], visit.get("day", DAY), case.get("payer", "MCR"), claim_id=visit.get("claim"),
            patient_id=visit.get("patient", "P1"), discipline=visit.get("discipline", "PT"),
            status=visit.get("status", "kept"), clinic=case.get("clinic", "Nowhere"),
        )  # fmt: skip
        for source in visit.get("refused", []):
            facts.refuse(visit["id"], source)
        for code, minutes, *mode in visit["minutes"]:
            facts.service(visit["id"], code, None if minutes == "missing" else minutes, *mode)
    for claim in case["claims"]:
        more = {key: claim[key] for key in ("frequency", "sequence", "made") if key in claim}
        lines = [tuple(line) for line in claim["lines"]]
        facts.claim(claim["id"], lines, claim.get("day", DAY), original_reference=claim.get("reference"), **more)
        if "also" in claim:
            facts.lines += [
                {**line, "service_day": to_day(claim["also"]), "line": 9} for line in facts.lines[-len(lines) :]
            ]
            facts.claims[-1]["last_day"] = to_day(claim["also"])
    facts.remits += [{"claim_id": row["claim"], "payer_control": row["control"]} for row in case.get("remits", [])]
    return facts


@pytest.mark.parametrize("case", [*cases("visits"), *cases("charges")])
def test_case(case):
    facts = facts_of(case)
    wanted = [
        (row["visit"], row["kind"], row["code"], row.get("cents"), row.get("risk", 0)) for row in case["findings"]
    ]
    assert found(facts) == wanted
    assert findings(facts, practice(), Book.load()) == wanted


@pytest.mark.parametrize(
    "case", [case for case in [*cases("units"), *cases("untimed")] if "findings" in case.values[0]]
)
def test_what_a_claim_that_says_otherwise_is_called(case):
    facts = Facts()
    facts.visit("V1", DAY, RULES[case["rule"]], claim_id=None if case.get("no_claim") else "C1")
    facts.visit("V0", DAY, patient_id="P0", claim_id="C0")
    facts.claim("C0", [("97110", 1, "GP")], DAY)
    facts.service("V0", "97110", 15)
    for code, minutes in case["minutes"].items():
        facts.service("V1", code, minutes)
    for code in [*case.get("untimed", []), *case.get("missing", [])]:
        facts.service("V1", code, None)
    if not case.get("no_claim"):
        facts.claim("C1", [(code, units, "GP") for code, units in case["billed"].items()], DAY)
    seen = [{"code": code, "kind": kind} for _, kind, code, _, _ in found(facts)]
    assert seen == sorted(case["findings"], key=lambda row: (row["code"], row["kind"]))

"""Every row of the collected figures as a case of its own, where those lie beside this checkout."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from audit_kit import judged
from checks_kit import rows_of, seen
from oracle.assistants import marked_units
from oracle.units import right_answers

from everyunit.audit import pairs
from everyunit.audit.assistants import Limits, assistant_units

FACTS = Path(__file__).resolve().parents[3] / "shared" / "facts"
pytestmark = pytest.mark.skipif(not FACTS.is_dir(), reason="the collected figures are not beside this checkout")
LIMITS = Limits(10, 8, 9, 14)
PAIRED = {"0": "pair_never", "1": "pair_bundled"}


def facts(name):
    with (FACTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def visit(number, day, lines):
    """A patient's only visit, without a record, and its claim."""
    name = f"{number:04d}"
    return (
        {"id": f"V{name}", "patient": f"P{name}", "day": day, "claim": f"C{name}"},
        {"id": f"C{name}", "day": day, "lines": lines},
    )


def test_every_pair_of_the_tables_is_judged_by_its_indicator_in_its_quarter():
    """Both codes on one day, unmarked: column 2 is found while the edit is in force, and never after it ended."""
    rows = facts("ncci_ptp.csv")
    active = {
        (row["column1"], row["column2"]): row["modifier_indicator"] for row in rows if row["status"] == "active"
    }
    made = []
    for number, row in enumerate(rows):
        day = "2026-11-02" if "2026" in row["ncci_version"] else "2024-08-01"
        lines = [{"code": row["column1"]}, {"code": row["column2"]}]
        made.append(visit(number, day, lines))
    case = {"visits": [one for one, _ in made], "claims": [claim for _, claim in made]}
    found = {(hit["visit_id"], hit["code"]): hit["kind"] for hit in seen(rows_of(case), pairs.pairs)}
    for number, row in enumerate(rows):
        wanted = PAIRED.get(active.get((row["column1"], row["column2"]), ""))
        assert found.get((f"V{number:04d}", row["column2"])) == wanted, row


def test_every_ceiling_holds_to_the_unit():
    """As many units as the table allows are nothing to speak of; one more is found, and costs what it is worth."""
    rows = [row for row in facts("codes.csv") if row["mue_practitioner"] not in ("", "0")]
    for more in (0, 1):
        made = [
            visit(number, "2024-08-01", [{"code": row["code"], "units": int(row["mue_practitioner"]) + more}])
            for number, row in enumerate(rows)
        ]
        case = {"visits": [one for one, _ in made], "claims": [claim for _, claim in made]}
        kinds = ("ceiling_over", "untimed_repeated")
        found = {row["visit_id"]: row["kind"] for row in judged(rows_of(case)).findings.to_dicts()
                 if row["kind"] in kinds}  # fmt: skip
        wanted = {f"V{number:04d}": kinds[row["timed"] != "1"] for number, row in enumerate(rows) if more}
        assert found == wanted


def minutes_of(text, codes):
    """97110:13 97140:30, or one number for the only code."""
    if ":" in text:
        return dict((part.split(":")[0], int(part.split(":")[1])) for part in text.split())
    return {codes[0]: int(text)}


def test_every_example_of_assistants():
    judged_rows = 0
    for row in facts("assistants_examples.csv"):
        if not row["total_units"]:
            continue  # A32 states a way of rounding, no case
        codes = row["codes"].split(";")
        therapist, assistant, together = (
            minutes_of(row[f"{who}_minutes"], codes) for who in ("therapist", "assistant", "together")
        )
        parts = {code: (therapist.get(code, 0) + together.get(code, 0), assistant.get(code, 0)) for code in codes}
        timed = codes[0] not in ("97150", "G0283")
        answers = [{codes[0]: int(row["total_units"])}]
        if len(codes) > 1:
            whole = {code: sum(parts[code]) for code in codes}
            answers = right_answers("cms", whole, dict.fromkeys(codes, "therapy"), dict.fromkeys(codes, 15))
            assert all(sum(answer.values()) == int(row["total_units"]) for answer in answers)
        told = set()
        for answer in answers:
            due = [assistant_units(answer[code], *parts[code], timed, LIMITS) for code in codes]
            assert due == [marked_units(answer[code], *parts[code], timed) for code in codes]
            told.add(sum(due))
        assert int(row["units_with_CQ_or_CO"]) in told, row["id"]
        assert len(told) == 1 or "tie" in row["reason"], row["id"]
        judged_rows += 1
    assert judged_rows == 31

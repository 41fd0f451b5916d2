"""What the audit's own findings of units change in a claim that is sent again: line by line, up and down alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.audit.findings import AT_RISK
from everyunit.errors import UsageError
from everyunit.ledger import Ledger
from everyunit.money import dollars
from everyunit.services.audit import audit
from everyunit.services.explain import shared_ledger
from everyunit.services.inputs import practice_of
from everyunit.services.next_step import UNIT_KINDS
from everyunit.services.proof import count_of
from everyunit.services.record import gather
from everyunit.services.resubmit import Change
from everyunit.services.sent_twice import repeats
from everyunit.x12.writer import amount

Row = dict[str, Any]
_TOGETHER = "units_misallocated"  # its codes change in one step or not at all
_LINES = ("line", "code", "modifiers", "units", "charge_cents")


@dataclass
class UnitChanges:
    """`rows`: claim_id, line, code, units and charge before and after (0 units: left out), and the finding, one row a
    line; `left`: claim_id, finding_id and the sentence why a finding is not followed here."""

    rows: list[Row] = field(default_factory=list)
    left: list[Row] = field(default_factory=list)

    def each(self) -> dict[str, Change]:
        """The changes as `resubmit` takes them, by claim."""
        made: dict[str, Change] = {}
        for row in self.rows:
            held, line = made.get(row["claim_id"], Change()), row["line"]
            if row["units_after"]:
                words = (f"{line}.units={row['units_after']}", f"{line}.charge={amount(row['charge_after_cents'])}")
                made[row["claim_id"]] = Change((*held.settings, *words), held.without)
            else:
                made[row["claim_id"]] = Change(held.settings, (*held.without, line))
        return made

    def words(self) -> list[str]:
        """One sentence a line, then what is left to a person."""
        return [line_words(row) for row in self.rows] + [row["why"] for row in self.left]


def line_words(row: Row) -> str:
    """`Line 2, 97110: 3 units become 2, $120.00 becomes $80.00.`"""
    units = f"Line {row['line']}, {row['code']}: {row['units_before']} unit{'s' * (row['units_before'] != 1)}"
    if not row["units_after"]:
        return f"{units} and {dollars(row['charge_before_cents'])} come off with the line."
    before, after = (dollars(row[name]) for name in ("charge_before_cents", "charge_after_cents"))
    return f"{units} become{'s' * (row['units_before'] == 1)} {row['units_after']}, {before} becomes {after}."


def unit_changes(home: str | Path, claim_ids: Iterable[str], payer_id: str = "") -> UnitChanges:
    """The changes that the audit's findings of units ask of these claims (CLM01), as they were sent last.

    Units go from billed to earned, the charge in proportion, rounded half up to a whole cent; a line without units is
    left out. Units rise only where the record of the visit and code is not open and the count has no tie; a finding
    that a person must settle is named in `left`. Judges the home where that is not done. Raises UsageError where
    there is no ledger or a claim was not sent.
    """
    from everyunit.services.claim_file import claim_files

    ledger, made = shared_ledger(home), UnitChanges()
    findings = audit(home).findings
    numbers = list(dict.fromkeys(claim_ids))
    files = claim_files(ledger, numbers, payer_id)
    for number in numbers:
        own = findings.filter((pl.col("claim_id") == number) & pl.col("kind").is_in(UNIT_KINDS))
        if own.height and (twice := repeats(ledger, number)):
            which = (
                "it repeats another claim; void it" if twice == number else f"claim {twice} repeats it; void that one"
            )
            why = f"Its units stand twice: {which}, and correct neither."
            made.left.append({"claim_id": number, "finding_id": own["finding_id"][0], "why": why})
            continue
        lines = _sent_lines(ledger, files[number].sent)
        for _, day in own.group_by("visit_id", maintain_order=True):
            beside = findings.filter(pl.col("visit_id") == day["visit_id"][0]).to_dicts()
            _of_visit(made, day.to_dicts(), beside, lines, _tied(ledger, day["visit_id"][0]))
    return made


def _sent_lines(ledger: Ledger, sent: Row) -> list[Row]:
    rows = ledger.find("claim_lines", "claim_id", sent["claim_id"])
    own = (pl.col("source_id") == sent["source_id"]) & (pl.col("claim") == sent["claim"])
    return rows.filter(own).sort("line").select("service_day", *_LINES).to_dicts()


def _tied(ledger: Ledger, visit_id: str) -> list[str]:
    visit = ledger.find("visits", "visit_id", visit_id)
    if visit.is_empty():
        return []
    return list(count_of(gather(ledger, visit.row(0, named=True), practice_of(ledger)))["tied"])


def _of_visit(made: UnitChanges, rows: list[Row], beside: list[Row], lines: list[Row], tied: list[str]) -> None:
    """Takes in the findings of one visit; of several on a code the lowest number of units holds."""
    targets: dict[str, Row] = {}
    for row in rows:
        held = targets.get(row["code"])
        if held is None or row["earned_units"] < held["earned_units"]:
            targets[row["code"]] = row
    tries = {code: _lines_of(row, beside, lines, tied) for code, row in targets.items()}
    stuck = next((why for code, (_, why) in tries.items() if why and targets[code]["kind"] == _TOGETHER), "")
    for code, (changes, why) in tries.items():
        row = targets[code]
        if not why and stuck and row["kind"] == _TOGETHER:
            why = f"{code}: its units move with those of another code of the day, which stays open."
        if why:
            made.left.append({"claim_id": row["claim_id"], "finding_id": row["finding_id"], "why": why})
        else:
            made.rows += changes


def _lines_of(row: Row, beside: list[Row], lines: list[Row], tied: list[str]) -> tuple[list[Row], str]:
    """The lines that one finding changes, or why a person must say."""
    code, billed, target = row["code"], row["billed_units"], row["earned_units"]
    own = [line for line in lines if line["code"] == code and line["service_day"] == row["service_day"]]
    if not own or any(line["units"] is None or line["charge_cents"] is None for line in own):
        return [], f"{code} has no line of this day with whole units on the claim: add it in the billing software."
    if sum(line["units"] for line in own) != billed:
        return [], f"{code} of this day stands on several claims: say with --set which line changes."
    if len({line["modifiers"] for line in own}) > 1:
        return [], f"{code} stands on several lines with different modifiers: say with --set which one changes."
    if target > billed:
        if code in tied:
            return [], f"{code}: the left-over minutes are tied, and the clinician says which code they go to."
        opened = [
            other["kind"] for other in beside
            if other["kind"] in AT_RISK or (other["direction"] in ("document", "over") and other["code"] == code)
        ]  # fmt: skip
        if opened:
            return [], f"{code}: units are not raised while {opened[0]} of this visit is open."
    return _spread(row, own, target), ""


def _spread(row: Row, own: list[Row], target: int) -> list[Row]:
    """Lines of one code with `target` units in sum: the first takes what is more, the last gives what is less."""
    less, changes = row["billed_units"] - target, []
    for line in own if less < 0 else reversed(own):
        units = line["units"]
        after = max(units - less, 0)
        less -= units - after
        if after != units:
            charge = line["charge_cents"]
            changes.append({
                "claim_id": row["claim_id"], "line": line["line"], "code": line["code"],
                "units_before": units, "units_after": after, "charge_before_cents": charge,
                "charge_after_cents": (2 * charge * after + units) // (2 * units) if units else charge,
                "finding_id": row["finding_id"],
            })  # fmt: skip
    return sorted(changes, key=lambda change: change["line"])


def nothing_of(number: str, made: UnitChanges) -> UsageError:
    """That no finding of units changes this claim, with what stays open on it."""
    open_ = " ".join(row["why"] for row in made.left if row["claim_id"] == number)
    return UsageError(
        f"{number}: no finding of units changes this claim.{' ' + open_ if open_ else ''}",
        remedy="Say what it shall read with --set or --without.",
    )

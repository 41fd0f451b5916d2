"""The letter or form that asks a payer for what it paid short: one line, or a payer's pattern with all its claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.days import iso, words
from everyunit.errors import UsageError
from everyunit.ledger import Ledger
from everyunit.money import dollars
from everyunit.rulebook import Book
from everyunit.rulebook.papers import fees, manual
from everyunit.services.appeal import Appeal
from everyunit.services.appeal_lines import decided_lines, shown
from everyunit.services.appeal_names import parties
from everyunit.services.claim_file import ClaimFile, claim_files
from everyunit.services.dispute_basis import Basis, basis
from everyunit.services.home import open_home
from everyunit.services.inputs import practice_of
from everyunit.services.open_items import open_items
from everyunit.services.paper_day import check_day
from everyunit.services.resubmit import deadline

NAME = "payment review"
LETTER, FORM = "dispute", "dispute_form"
ENCLOSED = 100  # claims whose lines and remittances are enclosed; all are listed
_PART_B = ("medicare", "railroad_medicare")
Row = dict[str, Any]


def short_lines(home: str | Path, named: str) -> pl.DataFrame:
    """PAID_OFF of a case of underpayment (case_id), of a claim (CLM01) or of one line of it (CLAIM:LINE); what was
    written off is left out, and what a letter asked for already where there is more. Empty where nothing of that name
    was paid short."""
    lines = open_items(home).lines.filter(pl.col("direction") == "underpaid")
    claim, _, number = named.rpartition(":")
    one = (pl.col("claim_id") == claim) & (pl.col("line").cast(pl.String) == number)
    found = lines.filter((pl.col("case_id") == named) | (pl.col("claim_id") == named) | one)
    fresh = found.filter(pl.col("asked_day").is_null())
    return (fresh if fresh.height else found).sort("service_day", "claim_id", "line")


def dispute(home: str | Path, named: str, day: int, form: bool = False) -> Appeal:
    """The letter for what `short_lines` finds, dated `day` (epoch day): what each line is expected at and by which
    fees, what came, what is short in dollars, and what is asked; or the form that asks the same.

    Raises UsageError where nothing of that name was paid short, or the day cannot be.
    """
    short = short_lines(home, named)
    if short.is_empty():
        raise UsageError(
            f"Nothing of {named} was paid below what is expected.",
            remedy="Take the item_id of an underpayment that `everyunit denials --json` shows.",
        )
    ledger, book = open_home(home), Book.load()
    numbers = short["claim_id"].unique(maintain_order=True).to_list()
    files = claim_files(ledger, numbers, short["payer_id"][0])
    check_day(day, files.values())
    first = files[numbers[0]]
    practice = practice_of(ledger)
    rows = [(row, basis(row, practice, book, first.kind)) for row in short.to_dicts()]
    part_b = first.kind in _PART_B
    name = book.correction(first.kind).appeal if part_b else NAME
    limit = _limit(files.values(), book) if part_b else None
    notes = _notes(rows, limit, day, first.kind)
    letter = {
        **_who(ledger, files, numbers, part_b),
        "name": name,
        "date": words(day),
        "about": f"{len(numbers)} claims" if len(numbers) > 1 else f"claim {numbers[0]}",
        "seen": _seen(home, short, named),
        "asked": _asked(rows, name, part_b),
        **_sums(short),
        "bases": _bases(rows),
        "lines": [_line(row, files[row["claim_id"]]) for row, _ in rows],
        "steps": _steps(rows),
        "claims": [_enclosed(ledger, files[number], book) for number in numbers[:ENCLOSED]],
        "more": max(0, len(numbers) - ENCLOSED),
        "deadline": words(limit[0]) if limit and limit[0] >= day else "",
        "late": f"The time to ask ended on {words(limit[0])}." if limit and limit[0] < day else "",
        "limit": f"Time to ask: {limit[1]}" if limit else "",
        "medicare": part_b,
        "own": fees(first.kind) if any(by.own for _, by in rows) else "",
        "request": book.request(first.kind),
    }
    parts = tuple((row["claim_id"], row["line"]) for row, _ in rows)
    only = numbers[0] if len(numbers) == 1 else ""
    return Appeal(
        only, name, iso(limit[0]) if limit else None, letter, notes, template=FORM if form else LETTER,
        case_id=short["case_id"][0], parts=parts,
    )  # fmt: skip


def _limit(files: Iterable[ClaimFile], book: Book) -> tuple[int, str] | None:
    """The earliest last day to ask among the claims, with its source."""
    found = [deadline(file, "appeal", book.deadlines) for file in files]
    return min((limit for limit in found if limit is not None), default=None)


def _who(ledger: Ledger, files: Mapping[str, ClaimFile], numbers: list[str], part_b: bool) -> Row:
    """Practice and payer of the first claim; patients' names where one claim is meant, or Medicare asks for them."""
    made = parties(ledger, files[numbers[0]])
    npis = sorted({str(file.sent["billing_npi"] or "") for file in files.values()} - {""})
    made["practice"] = {**made["practice"], "npi": ", ".join(npis)}
    if len(numbers) == 1:
        return made
    names = {number: parties(ledger, files[number])["patient"]["name"] for number in numbers} if part_b else {}
    return {**made, "patient": {"name": "", "member": "", "born": ""}, "clinician": {"name": "", "npi": ""},
            "names": names}  # fmt: skip


def _seen(home: str | Path, short: pl.DataFrame, named: str) -> str:
    """What was seen, of a case in its own words."""
    case = open_items(home).cases.filter(pl.col("case_id") == named)
    if case.height and case["pattern"][0] != "single":
        return str(case["message"][0]).split(". ")[0] + "."
    several = "lines were" if short.height > 1 else "line was"
    return f"The {several} paid below what is expected."


def _asked(rows: list[tuple[Row, Basis]], name: str, part_b: bool) -> str:
    due = dollars(-sum(row["off_cents"] for row, _ in rows))
    lines = f"the {len(rows)} lines" if len(rows) > 1 else "the line"
    if part_b:
        return f"We ask for a {name} of what was allowed for {lines} below, and for payment of what is short, {due}."
    return (
        f"We ask you to decide {lines} below again by the fees named here and to pay what is short, {due}; or to say "
        "in writing by which fees and which edits each line was paid."
    )


def _sums(short: pl.DataFrame) -> Row:
    sums = {name: int(short[f"{name}_cents"].sum()) for name in ("expected", "received", "off", "sequestration")}
    return {
        "days": _span(short["service_day"].to_list()),
        "expected": dollars(sums["expected"]), "received": dollars(sums["received"]), "short": dollars(-sums["off"]),
        "withheld": dollars(sums["sequestration"]) if sums["sequestration"] else "",
    }  # fmt: skip


def _bases(rows: list[tuple[Row, Basis]]) -> list[Row]:
    """Each contract or fee schedule once, with the codes and days it holds for and where it stands."""
    grouped: dict[tuple[str, str], list[Row]] = {}
    for row, by in rows:
        grouped.setdefault((by.agreed, by.source), []).append(row)
    return [
        {
            "agreed": agreed, "source": source,
            "codes": ", ".join(sorted({code for row in held for code in row["code"].split(":")})),
            "days": _span([row["service_day"] for row in held]),
        }
        for (agreed, source), held in grouped.items()
    ]  # fmt: skip


def _span(days: list[int]) -> str:
    return shown(min(days)) if min(days) == max(days) else f"{shown(min(days))} to {shown(max(days))}"


def _line(row: Row, file: ClaimFile) -> Row:
    """A line of the list, as text."""
    decision = file.decision or {}
    return {
        "claim": row["claim_id"], "line": str(row["line"] or "all"), "control": file.standing.payer_control,
        "member": file.sent["member_id"] or "", "trace": decision.get("trace") or "", "day": iso(row["service_day"]),
        "paid_on": iso(row["paid_day"]), "code": row["code"].replace(":", " "),
        "modifiers": row["modifiers"].replace(":", " "), "units": str(row["units"] or ""),
        "decided_code": row["decided_code"] or "", "charge": dollars(row["charge_cents"]),
        "expected": dollars(row["expected_cents"]), "paid": dollars(row["paid_cents"]),
        "patient": dollars(row["patient_cents"]), "withheld": dollars(row["sequestration_cents"]),
        "short": dollars(-row["off_cents"]),
    }  # fmt: skip


def _steps(rows: list[tuple[Row, Basis]]) -> list[Row]:
    """How the lines are counted, those that are counted alike together."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for row, by in rows:
        grouped.setdefault((row["code"].replace(":", " "), by.steps), []).append(f"{row['claim_id']}:{row['line']}")
    return [{"code": code, "steps": steps, "lines": ", ".join(held)} for (code, steps), held in grouped.items()]


def _enclosed(ledger: Ledger, file: ClaimFile, book: Book) -> Row:
    """A claim as it was decided: every line as charged and paid, with what was taken off and why."""
    return {
        "claim": file.sent["claim_id"], "control": file.standing.payer_control,
        "sent": shown(file.sent["created_day"]), "decided": shown((file.decision or {}).get("decided_day")),
        "trace": (file.decision or {}).get("trace") or "", "lines": decided_lines(ledger, file, book),
    }  # fmt: skip


def _notes(rows: list[tuple[Row, Basis]], limit: tuple[int, str] | None, day: int, kind: str) -> list[str]:
    """Words to whoever sends the letter."""
    said = []
    asked = [row["asked_day"] for row, _ in rows if row["asked_day"] is not None]
    if asked:
        said.append(f"A letter about it went out on {iso(max(asked))} and is not answered yet.")
    if limit is None:
        where = f"Look in {manual(kind)} how and by when a payment is disputed."
        said.append(f"The book knows no last day for it. {where}")
    elif limit[0] < day:
        said.append(f"The time to ask ended on {iso(limit[0])} for the oldest ({limit[1]}). Say why it is late.")
    if any(by.own for _, by in rows):
        said.append(f"Enclose the page of {fees(kind)} that names the fees.")
    if not all(by.checked for _, by in rows):
        said.append("Some of the fees were not seen at their source. Check them before the letter goes out.")
    return said

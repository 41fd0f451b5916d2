"""What a practice says of its payers and clinics: practice.toml and the fee tables it names."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from everyunit.money import to_cents
from everyunit.rulebook.payers import PayerTerms

FILE = "practice.toml"
RULES = ("cms", "ama")


@dataclass(frozen=True)
class Problem:
    """One thing in a practice's own file that could not be taken: where, what was seen, what clears it."""

    place: str
    seen: str
    remedy: str

    def sentence(self) -> str:
        """The problem as one line."""
        return f"{self.place}: {self.seen} {self.remedy}"


@dataclass
class Practice:
    """Terms by payer id, (mac, locality) by clinic name, and what could not be taken from the files."""

    payers: dict[str, PayerTerms] = field(default_factory=dict)
    clinics: dict[str, tuple[str, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @staticmethod
    def from_documents(documents: Mapping[str, bytes]) -> Practice:
        """The practice that these files describe, by file name: practice.toml and fee tables (code, allowed).

        Never raises for what stands in them: an entry that cannot be taken becomes a problem, the rest goes in.
        """
        practice = Practice()
        raw = _named(documents, FILE)
        if raw is None:
            return practice
        body = _toml(raw, practice)
        for name, entry in _section(body, "payers", practice).items():
            _payer(name, entry, documents, practice)
        for name, entry in _section(body, "clinics", practice).items():
            _clinic(name, entry, practice)
        return practice

    def localities(self) -> list[tuple[str, str]]:
        """The (mac, locality) pairs of the clinics, each once."""
        return sorted(set(self.clinics.values()))

    def note(self, place: str, seen: str, remedy: str) -> None:
        """Write down what could not be taken."""
        self.problems.append(Problem(place, seen, remedy))


def _named(documents: Mapping[str, bytes], name: str) -> bytes | None:
    """The document of that file name, in whatever folder it lay."""
    wanted = name.replace("\\", "/").rsplit("/", 1)[-1].lower()
    for path, data in documents.items():
        if path.replace("\\", "/").rsplit("/", 1)[-1].lower() == wanted:
            return data
    return None


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _toml(raw: bytes, practice: Practice) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(raw))
    except tomllib.TOMLDecodeError as error:
        practice.note(FILE, f"this is no TOML ({error}).", "Mend that line and import it again.")
        return {}


def _section(body: dict[str, Any], name: str, practice: Practice) -> dict[str, Any]:
    found = body.get(name, {})
    if isinstance(found, dict):
        return found
    practice.note(f"{FILE} {name}", "this is no section.", f"Write [{name}.NAME] and its lines below.")
    return {}


def _payer(payer_id: str, entry: Any, documents: Mapping[str, bytes], practice: Practice) -> None:
    place = f"{FILE} payers.{payer_id}"
    if not isinstance(entry, dict):
        practice.note(place, "this is no section.", f"Write [payers.{payer_id}] and its lines below.")
        return
    rule = str(entry.get("rule", "")).strip().lower()
    if rule not in RULES:
        seen = f'rule reads "{rule}".' if rule else "rule is missing."
        practice.note(place, seen, 'Write rule = "cms" (pooled day) or rule = "ama" (each code alone).')
        return
    fees = str(entry.get("fees", "medicare")).strip()
    table: str | dict[str, int] = "medicare"
    note = ""
    if fees.lower() != "medicare":
        raw = _named(documents, fees)
        if raw is None:
            note = f"the fee table {fees} is not there; Medicare's schedule stands in for it"
            practice.note(place, f"{note}.", 'Import that file too, or write fees = "medicare".')
        else:
            table = _fee_table(fees, raw, practice)
    name = str(entry.get("name", payer_id)).strip()
    practice.payers[payer_id] = PayerTerms(
        payer_id, name, "cms" if rule == "cms" else "ama", table, True, FILE, not note, note
    )


def _fee_table(name: str, raw: bytes, practice: Practice) -> dict[str, int]:
    """Cents a unit by code. A row that cannot be taken is noted and left out."""
    lines = _text(raw).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    rows = list(enumerate(_cells(lines), start=1))
    heads = [cell.lower() for cell in rows[0][1]]
    for column in ("code", "allowed"):
        if column not in heads:
            practice.note(f"{name} row 1", f"the column {column} is missing.", "The heading reads code,allowed.")
            return {}
    table: dict[str, int] = {}
    for number, cells in rows[1:]:
        if not any(cells):
            continue
        padded = [*cells, *[""] * len(heads)]
        code, amount = padded[heads.index("code")].upper(), padded[heads.index("allowed")]
        fault = _fee_fault(code, amount, table)
        if fault:
            practice.note(f"{name} row {number}", *fault)
        else:
            table[code] = to_cents(amount)
    return table


def _cells(lines: list[str]) -> list[list[str]]:
    """The trimmed cells of each line; a line that is no CSV has none."""
    made: list[list[str]] = []
    for line in lines:
        try:
            made.append([cell.strip() for cell in next(csv.reader([line]), [])])
        except csv.Error:
            made.append([])
    return made


def _fee_fault(code: str, amount: str, table: dict[str, int]) -> tuple[str, str] | None:
    if not code:
        return "code is empty.", "Write the procedure code."
    if code in table:
        return f"{code} stands twice; the first price is kept.", "Leave one row for each code."
    try:
        cents = to_cents(amount)
    except ValueError:
        return f"allowed of {code} is no amount.", "Write it as 31.50."
    if cents < 0:
        return f"allowed of {code} is negative.", "Write the amount the payer allows for one unit."
    return None


def _clinic(name: str, entry: Any, practice: Practice) -> None:
    place = f"{FILE} clinics.{name}"
    if not isinstance(entry, dict):
        practice.note(place, "this is no section.", f'Write [clinics."{name}"] and its lines below.')
        return
    mac, locality = _padded(entry.get("mac", ""), 5), _padded(entry.get("locality", ""), 2)
    if not mac or not locality:
        seen = "mac and locality are not both numbers of 5 and 2 digits."
        practice.note(place, seen, 'Write mac = "06102" and locality = "15"; until then the national rate is used.')
        return
    practice.clinics[name] = (mac, locality)


def _padded(value: Any, digits: int) -> str:
    """Digits as text with their leading zeros, empty where they are none."""
    text = "" if isinstance(value, bool) else str(value).strip()
    return text.zfill(digits) if text.isdigit() and len(text) <= digits else ""

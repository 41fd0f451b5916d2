"""What a practice says of its payers and clinics: practice.toml and the fee tables it names."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from everyunit.rulebook.contracts import contracts_of
from everyunit.rulebook.fee_tables import fee_table, text_of
from everyunit.rulebook.payers import PayerTerms

FILE = "practice.toml"
RULES = ("cms", "ama")
MOST_DAYS = 3_660
MOST_UNITS = 96  # quarter hours of a day
WORDS = {
    "payers": ("name", "rule", "fees", "filing_days", "contracts", "units_a_day", "ceilings"),
    "clinics": ("mac", "locality"),
}  # all that is read, by section
OWN = ("patient_refund_days", "payment_before_signing")  # what stands above all sections


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
    """Terms by payer id, (mac, locality) by clinic name, and what could not be taken from the files.

    `patient_refund_days` is the practice's own limit, by its state's law, to return a patient's credit; 0: not told.
    `payment_before_signing`: whether a clinician may ask for expected payment beside a draft.
    """

    payers: dict[str, PayerTerms] = field(default_factory=dict)
    clinics: dict[str, tuple[str, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    patient_refund_days: int = 0
    payment_before_signing: bool = False

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
        for name in body.keys() - WORDS.keys() - set(OWN):
            meant = _meant(name, (*WORDS, *OWN))
            practice.note(f"{FILE} {name}", f"{name} is no section that is read here.", meant)
        practice.patient_refund_days = _days(body, OWN[0], FILE, practice)
        practice.payment_before_signing = _yes(body, OWN[1], practice)
        for name, entry in _section(body, "payers", practice).items():
            _payer(name, entry, documents, practice)
        for name, entry in _section(body, "clinics", practice).items():
            _clinic(name, entry, practice)
        return practice

    @staticmethod
    def faults(documents: Mapping[str, bytes], places: Collection[tuple[str, str]]) -> list[Problem]:
        """What is not right in practice.toml itself: what could not be taken, and clinics in a locality that is none
        of `places` (the (mac, locality) pairs of the book). Faults within fee tables are left out."""
        practice = Practice.from_documents(documents)
        for name, (mac, locality) in practice.clinics.items():
            if (mac, locality) not in places:
                seen = f"the book knows no Medicare locality {mac} {locality}."
                practice.note(f"{FILE} clinics.{name}", seen, "Look it up in your Medicare contractor's list.")
        return [problem for problem in practice.problems if problem.place.split(" ")[0] == FILE]

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


def _toml(raw: bytes, practice: Practice) -> dict[str, Any]:
    try:
        return tomllib.loads(text_of(raw))
    except RecursionError:
        practice.note(FILE, "it is too deeply nested.", "Write it as sections and lines, and import it again.")
        return {}
    except tomllib.TOMLDecodeError as error:
        practice.note(FILE, f"this is no TOML ({error}).", "Mend that line and import it again.")
        return {}


def _section(body: dict[str, Any], name: str, practice: Practice) -> dict[str, Any]:
    found = body.get(name, {})
    if isinstance(found, dict):
        return found
    practice.note(f"{FILE} {name}", "this is no section.", f"Write [{name}.NAME] and its lines below.")
    return {}


def _meant(word: str, known: tuple[str, ...]) -> str:
    """The remedy for a word that is not read: what it may stand for."""
    near = get_close_matches(word.lower(), known, n=1)
    if near:
        return f"Did you mean {near[0]}? Mend it, or leave it out."
    return f"Take {', '.join(known[:-1])} or {known[-1]}, or leave it out."


def _others(place: str, entry: dict[str, Any], section: str, practice: Practice) -> None:
    """Note the words of an entry that nothing reads."""
    for word in entry:
        if word not in WORDS[section]:
            practice.note(place, f"{word} is no word that is read here.", _meant(word, WORDS[section]))


def _payer(payer_id: str, entry: Any, documents: Mapping[str, bytes], practice: Practice) -> None:
    place = f"{FILE} payers.{payer_id}"
    if not isinstance(entry, dict):
        practice.note(place, "this is no section.", f"Write [payers.{payer_id}] and its lines below.")
        return
    _others(place, entry, "payers", practice)
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
    rule = str(entry.get("rule", "")).strip().lower()
    if rule not in RULES:
        seen = f'rule reads "{rule}".' if rule else "rule is missing."
        practice.note(place, seen, 'Write rule = "cms" (pooled day) or rule = "ama" (each code alone).')
        return
    name = str(entry.get("name", payer_id)).strip()

    def named_table(file: str) -> dict[str, int] | None:
        found = _named(documents, file)
        return None if found is None else _fee_table(file, found, practice)

    agreed = contracts_of(
        entry.get("contracts", []), named_table, lambda seen, remedy: practice.note(place, seen, remedy)
    )
    practice.payers[payer_id] = PayerTerms(
        payer_id, name, "cms" if rule == "cms" else "ama", table, True, FILE, not note, note, agreed,
        _days(entry, "filing_days", place, practice), fees if isinstance(table, dict) else "",
        _units(entry.get("units_a_day", 0), "units_a_day", place, practice),
        _ceilings(entry.get("ceilings", {}), place, practice),
    )  # fmt: skip


def _units(units: Any, name: str, place: str, practice: Practice) -> int:
    """Units a day, 0 where there are none; what is no number of units is noted."""
    if isinstance(units, int) and not isinstance(units, bool) and 0 <= units <= MOST_UNITS:
        return units
    practice.note(place, f"{name} is no number of units.", f"Write {name} = 4.")
    return 0


def _ceilings(entry: Any, place: str, practice: Practice) -> dict[str, int]:
    """The payer's own most units of a code a day."""
    if not isinstance(entry, dict):
        practice.note(place, "ceilings is no section.", "Write ceilings = { 97110 = 3 }.")
        return {}
    made = {str(code).upper(): _units(units, f"ceilings.{code}", place, practice) for code, units in entry.items()}
    return {code: units for code, units in made.items() if units}


def _days(entry: dict[str, Any], name: str, place: str, practice: Practice) -> int:
    """The days under that name, 0 where there are none; what is no number of days is noted."""
    days = entry.get(name, 0)
    if isinstance(days, int) and not isinstance(days, bool) and 0 <= days <= MOST_DAYS:
        return days
    practice.note(place, f"{name} is no number of days.", f"Write {name} = 180.")
    return 0


def _yes(body: dict[str, Any], name: str, practice: Practice) -> bool:
    """Whether that name is true; false where it is absent, and noted where it is neither."""
    said = body.get(name, False)
    if isinstance(said, bool):
        return said
    practice.note(FILE, f"{name} is neither true nor false.", f"Write {name} = true, or leave it out.")
    return False


def _fee_table(name: str, raw: bytes, practice: Practice) -> dict[str, int]:
    """Cents a unit by code. A row that cannot be taken is noted and left out."""
    table, faults = fee_table(raw)
    for fault in faults:
        practice.note(f"{name} row {fault.row}", f"{fault.column}: {fault.message}.", fault.remedy)
    return table


def _clinic(name: str, entry: Any, practice: Practice) -> None:
    place = f"{FILE} clinics.{name}"
    if not isinstance(entry, dict):
        practice.note(place, "this is no section.", f'Write [clinics."{name}"] and its lines below.')
        return
    _others(place, entry, "clinics", practice)
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

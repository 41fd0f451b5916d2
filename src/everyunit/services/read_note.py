"""Before signing: one draft note read, with the units its minutes earn by the payer's rule. Nothing is stored."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from everyunit.errors import Unreadable, UsageError
from everyunit.intake.text import encoding_of
from everyunit.notes import Reading
from everyunit.notes.reading import NoteFinding
from everyunit.notes.signed import signed_by
from everyunit.rulebook import Book, Counted, count
from everyunit.rulebook.payers import default_terms
from everyunit.services.note_reading import read_beside
from everyunit.services.read_notes import PAYERS, payer_kind

DISCIPLINES = ("PT", "OT", "SLP")
ODD_AT_MOST = 20  # of so many signs one may be a control sign or no letter of any script
_ODD = ("Cc", "Cn", "Co", "Cs")
DEFAULT_PAYER = "medicare_b"  # of a draft whose payer is not named
NO_CODES = ("home_health", "part_a_snf")
ELEMENTS = {
    "timed_minutes": "minutes of timed codes",
    "total_time": "total treatment time",
    "start_stop": "start and stop",
    "skilled_need": "the therapist's skill (cue, assist, grade, technique)",
    "response": "the patient's response",
    "plan": "what comes next",
}


@dataclass(frozen=True)
class Draft:
    """A draft as it stands: what was read, the units its minutes earn, by which rule, and what the record lacks.

    `earned` is None where no timed block has minutes. `lacking` are words for the elements that were not found; clock
    times are no general rule and are never lacking. `differ` are sentences on where words and planned codes differ;
    units stand with `earned`.
    """

    text: str
    reading: Reading
    rule: str
    source: str
    checked: bool
    minutes: dict[str, int]
    earned: Counted | None
    planned: dict[str, int]
    lacking: list[str] = field(default_factory=list)
    differ: list[str] = field(default_factory=list)


def draft_text(raw: bytes, place: str) -> str:
    """The words of a text file in any usual encoding. Raises Unreadable where it holds none, or is no text."""
    name = encoding_of(raw)
    try:
        text = raw.decode(name, "strict" if name == "utf-8" else "replace")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if not text.strip():
        raise Unreadable(
            "there is no text.", place=place, remedy="Write the note into the file, or give it on stdin."
        )
    odd = sum(unicodedata.category(sign) in _ODD and not sign.isspace() for sign in text) + text.count("\ufffd")
    if odd * ODD_AT_MOST > len(text):
        raise Unreadable("this is no text.", place=place, remedy="Save the note as plain text and give that file.")
    return text


def read_draft(
    text: str, discipline: str, payer: str, planned: Iterable[str] = (), minutes: Iterable[str] = ()
) -> Draft:
    """Read a draft; without a discipline its signature tells it. `payer` is a word of PAYERS, empty
    for DEFAULT_PAYER.

    `planned` are codes with units (97110=2), `minutes` minutes by code (97110=25).
    Minutes given by hand stand in place of those that the text gives for that code. Raises UsageError for another
    discipline or payer and for a code or number that cannot be taken.
    """
    payer = payer or DEFAULT_PAYER
    whose = payer_kind(payer)
    if whose is None:
        raise UsageError(f"{payer[:40]} is no payer that is known.", remedy=f"Take one of: {', '.join(PAYERS)}.")
    book = Book.load()
    units = dict(_pair(given, book, most=99, empty=1) for given in planned)
    kind = discipline.upper() or signed_by(text, units)
    if kind not in DISCIPLINES:
        raise UsageError(f"{discipline} is no discipline.", remedy="Take PT, OT or SLP.")
    by_hand = dict(_pair(given, book, most=1440, empty=None) for given in minutes)
    reading = read_beside(text, kind, whose, units.items())
    terms = default_terms(book.shelf, "", payer.replace("_", " ").replace("-", " "))
    written = reading.code_minutes()
    known = {**written, **by_hand}
    told = {code: amount for code, amount in known.items() if code in book.codes_by_number}
    earned = count(terms.rule, list(told.items()), book, billed=units) if told and whose not in NO_CODES else None
    lacking = [ELEMENTS[name] for name in reading.lacking()]
    differ = [_sentence(found) for found in reading.findings if found.kind != "units_not_supported"]
    differ += [
        f"{code}: the text gives {written[code]} minutes, {given} were given by hand and are counted. The record "
        "must hold the minutes that are billed."
        for code, given in by_hand.items()
        if written.get(code, given) != given
    ]
    return Draft(text, reading, terms.rule, terms.source, terms.checked, told, earned, units, lacking, differ)


def _sentence(found: NoteFinding) -> str:
    """A finding as it stands before anything is signed or billed: nothing of corrections and late entries."""
    carries = " or ".join(found.supported)
    return {
        "better_supported_code": f"{found.code} is planned; the words carry {carries}. Purpose and content decide, "
        "not the heading.",
        "unsupported_code": f"{found.code} is planned; no words of today's treatment carry it.",
        "documented_not_billed": f"{found.code} is told as done today and is not planned.",
    }.get(found.kind, found.message)  # fmt: skip


def _pair(given: str, book: Book, most: int, empty: int | None) -> tuple[str, int]:
    code, equals, number = given.partition("=")
    bare = code.strip().upper()
    if bare not in book.codes_by_number:
        raise UsageError(
            f"{bare[:20]} is not in the book.", remedy="`everyunit book keys codes` lists the codes it knows."
        )
    if not equals and empty is not None:
        return bare, empty
    if not (number.isascii() and number.isdigit() and len(number) < 6 and int(number) <= most):
        raise UsageError(f"{bare} reads {number[:20]}.", remedy=f"Write {bare}=2: a whole number up to {most}.")
    return bare, int(number)

"""One note read beside its codes, without what the count of its minutes or the lexicon cannot bear out."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from everyunit.notes import Reading, read
from everyunit.notes.disagreements import same
from everyunit.notes.earned import SIBLINGS
from everyunit.notes.lexicon import lexicon
from everyunit.rulebook import Book, count

POOLED = ("medicare", "medicaid", "tricare")  # payers whose way of counting is known; of others both ways must agree
HEAT, UNCOUNTED = "97010", "uncounted_skilled_time"


def read_beside(text: str, discipline: str, payer: str, billed: Iterable[tuple[str, int]]) -> Reading:
    """`read`, without four kinds of saying too much.

    A service told and not billed whose minutes earn no unit rightly stands on no line. A code for which the lexicon
    has no words cannot be missed, nor one for which words stand in the block of another service or of its sibling
    (massage and manual therapy), unless the note says that it was not given. Where the words carry the billed code
    beside another, its units are a matter of minutes. Minutes of heat or ice are no open skilled time, whoever pays
    for them.
    """
    units, kind = dict(billed), discipline or "PT"
    reading = read(text, kind, payer, units)
    if reading.minutes.uncounted and HEAT not in units:
        _with_heat(reading, read(text, kind, payer, {**units, HEAT: 1}))
    carried = {made.code for made in reading.interventions if made.sure}

    def kin(code: str) -> bool:
        return any((code, other) in SIBLINGS for other in carried)

    tests = {
        "documented_not_billed": lambda code: _earns(code, reading, payer, units),
        "unsupported_code": lambda code: (
            _refused(code, reading) or (_worded(code) and not _within_another(code, reading) and not kin(code))
        ),
        "better_supported_code": lambda code: code not in carried,
    }
    reading.findings = [
        found for found in reading.findings if found.kind not in tests or tests[found.kind](found.code or "")
    ]
    return reading


def _with_heat(reading: Reading, again: Reading) -> None:
    """Take the clock and the passages of the reading that looked for heat or ice, where it found some."""
    if not any(made.code == HEAT for made in again.interventions):
        return
    reading.minutes, reading.passages = again.minutes, again.passages
    kept = [found for found in reading.findings if found.kind != UNCOUNTED]
    reading.findings = kept + [found for found in again.findings if found.kind == UNCOUNTED]


def _refused(code: str, reading: Reading) -> bool:
    return any(aside.code == code and aside.reason == "negation" for aside in reading.set_aside)


@cache
def _worded(code: str) -> bool:
    """Whether the lexicon has words for a code or for one that stands for the same service."""
    seen, open_ = set(), [lexicon().evidence]
    while open_:
        node = open_.pop()
        open_ += node.after.values()
        seen |= {carried for _, entry in node.entries for carried, _ in entry.weights}
    return any(same(code, carried) for carried in seen)


def _within_another(code: str, reading: Reading) -> bool:
    blocks = [made for made in reading.interventions if not same(code, made.code)]
    return any(same(code, touched) for made in blocks for touched in made.touched)


def plain_minutes(reading: Reading) -> dict[str, int]:
    """Minutes by timed code where the note states them plainly: every service sure and with its minutes, none of
    which carries a second code, and their sum the timed minutes. Else nothing."""
    book = Book.load()
    done = [made for made in reading.interventions if _timed(made.code, book)]
    if not done or not all(made.sure and made.attended and len(made.supported) == 1 for made in done):
        return {}
    if any(made.minutes is None for made in done):
        return {}
    summed = {code: told for code, told in reading.code_minutes().items() if _timed(code, book)}
    return summed if sum(summed.values()) == reading.minutes.timed else {}


def _earns(code: str, reading: Reading, payer: str, units: dict[str, int]) -> bool:
    """Whether the note's minutes earn the code a unit by every way of counting that may hold."""
    book = Book.load()
    if not _timed(code, book):
        return True
    told = [(made, minutes) for made, minutes in reading.code_minutes().items() if _timed(made, book)]
    ways = ("cms",) if payer.startswith(POOLED) else ("cms", "ama")
    return all(count(way, told, book, billed=units).units.get(code, 0) > 0 for way in ways)


def _timed(code: str, book: Book) -> bool:
    held = book.codes_by_number.get(code)
    return bool(held and held.timed)

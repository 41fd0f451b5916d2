"""Counting units without a ledger: one day by hand, or a whole file of cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from everyunit.errors import Unreadable, UsageError
from everyunit.rulebook import Book, Counted, Value, count
from everyunit.services.csv_lines import csv_rows

DAY_MINUTES = 1440
RULES = {"cms": "cms", "cms_8_minute": "cms", "ama": "ama", "ama_spm": "ama"}
COLUMNS = ("case_id", "rule", "code", "minutes")
WHOLE = "Write whole minutes, 0 to 1440."


def rule_name(text: str) -> str:
    """cms or ama for any of their names; UsageError for another."""
    found = RULES.get(text.strip().lower())
    if found is None:
        raise UsageError(f"{text} is no counting rule.", remedy="Take cms (pooled day) or ama (each code alone).")
    return found


def by_hand(rule: str, given: Iterable[str]) -> tuple[Counted, Value]:
    """Units of `97110=33 97140=7` and the book's entry for the rule.

    Raises UsageError for a text of another form, an unknown code, and minutes below 0 or over a day.
    """
    pairs = [_pair(text) for text in given]
    if not pairs:
        raise UsageError("No code is given.", remedy="Write each as CODE=MINUTES, such as 97110=33.")
    day_total: dict[str, int] = {}
    for code, minutes in pairs:
        day_total[code] = day_total.get(code, 0) + minutes
        if day_total[code] > DAY_MINUTES:
            raise UsageError(f"{code} has {day_total[code]} minutes.", remedy="A day has 1440; check the minutes.")
    book, name = Book.load(), rule_name(rule)
    entry = book.shelf.values[f"counting.{name}"][-1]
    return count(name, pairs, book), entry


def _pair(text: str) -> tuple[str, int]:
    code, equals, minutes = text.partition("=")
    if not equals or not code.strip():
        raise UsageError(f"{text} is not CODE=MINUTES.", remedy="Write 97110=33.")
    return code.strip().upper(), _minutes(minutes, code.strip())


def _minutes(text: str, code: str) -> int:
    bare = text.strip()
    if not (bare.isascii() and bare.removeprefix("-").isdigit()) or len(bare) > 9:
        raise UsageError(f"The minutes of {code} read {bare[:40]}.", remedy=WHOLE)
    if not 0 <= int(bare) <= DAY_MINUTES:
        raise UsageError(f"{code} has {int(bare)} minutes.", remedy=WHOLE)
    return int(bare)


@dataclass
class Case:
    """One case of a batch: its rule, its minutes in file order, and whether a row of it could not be taken."""

    rule: str
    minutes: list[tuple[str, int]] = field(default_factory=list)
    spoiled: bool = False


@dataclass
class Batch:
    """The cases of a file in its order, and a sentence for each row that could not be taken."""

    cases: dict[str, Case] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    rows: int = 0

    @property
    def left_out(self) -> int:
        """Cases that are not counted because a row of theirs could not be taken."""
        return sum(case.spoiled for case in self.cases.values())


def read_batch(lines: Iterable[str], name: str) -> Batch:
    """The cases of a CSV file (case_id, rule, code, minutes; any order, further columns ignored).

    A row that cannot be taken is named with its column and remedy, and its case is not counted: part of a day's
    minutes would give a wrong answer. Raises Unreadable where the heading lacks a column.
    """
    batch, book = Batch(), Book.load()
    places: list[int] = []
    found = csv_rows(lines, lambda said, cells: _broken(said, cells, places, batch))
    heading = [cell.strip().lower().lstrip("\ufeff") for cell in next(found, (1, []))[1]]
    missing = [column for column in COLUMNS if column not in heading]
    if missing:
        remedy = f"The heading reads {','.join(COLUMNS)}."
        raise Unreadable(f"the column {missing[0]} is missing.", place=f"{name} row 1", remedy=remedy)
    places += [heading.index(column) for column in COLUMNS]
    timed = {code: known.timed for code, known in book.codes_by_number.items()}
    for number, cells in found:
        if any(cell.strip() for cell in cells):
            batch.rows += 1
            _take(cells, number, places, timed, batch)
    return batch


def _broken(said: str, cells: list[str], places: list[int], batch: Batch) -> None:
    """A row that is no CSV spoils its case, as far as the row still names one."""
    batch.rows += 1
    batch.problems.append(said)
    case_id = cells[places[0]].strip() if places and places[0] < len(cells) else ""
    if case_id:
        batch.cases.setdefault(case_id, Case("")).spoiled = True


def _take(cells: list[str], number: int, places: list[int], timed: dict[str, bool], batch: Batch) -> None:
    case_id, rule, code, minutes = (cells[at].strip() if at < len(cells) else "" for at in places)
    name, code = RULES.get(rule.lower(), ""), code.upper()
    fault = _fault(case_id, name, code, minutes, timed)
    case = batch.cases.setdefault(case_id, Case(name)) if case_id else None
    if not fault and case and name != (case.rule or name):
        fault = "column rule: it differs from the other rows of this case. Give a case one rule."
    if fault:
        batch.problems.append(f"row {number}, {fault}")
        if case:
            case.spoiled = True
    elif case:
        case.rule = name
        case.minutes.append((code, int(minutes or 0)))


def _fault(case_id: str, rule: str, code: str, minutes: str, timed: dict[str, bool]) -> str:
    if not case_id:
        return "column case_id: it is empty. Give each case a name."
    if not rule:
        return "column rule: it is neither cms nor ama. Write one of them."
    if code not in timed:
        return "column code: the book does not know it. `everyunit book keys codes` lists the codes it knows."
    if not minutes and not timed[code]:
        return ""
    digits = minutes.removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10 and int(digits) <= DAY_MINUTES):
        return f"column minutes: they are not whole minutes of one day. {WHOLE}"
    return ""


def count_batch(batch: Batch) -> Iterator[tuple[str, Counted]]:
    """Each case that could be read whole, in file order, with its units."""
    book = Book.load()
    for case_id, case in batch.cases.items():
        if not case.spoiled:
            yield case_id, count(case.rule, case.minutes, book)

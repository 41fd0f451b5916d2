"""The official CMS files, as downloaded, into rows of the book: relative values, indices, code pairs, unit ceilings.

Only codes that the book knows are taken; official descriptors are passed over, for they are not ours to keep.
Fixed text (PPRRVU*.txt) is read by the order of its fields, which is that of the other forms.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from everyunit.days import iso
from everyunit.errors import UsageError
from everyunit.rulebook.cells import Cells
from everyunit.rulebook.official_days import of_ceilings, of_indices, of_pairs, of_values
from everyunit.rulebook.sheets import Sheet
from everyunit.rulebook.shelves import Shelves

_CODE = re.compile(r"[0-9A-Z]\d{3}[0-9A-Z]")
_FIXED = re.compile(
    r"^([0-9A-Z]{5})(..).{50}([A-Z])\s*[+&#]?\s*(\d*\.\d\d)\s*(\d*\.\d\d)\s*(?:NA)?\s*(\d*\.\d\d)\s*(?:NA)?\s*(\d*\.\d\d)"
    r"\s*\d*\.\d\d\s*\d*\.\d\d\s*\d\s*(?:\d{3}|XXX|YYY|ZZZ|MMM)\s*\.?\d*\.?\d\d\s*\d*\.\d\d\s*\d*\.\d\d\s*(\d)"
)
_FACTOR = re.compile(r"\b(\d{2}\.\d{4})\b")
_PARTICIPANTS = re.compile(r"(?<!non)(?<!non[-_ ])QPP?\b", re.IGNORECASE)
MOST_UNITS = "999.99"  # value units of one service; no therapy service has above 20
INDICES = "0.001", "9.999"
_DIGITS = re.compile(r"[0-9]{1,5}")
FACTORS = "10", "99.9999"  # dollars for one value unit: it has been between 30 and 40 since 1998
MOST_CEILING = 9999  # units; the widest number that the official table holds
REDUCTIONS = "012345679"  # marks of the multiple procedure column
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_HOSPITAL = re.compile(r"ccioph", re.IGNORECASE)


@dataclass
class Taken:
    """Rows for one shelf file, in its columns, the days they hold for, and what was passed over."""

    file: str
    first_day: int
    last_day: int
    source: str
    rows: list[dict[str, str]] = field(default_factory=list)
    passed: int = 0

    def add(self, **fields: str) -> None:
        """One row with what every value of the book must carry."""
        span = {"first": iso(self.first_day), "last": iso(self.last_day), "source": self.source, "checked": "yes"}
        self.rows.append({**span, **fields})


Span = tuple[int, int] | None


class Codes(NamedTuple):
    """Codes of which each table is taken: those that the shipped book has there, and those it counts."""

    priced: frozenset[str]
    paired: frozenset[str]
    counted: frozenset[str]


def codes_of(shelf: Shelves) -> Codes:
    """The codes that a book knows, by table."""
    known = frozenset(shelf.codes)
    paired = (row.text(name) for row in shelf.pairs for name in ("column_1", "column_2"))
    priced = (row.text("code") for row in shelf.relative)
    return Codes(known.union(priced), known.union(paired), known.union(shelf.indicators))


def read_official(sheet: Sheet, codes: Codes, span: Span = None) -> list[Taken]:
    """What a sheet gives the book: nothing for a sheet of another kind, nor for one that bears the higher factor of
    qualifying participants (QPP), which CMS packs beside the usual one since 2026, nor for the pairs of hospitals.

    `span` are the first and last day to hold it for, where the file does not say. Raises UsageError where neither
    says, Unreadable with the row for a cell that is of another kind or out of its range.
    """
    if _PARTICIPANTS.search(sheet.name.rsplit("/", 1)[-1].rsplit(".", 1)[0]) or _HOSPITAL.search(sheet.name):
        return []
    for test, reader in _KINDS:
        if any(test(row) for row in sheet.rows[:40]):
            return reader(sheet, codes, span)
    return []


def _is_values(row: list[str]) -> bool:
    head = [cell.upper() for cell in row]
    return (len(head) > 20 and head[0] == "HCPCS" and head[1] == "MOD") or bool(
        len(row) == 1 and _FIXED.match(row[0])
    )


def _is_indices(row: list[str]) -> bool:
    text = " ".join(row).lower()
    return "gpci" in text and "locality number" in text


def _is_pairs(row: list[str]) -> bool:
    return len(row) >= 6 and _is_code(row[0]) and _is_code(row[1]) and row[3].isdigit() and len(row[3]) == 8


def _is_ceilings(row: list[str]) -> bool:
    text = " ".join(row).lower()
    return "mue values" in text and "adjudication" in text and "practitioner" in text


def _is_code(text: str) -> bool:
    return bool(_CODE.fullmatch(text))


def _values(sheet: Sheet, codes: Codes, span: Span) -> list[Taken]:
    first, last = span or of_values(sheet)
    source = f"CMS relative value file {_named(sheet)}"
    taken = Taken("relative_values.csv", first, last, source)
    factors: dict[str, list[int]] = {}
    for at, row in enumerate(sheet.rows, start=1):
        found = _fixed(row[0]) if len(row) == 1 else _listed(row)
        if found is None:
            continue
        code, modifier, status, work, expense, facility, malpractice, reduction, factor = found
        if factor:
            factors.setdefault(factor, []).append(at)
        if code not in codes.priced or modifier:
            taken.passed += 1
            continue
        units = {"work": work, "practice_expense": expense, "facility_practice_expense": facility,
                 "malpractice": malpractice}  # fmt: skip
        cells = Cells(sheet.name, at)
        numbers = {name: cells.decimal(said, _told(name, code), 2, "0", MOST_UNITS) for name, said in units.items()}
        taken.add(
            code=code, status=cells.one_of(status, _told("status", code), LETTERS), **numbers,
            reduction=_reduction(cells, code, reduction, numbers),
        )  # fmt: skip
    return [taken, *_factor(sheet.name, factors, taken)]


def _told(name: str, code: str) -> str:
    return f"{name.replace('_', ' ')} of {code}"


def _reduction(cells: Cells, code: str, mark: str, numbers: dict[str, str]) -> str:
    """The mark of the multiple procedure column: left out only where there is no value that it could cut."""
    if not mark and not any(number.strip("0.") for number in numbers.values()):
        return "0"
    return cells.one_of(mark, _told("multiple procedure indicator", code), REDUCTIONS)


def _listed(row: list[str]) -> tuple[str, ...] | None:
    """code, modifier, status, work, expense, facility expense, malpractice, reduction, factor of a row of cells."""
    if len(row) < 25 or not _is_code(row[0].upper()):
        return None
    cells = row[0].upper(), row[1], row[3], row[5], row[6], row[8], row[10], row[18], row[24]
    return tuple(cell.strip() for cell in cells)


def _fixed(line: str) -> tuple[str, ...] | None:
    match = _FIXED.match(line)
    if match is None:
        return None
    factor = _FACTOR.search(line, match.end())
    return (*(part.strip() for part in match.groups()), factor.group(1) if factor else "")


def _factor(name: str, factors: dict[str, list[int]], values: Taken) -> list[Taken]:
    """The conversion factor that stands on most rows (some codes bear one of their own)."""
    if not factors:
        return []
    best = max(sorted(factors), key=lambda text: len(factors[text]))
    taken = Taken("conversion_factor.csv", values.first_day, values.last_day, values.source)
    taken.add(dollars=Cells(name, factors[best][0]).decimal(best, "conversion factor", 4, *FACTORS))
    return [taken]


def _indices(sheet: Sheet, codes: Codes, span: Span) -> list[Taken]:
    first, last = span or of_indices(sheet)
    at = next(number for number, row in enumerate(sheet.rows) if _is_indices(row))
    head = [re.sub(r"\s+", " ", cell.lower()) for cell in sheet.rows[at]]
    work = [column for column, name in enumerate(head) if "pw gpci" in name or "work gpci" in name]
    with_floor = [column for column in work if "with " in head[column]] or work[-1:]
    places = {
        "mac": _find(head, "mac"), "locality": _find(head, "locality number"), "name": _find(head, "locality name"),
        "state": _find(head, "state"), "work": with_floor[0] if with_floor else -1,
        "practice_expense": _find(head, "pe gpci"), "malpractice": _find(head, "mp gpci"),
    }  # fmt: skip
    missing = [name for name, column in places.items() if column < 0]
    if missing:
        raise UsageError(f"{sheet.name}: the column of {missing[0]} was not found.", remedy="Is it Addendum E?")
    taken = Taken("localities.csv", first, last, f"CMS geographic indices {_named(sheet)}")
    for number, row in enumerate(sheet.rows[at + 1 :], start=at + 2):
        cells = {name: row[column] if column < len(row) else "" for name, column in places.items()}
        if not _DIGITS.fullmatch(cells["mac"]) or not _DIGITS.fullmatch(cells["locality"]):
            continue
        door, place = Cells(sheet.name, number), f"of {cells['mac']} {cells['locality']}"
        numbers = {
            name: door.decimal(cells[name], f"{name.replace('_', ' ')} index {place}", 3, *INDICES)
            for name in ("work", "practice_expense", "malpractice")
        }
        own = {"mac": cells["mac"].zfill(5), "locality": cells["locality"].zfill(2)}
        taken.add(**own, state=cells["state"], name=cells["name"].strip("* "), **numbers)
    return [taken]


def _find(head: list[str], words: str) -> int:
    return next((column for column, name in enumerate(head) if words in name), -1)


def _pairs(sheet: Sheet, codes: Codes, span: Span) -> list[Taken]:
    first, last = span or of_pairs(sheet)
    quarter = f"{iso(first)[:4]} Q{(int(iso(first)[5:7]) + 2) // 3}"
    taken = Taken("pairs.csv", first, last, f"CMS NCCI practitioner pair edits, {quarter}")
    held: dict[tuple[str, str], list[dict[str, str]]] = {}
    for at, row in enumerate(sheet.rows, start=1):
        if len(row) < 6 or not _is_code(row[0]) or not _is_code(row[1]):
            continue
        if row[0] not in codes.paired or row[1] not in codes.paired:
            taken.passed += 1
            continue
        cells, pair = Cells(sheet.name, at), f"of {row[0]} with {row[1]}"
        cells.one_of(row[5], f"modifier indicator {pair}", "019")
        begun = cells.day(row[3], f"effective date {pair}")
        ended = cells.day(row[4], f"deletion date {pair}") if row[4] not in ("", "*") else last
        held.setdefault((row[0], row[1]), []).extend(_edit(row, quarter, (begun, ended), (first, last)))
    for rows in held.values():  # the table keeps every edit that a pair ever had: one in force tells of the quarter
        now = [row for row in rows if row["active"] != "no"] or rows[-1:]
        for made in now:
            taken.add(**{**made, "active": "yes" if made["active"] == "yes" else "no"})
    return [taken]


def _edit(row: list[str], quarter: str, edit: tuple[int, int], span: tuple[int, int]) -> list[dict[str, str]]:
    """What one edit, from its first to its last day, says of the days of the table."""
    (begun, ended), (first, last) = edit, span
    own = {"column_1": row[0], "column_2": row[1], "indicator": row[5], "quarter": quarter}
    if begun > last or ended < max(begun, first) or row[5] == "9":
        return [{**own, "active": "no", "begun": ""}]
    days = {"first": iso(max(begun, first)), "last": iso(min(ended, last))}
    made = [{**own, "active": "yes", "begun": iso(begun), **days}]
    return [*made, {**own, "active": "ended", "begun": "", "first": iso(ended + 1)}] if ended < last else made


def _ceilings(sheet: Sheet, codes: Codes, span: Span) -> list[Taken]:
    first, last = span or of_ceilings(sheet)
    taken = Taken("ceilings.csv", first, last, f"CMS practitioner table of unit ceilings (MUE), from {iso(first)}")
    for at, row in enumerate(sheet.rows, start=1):
        if len(row) < 3 or not _is_code(row[0]):
            continue
        if row[0] not in codes.counted:
            taken.passed += 1
            continue
        cells = Cells(sheet.name, at)
        ceiling = cells.whole(row[1], f"ceiling of {row[0]}", MOST_CEILING)
        indicator = cells.one_of(row[2][:1], f"adjudication indicator of {row[0]}", "123")
        taken.add(code=row[0], ceiling=ceiling, indicator=indicator)
    return [taken]


def _named(sheet: Sheet) -> str:
    return re.sub(r"\s+sheet\d+\.xml$", "", sheet.name.rsplit("/", 1)[-1])


_KINDS: Iterable[tuple[Callable[[list[str]], bool], Callable[[Sheet, Codes, Span], list[Taken]]]] = (
    (_is_values, _values), (_is_indices, _indices), (_is_ceilings, _ceilings), (_is_pairs, _pairs),
)  # fmt: skip

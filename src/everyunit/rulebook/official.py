"""The official CMS files, as downloaded, into rows of the book: relative values, indices, code pairs, unit ceilings.

Only codes that the book knows are taken; official descriptors are passed over, for they are not ours to keep.
Fixed text (PPRRVU*.txt) is read by the order of its fields, which is that of the other forms.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from everyunit.days import iso, to_day
from everyunit.errors import BookRefusal, UsageError
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
    says, BookRefusal for a number that cannot be read.
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
    factors: dict[str, int] = {}
    for row in sheet.rows:
        found = _fixed(row[0]) if len(row) == 1 else _listed(row)
        if found is None:
            continue
        code, modifier, status, work, expense, facility, malpractice, reduction, factor = found
        if factor:
            factors[factor] = factors.get(factor, 0) + 1
        if code not in codes.priced or modifier:
            taken.passed += 1
            continue
        taken.add(
            code=code, status=status, work=_number(work, 2), practice_expense=_number(expense, 2),
            facility_practice_expense=_number(facility, 2), malpractice=_number(malpractice, 2),
            reduction=reduction or "0",
        )  # fmt: skip
    return [taken, *_factor(factors, first, last, source)]


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


def _factor(factors: dict[str, int], first: int, last: int, source: str) -> list[Taken]:
    """The conversion factor that stands on most rows (some codes bear one of their own)."""
    if not factors:
        return []
    best = max(sorted(factors), key=lambda text: factors[text])
    taken = Taken("conversion_factor.csv", first, last, source)
    taken.add(dollars=_number(best, 4))
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
    for row in sheet.rows[at + 1 :]:
        cells = {name: row[column] if column < len(row) else "" for name, column in places.items()}
        if not cells["mac"].isdigit() or not cells["locality"].isdigit():
            continue
        numbers = {name: _number(cells[name], 3) for name in ("work", "practice_expense", "malpractice")}
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
    for row in sheet.rows:
        if not _is_pairs(row):
            continue
        if row[0] not in codes.paired or row[1] not in codes.paired or row[5] not in ("0", "1", "9"):
            taken.passed += 1
            continue
        begun, ended = to_day(row[3]), to_day(row[4]) if row[4].isdigit() else last
        edit = {"column_1": row[0], "column_2": row[1], "indicator": row[5], "quarter": quarter}
        rows = held.setdefault((row[0], row[1]), [])
        if begun > last or ended < first or row[5] == "9":
            rows.append({**edit, "active": "no", "begun": ""})
            continue
        days = {"first": iso(max(begun, first)), "last": iso(min(ended, last))}
        rows.append({**edit, "active": "yes", "begun": iso(begun), **days})
        if ended < last:
            rows.append({**edit, "active": "ended", "begun": "", "first": iso(ended + 1)})
    for rows in held.values():  # the table keeps every edit that a pair ever had: one in force tells of the quarter
        now = [row for row in rows if row["active"] != "no"] or rows[-1:]
        for made in now:
            taken.add(**{**made, "active": "yes" if made["active"] == "yes" else "no"})
    return [taken]


def _ceilings(sheet: Sheet, codes: Codes, span: Span) -> list[Taken]:
    first, last = span or of_ceilings(sheet)
    taken = Taken("ceilings.csv", first, last, f"CMS practitioner table of unit ceilings (MUE), from {iso(first)}")
    for row in sheet.rows:
        if len(row) < 3 or not _is_code(row[0]) or not row[1].isdigit():
            continue
        if row[0] not in codes.counted:
            taken.passed += 1
        else:
            taken.add(code=row[0], ceiling=row[1], indicator=row[2][:1])
    return [taken]


def _named(sheet: Sheet) -> str:
    return re.sub(r"\s+sheet\d+\.xml$", "", sheet.name.rsplit("/", 1)[-1])


def _number(text: str, places: int) -> str:
    """A decimal with exactly `places` decimals; BookRefusal where it is none."""
    try:
        return f"{Decimal(text.strip() or '0').quantize(Decimal(1).scaleb(-places)):f}"
    except InvalidOperation:
        raise BookRefusal(f"{text} is no number of the table.", remedy="Download the file again.") from None


_KINDS: Iterable[tuple[Callable[[list[str]], bool], Callable[[Sheet, Codes, Span], list[Taken]]]] = (
    (_is_values, _values), (_is_indices, _indices), (_is_ceilings, _ceilings), (_is_pairs, _pairs),
)  # fmt: skip

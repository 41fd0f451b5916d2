"""For which days an official file holds: what its head says, else its name, else the name of the zip around it.

CMS brings the fee schedule out in four releases a year. Each one is the whole table from the first day of its quarter
on, until the next one: RVU27A is that of January, RVU27C that of July.
"""

from __future__ import annotations

import re

from everyunit.days import to_day
from everyunit.errors import UsageError
from everyunit.rulebook.sheets import Sheet

QUARTERS = {"0": ("01-01", "03-31"), "1": ("04-01", "06-30"), "2": ("07-01", "09-30"), "3": ("10-01", "12-31")}
YEARS = range(2020, 2050)  # of which a name is believed; --from and --to answer for others
_MONTHS = {"jan": 0, "apr": 1, "jul": 2, "oct": 3}
_RELEASE = re.compile(r"\b(jan|apr|jul|oct)[a-z]*\s+release", re.IGNORECASE)
_NAMED_MONTH = re.compile(r"(?<![a-z])(jan|apr|jul|oct)(?:uary|il|y|ober)?(?![a-z])", re.IGNORECASE)
_LETTER = re.compile(r"RVU(\d\d)([A-D])R?(?![a-z])", re.IGNORECASE)
_NAMED_YEAR = re.compile(r"RVU(\d\d)(?!\d)", re.IGNORECASE)
_YEAR = re.compile(r"(20[2-4]\d)")
_OTHER_DATES = re.compile(r"copyright|association|rights|reserved|released", re.IGNORECASE)
_VERSION = re.compile(r"v(\d\d)(\d)r\d", re.IGNORECASE)
_EFFECTIVE = re.compile(r"(\d{2})[-/_](\d{2})[-/_](20\d\d)", re.ASCII)
_CODE = re.compile(r"[0-9A-Z]\d{3}[0-9A-Z]")


def of_values(sheet: Sheet) -> tuple[int, int]:
    """First and last day of a relative value file: from its release's quarter to the end of its year."""
    year = _year(sheet)
    quarter = _quarter(sheet)
    if quarter is None:
        raise UsageError(
            f"{sheet.name} says {year}, and not of which release it is: January, April, July or October.",
            remedy=f"Give the first day that it holds for: --from {year}-01-01 --to {year}-12-31 for January's.",
        )
    return to_day(f"{year}-{QUARTERS[str(quarter)][0]}"), to_day(f"{year}-12-31")


def of_indices(sheet: Sheet) -> tuple[int, int]:
    """First and last day of geographic indices: the year, or from the quarter of the release they are packed in."""
    year = _year(sheet)
    return to_day(f"{year}-{QUARTERS[str(_packed(sheet) or 0)][0]}"), to_day(f"{year}-12-31")


def of_pairs(sheet: Sheet) -> tuple[int, int]:
    """The quarter that the version of a pair file names: v330 is the first of 2027."""
    version = next((found for name in (sheet.name, *sheet.inside) if (found := _VERSION.search(name))), None)
    if version is None:
        raise asked(sheet)
    year, quarter = 1994 + int(version.group(1)), QUARTERS.get(version.group(2))
    if quarter is None or year not in YEARS:
        raise asked(sheet)
    start, end = quarter
    return to_day(f"{year}-{start}"), to_day(f"{year}-{end}")


def of_ceilings(sheet: Sheet) -> tuple[int, int]:
    """From the day in the name of the file to the end of that quarter."""
    match = next((found for name in (sheet.name, *sheet.inside) if (found := _EFFECTIVE.search(name))), None)
    if match is None:
        raise asked(sheet)
    month, day, year = match.groups()
    try:
        first = to_day(f"{year}-{month}-{day}")
    except ValueError:
        raise asked(sheet) from None
    if int(year) not in YEARS:
        raise asked(sheet)
    return first, to_day(f"{year}-{QUARTERS[str((int(month) - 1) // 3)][1]}")


def asked(sheet: Sheet) -> UsageError:
    """The question for a file that does not say when it holds."""
    return UsageError(
        f"{sheet.name} does not say for which days it holds.", remedy="Give --from 2027-01-01 --to 2027-03-31."
    )


def _heads(sheet: Sheet) -> list[str]:
    """The lines above the table that tell of it; a day of copyright or release is another one."""
    heads = [" ".join(row) for row in sheet.rows[:8] if row and not _CODE.fullmatch(row[0][:5])]
    return [text for text in heads if not _OTHER_DATES.search(text)]


def _year(sheet: Sheet) -> str:
    """The year of the head, the name or the zip around it. Raises UsageError where two of them differ."""
    head = next((match.group(1) for text in _heads(sheet) if (match := _YEAR.search(text))), "")
    own = match.group(1) if (match := _YEAR.search(_base(sheet.name))) else ""
    named = [f"20{match.group(1)}" for name in (sheet.name, *reversed(sheet.inside))
             if (match := _NAMED_YEAR.search(name))]  # fmt: skip
    found = [year for year in (head, own, *named) if year]
    if not found:
        raise asked(sheet)
    if other := next((year for year in found if year != found[0]), ""):
        whose = "head" if head else "name"
        raise UsageError(
            f"{sheet.name}: its {whose} says {found[0]}, and its name or the zip around it {other}.",
            remedy=f"Look which is right, and give its days: --from {found[0]}-01-01 --to {found[0]}-12-31.",
        )
    return found[0]


def _quarter(sheet: Sheet) -> int | None:
    for text, form in [*((head, _RELEASE) for head in _heads(sheet)), (_base(sheet.name), _NAMED_MONTH)]:
        if match := form.search(text):
            return _MONTHS[match.group(1).lower()]
    return _packed(sheet)


def _packed(sheet: Sheet) -> int | None:
    """The quarter of RVU27A to RVU27D in the name of the file or of the zip around it."""
    for name in (sheet.name, *reversed(sheet.inside)):
        if match := _LETTER.search(name):
            return "ABCD".index(match.group(2).upper())
    return None


def _base(name: str) -> str:
    return name.rsplit("/", 1)[-1]

"""Made-up downloads in the layouts of the official CMS files: the shipped values of 2026 told as those of 2027."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import xlsxwriter

from everyunit.days import as_day
from everyunit.rulebook import Book

FACTOR = "33.4009"  # that of 2026, so that a day of 2027 is worth what the same day of 2026 was
_HEAD = ["HCPCS", "MOD", "DESCRIPTION", "CODE", "PAYMENT", "RVU", "PE RVU", "INDICATOR", "PE RVU", "INDICATOR", "RVU",
         "TOTAL", "TOTAL", "IND", "DAYS", "OP", "OP", "OP", "PROC", "SURG", "SURG", "SURG", "SURG", "BASE",
         "FACTOR"]  # fmt: skip
_LAST = as_day("2026-12-01")


def download(folder: Path, **changed: Mapping[str, str]) -> list[Path]:
    """The four downloads of the first quarter of 2027; `changed` may hold work values by code (`work`)."""
    values = packed(
        folder / "RVU27A.zip",
        {
            "PPRRVU2027_Jan_nonQPP.csv": values_csv("January", **changed),
            "PPRRVU2027_Jan_QPP.csv": values_csv("January", factor="33.9999"),
            "GPCI2027.csv": indices_csv(),
        },
    )
    pairs = packed(folder / "medicare-ncci-2027q1-practitioner-ptp-edits-ccipra-v330r0-f1.zip",
                   {"ccipra-v330r0-f1.TXT": pairs_text()})  # fmt: skip
    ceilings = folder / "MCR_MUE_PractitionerServices_Eff_01-01-2027.xlsx"
    ceilings.write_bytes(ceilings_xlsx())
    return [values, pairs, ceilings]


def packed(path: Path, members: Mapping[str, bytes]) -> Path:
    """A zip with a page of words beside its tables, as CMS packs them."""
    with zipfile.ZipFile(path, "w") as held:
        held.writestr("RVUPUF.pdf", b"%PDF-1.7")
        for name, content in members.items():
            held.writestr(name, content)
    return path


def values_csv(release: str, year: int = 2027, factor: str = FACTOR, work: Mapping[str, str] | None = None) -> bytes:
    """A relative value file of all codes that the book ships; `work` says otherwise for single codes."""
    rows = [[f"{year} National Physician Fee Schedule Relative Value File {release} Release"],
            [f"RELEASED 12/03/{year - 1}"], _HEAD]  # fmt: skip
    for row in Book.load().shelf.relative:
        if row.first_day <= _LAST <= row.last_day:
            code = row.text("code")
            rows.append([
                code, "", "words, not ours", row.text("status"), "", (work or {}).get(code, row.text("work")),
                row.text("practice_expense"), "", row.text("facility_practice_expense"), "", row.text("malpractice"),
                "0.00", "0.00", "0", "XXX", "0.00", "0.00", "0.00", row.text("reduction"), "0", "0", "0", "0", "",
                factor,
            ])  # fmt: skip
    return _csv(rows)


def indices_csv(year: int = 2027) -> bytes:
    """Addendum E with the indices of 2026."""
    floor = [f"{year} PW GPCI (without 1.0 Floor)", f"{year} PW GPCI (with 1.0 Floor)"]
    rows = [[f"ADDENDUM E. FINAL CY {year} GEOGRAPHIC PRACTICE COST INDICES (GPCIs)"], [],
            ["Medicare Administrative Contractor (MAC)", "State", "Locality Number", "Locality Name", *floor,
             f"{year} PE GPCI", f"{year} MP GPCI"]]  # fmt: skip
    for row in Book.load().shelf.localities:
        if row.first_day <= _LAST <= row.last_day:
            names = ("work", "work", "practice_expense", "malpractice")
            numbers = [row.text(name) for name in names]
            rows.append([row.text("mac"), row.text("state"), row.text("locality"), row.text("name"), *numbers])
    return _csv(rows)


def pairs_text(more: Iterable[str] = (), ended: Mapping[tuple[str, str], str] | None = None) -> bytes:
    """Pairs in force in the shipped book, `ended` (8 digits) as said, and `more` lines as they stand."""
    lines = ["Column1/Column2 Edits", "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tRationale"]
    for row in Book.load().shelf.pairs:
        pair = row.text("column_1"), row.text("column_2")
        if row.flag("active"):
            last = (ended or {}).get(pair, "*")
            lines.append("\t".join([*pair, "", "19960101", last, row.text("indicator"), "Misuse of Column Two code"]))
    return "\r\n".join([*dict.fromkeys(lines), *more, ""]).encode()


def ceilings_xlsx(changed: Mapping[str, str] | None = None) -> bytes:
    """The practitioner table of unit ceilings as a workbook; `changed` says otherwise for single codes."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Current Procedural Terminology is copyright of its owner; made up")
        heads = [
            "HCPCS/\nCPT Code",
            "Practitioner Services MUE Values",
            "MUE Adjudication Indicator",
            "MUE Rationale",
        ]
        for column, text in enumerate(heads):
            sheet.write(1, column, text)
        shelf = Book.load().shelf
        for at, (code, indicator) in enumerate(shelf.indicators.items(), start=2):
            ceiling = (changed or {}).get(code, shelf.values[f"codes.{code}.ceiling"][-1].value)
            sheet.write(at, 0, code)
            sheet.write(at, 1, int(ceiling))
            sheet.write(at, 2, f"{indicator} Date of Service Edit: Clinical")
    return held.getvalue()


def _csv(rows: list[list[str]]) -> bytes:
    held = io.StringIO()
    csv.writer(held, lineterminator="\r\n").writerows(rows)
    return held.getvalue().encode("cp1252")

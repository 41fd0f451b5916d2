"""`everyunit statements`: what patients owe after the payers answered, line by line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

SHOWN = 25


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("statements")(statements)


def statements(
    home: Annotated[Path, typer.Option("--home", help="Folder of the ledger.")],
    patient: Annotated[str, typer.Option("--patient", help="Only this patient's number, as in visits.csv.")] = "",
    on: Annotated[str, typer.Option("--on", help="As of the end of this day, 2026-03-12; else the latest day.")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="Write the lines as CSV for a statement program.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write over a file that stands there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object: totals, patients, lines.")] = False,
) -> None:
    """Statement lines: charge, what was taken off and paid, shares by reason, less what was collected."""
    from everyunit.cli.show import note, show
    from everyunit.services.private import write_private
    from everyunit.services.statements import statements as read

    found = read(home, on, patient)
    if out is not None:
        write_private(out, found.as_csv(), replace)
        note(f"{found.lines.height:,} lines written to {out}; it bears patients' numbers and no names")
    if as_json:
        typer.echo(json.dumps(found.as_dict()))
        return
    show(_lines(found.lines.to_dicts()) if patient else _patients(found.patients[:SHOWN]), *_words(found.totals))
    if not patient and len(found.patients) > SHOWN:
        note(f"and {len(found.patients) - SHOWN:,} more; --out writes them all")


def _patients(rows: list[dict[str, Any]]) -> object:
    from everyunit.cli.show import table
    from everyunit.days import iso
    from everyunit.money import dollars

    made = table("Patients owe", ("patient", "visits", "lines", "oldest", "owed"), ("visits", "lines", "owed"))
    for row in rows:
        made.add_row(
            row["patient_id"] or "-", f"{row['visits']:,}", f"{row['lines']:,}", iso(row["oldest_day"]),
            dollars(row["owed_cents"]),
        )  # fmt: skip
    return made


def _lines(rows: list[dict[str, Any]]) -> object:
    from everyunit.cli.show import table
    from everyunit.days import iso
    from everyunit.money import dollars

    sums = ("charge", "taken", "paid", "deductible", "coinsurance", "copay", "collected", "owed")
    made = table("", ("day", "code", *sums, "asked"), sums)
    for row in rows:
        made.add_row(
            iso(row["service_day"]), row["code"], *(dollars(row[f"{name}_cents"]) for name in sums),
            row["asked"].replace("_", " "),
        )  # fmt: skip
    return made


def _words(totals: dict[str, Any]) -> list[str]:
    from everyunit.money import dollars

    cents = {name: dollars(value) for name, value in totals.items() if name.endswith("_cents")}
    return [
        f"  {totals['patients']:,} patients owe {cents['owed_cents']} on {totals['lines']:,} lines; "
        f"{cents['collected_cents']} was collected at the visits.",
        f"  Not asked: {cents['other_payer_cents']} that another payer is to answer first, {cents['nobody_cents']} "
        f"that may not be asked for, {cents['check_cents']} to be checked against the contract.",
        f"  Held: {cents['held_cents']} on {totals['held_lines']:,} lines whose units the audit asks to give back; "
        "asked once the claim is corrected.",
        f"  Refused and called the patient's: {cents['refused_cents']}, of which "
        f"{cents['refused_may_be_asked_cents']} may be asked for once the refusal stands.",
        f"  Collected beyond the patients' shares: {cents['ahead_cents']}, to give back. Payments of patients "
        "beyond the visits are in no file.",
    ]

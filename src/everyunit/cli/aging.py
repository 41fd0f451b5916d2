"""`everyunit aging`: what is really owed, by gate, payer and age; credits with their clocks; days to pay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

SHOWN = 15


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("aging")(aging)


def aging(
    home: Annotated[Path, typer.Option("--home", help="Folder of the ledger.")],
    on: Annotated[str, typer.Option("--on", help="As of the end of this day, 2026-03-12; else the latest day.")] = "",
    payer: Annotated[str, typer.Option("--payer", help="Only this payer, by number or name.")] = "",
    clinic: Annotated[str, typer.Option("--clinic", help="Only this clinic.")] = "",
    credits_out: Annotated[
        Path | None, typer.Option("--credits", help="Write what may have to go back as CSV, with its clocks.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write over a file that stands there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object: sums, and every claim.")] = False,
) -> None:
    """Receivables by age: what is expected and has not come, and never charge less payment."""
    from everyunit.cli.show import note, show
    from everyunit.days import words
    from everyunit.money import dollars
    from everyunit.services.aging import aging as read
    from everyunit.services.narrowed import clinic_named, payer_named
    from everyunit.services.private import write_private

    found = read(home, on, payer_id=payer_named(home, payer), clinic=clinic_named(home, clinic))
    if credits_out is not None:
        write_private(credits_out, found.credits_csv(), replace)
        note(f"{len(found.credits):,} credits written to {credits_out}; it bears patients' numbers and no names")
    if as_json:
        typer.echo(json.dumps(found.as_dict()))
        return
    totals, naive = found.totals, found.totals["charge_less_paid_cents"]
    show(
        f"As of {words(found.as_of)}",
        _ages("By gate", "gate", [*found.by_gate, *found.patient]),
        _ages("By payer", "payer_id", found.by_payer[:SHOWN]),
        _ages("By clinic", "clinic", found.by_clinic[:SHOWN]),
        _days(found.days_to_pay),
        f"  Payers owe {dollars(totals['owed_cents'])} on {totals['claims']:,} claims, "
        f"{dollars(totals['over_90_cents'])} of it over 90 days."
        + (f" Charge less payment would be {dollars(naive)}." if naive is not None else "")
        + (f" {totals['unpriced']:,} have no price in the book." if totals["unpriced"] else ""),
        f"  Patients owe {dollars(totals['patient_cents'])} as far as the files show.",
        *([f"  Written off, and in none of these: {dollars(off)}."] if (off := totals["written_off_cents"]) else []),
        f"  {totals['credits']:,} credits of {dollars(totals['credit_cents'])} may have to go back, "
        f"{dollars(totals['patient_credit_cents'])} of it to patients.",
        *_back(totals),
    )
    for row in found.credits[:SHOWN]:
        show(f"  {row['claim_id']} line {row['line'] or 'all'}: {dollars(row['credit_cents'])}, {_clock(row)}")
    if len(found.credits) > SHOWN:
        note(f"and {len(found.credits) - SHOWN:,} more; --credits writes them all")


def _back(totals: dict[str, Any]) -> list[str]:
    """What the audit's findings give back, beside the credits."""
    from everyunit.money import dollars

    if not totals["findings_back"]:
        return []
    number = totals["findings_back"]
    said = f"{number:,} finding{'s' * (number != 1)} of the audit to give back"
    return [f"  Beside these credits: {said} {dollars(totals['findings_back_cents'])} (everyunit audit lists them)."]


def _clock(row: dict[str, Any]) -> str:
    """Since when a credit stands, and by when it goes back."""
    from everyunit.days import words
    from everyunit.services.aging import CLOCK_WORDS

    until = f"by {words(row['due_day'])}: " if row["due_day"] is not None else ""
    kind = row["kind"].replace("_", " ")
    return f"{kind}, since {words(row['noticed_day'])} ({row['age_days']:,} days); {until}{CLOCK_WORDS[row['clock']]}"


def _ages(title: str, by: str, rows: list[dict[str, Any]]) -> object:
    from everyunit.cli.show import table
    from everyunit.money import dollars
    from everyunit.services.aging import AGES

    made = table(title, (by.removesuffix("_id"), "claims", "owed", *AGES), ("claims", "owed", *AGES))
    for row in rows:
        made.add_row(
            row[by] or "-", f"{row['claims']:,}", dollars(row["owed_cents"]), *(dollars(row[age]) for age in AGES)
        )
    return made


def _days(rows: list[dict[str, Any]]) -> object:
    from everyunit.cli.show import table

    numbers = ("claims", "half within", "nine of ten", "last 90 days", "change")
    made = table("Days to pay", ("payer", *numbers), numbers)
    for row in rows:
        recent, change = row["recent_median_days"], row["change_days"]
        made.add_row(
            row["payer_id"], f"{row['claims']:,}", str(row["median_days"]), str(row["slow_days"]),
            "-" if recent is None else str(recent), "-" if change is None else f"{change:+d}",
        )  # fmt: skip
    return made

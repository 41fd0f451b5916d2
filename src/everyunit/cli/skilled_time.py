"""`everyunit skilled-time`: where the minutes of the notes went, by clinician and clinic."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("skilled-time")(skilled_time)


def skilled_time(
    home: Annotated[Path, typer.Option(help="Folder of the ledger.")],
    clinic: Annotated[str, typer.Option(help="only this clinic")] = "",
    clinician: Annotated[str, typer.Option(help="only this clinician's NPI")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
) -> None:
    """Read every note and show face-to-face minutes: counted, countable, not countable, with dollars both ways."""
    from dataclasses import asdict

    from everyunit.cli.show import note as say
    from everyunit.cli.show import show
    from everyunit.services.audit import audit
    from everyunit.services.narrowed import clinic_named, clinician_named
    from everyunit.services.skilled_time import skilled_time as ledger

    clinic, clinician = clinic_named(home, clinic), clinician_named(home, clinician)
    audit(home, say=say, notes=True)
    found = ledger(home, clinic, clinician, say)
    if as_json:
        typer.echo(json.dumps(asdict(found)))
        return
    every = [*found.clinics, {**found.totals, "clinic": "all"}] if found.notes else []
    show(_minutes(f"{found.notes:,} notes, minutes by clinic", every, ("clinic",)))
    if found.people:
        show(_minutes("Minutes by clinician, in order of number", found.people, ("clinician_npi", "clinic")))
    if found.hidden:
        show(f"{found.hidden} clinicians are not set side by side: fewer than five are never compared.")
        show("--clinician NPI shows one of them.")
    show("In all: with the patient. Open: skilled, with the patient, with no service; countable. Rest: not.")
    show("Notes without one of these: " + ", ".join(f"{name} {number:,}" for name, number in found.missing))
    for kind, number in found.kinds or []:
        show(f"{kind}: {number:,}")
    for alarm in found.alarms:
        show(f"{alarm['clinician_npi']}: the mix of codes rose faster than the words, {alarm['month']}.")


def _minutes(title: str, rows: list[dict[str, Any]], names: tuple[str, ...]) -> object:
    from everyunit.cli.show import table
    from everyunit.money import dollars

    heads = [name.removesuffix("_npi") for name in names]
    numbers = ("lack", "in all", "counted", "open", "rest", "gain", "back", "document")
    made = table(title, (*heads, *numbers), ("clinician", *numbers))
    counts = ("lacking", "session_minutes", "counted_minutes", "countable_minutes", "not_countable_minutes")
    for row in rows:
        money = [dollars(row[name], sign=True) for name in ("gain_cents", "give_back_cents")]
        made.add_row(
            *(row[name] or "not named" for name in names), *(f"{row[name]:,}" for name in counts), *money,
            dollars(row["document_cents"]),
        )  # fmt: skip
    return made

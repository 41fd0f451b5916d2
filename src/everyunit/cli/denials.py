"""`everyunit denials`: what payers refused or paid short, in the order in which work on it pays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

SHOWN = 25


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("denials")(denials)


def denials(
    home: Annotated[Path, typer.Option("--home", help="Folder of the ledger.")],
    on: Annotated[str, typer.Option("--on", help="As of the end of this day, 2026-03-12; else the latest day.")] = "",
    payer: Annotated[str, typer.Option("--payer", help="Only this payer, by number or name.")] = "",
    role: Annotated[str, typer.Option("--role", help="front_office, clinician, biller, contracting.")] = "",
    cause: Annotated[str, typer.Option("--cause", help="Only this root cause, such as authorization.")] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object: queue, history, cases, reliability.")
    ] = False,
) -> None:
    """Denials and underpayments by dollars for an hour of work, with deadlines and the price of dropping them."""
    from everyunit.cli.show import note, show
    from everyunit.services.denials import denials as read
    from everyunit.services.narrowed import cause_named, payer_named, role_named

    found = read(home, on, payer_id=payer_named(home, payer), owner_role=role_named(role), cause=cause_named(cause))
    if as_json:
        typer.echo(json.dumps(found.as_dict()))
        return
    show(_queue(found.queue[:SHOWN]), *[f"  {line}" for line in (*_sentences(found.totals), _chances(found))])
    if len(found.queue) > SHOWN:
        note(f"and {len(found.queue) - SHOWN:,} more; --json lists them")


def _queue(rows: list[dict[str, Any]]) -> object:
    from everyunit.cli.show import table
    from everyunit.money import dollars

    numbers = ("at risk", "chance", "an hour", "days left")
    made = table("To work first", ("claim", "payer", "why and how", *numbers, "advice"), ("claim", *numbers))
    for row in rows:
        at_risk = "no price" if row["at_risk_cents"] is None else dollars(row["at_risk_cents"])
        hourly = "-" if row["hourly_cents"] is None else dollars(row["hourly_cents"])
        left = "-" if row["days_left"] is None else f"{row['days_left']:,}"
        what = f"{row['cause']}, {row['way']} ({row['owner_role']})".replace("_", " ")
        claim = f"{row['claim_id']} {row['line']}" if row["line"] else row["claim_id"]
        made.add_row(
            claim, row["payer_id"], what, at_risk, f"{row['chance_bp'] // 100}%", hourly, left, row["advice"]
        )
    return made


def _sentences(totals: dict[str, Any]) -> list[str]:
    from everyunit.money import dollars

    cents = {name: dollars(value) for name, value in totals.items() if name.endswith("_cents")}
    unbrought = totals["claims_not_brought"]
    also = f"{unbrought:,} claims are known by their remittances only, and have no price: bring their 837 files."
    return [
        *([also] if unbrought else []),
        f"{totals['open']:,} denials are open, {cents['at_risk_cents']} of expected amounts; "
        f"{cents['preventable_cents']} of it can be prevented.",
        f"{totals['overturned']:,} were overturned and brought {cents['recovered_cents']}.",
        f"{totals['whole_items']:,} items are open, denials and "
        f"{totals['short_items']:,} paid short, {cents['whole_at_risk_cents']} at risk. Of these:",
        f"{totals['work_items']:,} to work, {cents['work_at_risk_cents']}: {totals['work_minutes'] // 60:,} hours, "
        f"expected {cents['expected_cents']}.",
        f"{totals['drop_items']:,} to drop, {cents['drop_at_risk_cents']}: gives up {cents['dropped_cents']} "
        f"expected, saves {cents['saved_cents']} of work.",
        f"{totals['late_items']:,} past their deadline, {cents['late_at_risk_cents']}.",
        f"{totals['waiting_items']:,} asked again, waiting for an answer, {cents['waiting_at_risk_cents']}.",
        f"Payers paid {cents['underpaid_cents']} below and {cents['overpaid_cents']} above what is expected; what is "
        "above may have to go back.",
    ]


def _chances(found: Any) -> str:
    """How many chances rest on no case of the practice's own with that payer, and on what they rest."""
    bare = [row for row in found.queue if not row["cases_behind"]]
    alone = sum(not row["cause_cases"] for row in bare)
    return (
        f"{len(bare):,} of {len(found.queue):,} chances have no settled case of their payer and cause: {alone:,} are "
        f"a survey's, {found.survey}; the others are drawn from other payers' cases of the cause."
    )

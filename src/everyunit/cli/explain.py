"""`everyunit explain`: the whole story of one finding."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain")(explain)


def explain(
    finding_id: Annotated[str, typer.Argument(help="Identifier of the finding, or its beginning.")],
    home: Annotated[Path, typer.Option("--home", help="Folder of the ledger.")],
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Tell the whole story of one finding: minutes, count, claim, price, source, and what clears it."""
    from everyunit.days import dated
    from everyunit.services.explain import finding_story

    told = finding_story(home, finding_id)
    typer.echo(json.dumps(dated(told)) if as_json else "\n".join(_lines(told)))


def _lines(told: dict[str, Any]) -> Iterator[str]:
    from everyunit.days import words

    finding, story = told["finding"], told["story"]
    if story is None:
        yield from _alone(told)
        return
    yield f"{finding['finding_id']}  {finding['kind']}  visit {finding['visit_id']}  {words(finding['service_day'])}"
    yield ""
    yield f"{finding['message']}"
    yield f"  {_worth(finding)}"
    yield ""
    minutes = "   ".join(f"{row['code']} {row['minutes']}" for row in story["minutes"])
    yield f"  Minutes   {minutes or 'none'}   total {story['minutes_total']}"
    for row in [*story["services"], *story["services_beside"]] if story["beside"] else []:
        minutes = "no" if row["minutes"] is None else row["minutes"]
        yield f"            visit {row['visit_id']}: {row['code']} {minutes} minutes"
    yield from (f"            {step}" for step in story["steps"])
    yield f"  Earned    {_units(story['earned'])}"
    yield f"  Billed    {_units(story['billed'])}"
    yield from _claim(story)
    for name, title in (("without", "The day as billed"), ("with", _changed(finding))):
        if told["worth"][name]:
            yield f"  {title}"
            yield from (f"            {step}" for step in told["worth"][name]["steps"])
    yield f"  Book      {finding['source']} ({'checked' if finding['checked'] else 'not checked'})"
    yield f"  Clears it {finding['fix']}"
    yield from _next(told)
    yield from _rule(told)


def _next(told: dict[str, Any]) -> Iterator[str]:
    """What can be done on the claim, and by when money goes back."""
    step = told["step"]
    if step:
        yield f"  Next      {step['words']}"
        yield from (f"            {line}" for line in (step["command"],) if line)
        yield from (f"  Back by   {line}" for line in (step["by"],) if line)


def _alone(told: dict[str, Any]) -> Iterator[str]:
    """A finding on a claim for which no visit was brought, or on a clinician's days."""
    finding = told["finding"]
    about = f"claim {finding['claim_id']}" if finding["claim_id"] else f"clinician {finding['clinician_npi']}"
    yield f"{finding['finding_id']}  {finding['kind']}  {about}  {finding['date_of_service']}"
    yield ""
    yield f"{finding['message']}"
    yield f"  {_worth(finding)}"
    yield f"  Book      {finding['source']} ({'checked' if finding['checked'] else 'not checked'})"
    yield f"  Clears it {finding['fix']}"
    yield from _next(told)
    yield from _rule(told)


def _rule(told: dict[str, Any]) -> Iterator[str]:
    """The rule, the values it read that day, and the cases that prove it."""
    rule = told["rule"]
    yield ""
    yield f"  Rule      {rule['title']} (docs/rules/{rule['rule']}.md)"
    yield from (f"            {block['text']}" for block in rule["blocks"][:1] if block["kind"] == "words")
    for row in told["record"]:
        yield f"  Seen      {row['name']}: {row['said']}"
        yield f"            {row['source']}"
    for value in told["values"]:
        yield f"  Value     {value['key']}: {value['said']}, {value['first_day']} to {value['last_day']}"
        yield f"            {value['source']} ({'checked' if value['checked'] else 'not checked'})"
    yield from (f"  Proved by {name}" for name in rule["cases"][:6])


def _changed(finding: dict[str, Any]) -> str:
    return (
        "The day without what lacks a record"
        if finding["direction"] == "document"
        else "The day as the record earns it"
    )


def _worth(finding: dict[str, Any]) -> str:
    from everyunit.money import dollars

    stake, risk = finding["cents_at_stake"], finding["at_risk_cents"]
    if stake is None or risk is None:
        return "without dollars: the book has no price for it"
    if finding["direction"] == "document":
        return f"{dollars(risk)} depend on the record"
    if risk and not stake:
        return f"{dollars(risk)} depend on it"
    if stake < 0:
        return f"to give back {dollars(-stake)}"
    return f"can rightly be gained {dollars(stake)}" if stake else "bears no dollars of its own"


def _units(units: dict[str, int]) -> str:
    return "   ".join(f"{code} {number}" for code, number in units.items()) or "none"


def _claim(story: dict[str, Any]) -> Iterator[str]:
    from everyunit.days import words
    from everyunit.money import dollars

    for row in [*story["lines"], *story["lines_beside"]]:
        state = "" if row["in_force"] else f"   {row['state']}"
        if row["service_day"] is not None and row["service_day"] != story["visit"]["service_day"]:
            state = f"   of {words(row['service_day'])}{state.replace('   ', ', ')}"
        if "visit_id" in row:
            state += f"   visit {row['visit_id']}"
        modifiers = f" {row['modifiers']}" if row["modifiers"] else ""
        line = f"{row['claim_id']} line {row['line']}: {row['code']}{modifiers} x {row['units']}"
        yield f"  Claim     {line}, list {dollars(row['charge_cents'] or 0)}{state}"
    for row in story["remit_lines"]:
        yield f"  Remit     {row['claim_id']}: {row['code']} x {row['units']}, paid {dollars(row['paid_cents'] or 0)}"

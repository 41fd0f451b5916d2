"""`everyunit note`: one note in the terminal, its spans coloured and joined to their codes. Nothing is stored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.text import Text

    from everyunit.services.read_note import Draft

COLOURS = ("cyan", "green", "magenta", "yellow", "blue", "bright_cyan", "bright_green", "bright_magenta")
FULL, WORDS = 200_000, 4
RULES = {
    "cms": "Medicare's rule (minutes of the day pooled)",
    "ama": "the midpoint rule (each code by its own minutes)",
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("note")(note)


def note(
    source: Annotated[str, typer.Argument(metavar="FILE|-", help="the draft as text (- for stdin)")],
    discipline: Annotated[str, typer.Option(help="PT, OT or SLP; else by the signature")] = "",
    payer: Annotated[str, typer.Option(help="kind of payer, else medicare_b; an unknown one lists them")] = "",
    code: Annotated[
        list[str] | None, typer.Option(help="a code you plan to bill: 97110=2", show_default=False)
    ] = None,
    minutes: Annotated[
        list[str] | None, typer.Option(help="minutes of a code, in place of the text's: 97110=25", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
) -> None:
    """Read one note before signing: what each code's words carry, units by the payer's rule, what is missing."""
    from everyunit.services.read_note import read_draft
    from everyunit.services.read_notes import answer

    draft = read_draft(_text(source), discipline, payer, code or (), minutes or ())
    if not payer and not as_json:
        typer.echo("No payer was named: read as a note for Medicare Part B; --payer names another.", err=True)
    if as_json:
        body = answer("note", draft.reading)
        earned = draft.earned.units if draft.earned else {}
        typer.echo(json.dumps({**body, "rule": draft.rule, "units": earned, "lacking": draft.lacking}))
        return
    _show(draft)


def _text(source: str) -> str:
    from everyunit.services.plain_input import opened, shown_as
    from everyunit.services.read_note import draft_text

    with opened(source, "a text file") as file:
        raw = file.read(4 * FULL)
    return draft_text(raw, shown_as(source))


def _show(draft: Draft) -> None:
    from everyunit.cli.show import show, table

    show(_coloured(draft), "")
    services = table(
        "What was done, and the code its words carry", ("code", "minutes", "decided by", "also"), ("minutes",)
    )
    for made in draft.reading.interventions:
        also = " ".join(other for other in made.supported if other != made.code)
        words = ", ".join(dict.fromkeys(draft.text[span.start : span.end] for span in made.evidence[:WORDS]))
        minutes = "" if made.minutes is None else str(made.minutes)
        services.add_row(made.code, minutes, f"{made.why}: {words}" if words else made.why, also)
    show(services if draft.reading.interventions else "No service of today was read.")
    _passages(draft)
    _units(draft)
    show("Not found in the record: " + ("; ".join(draft.lacking) if draft.lacking else "nothing is missing"))
    for said in draft.differ:
        show(said)
    if not draft.differ:
        show(_agreed(draft))


def _agreed(draft: Draft) -> str:
    if not draft.planned:
        return "No codes were given to compare."
    earned = draft.earned.units if draft.earned else {}
    codes = {*draft.planned, *(code for code, units in earned.items() if units)}
    if any(earned[code] != draft.planned.get(code, 0) for code in codes if code in earned):
        return "The words carry the planned codes, as far as they can be read; of their units see above."
    return "Words and codes agree, as far as they can be read."


def _units(draft: Draft) -> None:
    from everyunit.cli.show import show

    if not draft.earned:
        return
    show(f"Units by {RULES.get(draft.rule, draft.rule)}:", *(f"  {step}" for step in draft.earned.steps))
    show(f"  Book: {draft.source} ({'checked' if draft.checked else 'not checked'})")
    for code in dict.fromkeys([*draft.earned.units, *draft.planned]):
        earned, planned = draft.earned.units.get(code, 0), draft.planned.get(code)
        if planned is None:
            show(f"  {code}: the minutes earn {earned}" + (", none planned" if draft.planned and earned else ""))
        else:
            way = "as many" if planned == earned else f"{earned} ({'over' if planned > earned else 'under'})"
            show(f"  {code}: {planned} planned, the minutes earn {way}")


def _passages(draft: Draft) -> None:
    from everyunit.cli.show import show, table

    told = table("Assessment and management", ("passage", "minutes", "why"))
    for passage in draft.reading.passages:
        told.add_row(passage.category.replace("_", " "), passage.counted.replace("_", " "), passage.why)
    if draft.reading.passages:
        show(told)


def _coloured(draft: Draft) -> Text:
    from rich.text import Text

    safe = "".join(mark if mark.isprintable() or mark == "\n" else "\ufffd" for mark in draft.text[:FULL])
    text = Text(safe)
    codes = sorted({made.code for made in draft.reading.interventions})
    colours = {code: COLOURS[number % len(COLOURS)] for number, code in enumerate(codes)}
    for made in draft.reading.interventions:
        text.stylize(colours[made.code], made.start, made.end)
        for span in made.evidence:
            text.stylize(f"bold {colours[made.code]}", span.start, span.end)
    for passage in draft.reading.passages:
        text.stylize("underline", passage.start, passage.end)
    tags: dict[int, list[str]] = {}
    for made in draft.reading.interventions:
        tags.setdefault(min(made.end, len(safe)), []).append(made.code)
    ends, tagged = sorted(tags), Text()
    for part, end in zip(text.divide(ends), [*ends, -1], strict=True):
        tagged.append_text(part)
        for code in tags.get(end, ()):
            tagged.append(f" [{code}]", style=f"bold {colours[code]}")
    return tagged

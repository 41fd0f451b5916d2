"""`everyunit write-off`: amounts that are given up, with a reason, proposed by one person and approved by another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

write_off = typer.Typer(
    help="Write off what will not come: proposed by one, approved by another.", no_args_is_help=True
)
_Home = Annotated[Path, typer.Option("--home", help="Folder of the ledger.")]
_Item = Annotated[str, typer.Argument(help="item_id of `denials --json`, or CLAIM:GATE such as C1:unanswered.")]
_By = Annotated[str, typer.Option("--by", help="Name of who does it.")]
_Json = Annotated[bool, typer.Option("--json", help="For machines.")]


def register(app: typer.Typer) -> None:
    """Add the group of commands."""
    app.add_typer(write_off, name="write-off")


@write_off.command("list")
def listed(home: _Home, as_json: _Json = False) -> None:
    """Every write-off with its state: proposed, approved or declined."""
    from everyunit.cli.show import show, table
    from everyunit.days import iso
    from everyunit.money import dollars
    from everyunit.services.home import open_home
    from everyunit.services.write_offs import write_offs

    open_home(home)
    found = write_offs(home)
    if as_json:
        typer.echo(json.dumps([one.as_dict() for one in found]))
        return
    made = table("Write-offs", ("item", "claim", "payer", "amount", "reason", "proposed", "state"), ("amount",))
    for one in found:
        decided = f"{one.state} by {one.decided_by}" if one.decided_by else one.state
        made.add_row(
            one.item_id, one.claim_id or "several", one.payer_id, dollars(one.cents), one.reason,
            f"{one.proposed_by}, {iso(one.proposed_day)}", decided,
        )  # fmt: skip
    show(made if found else "  Nothing is written off or proposed.")


@write_off.command()
def propose(
    item: _Item, home: _Home, by: _By,
    reason: Annotated[str, typer.Option("--reason", help="late, cost, agreed, authorization, record, small_balance, "
                                        "hardship or other.")],
    amount: Annotated[str, typer.Option("--amount", help="Dollars, such as 12.50; else all that is open.")] = "",
    words: Annotated[str, typer.Option("--words", help="A few words on it; needed for other.")] = "",
    as_json: _Json = False,
) -> None:  # fmt: skip
    """Propose to write an item off. Another person approves it."""
    from everyunit.services.paper_day import paper_day
    from everyunit.services.write_off_items import cents_of
    from everyunit.services.write_off_items import propose as put

    made = put(home, item, reason, by, paper_day(home), cents_of(amount) if amount else None, words)
    _say(made, as_json)


@write_off.command()
def approve(item: _Item, home: _Home, by: _By, as_json: _Json = False) -> None:
    """Approve what another person proposed: it leaves the queue and what is owed."""
    _decide(home, item, True, by, "", as_json)


@write_off.command()
def decline(
    item: _Item, home: _Home, by: _By,
    words: Annotated[str, typer.Option("--words", help="Why not.")] = "", as_json: _Json = False,
) -> None:  # fmt: skip
    """Decline what another person proposed: it stays open."""
    _decide(home, item, False, by, words, as_json)


def _decide(home: Path, item: str, yes: bool, by: str, words: str, as_json: bool) -> None:
    from everyunit.services.paper_day import paper_day
    from everyunit.services.write_offs import decide

    _say(decide(home, item, yes, by, paper_day(home), words), as_json)


def _say(made: Any, as_json: bool) -> None:
    from everyunit.money import dollars

    if as_json:
        typer.echo(json.dumps(made.as_dict()))
        return
    who = f"{made.state} by {made.decided_by}" if made.decided_by else f"proposed by {made.proposed_by}"
    typer.echo(f"{dollars(made.cents)} of {made.claim_id or made.item_id} ({made.reason}): {who}")

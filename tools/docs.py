"""Write the generated pages: tables, commands, kinds, what rules quote. `--check` only says which have drifted."""

from __future__ import annotations

import importlib
import json
import os
import sys
import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click
import typer.main
from learn_pages import learn_pages, shipped_learning

from everyunit.audit import FINDINGS, VISIT_VALUES
from everyunit.audit.rules import COURSE, DAY, PRACTICE
from everyunit.cli.main import app
from everyunit.frames import Table
from everyunit.ledger.tables import TABLES as LEDGER
from everyunit.receivables.aging import DAYS_TO_PAY, OWED
from everyunit.receivables.credits import CREDITS
from everyunit.receivables.denials import DENIALS
from everyunit.receivables.forecast import FORECAST
from everyunit.receivables.statements import STATEMENTS
from everyunit.receivables.tables import TABLES as RECEIVABLES
from everyunit.receivables.underpaid import CASES, PAID_OFF
from everyunit.receivables.worth import QUEUE, RELIABILITY
from everyunit.rulebook import Book
from everyunit.rulebook.loaded import VARIABLE
from everyunit.rulebook.pages import refresh
from everyunit.x12.tables import TABLES as X12

OPEN = (DENIALS, PAID_OFF, CASES, QUEUE, RELIABILITY, OWED, CREDITS, DAYS_TO_PAY, FORECAST, STATEMENTS)
OVER = """
A command that writes a file replaces an earlier result of its own (`audit`, `notes`, `note-cases`, `x12`: a file with
the same heading, columns or keys, or an empty one) and refuses to write over anything else, exit 2, until `--replace`
says so. What goes out (claim files, letters, statement lines, the list of credits) never gives way without
`--replace`, for it may have been sent.
"""
DOCS = Path(__file__).resolve().parents[1] / "docs"
os.environ["EVERYUNIT_BOOK"] = str(DOCS / "no-tables-but-the-shipped-ones")
HEAD = "<!-- Written by `make docs`; change the declaration, not this page. -->\n\n"


def table_page() -> str:
    """Every table of the ledger, of X12 and of what was paid, from their declarations."""
    groups = (
        ("Rows a practice brings", LEDGER), ("What reading X12 gives", X12),
        ("What the audit finds", (FINDINGS, VISIT_VALUES)),
        ("What follows of payments and deposits", RECEIVABLES), ("What is refused, short and owed", OPEN),
    )  # fmt: skip
    parts = [HEAD, "# Tables\n\nDays are whole days since 1970-01-01, money is whole cents.\n"]
    for title, tables in groups:
        parts.append(f"\n## {title}\n")
        parts += [one_table(declared) for declared in tables]
    return "".join(parts)


def one_table(declared: Table) -> str:
    """Heading, grain, key and columns of one table."""
    rows = [f"| `{c.name}` | {c.kind} | {c.unit} | {c.meaning} |" for c in declared.columns]
    key = ", ".join(f"`{name}`" for name in declared.key)
    head = f"\n### {declared.name}\n\nOne row: {declared.grain}. Key: {key}.\n\n"
    return head + "| column | type | unit | meaning |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"


def command_page() -> str:
    """Every command with its help, from the program itself."""
    group = typer.main.get_command(app)
    parts = [HEAD, "# Commands\n", OVER]
    context = click.Context(group, info_name="everyunit")
    for name in sorted(group.list_commands(context)):
        parts.append(one_command(group.get_command(context, name), name, 2))
    return "".join(parts)


def one_command(command: click.Command, name: str, level: int) -> str:
    """Usage, words and options of one command and those below it."""
    context = click.Context(command, info_name=f"everyunit {name}")
    pieces = " ".join(command.collect_usage_pieces(context))
    text = [f"\n{'#' * level} everyunit {name}\n\n`everyunit {name} {pieces}`\n\n{(command.help or '').strip()}\n"]
    rows = [f"| `{' '.join(p.opts)}` | {p.help or ''} |" for p in command.params if getattr(p, "help", None)]
    if rows:
        text.append("\n| option | meaning |\n|---|---|\n" + "\n".join(rows) + "\n")
    for inner in sorted(getattr(command, "commands", {})):
        text.append(one_command(command.commands[inner], f"{name} {inner}", level + 1))
    return "".join(text)


def kind_page() -> str:
    """Every kind of finding, from the rule book."""
    rows = [
        f"| `{k.kind}` | {k.direction} | {k.owner_role} | [{k.rule}](rules/{k.rule}.md) | {k.meaning} | {k.source} |"
        for k in Book.load().kinds().values()
    ]
    head = (
        "# Kinds of finding\n\n| kind | direction | goes to | rule | meaning | source |\n|---|---|---|---|---|---|\n"
    )
    return HEAD + head + "\n".join(rows) + "\n"


def rule_page(stem: str) -> str:
    """One rule of a check: what its code says of itself, its kinds, the values it reads, the cases that prove it."""
    words = (importlib.import_module(f"everyunit.audit.{stem}").__doc__ or "").strip()
    title, _, rest = words.partition("\n\n")
    parts = [HEAD, f"# {title}\n\n{rest}\n" if rest else f"# {title}\n", "\n## Kinds\n\n"]
    for kind in Book.load().kinds().values():
        if kind.rule == stem:
            seen = "" if kind.checked else " (not read again in its source)"
            parts.append(f"- `{kind.kind}` ({kind.direction}, goes to {kind.owner_role}): {kind.meaning}\n")
            parts.append(f"  Source: {kind.source}{seen}.\n")
    cases = tomllib.loads((DOCS.parent / "tests" / "cases" / f"{stem}.toml").read_text("utf-8"))["case"]
    parts.append(f"\n## Cases\n\nThey stand in `tests/cases/{stem}.toml` and run as tests.\n\n")
    for case in cases:
        found = ", ".join(f"`{row['kind']}`" for row in case["findings"]) or "nothing to say"
        parts.append(f"- {case['name']}: {found}\n")
    return "".join(parts)


def rule_pages() -> dict[str, Callable[[], str]]:
    """A page for every rule whose check is registered."""
    stems = sorted({check.__module__.rsplit(".", 1)[-1] for check in (*DAY, *COURSE, *PRACTICE)})
    return {f"rules/{stem}.md": partial(rule_page, stem) for stem in stems}


def shipped_rules() -> str:
    """The pages of the rules and the names of their cases, as the package carries them to explain a finding."""
    held = {}
    for page in sorted((DOCS / "rules").glob("*.md")):
        file = DOCS.parent / "tests" / "cases" / f"{page.stem}.toml"
        cases = tomllib.loads(file.read_text("utf-8"))["case"] if file.is_file() else []
        words = refresh(page.read_text("utf-8"), Book.load()).removeprefix(HEAD).partition("\n## Cases")[0]
        held[page.stem] = {"page": words.strip(), "cases": [case["name"] for case in cases]}
    return json.dumps(held, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


DATA = DOCS.parent / "src" / "everyunit" / "rulebook" / "data"
SHIPPED: dict[Path, Callable[[], str]] = {DATA / "rules.json": shipped_rules, DATA / "learn.json": shipped_learning}
PAGES: dict[str, Callable[[], str]] = {
    "tables.md": table_page, "commands.md": command_page, "kinds.md": kind_page, **rule_pages(),
    **learn_pages(HEAD),
}  # fmt: skip


def drifted() -> list[str]:
    """Names of generated pages whose text is not what the declarations say."""
    return [n for n, make in PAGES.items() if not (DOCS / n).is_file() or (DOCS / n).read_text("utf-8") != make()]


def main() -> int:
    """Write the pages, or with `--check` name those that have drifted and end with 1. They tell of the shipped book,
    whatever was loaded on this machine."""
    os.environ[VARIABLE] = os.devnull
    if "--check" in sys.argv:
        for name in (stale := drifted()):
            print(f"docs/{name} has drifted: run make docs")
        for path, make in SHIPPED.items():
            if not path.is_file() or path.read_text("utf-8") != make():
                stale.append(path.name)
                print(f"rulebook/data/{path.name} has drifted: run make docs")
        return 1 if stale else 0
    (DOCS / "learn").mkdir(exist_ok=True)
    for name, make in PAGES.items():
        (DOCS / name).write_text(make(), encoding="utf-8")
    for page in sorted((DOCS / "rules").glob("*.md")):
        page.write_text(refresh(page.read_text("utf-8"), Book.load()), encoding="utf-8")
    for path, make in SHIPPED.items():
        path.write_text(make(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

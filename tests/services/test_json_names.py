"""What `--json` prints is told in docs/json.md, under names of one make."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.rulebook import Book
from everyunit.services.audit import audit

DOCS = Path(__file__).parents[2] / "docs"
COMMANDS = (
    "audit", "remits", "denials", "aging", "deposits", "forecast", "statements", "answers", "skilled-time", "explain",
    "whatif", "scrub", "import", "sample", "x12", "units", "book show", "book diff", "book check", "book kinds",
)  # fmt: skip
WORDS = {
    "explain": ("FINDING", "--home", "home"), "import": ("s", "--home", "home"), "sample": ("s2", "--visits", "60"),
    "whatif": ("--rule", "MKPARTB counts by ama", "--home", "home"), "scrub": ("CLAIMS", "--home", "home"),
    "x12": ("CLAIMS",), "units": ("--rule", "cms", "97110=33", "97140=7"), "book show": ("codes.97110",),
    "book diff": ("2025-12-31", "2026-01-01", "--prefix", "thresholds"), "book check": (), "book kinds": (),
}  # fmt: skip


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    folder = tmp_path_factory.mktemp("json")
    for words in (("sample", "s", "--visits", "600", "--seed", "5"), ("import", "s", "--home", "home")):
        done = CliRunner().invoke(app, [str(folder / word) if word in ("s", "home") else word for word in words])
        assert done.exit_code == 0, done.output
    return folder


def asked(here, command):
    """Every JSON object that a command prints."""
    finding = audit(here / "home").findings.filter(kind="units_over")["finding_id"][0]
    claims = next((here / "s" / "claims").glob("*.837"))
    places = {"FINDING": finding, "CLAIMS": str(claims), **{name: str(here / name) for name in ("s", "s2", "home")}}
    words = [places.get(word, word) for word in WORDS.get(command, ("--home", "home"))]
    done = CliRunner().invoke(app, [*command.split(), *words, "--json"])
    assert done.exit_code in (0, 1), (done.output, done.exception)
    return [json.loads(line) for line in done.stdout.splitlines()]


def named(value, found):
    """Every name of an object, however deep, with what stands under it."""
    for name, held in value.items() if isinstance(value, dict) else ():
        found.setdefault(name, []).append(held)
        named(held, found)
    for one in value if isinstance(value, list) else ():
        named(one, found)
    return found


def told():
    """Names that docs/json.md tells, columns of declared tables, and data that stand as names: kinds and codes."""
    page, tables = (DOCS / "json.md").read_text("utf-8"), (DOCS / "tables.md").read_text("utf-8")
    columns = re.findall(r"^(?:\| `|### )(\w+)", tables, re.M)
    return {*re.findall(r"`([^`\s]+)`", page), *columns, *Book.load().kinds()}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_name_is_told_and_well_made(command, here):
    found = named(asked(here, command), {})
    data = {name for name in found if re.fullmatch(r"[0-9A-Z]{5}|837|835", name)}
    assert found and sorted(found.keys() - data - told()) == []
    assert [name for name in found.keys() - data if not re.fullmatch(r"[a-z]+(_[a-z0-9]+)*", name)] == []
    for name, values in found.items():
        held = [one for one in values if one is not None]
        if name.endswith(("_cents", "_minutes", "_units", "_days", "_bp")):
            assert all(isinstance(one, int) for one in held), name
        if name.endswith("_day") and name != "once_a_day":
            assert all(isinstance(one, str) and re.fullmatch(r"\d{4}-\d\d-\d\d|", one) for one in held), name

"""What a file holds cannot steer the terminal, and lists of what people did end somewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.cli.show import show, table
from everyunit.errors import UsageError, harmless
from everyunit.services import journal
from everyunit.services.journal import Journal

STEERS = "C\x1b[2J\x1b]0;owned\x07\r1"


@given(st.text())
def test_nothing_that_steers_is_left_and_plain_text_stays(text):
    made = harmless(text)
    assert made.isprintable()
    assert made == text or not text.isprintable()


def test_an_error_spells_it_out():
    said = UsageError(f"No claim {STEERS}.", place=STEERS, remedy="Look.").sentence()
    assert "\x1b" not in said and "\\x1b[2J" in said and "\r" not in said


@pytest.mark.parametrize("words", [("resubmit", STEERS, "--as", "new"), ("appeal", STEERS)])
def test_commands_answer_so(words, tmp_path):
    from everyunit.services.home import open_home

    open_home(tmp_path / "home", create=True)
    more = ["--home", str(tmp_path / "home"), "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(app, [*words, *more])
    assert done.exception.exit_code == 2 and "\x1b" not in done.exception.sentence()


def test_tables_print_cells_as_they_are(capsys):
    made = table("Claims", ("claim", "clinic"))
    made.add_row(STEERS, "[bold]Elm[/bold]")
    show(made, f"line {STEERS}")
    printed = capsys.readouterr().out
    assert "\x1b" not in printed and "\r" not in printed and "\x07" not in printed
    assert "[bold]Elm[/bold]" in printed and "\\x1b[2J" in printed


def test_a_list_ends_somewhere(tmp_path, monkeypatch):
    kept = Journal(tmp_path, "many")
    kept.add(lambda _: {"n": 1})
    monkeypatch.setattr(journal, "LARGEST", 5)
    with pytest.raises(UsageError, match="full"):
        kept.add(lambda _: {"n": 2})
    assert kept.rows() == [{"n": 1}]

"""An appeal that went out waits, leaves the queue, and is followed until the payer decides again."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.days import iso
from everyunit.errors import UsageError
from everyunit.services.appeals_sent import followed, keep_sent
from everyunit.services.denials import denials

sys.path.insert(0, str(Path(__file__).parents[1] / "receivables"))
from answers_kit import DAY, sent
from receivables_kit import claim, line, remit

SENT = DAY + 20


def decided(number, paid, day, control="PC1"):
    taken = ("CO", "45", 4_000) if paid else ("CO", "50", 10_000)
    status = "1" if paid else "4"
    return remit(claim(number, control, line(10_000, paid, taken), status=status), day=day, trace=f"T{day}")


@pytest.fixture
def bring(tmp_path):
    def brought(**files):
        folder = tmp_path / "files"
        folder.mkdir(exist_ok=True)
        for name, data in files.items():
            (folder / name.replace("_", ".")).write_bytes(data)
        home = tmp_path / "home"
        done = CliRunner().invoke(app, ["import", str(folder), "--home", str(home), "--json"])
        assert done.exit_code == 0, done.output
        return home

    return brought


def state(home):
    return [(row["state"], row["resent_day"]) for row in denials(home).denials]


def test_it_waits_and_is_decided_again(bring):
    home = bring(a_837=sent("C1"), b_835=decided("C1", 0, DAY + 10))
    assert state(home) == [("open", None)] and len(denials(home).queue) == 1
    keep_sent(home, "C1", "appeal", "Ann", SENT)
    assert state(home) == [("waiting", SENT)] and denials(home).queue == []
    [one] = followed(home)
    assert (one.state, one.name, one.by, one.day, one.answered_day) == ("waiting", "appeal", "Ann", SENT, None)
    bring(c_835=decided("C1", 6_000, SENT + 30, "PC2"))
    assert denials(home).denials[0]["state"] == "overturned"
    [one] = followed(home)
    assert (one.state, one.answered_day, one.waited_days) == ("answered", SENT + 30, 30)


def test_refused_again_it_is_open_again(bring):
    home = bring(a_837=sent("C1"), b_835=decided("C1", 0, DAY + 10))
    keep_sent(home, "C1", "appeal", "Ann", SENT)
    bring(c_835=decided("C1", 0, SENT + 30, "PC2"))
    assert [row["state"] for row in denials(home).denials] == ["open"]
    assert denials(home).queue[0]["claim_id"] == "C1" and followed(home)[0].state == "answered"


def test_without_an_answer_it_is_late_after_the_days_of_the_book(bring):
    home = bring(a_837=sent("C1"), b_835=decided("C1", 0, DAY + 10))
    keep_sent(home, "C1", "appeal", "Ann", SENT)
    bring(d_837=sent("C2", control=2, reference="B2", day=SENT + 61))
    assert followed(home)[0].state == "late" and followed(home)[0].waited_days == 61


def test_the_command_writes_it_down_and_answers_lists_it(bring, tmp_path):
    who = b"NM1*IL*1*ALDER*ANN****MI*M1~"
    whole = who + b"\nN3*1 ELM~\nN4*SALEM*OR*97301~\nDMG*D8*19600101*F~"
    home = bring(a_837=sent("C1").replace(who, whole), b_835=decided("C1", 0, DAY + 10))
    words = ["appeal", "C1", "--home", str(home), "--sent", "--by", "Ann", "--day", iso(SENT)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    told = json.loads(CliRunner().invoke(app, ["answers", "--home", str(home), "--json"]).stdout)
    assert [(row["claim_id"], row["day"], row["state"]) for row in told["appeals"]] == [("C1", iso(SENT), "waiting")]
    assert "sent on" in CliRunner().invoke(app, ["answers", "--home", str(home)]).stdout
    again = CliRunner().invoke(app, words)
    assert again.exception.exit_code == 2 and "already" in str(again.exception)
    bare = CliRunner().invoke(app, ["appeal", "C1", "--home", str(home)])
    assert bare.exception.exit_code == 2


@pytest.mark.parametrize(("number", "by", "word"), [("X9", "Ann", "No claim"), ("C1", " ", "name")])
def test_what_cannot_be_followed_is_told(bring, number, by, word):
    home = bring(a_837=sent("C1"))
    with pytest.raises(UsageError, match=word):
        keep_sent(home, number, "appeal", by, SENT)

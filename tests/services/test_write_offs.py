"""Write-offs: proposed by one, approved by another, gone from the queue, seen in aging, kept through a new audit."""

from __future__ import annotations

import json
import os
import shutil
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from test_owed import run
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.errors import UsageError
from everyunit.services.aging import aging
from everyunit.services.audit import audit
from everyunit.services.denials import denials
from everyunit.services.journal import Journal
from everyunit.services.make_sample import make_sample
from everyunit.services.open_items import open_items
from everyunit.services.statements import statements
from everyunit.services.take_in import take_in
from everyunit.services.write_off_items import propose, subject
from everyunit.services.write_offs import decide, write_offs

DAY = 20_790


@pytest.fixture(scope="module")
def practice(tmp_path_factory):
    folder = tmp_path_factory.mktemp("write_offs")
    make_sample(folder / "practice", visits=900, seed=63)
    return folder / "practice"


@pytest.fixture(scope="module")
def judged(practice):
    made = practice.with_name("home")
    list(take_in([practice], made))
    denials(made)
    return made


@pytest.fixture
def home(judged, tmp_path):
    return shutil.copytree(judged, tmp_path / "home")


def first(home, direction):
    return next(row for row in denials(home).queue if row["direction"] == direction and row["at_risk_cents"])


def gone(home, item, by=("Ann", "Bob"), reason="cost", **more):
    propose(home, item, reason, by[0], DAY, **more)
    return decide(home, item, True, by[1], DAY)


@pytest.mark.parametrize(("direction", "gate"), [("denied", "denied"), ("underpaid", "underpaid")])
def test_what_is_approved_leaves_the_queue_and_stands_in_aging(home, direction, gate):
    row, before, aged = first(home, direction), denials(home), aging(home)
    propose(home, row["item_id"], "cost", "Ann", DAY)
    assert denials(home).totals == before.totals and aging(home).totals == aged.totals
    made = decide(home, row["item_id"], True, "Bob", DAY)
    assert (made.state, made.cents, made.decided_by) == ("approved", row["at_risk_cents"], "Bob")
    after, old = denials(home), aging(home)
    assert row["item_id"] not in {one["item_id"] for one in after.queue}
    assert len(after.queue) == len(before.queue) - 1
    assert after.totals["written_off_cents"] == old.totals["written_off_cents"] == made.cents
    assert old.totals["owed_cents"] == aged.totals["owed_cents"] - made.cents
    assert [(one["gate"], one["written_off_cents"]) for one in old.written_off] == [(gate, made.cents)]
    chances = {one["item_id"]: one["chance_bp"] for one in before.queue}
    assert all(one["chance_bp"] == chances[one["item_id"]] for one in after.queue)


def test_it_survives_a_new_audit_and_a_new_import(home, practice):
    made = gone(home, first(home, "denied")["item_id"])
    audit(home, again=True)
    list(take_in([practice], home))
    assert write_offs(home) == [made] and aging(home).totals["written_off_cents"] == made.cents


def test_a_part_of_it_leaves_the_rest_open(home):
    row = first(home, "denied")
    gone(home, row["item_id"], cents=100)
    left = next(one for one in denials(home).queue if one["item_id"] == row["item_id"])
    assert left["at_risk_cents"] == row["at_risk_cents"] - 100 == subject(home, row["item_id"]).open_cents
    gone(home, row["item_id"])
    assert aging(home).totals["written_off_cents"] == row["at_risk_cents"]


def test_a_claim_at_its_gate_and_a_patients_balance(home):
    rows = aging(home).claims
    for gate in ("unanswered", "patient"):
        row = rows.filter((rows["gate"] == gate) & (rows["owed_cents"] > 0)).row(0, named=True)
        before = aging(home).totals
        gone(home, f"{row['claim_id']}:{gate}", reason="late")
        after = aging(home).totals
        name = "patient_cents" if gate == "patient" else "owed_cents"
        assert after[name] == before[name] - row["owed_cents"]
        if gate == "patient":
            lines = statements(home).lines
            assert lines.filter(lines["claim_id"] == row["claim_id"])["owed_cents"].sum() == 0


def test_what_was_known_an_earlier_day_is_not_written_off_then(home):
    gone(home, first(home, "denied")["item_id"])
    assert open_items(home, "2026-11-01").owed["written_off_cents"].sum() == 0


def test_declined_it_stays_open_and_may_be_proposed_again(home):
    row = first(home, "denied")
    propose(home, row["item_id"], "other", "Ann", DAY, words="the payer said so by telephone")
    assert decide(home, row["item_id"], False, "Bob", DAY, "appeal it").because == "appeal it"
    assert row["item_id"] in {one["item_id"] for one in denials(home).queue}
    assert gone(home, row["item_id"]).state == "approved"
    assert [one.state for one in write_offs(home)] == ["declined", "approved"]


@pytest.mark.parametrize(
    ("how", "word"),
    [
        ({"reason": "gone"}, "no reason"), ({"reason": "other"}, "reason is missing"), ({"by": " "}, "name"),
        ({"cents": 10**9}, "beyond what is open"), ({"cents": 0}, "beyond"),
        ({"item": "0" * 16}, "Nothing that is open"),
        ({"item": "C9:patient"}, "Nothing that is open"),
    ],
)  # fmt: skip
def test_what_cannot_be_proposed_is_told(home, how, word):
    asked = {"item": first(home, "denied")["item_id"], "reason": "cost", "by": "Ann", "cents": None, **how}
    with pytest.raises(UsageError, match=word) as told:
        propose(home, asked["item"], asked["reason"], asked["by"], DAY, asked["cents"])
    assert told.value.remedy and write_offs(home) == []


def test_nobody_approves_what_they_proposed_and_nothing_is_decided_twice(home):
    item = first(home, "denied")["item_id"]
    with pytest.raises(UsageError, match="waits for approval"):
        decide(home, item, True, "Bob", DAY)
    propose(home, item, "cost", "Ann Lee", DAY)
    with pytest.raises(UsageError, match="does not approve"):
        decide(home, item, True, " ann  LEE ", DAY)
    with pytest.raises(UsageError, match="proposed already"):
        propose(home, item, "late", "Bob", DAY)
    decide(home, item, True, "Bob", DAY)
    with pytest.raises(UsageError, match="waits for approval"):
        decide(home, item, False, "Cid", DAY)


def test_commands_tell_a_person_and_a_machine(home):
    item = first(home, "denied")["item_id"]
    run("write-off", "propose", item, "--home", home, "--by", "Ann", "--reason", "cost", "--amount", "1.50")
    done = CliRunner().invoke(app, ["write-off", "approve", item, "--home", str(home), "--by", "Ann"])
    assert done.exception.exit_code == 2
    assert "approved by Bob" in run("write-off", "approve", item, "--home", home, "--by", "Bob")
    [row] = json.loads(run("write-off", "list", "--home", home, "--json"))
    assert (row["state"], row["cents"], row["reason"]) == ("approved", 150, "cost")
    assert item in run("write-off", "list", "--home", home)


def _add(asked):
    home, name = asked

    def make(rows):
        if any(row["name"] == "one" for row in rows):
            raise UsageError("taken")
        return {"name": "one", "by": name}

    try:
        Journal(home, "race").add(make)
    except UsageError:
        return 0
    return 1


def test_two_processes_at_once_add_one_line(tmp_path):
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert sum(pool.map(_add, [(str(tmp_path), str(number)) for number in range(8)])) == 1
    assert len(Journal(tmp_path, "race").rows()) == 1


def test_a_line_that_was_cut_short_spoils_no_other(tmp_path):
    journal = Journal(tmp_path, "cut")
    journal.add(lambda _: {"n": 1})
    with journal.path.open("ab") as file:
        file.write(b'{"n": 2, "wor')
    journal.add(lambda _: {"n": 3})
    assert [row["n"] for row in journal.rows()] == [1, 3]
    assert os.stat(journal.path).st_mode & 0o077 == 0

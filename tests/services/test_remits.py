"""Remits and deposits of a home: what was planted is found, and nothing else; both commands speak JSON."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.services.deposits import deposits
from everyunit.services.make_sample import make_sample
from everyunit.services.receivables import receivables
from everyunit.services.remits import remits
from everyunit.services.take_in import take_in


def bring(folder: Path, seed: int = 5, visits: int = 600, spoil=None) -> tuple[Path, object]:
    """A make-believe practice, spoiled on its way in."""
    practice = folder / "practice"
    make_sample(practice, visits=visits, seed=seed, clean=True)
    told = spoil(practice) if spoil else None
    list(take_in([practice], folder / "home"))
    return folder / "home", told


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Path:
    return bring(tmp_path_factory.mktemp("sound"))[0]


def test_a_sound_practice_proves_itself_and_finds_its_money(sound):
    found = remits(sound)
    assert found.totals["remits"] == found.totals["proved"] > 50
    assert found.totals["reversals"] == found.totals["reversals_paired"] > 0
    assert found.totals["provider_adjustments"] == found.totals["provider_adjustments_matched"] > 0
    assert found.totals["secondary_without_primary"] == 0
    states = {row["deposit"]["state"] for row in found.rows}
    assert states <= {"matched", "not_needed"}
    bank = deposits(sound)
    assert bank.paid["matched"]["cents"] == bank.banked["matched"]["cents"] == found.totals["amount_cents"]


def spoil_bank(seed: int):
    """Steal about three of a hundred deposits and cut three by a dollar."""

    def spoil(practice: Path) -> dict[str, str]:
        chance = random.Random(seed)
        head, *rows = (practice / "deposits.csv").read_text().splitlines()
        want, kept = {}, [head]
        last = max(row.split(",")[0] for row in rows)
        for row in rows:
            day, amount, trace, words = row.split(",")
            lot = chance.random()
            if lot < 0.03 and day < last[:8] + "01":
                want[trace] = "missing"
            elif lot < 0.06 and "." in amount:
                want[trace] = "short"
                whole, cents = amount.split(".")
                kept.append(f"{day},{int(whole) - 1}.{cents},{trace},{words}")
            else:
                want[trace] = "matched"
                kept.append(row)
        (practice / "deposits.csv").write_text("\n".join(kept) + "\n")
        return want

    return spoil


@pytest.mark.parametrize("seed", [3, 17])
def test_planted_losses_are_found_and_nothing_else(tmp_path, seed):
    home, want = bring(tmp_path, seed=seed, spoil=spoil_bank(seed))
    got = {row["trace"]: row["state"] for row in deposits(home).payments if row["state"] != "not_needed"}
    assert got == want and {"missing", "short"} <= set(want.values())


def move_a_cent(practice: Path) -> str:
    """Raise one payment of a claim by a cent."""
    path = sorted((practice / "remits").iterdir())[-1]
    text = path.read_text()
    match = re.search(r"CLP\*(\w+)\*1\*\d+(?:\.\d+)?\*(\d+)\.?(\d*)\*", text)
    number, whole, part = match.groups()
    cents = int(whole) * 100 + int((part + "00")[:2]) + 1
    start, end = match.span(2)
    end = match.end(3)
    path.write_text(f"{text[:start]}{cents // 100}.{cents % 100:02d}{text[end:]}")
    return number


def test_a_moved_cent_is_named_with_its_claim(tmp_path):
    home, number = bring(tmp_path, spoil=move_a_cent)
    wrong = [row for row in remits(home).rows if not row["proved"]]
    assert len(wrong) == 1 and wrong[0]["off_cents"] == -1
    told = [(fault["level"], fault["claim_id"], fault["off_cents"], fault["place"]) for fault in wrong[0]["faults"]]
    assert told == [("remit", None, -1, "CLP04"), ("claim", number, 1, "CLP04")]
    assert "corrected remittance" in wrong[0]["faults"][0]["clears"]


def test_results_are_kept_and_made_anew_for_other_facts(tmp_path):
    home, _ = bring(tmp_path, visits=120)
    first = receivables(home)
    stamp = (first.folder / "kept.json").stat().st_mtime_ns
    assert receivables(home).state == first.state
    assert (first.folder / "kept.json").stat().st_mtime_ns == stamp
    more = tmp_path / "more.csv"
    more.write_text("date,amount,trace,description\n2026-11-20,10.00,X99999,CARD SETTLEMENT\n")
    list(take_in([more], home))
    assert receivables(home).state != first.state
    assert deposits(home).banked["unmatched"]["rows"] == 1


@pytest.mark.parametrize("command", ["remits", "deposits"])
def test_commands_speak_json_and_words(sound, command):
    run = CliRunner()
    told = json.loads(run.invoke(app, [command, "--home", str(sound), "--json"]).stdout)
    assert told["totals"]
    assert "description" not in json.dumps(told)
    words = run.invoke(app, [command, "--home", str(sound)])
    assert words.exit_code == 0 and "matched" in words.stdout
    missing = run.invoke(app, [command, "--home", str(sound / "nowhere")])
    assert missing.exit_code != 0


def test_kept_tables_have_the_declared_shape(sound):
    from everyunit.receivables import tables

    declared = {
        "faults": tables.PROOFS, "decisions": tables.DECISIONS, "reversals": tables.REVERSALS,
        "recoupments": tables.RECOUPMENTS, "balances": tables.BALANCES, "banked": tables.BANKED,
        "expected": tables.EXPECTED, "links": tables.LINKS, "remit_sums": tables.REMIT_SUMS,
    }  # fmt: skip
    held = receivables(sound)
    for name, table in declared.items():
        frame = held.read(name)
        assert frame.schema == pl.Schema(table.schema), name
        assert frame.select(table.key).is_duplicated().sum() == 0, name


def test_two_processes_that_bring_one_remittance_bring_it_once(sound, tmp_path):
    """Whichever is first takes it in, the other holds it already: no claim, line or payment counts twice."""
    remit = sorted((sound.parent / "practice" / "remits").glob("*.835"))[10]
    place = tmp_path / "home"
    command = [sys.executable, "-c", "from everyunit.cli.main import run; run()", "import", str(remit)]
    running = [
        subprocess.Popen([*command, "--home", str(place), "--json"], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [json.loads(one.communicate(timeout=120)[0].splitlines()[0])["status"] for one in running]
    assert sorted(said) == ["held", "taken"] and [one.returncode for one in running] == [0, 0]
    alone = tmp_path / "alone"
    list(take_in([remit], alone))
    assert remits(place).totals == remits(alone).totals
    assert remits(place).totals["remits"] > 0

"""Corrections that say what the audit's own findings of units ask: line by line, in both directions."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.days import iso
from everyunit.services.again import ways_open
from everyunit.services.unit_changes import line_words, unit_changes
from everyunit.x12 import read_bytes
from everyunit.x12.write_claims import VERSION, Biller, Claim, ServiceLine, transaction
from everyunit.x12.writer import Interchange, Party

sys.path.insert(0, str(Path(__file__).parents[1] / "receivables"))
from receivables_kit import CLINIC, DAY, PATIENT, THERAPIST, claim, line, payer, remit
from test_x12_writer import faults

MEDICAID = Party("STATE MEDICAID", "", "PI", "MCD")
SERVED = DAY - 3
# claim: lines (code, modifiers, charge, units), minutes on record by code (None: performed, no minutes)
CLAIMS = {
    "OVER": ([("97110", "GP", 10_001, 3)], {"97110": 30}),
    "SPLIT": ([("97110", "GP", 10_000, 2), ("97110", "GP", 4_999, 1)], {"97110": 24}),
    "GONE": ([("97110", "GP", 10_000, 2), ("97140", "GP", 5_000, 1)], {"97110": 30, "97140": 2}),
    "UNDER": ([("97110", "GP", 3_333, 1)], {"97110": 40}),
    "TIED": ([("97110", "GP", 5_000, 1), ("97112", "GP", 5_000, 1)], {"97110": 19, "97112": 19}),
    "MOVED": ([("97110", "GP", 5_000, 1), ("97112", "GP", 12_000, 2)], {"97110": 28, "97112": 15}),
    "MARKED": ([("97110", "GP", 5_000, 1), ("97110", "GP:59", 5_000, 1)], {"97110": 16}),
    "TWICE": ([("97161", "GP", 20_000, 2)], {"97161": 30}),
    "RIGHT": ([("97110", "GP", 10_000, 2)], {"97110": 30}),
    "BARE": ([("97110", "GP", 5_000, 1), ("97140", "GP", 5_000, 1)], {"97110": 40}),
}  # fmt: skip


def _sent() -> bytes:
    out = io.BytesIO()
    whole = Interchange(out, function="HC", version=VERSION, sender="A CLINIC", receiver="HOUSE", day=DAY, control=1)
    made = []
    for place, (number, (lines, _)) in enumerate(CLAIMS.items()):
        served = tuple(
            ServiceLine(code, tuple(marks.split(":")), cents, units, SERVED) for code, marks, cents, units in lines
        )
        patient = PATIENT._replace(identifier=f"M{place}")
        made.append(Claim(number, patient, MEDICAID, "MC", served, ("M54.50",), THERAPIST, "225100000X"))
    biller = Biller(CLINIC, "931234567", "261QR0400X", "5555550142")
    whole.add("837", *transaction(biller, Party("HOUSE", identifier="HOUSE"), made, day=DAY, reference="B1"))
    whole.close()
    return out.getvalue()


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("units")
    member = b"NM1*IL*1*ALDER*ANN****MI*M"
    rows = []
    for row in _sent().split(b"~\n"):
        rows.append(row)
        if row.startswith(member):
            rows += [b"N3*1 ELM ST", b"N4*SALEM*OR*97301", b"DMG*D8*19600101*F"]
    text = b"~\n".join(rows)
    (folder / "one.837").write_bytes(text)
    decided = [claim(number, f"ICN{number}", line(10_000, 8_000, ("CO", "45", 2_000))) for number in CLAIMS]
    (folder / "one.835").write_bytes(remit(*decided, day=DAY + 14, by=payer("MCD", "STATE MEDICAID")))
    visits = ["visit_id,date_of_service,patient_id,payer_id,payer_name,discipline,clinician_npi,status,claim_id"]
    services = ["visit_id,code,minutes"]
    for place, (number, (_, minutes)) in enumerate(CLAIMS.items()):
        visits.append(f"V-{number},{iso(SERVED)},P{place},MCD,STATE MEDICAID,PT,1245319599,kept,{number}")
        services += [f"V-{number},{code},{amount or ''}" for code, amount in minutes.items()]
    (folder / "visits.csv").write_text("\n".join(visits) + "\n")
    (folder / "services.csv").write_text("\n".join(services) + "\n")
    place = folder / "home"
    done = CliRunner().invoke(app, ["import", str(folder), "--home", str(place), "--json"])
    assert done.exit_code == 0, done.output
    return place


def run(home, out, *claims, more=()):
    words = ["resubmit", *claims, "--home", str(home), "--out", str(out), "--as", "corrected", "--findings"]
    return CliRunner().invoke(app, [*words, "--day", "2026-04-01", *more])


def lines_of(path):
    frames = [batch["claim_lines"] for batch in read_bytes(path.read_bytes(), name="case", source_id="0" * 16)
              if "claim_lines" in batch]  # fmt: skip
    return [row for frame in frames for row in frame.select("code", "units", "charge_cents").rows()]


# hand-worked: 10001 * 2 / 3 = 6667.33; 2 of 3 units leave the last line first; 3333 * 3 = 9999
@pytest.mark.parametrize(
    ("number", "lines"),
    [
        ("OVER", [("97110", 2, 6_667)]),
        ("SPLIT", [("97110", 2, 10_000)]),
        ("GONE", [("97110", 2, 10_000)]),
        ("UNDER", [("97110", 3, 9_999)]),
        ("MOVED", [("97110", 2, 10_000), ("97112", 1, 6_000)]),
        ("TWICE", [("97161", 1, 10_000)]),
    ],
)
def test_the_correction_reads_as_the_findings_say(home, tmp_path, number, lines):
    out = tmp_path / "again.837"
    done = run(home, out, number, more=("--json",))
    assert done.exit_code == 0, done.output
    assert lines_of(out) == lines and faults(out.read_text()) == []
    told = json.loads(done.stdout)
    assert told["written"][0]["charge_cents"] == sum(cents for *_, cents in lines)
    assert told["changes"] and told["left"] == [] and told["written"][0]["word"] is None


def test_each_line_is_shown_before_and_after(home, tmp_path):
    said = " ".join(run(home, tmp_path / "again.837", "OVER").stdout.split())
    assert "OVER: Line 1, 97110: 3 units become 2, $100.01 becomes $66.67. Finding" in said
    gone = unit_changes(home, ["GONE"]).rows
    assert [line_words(row) for row in gone] == ["Line 2, 97140: 1 unit and $50.00 come off with the line."]


@pytest.mark.parametrize(
    ("number", "word"),
    [
        ("TIED", "tied, and the clinician"),
        ("MARKED", "different modifiers"),
        ("RIGHT", "no finding of units changes this claim"),
        ("BARE", "not raised while not_recorded"),
    ],
)
def test_what_a_person_must_say_is_left(home, tmp_path, number, word):
    out = tmp_path / "no.837"
    done = run(home, out, number)
    assert done.exception.exit_code == 2 and word in str(done.exception) and not out.exists()


def test_several_claims_go_together_and_the_others_are_named(home, tmp_path):
    out = tmp_path / "again.837"
    done = run(home, out, "OVER", "TIED", "UNDER", more=("--json",))
    told = json.loads(done.stdout)
    assert [row["claim_id"] for row in told["written"]] == ["OVER", "UNDER"]
    assert [row["claim_id"] for row in told["refused"]] == ["TIED"] and "tied" in told["left"][0]["why"]
    assert faults(out.read_text()) == []


@pytest.mark.parametrize("more", [("--set", "1.units=1"), ("--without", "1"), ("--as", "void")])
def test_findings_stand_alone(home, tmp_path, more):
    done = run(home, tmp_path / "no.837", "OVER", more=more)
    assert done.exception.exit_code == 2 and "do not go with it" in str(done.exception)


def test_the_page_of_a_claim_offers_the_same_change(home):
    corrected = ways_open(home, "OVER", DAY + 9)[0]
    assert corrected.open and any("3 units become 2" in words for words in corrected.words)
    right = ways_open(home, "RIGHT", DAY + 9)[0]
    assert not right.open and "without a change" in right.words[0]

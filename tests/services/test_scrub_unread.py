"""What cannot be read of a claim holds it, a code that the book does not know is told: silence is no pass."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.services.make_sample import make_sample
from everyunit.services.scrub import scrub_bytes
from everyunit.services.take_in import take_in

LINE_CODE, UNITS = rb"SV1\*HC:[0-9A-Z]*", rb"UN\*[0-9]*"
SPOILED = {
    "no units": (UNITS, b"UN*0", "charges 0 units"),
    "units below nothing": (UNITS, b"UN*-1", "charges -1 units"),
    "half a unit": (UNITS, b"UN*1.5", "not whole"),
    "empty units": (UNITS, b"UN*", "missing or cannot be read"),
    "words for units": (UNITS, b"UN*two", "missing or cannot be read"),
    "no code": (LINE_CODE, b"SV1*HC:", "no procedure code"),
    "a code cut short": (LINE_CODE, b"SV1*HC:971", "971 is no procedure code"),
    "a code of nobody": (LINE_CODE, b"SV1*HC:9ZZZ9", "does not know 9ZZZ9"),
    "no claim number": (rb"CLM\*[^*]*", b"CLM*", "no number"),
    "no payer": (rb"NM1\*PR\*2\*[^~]*", b"NM1*PR*2", "names no payer"),
    "no day": (rb"DTP\*472\*D8\*[0-9]*", b"DTP*472*D8*", "no day of service"),
    "no charge of the line": (rb"(SV1\*HC:[^*]*)\*[0-9.]*", rb"\1*", "charge of the line"),
    "no line": (rb"LX\*[0-9]+~\s*SV1[^~]*~", b"", "no line that could be read"),
}


NOT_JUDGED = ("a code of nobody",)  # another trade's code may be right: the claim is not stopped for it


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unread")
    make_sample(folder / "S", visits=120, seed=3)
    list(take_in([folder / "S" / "practice.toml"], folder / "home"))
    return folder


def sent(place):
    files = [one.read_bytes() for one in sorted((place / "S" / "claims").iterdir())]
    return next(raw for raw in files if any(claim.verdict == "pass" for claim in scrub_bytes(raw, "x").claims))


@pytest.mark.parametrize("home", [False, True])
@pytest.mark.parametrize("name", SPOILED)
def test_what_cannot_be_judged_is_held_with_what_clears_it(place, name, home):
    wanted, instead, said = SPOILED[name]
    spoiled = re.sub(wanted, instead, sent(place))
    result = scrub_bytes(spoiled, "spoiled.837", place / "home" if home else None)
    assert result.claims
    for claim in result.claims:
        told = [reason for reason in claim.reasons if said in reason.message]
        assert claim.verdict == ("fix" if name in NOT_JUDGED else "hold") and told, name
        assert all(reason.fix for reason in told)


def test_the_command_ends_with_one_and_names_the_line(place):
    path = place / "spoiled.837"
    path.write_bytes(re.sub(UNITS, b"UN*0", sent(place)))
    shown = CliRunner().invoke(app, ["scrub", str(path), "--home", str(place / "home")])
    assert shown.exit_code == 1
    assert "line 1: The line charges 0 units." in shown.stdout
    assert " 0 pass" in shown.stdout

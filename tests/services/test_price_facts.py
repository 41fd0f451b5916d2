"""`price --batch` beside a second reading of the collected figures: no cent differs."""

from __future__ import annotations

import csv
import io
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from oracle.price_facts import FACTS, Figures
from typer.testing import CliRunner

from everyunit.cli.main import app

pytestmark = pytest.mark.skipif(not FACTS.exists(), reason="the collected figures are not beside the repository")

EDGES = ("2024-01-01", "2024-03-08", "2024-03-09", "2024-12-31", "2025-01-01", "2025-12-31", "2026-01-01",
         "2026-12-31")  # fmt: skip
MARKS = ((), ("GP",), ("GP", "CQ"), ("GO", "CO"), ("GN", "KX"), ("GP", "59", "CQ"), ("CO",))
HEAD = ("claim_id", "line", "date_of_service", "mac", "locality", "payer", "code", "units", "modifiers")


def drawn(figures, seed, claims):
    """Days of patients: any place and code, as many on the edges of years and factors as between them."""
    random = Random(seed)
    places, codes = sorted(figures.places), sorted(figures.values)
    by_year = {year: [code for code, held in codes if held == year] for year in ("2024", "2025", "2026")}
    often = ("97110", "97140", "97530", "97112", "97116", "97535", "97129", "97130", "G0283", "92507", "97161")
    made = []
    for _ in range(claims):
        day = random.choice(EDGES) if random.random() < 0.5 else (
            f"{random.randint(2024, 2026)}-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}"
        )  # fmt: skip
        year = day[:4]
        _, mac, locality = random.choice([place for place in places if place[0] == year])
        if random.random() < 0.1:
            mac, locality = "", ""
        pick = [*often, *random.sample(by_year[year], 5)]
        lines = [
            (random.choice(pick), random.randint(1, 4), random.choice(MARKS)) for _ in range(random.randint(1, 6))
        ]
        made.append((day, mac, locality, [line for line in lines if (line[0], year) in figures.values]))
    return made


def batch(claims, folder):
    path = folder / "lines.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        for number, (day, mac, locality, lines) in enumerate(claims):
            for at, (code, units, marks) in enumerate(lines, 1):
                writer.writerow((f"C{number}", at, day, mac, locality, "medicare", code, units, ":".join(marks)))
    done = CliRunner().invoke(app, ["price", "--batch", str(path)])
    assert done.exit_code == 0, done.stderr
    told = {}
    for row in csv.DictReader(io.StringIO(done.stdout)):
        cents = [row[name] for name in ("allowed_cents", "medicare_cents", "patient_cents")]
        told[row["claim_id"], int(row["line"])] = tuple(map(int, cents)) if cents[0] else None
    return told


def slowly(figures, claims):
    made = {}
    for number, (day, mac, locality, lines) in enumerate(claims):
        for at, cents in enumerate(figures.day(day, mac, locality, lines), 1):
            made[f"C{number}", at] = cents
    return made


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32))
@example(97110)
def test_no_cent_differs(tmp_path_factory, seed):
    figures = Figures()
    claims = drawn(figures, seed, 400)
    told, slow = batch(claims, tmp_path_factory.mktemp("batch")), slowly(figures, claims)
    assert len(told) == len(slow) > 900
    assert {key: (told.get(key), cents) for key, cents in slow.items() if told.get(key) != cents} == {}


def test_every_code_of_every_year_alone(tmp_path):
    figures = Figures()
    claims = [(f"{year}-07-01", "", "", [(code, 1, ("GP",))]) for code, year in sorted(figures.values)]
    told, slow = batch(claims, tmp_path), slowly(figures, claims)
    assert told == slow and sum(cents is not None for cents in slow.values()) > 400


def test_every_place_of_every_year(tmp_path):
    figures = Figures()
    lines = [("97110", 3, ("GP", "CQ")), ("97530", 1, ("GP",)), ("97140", 2, ("GP", "59"))]
    claims = [(f"{year}-02-01", mac, locality, lines) for year, mac, locality in sorted(figures.places)]
    assert batch(claims, tmp_path) == slowly(figures, claims) and len(claims) == len(figures.places) > 300

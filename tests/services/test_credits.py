"""Credits of payers and patients through the doors: since when they stand, by when they go back, and no name."""

from __future__ import annotations

import csv
import io
import json
import stat

import pytest
from test_owed import run

from everyunit.days import to_day
from everyunit.money import to_cents
from everyunit.services.make_sample import make_sample
from everyunit.services.statements import statements
from everyunit.services.take_in import take_in


def brought(folder, refund_days=""):
    """A practice of which one patient paid $200.00 at a visit that left a smaller share."""
    make_sample(folder / "practice", visits=400, seed=61, clean=True)
    own = folder / "practice" / "practice.toml"
    own.write_text(refund_days + own.read_text())
    list(take_in([folder / "practice"], folder / "first"))
    told = statements(folder / "first").lines
    claim_id = told.filter(told["owed_cents"] >= 0)["claim_id"][0]
    path = folder / "practice" / "visits.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text())))
    for row in rows:
        if row["claim_id"] == claim_id:
            row["copay_collected"] = "200.00"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    list(take_in([folder / "practice"], folder / "home"))
    return folder / "home", claim_id


@pytest.mark.parametrize(("refund_days", "days"), [("", None), ("patient_refund_days = 45\n", 45)])
def test_a_patients_credit_stands_with_its_age_and_the_practices_clock(tmp_path, refund_days, days):
    home, claim_id = brought(tmp_path, refund_days)
    told = json.loads(run("aging", "--home", home, "--json"))
    (row,) = [row for row in told["credits"] if row["claim_id"] == claim_id and row["kind"] == "patient_ahead"]
    share = statements(home).lines
    share = share.filter(share["claim_id"] == claim_id)
    assert row["credit_cents"] == share["ahead_cents"].sum() == 20_000 - share["collected_cents"].sum() > 0
    assert row["age_days"] == to_day(told["as_of"]) - to_day(row["noticed_day"])
    assert told["patient_refund_days"] == days and told["clock_checked"] is True
    if days is None:
        assert (row["due_day"], row["clock"]) == (None, "state")
    else:
        assert (to_day(row["due_day"]) - to_day(row["noticed_day"]), row["clock"]) == (days, "practice")
    ours = [one for one in told["credits"] if one["kind"] == "patient_ahead"]
    assert told["totals"]["patient_credit_cents"] == sum(one["credit_cents"] for one in ours)
    assert told["totals"]["credit_cents"] == sum(one["credit_cents"] for one in told["credits"])


def test_the_table_holds_every_credit_for_its_owner(tmp_path):
    home, claim_id = brought(tmp_path)
    out = tmp_path / "credits.csv"
    said = run("aging", "--home", home, "--credits", out)
    rows = list(csv.DictReader(io.StringIO(out.read_text())))
    told = json.loads(run("aging", "--home", home, "--json"))
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert [row["claim_id"] for row in rows] == [row["claim_id"] for row in told["credits"]]
    assert sum(to_cents(row["credit"]) for row in rows) == told["totals"]["credit_cents"]
    assert next(row for row in rows if row["claim_id"] == claim_id)["due_day"] == ""
    assert "the state's law says by when" in " ".join(said.split())

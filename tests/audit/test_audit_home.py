"""Judging a home: found again what was planted, kept, exported, explained."""

from __future__ import annotations

import csv
import json
import zipfile
from dataclasses import replace

import polars as pl
import pytest
from typer.testing import CliRunner

from everyunit.audit import FINDINGS, VISIT_VALUES
from everyunit.cli.main import app
from everyunit.errors import UsageError
from everyunit.services import audit as service
from everyunit.services import parts as split
from everyunit.services.audit import audit
from everyunit.services.explain import finding_story, visit_story
from everyunit.services.export import csv_text, escaped, writer_for
from everyunit.services.make_sample import make_sample
from everyunit.services.proof import COUNTED
from everyunit.services.summary import left_out, summary
from everyunit.services.take_in import take_in


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a practice, and a home that took it in."""
    folder = tmp_path_factory.mktemp("audit")
    make_sample(folder / "practice", visits=900, seed=404)
    list(take_in([folder / "practice"], folder / "home"))
    return folder


@pytest.fixture(scope="module")
def done(place):
    return audit(place / "home")


def run(*words):
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == 0, result.stderr
    return result


def planted(place):
    with (place / "practice" / "truth.csv").open(encoding="utf-8", newline="") as file:
        return {(row["visit_id"], row["kind"], row["code"]): int(row["cents"]) for row in csv.DictReader(file)}


def test_every_planted_leak_is_found_and_nothing_else(place, done):
    found = done.findings.select("visit_id", "kind", "code", "cents_at_stake")
    assert {tuple(row[:3]): row[3] for row in found.iter_rows()} == planted(place)
    assert set(COUNTED) <= set(found["kind"])


def test_results_bear_the_declared_columns(done):
    assert dict(done.findings.schema) == FINDINGS.schema
    assert dict(done.visit_values.schema) == VISIT_VALUES.schema
    assert done.visit_values["visit_id"].is_unique().all()
    assert done.findings.sort("visit_id", "code", "kind").equals(done.findings)
    words = done.findings.select("message", "fix", "source", "rule", "owner_role")
    assert words.null_count().sum_horizontal().item() == 0
    assert not words["message"].str.contains("null").any()


def test_figures_of_visits_agree_with_their_findings(done):
    """Where a visit has no finding, what it earned is what it was charged, in the same cents."""
    values = done.visit_values.filter(pl.col("judged"))
    calm = values.join(done.findings, on="visit_id", how="anti")
    assert calm.height > 500
    assert calm["earned_cents"].equals(calm["charged_cents"])
    single = done.findings.filter(
        pl.col("kind").is_in(["units_over", "units_under", "not_billed", "untimed_repeated"])
    )
    both = single.join(values, on="visit_id").filter(pl.len().over("visit_id") == 1)
    assert both.height > 12
    assert (both["earned_cents"] - both["charged_cents"]).equals(both["cents_at_stake"].rename("earned_cents"))
    paid = done.visit_values.filter(pl.col("paid_cents").fill_null(0) > 0)
    assert paid.height > 500


def test_parts_by_day_give_the_same(place, done, monkeypatch, tmp_path):
    monkeypatch.setattr(split, "VISITS_AT_ONCE", 200)
    ledger = service.open_home(place / "home")
    counts = service._judge(ledger, tmp_path, lambda line: None)
    assert pl.read_parquet(tmp_path / "findings.parquet").equals(done.findings)
    assert pl.read_parquet(tmp_path / "visit_values.parquet").equals(done.visit_values)
    assert counts == done.counts


def test_what_was_judged_is_not_judged_again(place, done, monkeypatch):
    monkeypatch.setattr(service, "_judge", lambda *words: pytest.fail("judged again"))
    assert audit(place / "home").findings.equals(done.findings)


def test_another_order_of_import_gives_the_same_bytes(place, done, tmp_path):
    files = sorted((place / "practice").rglob("*"), reverse=True)
    list(take_in([path for path in files if path.is_file()], tmp_path / "home"))
    other = audit(tmp_path / "home")
    assert csv_text(other.findings) == csv_text(done.findings)
    for ending in (".csv", ".xlsx", ".parquet"):
        one, two = tmp_path / f"one{ending}", tmp_path / f"two{ending}"
        writer_for(one)(done.findings)
        writer_for(two)(other.findings)
        assert one.read_bytes() == two.read_bytes()


def test_cells_that_would_run_as_formulas_are_escaped(tmp_path, done):
    bad = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "calm"]
    frame = done.findings.head(7).with_columns(clinic=pl.Series(bad), cents_at_stake=pl.lit(-5, pl.Int64))
    assert escaped(frame)["clinic"].to_list() == [*(f"'{text}" for text in bad[:-1]), "calm"]
    rows = list(csv.DictReader(csv_text(frame).splitlines()))
    assert {row["cents_at_stake"] for row in rows} == {"-5"}
    writer_for(tmp_path / "f.xlsx")(frame)
    with zipfile.ZipFile(tmp_path / "f.xlsx") as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_a_file_of_another_ending_or_folder_is_refused(tmp_path):
    with pytest.raises(UsageError, match="End the name in"):
        writer_for(tmp_path / "findings.pdf")
    with pytest.raises(UsageError, match="Make it first"):
        writer_for(tmp_path / "nowhere" / "findings.csv")


def test_the_proof_of_every_finding_comes_to_its_dollars(place, done):
    for finding in done.findings.sample(60, seed=1).iter_rows(named=True):
        told = finding_story(place / "home", finding["finding_id"])
        if told["worth"] is None:
            assert not finding["visit_id"] and finding["cents_at_stake"] == 0, "about a clinician, not a visit"
        elif told["worth"]["with"] is None:
            assert finding["kind"] not in COUNTED
            assert 0 <= finding["at_risk_cents"] <= told["worth"]["without"]["total_cents"]
        elif finding["direction"] == "document":
            assert told["worth"]["cents"] == -finding["at_risk_cents"]
        elif finding["kind"] != "units_misallocated" or finding["earned_units"] > finding["billed_units"]:
            assert told["worth"]["cents"] == finding["cents_at_stake"]


@pytest.mark.parametrize(
    ("kind", "key"),
    [("pair_never", "pairs."), ("pair_bundled", "pairs."), ("taxonomy_mismatch", "taxonomies."),
     ("re_evaluation_frequent", "thresholds.re_evaluation_gap"), ("remote_repeated", "traits."),
     ("remote_minutes_over", "thresholds.remote_full_management"), ("remote_days_over", "thresholds.remote_full"),
     ("progress_report_missing", "thresholds.progress_report"), ("units_a_day_high", "thresholds.units_a_day"),
     ("telehealth_hands_on", "traits.")],
)  # fmt: skip
def test_a_finding_shows_the_values_it_rests_on(place, done, kind, key):
    found = done.findings.filter(pl.col("kind") == kind)
    assert found.height, "the practice holds every kind that is asked here"
    told = finding_story(place / "home", found["finding_id"][0])
    values = [value for value in told["values"] if value["key"].startswith(key)]
    assert values and all(value["source"] and value["first_day"] for value in values)
    if key == "pairs.":
        assert all(found["code"][0] in value["key"].split(".") for value in values)
        assert [value for value in values if "ended" in value["value"]] == []


def test_the_story_of_a_visit_is_whole(place, done):
    alone = done.findings.filter(pl.len().over("visit_id") == 1)
    stories = (
        (row, visit_story(place / "home", row["visit_id"]))
        for row in alone.filter(pl.col("kind") == "units_over").iter_rows(named=True)
    )
    over, told = next((row, story) for row, story in stories if story["note"])
    assert told["visit"]["visit_id"] == over["visit_id"]
    assert "patient_id" not in told["visit"]
    assert told["earned"][over["code"]] == over["earned_units"]
    assert told["billed"][over["code"]] == over["billed_units"]
    assert sum(row["minutes"] for row in told["minutes"]) == told["minutes_total"] > 0
    assert any(row["in_force"] and row["code"] == over["code"] for row in told["lines"])
    assert told["as_billed"]["total_cents"] - told["as_earned"]["total_cents"] == -over["cents_at_stake"]
    assert over["finding_id"] in {finding["finding_id"] for finding in told["findings"]}
    assert told["note"]
    json.dumps(told)


def test_no_such_visit_or_finding(place, done):
    with pytest.raises(UsageError, match="no visit"):
        visit_story(place / "home", "nobody")
    with pytest.raises(UsageError, match="No finding"):
        finding_story(place / "home", "zzzz")
    with pytest.raises(UsageError, match="No finding"):
        finding_story(place / "home", " ")
    first = next(n for n in "0123456789abcdef" if done.findings["finding_id"].str.starts_with(n).sum() > 1)
    with pytest.raises(UsageError, match="begin like that"):
        finding_story(place / "home", first)


def test_audit_prints_both_ways_and_writes(place, done, tmp_path):
    result = run("audit", "--home", place / "home", "--out", tmp_path / "f.csv")
    assert "units_over" in result.stdout and "to give back" in result.stdout and "kept visits" in result.stdout
    assert "written to" in result.stderr and "written to" not in result.stdout
    text = (tmp_path / "f.csv").read_text(encoding="utf-8")
    assert text == csv_text(done.findings)
    assert str(place) not in text and "service_day" not in text.splitlines()[0]
    told = json.loads(run("audit", "--home", place / "home", "--json").stdout)
    assert told["findings"] == done.findings.height
    gains = done.findings.filter(pl.col("cents_at_stake") > 0)
    assert told["gain_cents"] == gains["cents_at_stake"].sum()
    late = gains.filter(pl.col("fix").str.contains("these files reach"))
    assert late.equals(gains.filter("past_limit")) and not done.findings["past_limit"].null_count()
    assert set(late["kind"]) <= {"visit_not_billed"}
    assert told["past_limit_cents"] == late["cents_at_stake"].sum()
    assert sum(row["give_back_cents"] for row in told["kinds"]) == told["give_back_cents"] < 0


def test_explain_tells_the_proof(place, done):
    row = done.findings.filter(pl.col("kind") == "units_over").row(0, named=True)
    out = run("explain", row["finding_id"][:12], "--home", place / "home").stdout
    for words in ("Minutes", "Earned", "Billed", "The day as billed", "Book", "Clears it", "to give back"):
        assert words in out
    told = json.loads(run("explain", row["finding_id"], "--home", place / "home", "--json").stdout)
    assert told["worth"]["cents"] == row["cents_at_stake"]


def test_a_home_that_is_not_there_is_wrong_usage(tmp_path):
    with pytest.raises(UsageError):
        audit(tmp_path / "nowhere")


def test_what_no_payer_takes_any_more_is_named_in_the_gain(done):
    made = done.findings.filter(pl.col("kind") == "visit_not_billed").with_columns(past_limit=True, fix=pl.lit(""))
    told = summary(replace(done, findings=made))
    assert told["past_limit_cents"] == told["gain_cents"] > 0
    assert any("is past its payer's filing limit" in line for line in left_out(told))

"""Before sending: what was planted on claims is seen before they go out, and a clean claim passes."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from typer.testing import CliRunner

from everyunit.audit import Inputs, findings_before_sending, review
from everyunit.audit.facts import facts_of
from everyunit.cli.main import app
from everyunit.errors import Unreadable
from everyunit.frames import few_rows
from everyunit.rulebook import Book
from everyunit.services.explain import shared_ledger
from everyunit.services.inputs import inputs_of, practice_of
from everyunit.services.make_sample import make_sample
from everyunit.services.scrub import scrub, scrub_bytes, verdict_of
from everyunit.services.take_in import take_in

# What a claim shows by itself; the other planted kinds need the record or the year so far.
ALONE = ("npi_invalid", "referring_missing", "pointer_missing", "pointer_dangling", "diagnosis_shape", "split_line",
         "discipline_modifier_missing", "reference_missing", "replacement_to_medicare", "never_paid")  # fmt: skip
# Of what may leave before it looks: by the codes that occur, by the kinds of payers.
LOOKED_FOR = (
    "add_on_without_base", "never_paid", "invalid_for_payer", "remote_repeated", "caregiver_minutes",
    "evaluation_repeated", "re_evaluation_frequent", "pair_never", "pair_bundled", "ceiling_over", "kx_missing",
    "plan_expired", "plan_missing", "progress_report_missing", "telehealth_hands_on", "referring_missing",
    "discipline_modifier_missing", "assistant_modifier_missing",
)  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scrub")
    make_sample(folder / "practice", visits=700, seed=909)
    list(take_in([folder / "practice"], folder / "home"))
    return folder


@pytest.fixture(scope="module")
def planted(place):
    """Claim numbers by kind."""
    visits = pl.read_csv(place / "practice" / "visits.csv", infer_schema=False)
    claims = dict(visits.select("visit_id", "claim_id").iter_rows())
    made: dict[str, set[str]] = {}
    with (place / "practice" / "truth.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["visit_id"]:  # what is found on a therapist's day has no claim
                made.setdefault(row["kind"], set()).add(claims[row["visit_id"]])
    return made


def every(place, home=None):
    files = sorted(path for path in (place / "practice" / "claims").iterdir())
    return [claim for path in files for result in scrub(path, home) for claim in result.claims]


def test_what_a_claim_shows_by_itself_is_seen(place, planted):
    found: dict[str, set[str]] = {}
    for claim in every(place):
        for reason in claim.reasons:
            found.setdefault(reason.kind, set()).add(claim.claim_id)
    for kind in ALONE:
        if kind in planted:
            assert planted[kind] <= found.get(kind, set()), kind
    assert sum(kind in planted for kind in ALONE) >= 6


def test_beside_the_record_units_are_judged_and_clean_claims_pass(place, planted):
    claims = every(place, place / "home")
    over = {claim.claim_id for claim in claims if any(reason.kind == "units_over" for reason in claim.reasons)}
    assert planted["units_over"] <= over
    assert not any("back within 60 days" in reason.fix for claim in claims for reason in claim.reasons)
    assert all(claim.verdict == "hold" for claim in claims if claim.claim_id in over)
    short = {claim.claim_id for claim in claims if any(r.kind == "remote_minutes_over" for r in claim.reasons)}
    assert planted["remote_minutes_over"] == short, "the minutes of the month, from all its visits"
    assert all(claim.verdict == "hold" for claim in claims if claim.claim_id in short)
    troubled = set().union(*planted.values())
    clean = [claim for claim in claims if claim.claim_id not in troubled]
    assert len(clean) > 300
    assert {claim.verdict for claim in clean} == {"pass"}
    assert [claim.reasons for claim in clean if claim.reasons] == []


def one(place, old: bytes, new: bytes):
    raw = sorted((place / "practice" / "claims").iterdir())[0].read_bytes()
    assert old in raw
    return scrub_bytes(raw.replace(old, new), "new.837")


def test_too_many_untimed_units_are_held_with_what_clears_it(place):
    raw = sorted((place / "practice" / "claims").iterdir())[0].read_bytes()
    before = {one.claim_id for one in scrub_bytes(raw, "new.837").claims if one.verdict == "hold"}
    line = next(part for part in raw.split(b"~") if part.strip().startswith(b"SV1*HC:9716"))
    wrong = line.replace(b"*UN*1*", b"*UN*3*")
    result = scrub_bytes(raw.replace(line, wrong, 1), "new.837")
    held = [claim for claim in result.claims if claim.claim_id not in before and claim.verdict != "pass"]
    held = [claim for claim in held if any(r.kind == "ceiling_over" for r in claim.reasons)]
    assert len(held) == 1 and held[0].verdict == "hold"
    assert all(reason.message and reason.fix and reason.source for reason in held[0].reasons)


def test_time_to_file_is_warned_of_before_and_told_after(place):
    raw = max((one.read_bytes() for one in (place / "practice" / "claims").iterdir()), key=len)
    made = next(part for part in raw.split(b"~") if part.strip().startswith(b"BHT*")).split(b"*")[4]
    year = int(made[:4])
    late = scrub_bytes(raw.replace(b"*" + made, f"*{year + 2}".encode() + made[4:]), "late.837")
    told = [reason for claim in late.claims for reason in claim.reasons if reason.kind == "filing_late"]
    assert told and {reason.verdict for reason in told} == {"fix"}
    early = (date(year + 1, int(made[4:6]), int(made[6:])) - timedelta(days=25)).strftime("%Y%m%d").encode()
    near = scrub_bytes(raw.replace(b"*" + made, b"*" + early), "near.837")
    soon = [reason for claim in near.claims for reason in claim.reasons if reason.kind == "filing_late"]
    assert any(reason.verdict == "pass" and "days are left" in reason.message for reason in soon)


def test_what_holds_no_claim_is_refused(place):
    remit = sorted((place / "practice" / "remits").iterdir())[0]
    with pytest.raises(Unreadable, match="holds no claim"):
        scrub(remit)
    with pytest.raises(Unreadable):
        scrub_bytes(b"nothing of the kind", "x")


def test_command_ends_with_one_where_something_is_held(place):
    path = str(sorted((place / "practice" / "claims").iterdir())[0])
    result = CliRunner().invoke(app, ["scrub", path, "--home", str(place / "home"), "--json"])
    body = json.loads(result.stdout)
    assert result.exit_code == (1 if body["hold"] else 0)
    assert body["pass"] + body["fix"] + body["hold"] == len(body["claims"])


def test_command_says_what_rests_on_a_value_not_checked(place):
    paths = sorted((place / "practice" / "claims").iterdir())
    unsure = {path: [reason for reason in reasons_of(path) if not reason.checked] for path in paths}
    path = min((path for path in paths if unsure[path]), key=lambda path: path.stat().st_size)
    shown = CliRunner().invoke(app, ["scrub", str(path)]).stdout
    assert f"Book: {unsure[path][0].source} (not checked)" in shown


def reasons_of(path):
    return [reason for result in scrub(path) for claim in result.claims for reason in claim.reasons]


def test_every_kind_has_a_verdict():
    kinds = Book.load().kinds()
    assert {verdict_of(kind) for kind in kinds.values()} == {"pass", "fix", "hold"}
    assert all(
        verdict_of(kind) == "hold" for kind in kinds.values() if kind.direction == "over" and not kind.before_sending
    )


def test_a_claim_that_was_never_sent_is_judged_beside_the_record(place):
    raw = sorted((place / "practice" / "claims").iterdir())[0].read_bytes()
    fresh = scrub_bytes(raw.replace(b"CLM*C", b"CLM*X"), "fresh.837", place / "home")
    assert fresh.claims and all(claim.claim_id.startswith("X") for claim in fresh.claims)


def of_patient(read, patient):
    """The inputs of one patient, as a claim of theirs is judged."""
    visits = read["visits"].filter(pl.col("patient_id") == patient)
    numbers, names = (visits[name].drop_nulls().to_list() for name in ("claim_id", "visit_id"))
    claims = read["claims"].filter(pl.col("claim_id").is_in(numbers))
    lines = read["claim_lines"].join(claims.select("source_id", "claim"), on=["source_id", "claim"], how="semi")
    own = {name: read[name].filter(pl.col("visit_id").is_in(names)) for name in ("services", "notes", "refusals")}
    own |= {name: read[name].filter(pl.col("patient_id") == patient) for name in ("plans", "authorizations")}
    return Inputs(visits=visits, claims=claims, claim_lines=lines, transactions=read["transactions"], **own)


def test_the_short_way_finds_what_the_long_way_finds(place, planted, monkeypatch):
    ledger = shared_ledger(place / "home")
    held, practice, book = inputs_of(ledger), practice_of(ledger), Book.load()
    read = {name: frame.collect() for name, frame in vars(held).items() if isinstance(frame, pl.LazyFrame)}
    of = dict(read["visits"].select("claim_id", "patient_id").iter_rows())
    patients = sorted(
        {of[claim] for kind in LOOKED_FOR for claim in sorted(planted.get(kind, ()))[:2] if claim in of}
    )
    known = []

    def unknowing(*given):
        known.append(facts_of(*given))
        return replace(known[-1], occurring=None, medicare=True, federal=True)

    short = []
    for patient in patients:
        with few_rows():
            short.append(findings_before_sending(of_patient(read, patient), practice, book))
    monkeypatch.setattr(review, "facts_of", unknowing)
    for patient, made in zip(patients, short, strict=True):
        assert_frame_equal(findings_before_sending(of_patient(read, patient), practice, book), made)
    assert len(set(LOOKED_FOR) & set(pl.concat(short)["kind"])) > 8
    assert {facts.medicare for facts in known} == {True, False} == {facts.federal for facts in known}


def test_a_void_names_its_original_and_is_not_sent_to_medicare(place):
    raw = max((one.read_bytes() for one in (place / "practice" / "claims").iterdir()), key=len)
    made = scrub_bytes(raw.replace(b":B:1*", b":B:8*"), "void.837")
    kinds = {"reference_missing", "replacement_to_medicare"}
    told = [[reason.kind for reason in claim.reasons if reason.kind in kinds] for claim in made.claims]
    assert max(len(each) for each in told) == 1
    assert sum(len(each) for each in told) >= raw.count(b":B:1*") > 5
    assert {kind for each in told for kind in each} == kinds
    assert all(claim.verdict != "pass" for claim, each in zip(made.claims, told, strict=True) if each)

"""Notes of a home read beside their claims: marks over the text, where the minutes went, and no text kept."""

from __future__ import annotations

import csv
import json
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.days import as_day
from everyunit.errors import UsageError
from everyunit.services import note_reviews as reader
from everyunit.services.audit import audit
from everyunit.services.make_sample import make_sample
from everyunit.services.note_marks import mark
from everyunit.services.note_reviews import CODES, NOTES, NoteReviews, note_reviews
from everyunit.services.skilled_time import MINUTES, _alarms, _beside_record, skilled_time
from everyunit.services.take_in import take_in

NOTE = (
    "S: Knee less stiff. HEP done 5/7 days.\n"
    "O: Therapeutic exercise x 20 min: quad sets and SLR for strength, cues for form. "
    "Manual therapy x 10 min: patellar mobilization. US not performed today.\n"
    "A: Flexion up 6 deg this session.\nP: Gait training next visit."
)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("skilled")
    make_sample(folder / "practice", visits=400, seed=5)
    list(take_in([folder / "practice"], folder / "home"))
    audit(folder / "home")
    return folder / "home"


def test_marks_lie_over_the_whole_text_and_name_what_they_are():
    made = mark(NOTE, "PT", "medicare_b", [("97110", 1), ("97140", 1)])
    assert "".join(part.text for part in made.stretches) == NOTE
    codes = [part.code for part in made.stretches if part.kind == "done"]
    assert codes == ["97110", "97140"]
    assert all(part.title for part in made.stretches if part.kind)
    assert not any("97116" in row["code"] for row in made.done)


@given(st.text(max_size=400))
def test_marks_never_lose_a_character(text):
    assert "".join(part.text for part in mark(text, "OT", "commercial", []).stretches) == text


def test_every_note_of_a_kept_visit_is_read_once_and_no_text_is_kept(home):
    found = note_reviews(home)
    assert found.notes.height == found.notes["visit_id"].n_unique() > 300
    assert set(found.notes["visit_id"]) <= set(found.whose["visit_id"])
    for path in (home / "derived").rglob("notes/*.parquet"):
        raw = pl.read_parquet(path)
        longest = [raw[name].str.len_chars().max() or 0 for name, kind in raw.schema.items() if kind == pl.String]
        assert max(longest) < 200, path.name


def test_processes_beside_one_another_give_the_same(home, monkeypatch):
    tasks = reader._tasks(reader.open_home(home))
    alone = sorted(rows for part in reader._readings(tasks) for rows in part[0])
    monkeypatch.setattr(reader, "ALONE", 0)
    monkeypatch.setattr(reader, "AT_ONCE", 90)
    assert sorted(rows for part in reader._readings(tasks) for rows in part[0]) == alone


def test_minutes_add_up_and_dollars_run_both_ways(home):
    found = skilled_time(home)
    assert found.notes == sum(row["notes"] for row in found.clinics) > 300
    for row in [*found.clinics, *found.people, found.totals]:
        assert parts(row) == row["session_minutes"] > 0
        assert row["gain_cents"] >= 0 >= row["give_back_cents"]
        assert 0 <= row["lacking"] <= row["notes"]
    for name in ("notes", "session_minutes", "gain_cents", "document_cents"):
        assert sum(row[name] for row in found.people) == found.totals[name]


def parts(row):
    return row["counted_minutes"] + row["countable_minutes"] + row["not_countable_minutes"]


WORK = "Therapeutic exercise x {} min: quad sets and SLR for strength, cues for form."
TOLD = (
    "Reassessed knee flexion: 112 degrees, was 98 last week; answered questions and reviewed goals with the patient."
)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        (f"O: {WORK.format(25)} Timed minutes 25, total treatment time 25 min.", (25, 25, 0, 0)),
        (f"O: {WORK.format(25)} {TOLD} Timed minutes 25, total treatment time 37 min.", (37, 25, 12, 0)),
        (f"O: {WORK.format(25)} Timed minutes 25, total treatment time 37 min.", (37, 25, 0, 12)),
        (f"O: {WORK.format(25)}", (25, 25, 0, 0)),  # no total: the minutes of the services are all that is known
        (f"O: {WORK.format(40)} Timed minutes 40, total treatment time 30 min.", (40, 40, 0, 0)),
        (f"O: {WORK.format(25)} Hot pack, skin checked (12 min). Timed minutes 25, total treatment time 37 min.",
         (37, 25, 0, 12)),
        ("Pt cancelled.", (None, 0, 0, None)),
    ],
)  # fmt: skip
def test_face_to_face_is_counted_and_open_and_rest(text, minutes):
    row = reader.read_part([("V1", text, "PT", "medicare_b", [("97110", 2)])])[0][0]
    made = dict(zip(NOTES, row, strict=True))
    assert tuple(made[name] for name in MINUTES) == minutes


@pytest.mark.parametrize(
    ("text", "code", "due"),
    [("Naming tasks at 70 percent with phonemic cues for aphasia. Total treatment time 45 min.", "92507", False),
     ("Therapeutic exercise: quad sets and SLR for strength. Total treatment time 25 min.", "97110", True)],
)  # fmt: skip
def test_timed_minutes_are_only_missed_where_something_timed_was_done(text, code, due):
    kind = "SLP" if code == "92507" else "PT"
    row = reader.read_part([("V1", f"O: {text}", kind, "medicare_b", [(code, 1)])])[0][0]
    assert ("timed_minutes" in dict(zip(NOTES, row, strict=True))["missing"].split(":")) is due


SAID = [
    WORK.format(25), WORK.format(8), TOLD, "Hot pack (12 min).", "Total time 30 min.", "Timed minutes 20.",
    "In 9:00, out 9:40.", "Pt left alone 10 min.",
]  # fmt: skip


@given(st.lists(st.sampled_from(SAID), max_size=6))
def test_whatever_is_told_the_minutes_add_up(told):
    row = reader.read_part([("V1", "O: " + " ".join(told), "PT", "commercial", [("97110", 1)])])[0][0]
    made = dict(zip(NOTES, row, strict=True))
    assert made["session_minutes"] is None or parts(made) == made["session_minutes"]
    assert made["session_minutes"] is not None or (made["counted_minutes"], made["countable_minutes"]) == (0, 0)


def test_fewer_than_five_people_are_not_set_side_by_side_and_one_sees_their_own(home):
    every = skilled_time(home)
    numbers = [row["clinician_npi"] for row in every.people]
    assert len(set(numbers)) >= 5 and numbers == sorted(numbers)
    clinic = every.clinics[0]["clinic"]
    few = skilled_time(home, clinic=clinic)
    assert few.people == [] and 0 < few.hidden < 5
    assert [row["clinic"] for row in few.clinics] == [clinic]
    one = skilled_time(home, clinician=numbers[0])
    assert {row["clinician_npi"] for row in one.people} == {numbers[0]} and one.hidden == 0


def test_minutes_that_stand_in_the_record_as_an_untimed_service_are_not_open(home):
    """A hot pack is told with minutes outside the timed ones: nobody left them out."""
    with (home.parent / "practice" / "truth_notes.csv").open(encoding="utf-8", newline="") as file:
        planted = {row["visit_id"] for row in csv.DictReader(file) if row["kind"] == "note_time_uncounted"}
    notes = _beside_record(note_reviews(home).notes, reader.open_home(home))
    assert set(notes.filter(pl.col("countable_minutes") > 0)["visit_id"]) == planted != set()
    assert skilled_time(home).totals["countable_minutes"] == notes["countable_minutes"].sum()
    told = notes.drop_nulls("session_minutes").to_dicts()
    packed = {row["visit_id"] for row in told if row["session_minutes"] > (row["timed_minutes"] or 0)}
    assert packed - planted


def test_a_note_is_read_again_only_when_it_or_its_claim_changed(home, monkeypatch):
    before = {name: getattr(note_reviews(home), attribute) for name, attribute in zip(
        reader.NAMES, ("notes", "findings", "codes"), strict=True)}  # fmt: skip
    read: list[str] = []
    part = reader.read_part
    monkeypatch.setattr(reader, "read_part", lambda tasks: (read.extend(task[0] for task in tasks), part(tasks))[1])
    ledger, tasks = reader.open_home(home), reader._tasks(reader.open_home(home))
    assert reader._made(ledger, lambda _: None, before)["notes"].equals(before["notes"]) and read == []
    first, *rest = tasks
    monkeypatch.setattr(reader, "_tasks", lambda _: [(first[0], first[1] + " Seen.", *first[2:]), *rest])
    made = reader._made(ledger, lambda _: None, before)
    assert read == [first[0]]
    assert (
        made["note_codes"]
        .filter(pl.col("visit_id") != first[0])
        .equals(before["note_codes"].filter(pl.col("visit_id") != first[0]))
    )


def test_reading_many_notes_says_how_far_it_is(home, monkeypatch):
    monkeypatch.setattr(reader, "_readings", lambda tasks: map(reader.read_part, [tasks[:200], tasks[200:]]))
    ledger, said = reader.open_home(home), []
    reader._made(ledger, said.append)
    assert said == []
    monkeypatch.setattr(reader, "ALONE", 100)
    monkeypatch.setattr(reader, "SECONDS", 0)
    reader._made(ledger, said.append)
    number = len(reader._tasks(ledger))
    assert said[0] == f"reading {number} notes" and said[-1] == f"{number} of {number} notes read" and len(said) == 3


def test_the_web_does_not_wait_for_notes_that_nobody_read(home, monkeypatch):
    note_reviews(home)
    monkeypatch.setattr(reader, "ALONE", 1)
    note_reviews(home, patient=False)
    monkeypatch.setattr(reader, "NAMES", ("notes", "note_findings", "gone"))
    with pytest.raises(UsageError, match="have not been read yet"):
        note_reviews(home, patient=False)


def test_command_prints_what_the_page_shows(home):
    told = CliRunner().invoke(app, ["skilled-time", "--home", str(home)])
    assert told.exit_code == 0 and "Notes without one of these" in told.stdout
    body = json.loads(CliRunner().invoke(app, ["skilled-time", "--home", str(home), "--json"]).stdout)
    assert body["notes"] == skilled_time(home).notes


def months(billed: list[tuple[int, int]], said: list[tuple[int, int]]) -> NoteReviews:
    """Units of 97110 and 97530 billed, and minutes of both in the words, month by month from January 2025."""
    codes, whose = [], []
    for number, (units, minutes) in enumerate(zip(billed, said, strict=True)):
        visit, day = f"V{number}", as_day(date(2025 + number // 12, number % 12 + 1, 10))
        whose.append({"visit_id": visit, "service_day": day, "clinic": "A", "clinician_npi": "1", "discipline": "PT"})
        for at, code in enumerate(("97110", "97530")):
            codes.append((visit, code, minutes[at], True, units[at], None))
    frame = pl.DataFrame(codes, schema=CODES, orient="row")
    return NoteReviews(pl.DataFrame(), pl.DataFrame(), frame, pl.DataFrame(whose))


STEADY = [(60, 20), (58, 22), (61, 19), (59, 21), (60, 20), (60, 21)]


def test_a_mix_that_outruns_the_words_is_told_and_one_that_follows_them_is_not():
    words = [(15 * a, 15 * b) for a, b in STEADY]
    moved = months(STEADY + [(20, 60)] * 5, words + [(900, 300)] * 5)
    assert [row["clinician_npi"] for row in _alarms(moved, moved.whose)] == ["1"]
    followed = months(STEADY + [(20, 60)] * 5, words + [(300, 900)] * 5)
    assert _alarms(followed, followed.whose) == []

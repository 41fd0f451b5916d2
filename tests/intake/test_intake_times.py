"""Times that no clock shows, and days or minutes that contradict each other, are told; nothing else is lost."""

from __future__ import annotations

from pathlib import Path

import intake_kit as kit
import pytest

from everyunit.services.audit import audit
from everyunit.services.take_in import take_in

NO_CLOCK = [
    "2026-02-06T25:61", "25:00", "09:75", "24:01", "2026-02-06 31:00:00", "13:05 AM", "0:05 PM", "905", "9.05",
    "9 AM", "2026-02-30 09:05", "13/01/2026 09:05", "noon",
]  # fmt: skip
A_CLOCK = {
    "2026-02-06T23:59": "2026-02-06T23:59", "09:05": "09:05", "24:00": "24:00",
    "2026-02-06T09:05:59": "2026-02-06T09:05:59", "2026-02-06T09:05:00-08:00": "2026-02-06T09:05:00-08:00",
    "9:05 AM": "09:05", "9:05 pm": "21:05", "09:05A": "09:05", "9:05 p.m.": "21:05", "12:00 AM": "00:00",
    "12:30 PM": "12:30", "13:05 PM": "13:05", "9:05": "09:05", "0905": "09:05",
    "2/6/2026 9:05 PM": "2026-02-06T21:05", "02/06/2026 09:05": "2026-02-06T09:05",
    "2026-02-06 9:05:30 AM": "2026-02-06T09:05:30",
}  # fmt: skip


@pytest.mark.parametrize("column", ["check_in", "check_out", "scheduled_at", "note_signed_at", "charge_entered_at"])
def test_a_time_of_a_visit_that_cannot_be_is_left_empty_and_told(column: str, tmp_path: Path) -> None:
    rows = "".join(f"V{n},2026-02-06,{time}\n" for n, time in enumerate([*NO_CLOCK, *A_CLOCK]))
    ledger, receipt = kit.one(tmp_path, f"visit_id,date_of_service,{column}\n{rows}")
    held = ledger.scan("visits").collect().sort("row")
    assert held[column].to_list() == [None] * len(NO_CLOCK) + [*A_CLOCK.values()]
    assert receipt["refused"] == 0
    (problem,) = receipt["problems"]
    assert problem["message"].startswith(f"row 2, 3, 4, 5, 6, 7, 8, 9 and 5 more: {column} is no time of a day.")
    assert "Write times as 09:05 or 9:05 AM." in problem["message"]


def test_an_hour_is_not_asked_of_what_is_known_by_the_day(tmp_path: Path) -> None:
    text = "visit_id,date_of_service,check_in,charge_entered_at\nV1,2026-02-06,2026-02-06,2/7/2026\n"
    ledger, receipt = kit.one(tmp_path, text)
    held = ledger.scan("visits").collect().select("check_in", "charge_entered_at")
    assert held.rows() == [(None, "2026-02-07")]
    assert [one["message"].split(".")[0] for one in receipt["problems"]] == ["row 2: check_in is no time of a day"]


@pytest.mark.parametrize(
    ("came", "left", "stands"),
    [
        ("09:00", "09:45", True),
        ("12:30 PM", "1:15 PM", True),
        ("09:00", "09:00", True),
        ("09:45", "09:00", False),
        ("9:00 PM", "9:45 AM", False),
        ("2026-02-06T09:00", "2026-02-06 09:45", True),
        ("2026-02-06T09:45", "2026-02-06T09:00", False),
        ("2026-02-06T23:30", "2026-02-07T00:10", True),
        ("2026-02-07T09:00", "2026-02-06T09:45", False),
        ("2026-02-06T09:45", "09:00", False),
        ("09:45", "", True),
    ],
)
def test_a_patient_who_left_before_coming(came: str, left: str, stands: bool, tmp_path: Path) -> None:
    text = f"visit_id,date_of_service,check_in,check_out\nV0,2026-02-06,08:00,08:30\nV1,2026-02-06,{came},{left}\n"
    ledger, receipt = kit.one(tmp_path, text)
    held = ledger.scan("visits").collect().sort("row").select("check_in", "check_out").rows()
    assert held[0] == ("08:00", "08:30") and (held[1][0] is not None) == stands
    said = [one["message"] for one in receipt["problems"]]
    assert said == [] if stands else "row 3: check_out is before check_in." in said[0]
    assert stands or "Mend one of the two times." in said[0]


@pytest.mark.parametrize(
    ("start", "end", "minutes", "stands"),
    [
        ("10:00", "10:30", "30", True),
        ("10:30", "10:00", "30", False),
        ("10:30", "10:00", "", False),
        ("23:50", "00:20", "30", True),
        ("23:50", "00:20", "45", False),
        ("23:50", "00:20", "", False),
        ("22:00", "03:00", "30", False),
        ("2026-03-12T23:50", "2026-03-13T00:20", "30", True),
        ("2026-03-12T23:50", "2026-03-12T00:20", "30", False),
        ("2026-03-13T09:00", "2026-03-12T10:00", "30", False),
        ("10:30 AM", "01:00 PM", "30", True),
        ("10:30", "", "30", True),
    ],
)
def test_an_end_before_its_start(start: str, end: str, minutes: str, stands: bool, tmp_path: Path) -> None:
    text = f"visit_id,code,minutes,start,end\nV0,97110,15,09:00,09:15\nV1,97110,{minutes},{start},{end}\n"
    ledger, receipt = kit.one(tmp_path, text, "services.csv")
    held = ledger.scan("services").collect().sort("row").select("start", "end", "minutes").rows()
    assert held[0] == ("09:00", "09:15", 15)
    times = (_plain(start), _plain(end)) if stands else (None, None)
    assert held[1] == (*times, int(minutes) if minutes else None)
    said = [one["message"] for one in receipt["problems"]]
    assert said == [] if stands else said[0].startswith("row 3: end is before start")


def _plain(time: str) -> str | None:
    return {"10:30 AM": "10:30", "01:00 PM": "13:00"}.get(time, time or None)


def test_a_service_by_the_clock_of_half_days_overlaps_as_any_other(tmp_path: Path) -> None:
    """Times of twelve hours lead to the same judgement as times of twenty-four."""
    made = []
    for name, times in (
        ("long", ("09:00", "09:30", "09:20", "09:50")),
        ("short", ("9:00 AM", "9:30a", "9:20 AM", "9:50")),
    ):
        folder = tmp_path / name
        folder.mkdir()
        visits = "visit_id,date_of_service,patient_id,clinician_npi,discipline,payer_name,status\n" + "".join(
            f"V{n},2026-03-12,P{n},1999000015,PT,Medicare,kept\n" for n in (1, 2)
        )
        services = "visit_id,code,minutes,start,end,mode,performed_by\n" + "".join(
            f"V{n},97110,30,{times[2 * n - 2]},{times[2 * n - 1]},individual,therapist\n" for n in (1, 2)
        )
        (folder / "visits.csv").write_text(visits)
        (folder / "services.csv").write_text(services)
        list(take_in([folder], tmp_path / f"home_{name}"))
        found = audit(tmp_path / f"home_{name}").findings
        made.append(found.filter(found["kind"] == "therapist_overlap").select("visit_id", "code", "message").rows())
    assert made[0] == made[1] != []


def test_a_service_at_an_hour_that_is_none_keeps_its_minutes(tmp_path: Path) -> None:
    text = "visit_id,code,minutes,start,end\nV1,97110,15,25:00,25:15\n"
    ledger, receipt = kit.one(tmp_path, text, "services.csv")
    assert ledger.scan("services").collect().select("minutes", "start", "end").rows() == [(15, None, None)]
    assert len(receipt["problems"]) == 2


def test_many_rows_are_told_in_one_remark(tmp_path: Path) -> None:
    rows = "".join(f"V{n},2026-02-06,25:00\n" for n in range(1_300))
    _, receipt = kit.one(tmp_path, f"visit_id,date_of_service,check_in\n{rows}")
    (problem,) = receipt["problems"]
    assert "row 2, 3, 4, 5, 6, 7, 8, 9 and 1,292 more:" in problem["message"]


@pytest.mark.parametrize("column", ["assistant_minutes", "joint_minutes"])
def test_a_part_above_the_whole_is_refused_and_leaves_its_mark(column: str, tmp_path: Path) -> None:
    text = f"visit_id,code,minutes,{column}\nV1,97110,10,99\nV2,97110,10,10\nV3,97110,,99\nV4,97110,10,\n"
    ledger, receipt = kit.one(tmp_path, text, "services.csv")
    assert ledger.scan("services").collect().sort("row")["visit_id"].to_list() == ["V2", "V3", "V4"]
    (refused,) = receipt["refusals"]
    assert (refused["row"], refused["column"], refused["seen"]) == (2, column, "99 of 10")
    assert "more than the minutes" in refused["message"]
    marks = ledger.scan("refusals").collect().select("visit_id", "code", "column", "row")
    assert marks.rows() == [("V1", "97110", column, 2)]


@pytest.mark.parametrize(
    "table", [("plans", "plan_id"), ("authorizations", "number")], ids=["plans", "authorizations"]
)
def test_a_span_that_ends_before_it_starts_is_refused(table: tuple[str, str], tmp_path: Path) -> None:
    name, key = table
    text = f"{key},patient_id,start,end\nA,P1,2026-03-01,2026-02-01\nB,P1,2026-03-01,2026-03-01\nC,P1,,2026-03-01\n"
    ledger, receipt = kit.one(tmp_path, text, f"{name}.csv")
    assert ledger.scan(name).collect().sort("row")[key].to_list() == ["B", "C"]
    assert [(one["row"], one["column"], one["message"]) for one in receipt["refusals"]] == [
        (2, "end", "is before start")
    ]

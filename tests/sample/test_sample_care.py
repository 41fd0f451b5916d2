"""The clean practice is clean: hours, plans, authorizations, modifiers, ceilings, pairs, reports."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sample_plain import Sample

from everyunit.days import to_day
from everyunit.rulebook.book import Book
from everyunit.rulebook.pricing import price_day
from everyunit.sample.law import Law

LEAKY = ("units_over", "untimed_repeated", "not_recorded", "units_misallocated")


def day(text: str) -> date:
    return date.fromisoformat(text)


def days_of_care(sample: Sample) -> dict[tuple[str, str], list[dict]]:
    """Kept visits of each patient and discipline, in order of time."""
    found: dict[tuple[str, str], list[dict]] = defaultdict(list)
    for visit in sorted(sample.kept, key=lambda row: row["scheduled_at"]):
        found[visit["patient_id"], visit["discipline"]].append(visit)
    return found


def test_dates_are_working_days_of_the_book(practice: Sample) -> None:
    for visit in practice.visits:
        when = day(visit["date_of_service"])
        assert when.weekday() < 5 and date(2025, 11, 1) <= when <= date(2026, 10, 31)
        assert visit["scheduled_at"][:10] == visit["date_of_service"]


def test_no_therapist_and_no_patient_is_in_two_places(tidy: Sample) -> None:
    for who in ("clinician_npi", "patient_id"):
        taken: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for visit in tidy.kept:
            for one in tidy.services[visit["visit_id"]]:
                if one["start"] and (one["mode"] == "individual" or who == "patient_id"):
                    taken[visit[who], visit["date_of_service"]].append((one["start"], one["end"]))
        for spans in taken.values():
            spans.sort()
            assert all(early[1] <= late[0] for early, late in pairwise(spans))


def test_a_group_holds_two_to_four(practice: Sample) -> None:
    groups: dict[tuple[str, str], set[str]] = defaultdict(set)
    for visit in practice.kept:
        if any(one["mode"] == "group" for one in practice.services[visit["visit_id"]]):
            groups[visit["clinician_npi"], visit["scheduled_at"]].add(visit["patient_id"])
    assert groups
    assert all(2 <= len(patients) <= 4 for patients in groups.values())


def test_minutes_are_the_clock(tidy: Sample) -> None:
    for visit in tidy.kept:
        rows = tidy.services[visit["visit_id"]]
        assert rows and visit["visit_id"] in tidy.notes
        for one in rows:
            if one["start"]:
                start, end = (int(text[:2]) * 60 + int(text[3:]) for text in (one["start"], one["end"]))
                assert end - start == int(one["minutes"])
            assert int(one["assistant_minutes"]) + int(one["joint_minutes"]) <= int(one["minutes"] or 0)
        assert visit["check_in"] <= visit["scheduled_at"] < visit["check_out"]


def test_only_kept_visits_have_care_and_claims(practice: Sample) -> None:
    for visit in practice.visits:
        if visit["status"] != "kept":
            assert not visit["claim_id"] and visit["visit_id"] not in practice.services
    assert {row["status"] for row in practice.visits} == {"kept", "cancelled", "late_cancel", "no_show"}


def test_npis_pass_their_check(practice: Sample) -> None:
    numbers = {row["clinician_npi"] for row in practice.visits} | {
        row["certified_by_npi"] for row in practice.plans
    } - {""}
    for number in numbers:
        digits = [int(mark) for mark in "80840" + number]
        doubled = [digit if place % 2 == 0 else digit * 2 for place, digit in enumerate(reversed(digits))]
        assert len(number) == 10 and number.startswith("1999")
        assert sum(digit - 9 if digit > 9 else digit for digit in doubled) % 10 == 0


def test_every_day_of_care_stands_under_a_certified_plan(tidy: Sample) -> None:
    plans: dict[tuple[str, str], list[dict]] = defaultdict(list)
    for plan in tidy.plans:
        plans[plan["patient_id"], plan["discipline"]].append(plan)
        assert day(plan["end"]) - day(plan["start"]) < timedelta(days=90)
        assert day(plan["start"]) <= day(plan["sent_on"]) <= day(plan["certified_on"])
        assert day(plan["certified_on"]) - day(plan["start"]) <= timedelta(days=30)
    for who, visits in days_of_care(tidy).items():
        for visit in visits:
            held = [one for one in plans[who] if one["start"] <= visit["date_of_service"] <= one["end"]]
            assert len(held) == 1


def test_a_progress_report_in_every_ten_days_of_care(tidy: Sample) -> None:
    for visits in days_of_care(tidy).values():
        since = 0
        for visit in visits:
            since += 1
            if "Progress report" in tidy.notes[visit["visit_id"]]:
                since = 0
                alone = all(one["performed_by"] == "therapist" for one in tidy.services[visit["visit_id"]])
                assert alone, "an assistant writes no progress report"
            assert since < 10 or "Discharge" in tidy.notes[visit["visit_id"]]


def test_authorizations_cover_what_they_must(tidy: Sample) -> None:
    numbered = {row["number"]: row for row in tidy.authorizations}
    used: dict[str, int] = defaultdict(int)
    units: dict[str, int] = defaultdict(int)
    for claim in tidy.first.values():
        number = claim["references"].get("G1")
        if number:
            row = numbered[number]
            used[number] += 1
            for line in claim["lines"]:
                units[number] += line["units"]
                assert row["start"] <= line["day"] <= row["end"] and line["code"] in row["codes"].split(":")
    assert used and all(count <= int(numbered[number]["visits"]) for number, count in used.items())
    assert all(count <= int(numbered[number]["units"]) for number, count in units.items())
    needed = {row["payer_id"] for row in tidy.authorizations}
    claimed = {row["claim_id"] for row in tidy.kept if row["payer_id"] in needed} - {""}
    assert all("G1" in tidy.first[one]["references"] for one in claimed)


def test_modifiers_say_plan_and_assistant(tidy: Sample) -> None:
    mark = {"PT": "GP", "OT": "GO", "SLP": "GN"}
    assistant = {"PT": "CQ", "OT": "CO", "SLP": "none"}
    leaky = {row["visit_id"] for row in tidy.truth}
    for visit in tidy.kept:
        if not visit["claim_id"]:
            continue
        work = {one["code"]: one for one in tidy.services[visit["visit_id"]]}
        marks_them = visit["payer_id"] in ("MKPARTB", "MKADVAN")
        for line in tidy.first[visit["claim_id"]]["lines"]:
            assert set(line["marks"]) & {"GP", "GO", "GN"} == {mark[visit["discipline"]]}
            if visit["visit_id"] not in leaky:
                helped = assistant[visit["discipline"]] in line["marks"]
                service = work.get(line["code"], work.get("97129"))
                if not service["minutes"]:
                    assert line["code"] == "98977" and not helped, "a device takes no minutes of the visit"
                    continue
                if int(service["assistant_minutes"]) == int(service["minutes"]):
                    assert helped == marks_them
                elif service["assistant_minutes"] == "0":
                    assert not helped
                elif marks_them:
                    assert line["units"] == 1, "half the minutes, half the units"
    split = [
        claim for claim in tidy.first.values() if len({one["code"] for one in claim["lines"]}) < len(claim["lines"])
    ]
    assert split, "some code is billed in two lines, with and without the assistant's modifier"


def test_no_line_is_over_its_ceiling(tidy: Sample) -> None:
    book = Book.load()
    planted = {row["visit_id"] for row in tidy.truth if row["kind"] in LEAKY}
    for visit in tidy.kept:
        if visit["visit_id"] in planted or not visit["claim_id"]:
            continue
        units: dict[str, int] = defaultdict(int)
        for line in tidy.first[visit["claim_id"]]["lines"]:
            units[line["code"]] += line["units"]
        for code, count in units.items():
            ceiling = book.codes_by_number[code].ceiling
            assert ceiling is None or count <= max(ceiling, code in ("97010", "97014"))


def test_pairs_are_apart_or_marked(tidy: Sample) -> None:
    path = Path(__file__).parents[3] / "shared" / "facts" / "ncci_ptp.csv"
    if not path.exists():
        pytest.skip("the collected figures of code pairs are not beside the repository")
    with path.open(newline="") as file:
        active = {
            (r["column1"], r["column2"]): r["modifier_indicator"]
            for r in csv.DictReader(file)
            if r["status"] == "active"
        }
    days: dict[tuple[str, str], list[dict]] = defaultdict(list)
    for visit in tidy.kept:
        if visit["claim_id"]:
            days[visit["patient_id"], visit["date_of_service"]] += tidy.first[visit["claim_id"]]["lines"]
    marked = 0
    for lines in days.values():
        for one in lines:
            for two in lines:
                kind = active.get((one["code"], two["code"]))
                assert kind != "0"
                if kind == "1":
                    marked += 1
                    assert "59" in two["marks"] or "59" in one["marks"]
    assert marked


def test_the_hard_but_innocent_cases_occur(practice: Sample) -> None:
    names = {one["id"]: {line["code"] for line in one["lines"]} for one in practice.claims}
    billed = set().union(*names.values())
    assert {"97129", "97130", "97150", "G0283", "97014", "97012", "92507", "92526"} <= billed
    medicare = {row["visit_id"] for row in practice.kept if row["payer_id"] == "MKPARTB"}
    assert any(one["code"] == "97010" for vid in medicare for one in practice.services[vid])
    both = defaultdict(set)
    for visit in practice.kept:
        both[visit["patient_id"], visit["date_of_service"]].add(visit["discipline"])
    assert any(len(one) > 1 for one in both.values())
    over = [claim for claim in practice.first.values() if any("KX" in line["marks"] for line in claim["lines"])]
    assert over


def test_kx_stands_from_the_claim_that_passes_the_threshold(tidy: Sample) -> None:
    thresholds = {"2025": 241_000, "2026": 248_000}
    book = Book.load()
    together: dict[tuple[str, str], list[dict]] = defaultdict(list)
    for visit in sorted(tidy.kept, key=lambda row: row["scheduled_at"]):
        if visit["payer_id"] == "MKPARTB" and visit["claim_id"]:
            together[visit["patient_id"], visit["date_of_service"]].append(visit)
    spent: dict[tuple[str, str, bool], int] = defaultdict(int)
    marked = 0
    for (patient, when), visits in together.items():
        lines = [(visit, line) for visit in visits for line in tidy.first[visit["claim_id"]]["lines"]]
        clinic = tidy.practice["clinics"][visits[0]["clinic"]]
        codes = [(line["code"], line["units"]) for _, line in lines]
        allowed = price_day(codes, to_day(when), clinic["mac"], clinic["locality"], book).by_line
        for visit in visits:
            cap = (patient, when[:4], visit["discipline"] == "OT")
            spent[cap] += sum(cents for (owner, _), cents in zip(lines, allowed, strict=True) if owner is visit)
            over = spent[cap] > thresholds[when[:4]]
            marked += over
            assert all(("KX" in line["marks"]) == over for line in tidy.first[visit["claim_id"]]["lines"])
    assert marked


def test_what_a_pair_edit_parts_is_asked_of_the_book():
    law = Law(Book.load())
    assert law.parted("97535", {"97110", "97168"}) and law.parted("97168", {"97535"})
    assert not law.parted("97110", {"97140", "97530"}) and not law.parted("97110", set())

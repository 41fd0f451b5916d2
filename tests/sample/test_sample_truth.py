"""What the planted leaks cause is exactly what a slow reader of the files finds, and what truth.csv says."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest
from sample_plain import Sample, table

from everyunit.days import to_day
from everyunit.rulebook.book import Book
from everyunit.rulebook.counting import count
from everyunit.rulebook.pricing import price_day
from everyunit.sample import swaps
from everyunit.sample.courses import KINDS as COURSES
from everyunit.sample.crowded import KIND as CROWDED
from everyunit.sample.leaks import KINDS as LEAKS
from everyunit.sample.practice import KINDS, make_practice

Found = dict[tuple[str, str, str], int]


@pytest.fixture(scope="module")
def book() -> Book:
    return Book.load()


def billed_units(claim: dict) -> dict[str, int]:
    units: Counter[str] = Counter()
    for line in claim["lines"]:
        units[line["code"]] += line["units"]
    return dict(units)


def twin(sample: Sample, visit: dict) -> bool:
    """Whether the visit is another one checked in twice: nothing was recorded of it, not even a note."""
    return not sample.services[visit["visit_id"]] and visit["visit_id"] not in sample.notes


def findings(sample: Sample, book: Book) -> Found:
    """The kinds of the first judgement, visit by visit, in plain Python."""
    day_lines: dict[tuple[str, str, str], dict[str, dict[str, int]]] = defaultdict(dict)
    for visit in sample.kept:
        claim = sample.first.get(visit["claim_id"])
        key = (visit["patient_id"], visit["date_of_service"], visit["payer_id"])
        day_lines[key][visit["visit_id"]] = billed_units(claim) if claim else {}
    found: Found = {}
    for visit in sample.kept:
        if twin(sample, visit):  # its lines stand beside one record, that of the visit with the lower number
            key = (visit["patient_id"], visit["date_of_service"], visit["payer_id"])
            again = day_lines[key].pop(visit["visit_id"])
            first = min(day_lines[key])
            day_lines[key][first] = {code: units + again[code] for code, units in day_lines[key][first].items()}
    for visit in sample.kept:
        if twin(sample, visit):
            continue
        key = (visit["patient_id"], visit["date_of_service"], visit["payer_id"])
        others = [item for vid, units in day_lines[key].items() if vid != visit["visit_id"] for item in units.items()]
        judge(sample, book, visit, day_lines[key][visit["visit_id"]], others, found)
    return found


def judge(sample: Sample, book: Book, visit: dict, billed: dict, others: list, found: Found) -> None:
    vid, day = visit["visit_id"], to_day(visit["date_of_service"])
    rule = sample.practice["payers"][visit["payer_id"]]["rule"]
    fees = sample.fees(visit["payer_id"])
    clinic = sample.practice["clinics"][visit["clinic"]]

    def worth(units: dict[str, int]) -> int:
        lines = [*units.items(), *others]
        return price_day(lines, day, clinic["mac"], clinic["locality"], book, fees).total_cents

    services = [one for one in sample.services[vid] if one["code"] not in book.monthly]
    billed = {code: units for code, units in billed.items() if code not in book.monthly}  # judged by their month
    missing = [one["code"] for one in services if not one["minutes"] and book.codes_by_number[one["code"]].timed]
    minutes = [(one["code"], int(one["minutes"] or 0)) for one in services]
    earned = count(rule, minutes, book, day, billed).units
    if fees is None:
        earned.pop("97010", None)  # Medicare never pays it, so it is rightly not billed
    earned = {code: units for code, units in earned.items() if units}
    if not visit["claim_id"]:
        found[vid, "visit_not_billed", ""] = worth(earned) - worth({})
        return
    for code in missing:
        found[vid, "minutes_missing", code] = 0
    performed = {one["code"] for one in services} | set(earned)
    known = {code: units for code, units in billed.items() if code in performed}
    for code in billed.keys() - known.keys():
        found[vid, "not_recorded", code] = 0
    timed = {code for code in known.keys() | earned.keys() if book.codes_by_number[code].timed}
    for code in (known.keys() | earned.keys()) - timed:
        if known.get(code, 0) != 1:
            kind = "untimed_repeated" if code in known else "not_billed"
            found[vid, kind, code] = worth({**billed, code: 1}) - worth(billed)
    if missing:
        return
    differ = {code: earned.get(code, 0) - known.get(code, 0) for code in timed}
    differ = {code: by for code, by in differ.items() if by}
    if differ and sum(differ.values()) == 0:
        right = worth({**billed, **{code: earned.get(code, 0) for code in differ}}) - worth(billed)
        for code, by in differ.items():
            found[vid, "units_misallocated", code] = right if by > 0 else 0
        return
    for code, by in differ.items():
        kind = "units_over" if by < 0 else "units_under" if code in known else "not_billed"
        found[vid, kind, code] = worth({**billed, code: earned.get(code, 0)}) - worth(billed)


def told(sample: Sample) -> Found:
    rows = [row for row in sample.truth if row["kind"] in set(LEAKS) - set(swaps.KINDS)]
    return {(row["visit_id"], row["kind"], row["code"]): int(row["cents"]) for row in rows}


def test_a_plain_reader_finds_what_truth_says_and_nothing_else(practice: Sample, book: Book) -> None:
    assert findings(practice, book) == told(practice)


@pytest.mark.parametrize("seed", [5, 77])
def test_other_seeds_too(tmp_path: Path, book: Book, seed: int) -> None:
    make_practice(tmp_path / "p", 1_200, seed, workers=1)
    sample = Sample(tmp_path / "p")
    assert findings(sample, book) == told(sample)


def test_each_kind_at_least_ten_times_in_4000_visits(practice: Sample) -> None:
    visits = {(row["visit_id"], row["kind"]) for row in practice.truth if row["visit_id"]}
    counted = Counter(kind for _, kind in visits)
    counted[CROWDED] = sum(row["kind"] == CROWDED and not row["visit_id"] for row in practice.truth)
    assert set(counted) == set(KINDS)
    assert min(counted.values()) >= 10, counted


def test_every_kind_that_a_claim_or_record_can_show_is_planted(book: Book) -> None:
    """What stands out only over many visits is an alarm; what hangs on words is held against notes of their own."""
    alarms = {"mix_drift", "minutes_per_unit_low"}
    words = {kind for kind in book.kinds() if kind.startswith("note_")}
    assert set(book.kinds()) - alarms - words == set(KINDS)


def test_a_crowded_day_is_shorter_than_its_one_on_one_minutes(practice: Sample, book: Book) -> None:
    """In plain Python: the days whose record holds more one-on-one minutes than first check-in to last check-out."""
    days: dict[tuple[str, str], list[dict]] = defaultdict(list)
    for visit in practice.kept:
        days[visit["clinician_npi"], visit["date_of_service"]].append(visit)
    over = 0
    for visits in days.values():
        ends = max(visit["check_out"] for visit in visits), min(visit["check_in"] for visit in visits)
        last, first = (int(text[11:13]) * 60 + int(text[14:16]) for text in ends)
        given = sum(
            int(one["minutes"] or 0)
            for visit in visits
            for one in practice.services[visit["visit_id"]]
            if one["mode"] == "individual" and one["performed_by"] == "therapist"
            and book.codes_by_number[one["code"]].one_on_one
        )  # fmt: skip
        over += given > last - first
    assert over == sum(row["kind"] == CROWDED for row in practice.truth) >= 10


SEEN_TWICE = {"units_over", "untimed_repeated", "units_a_day_high"}  # what another kind brings along


def test_one_leak_a_visit_and_five_in_a_hundred(practice: Sample) -> None:
    kinds: dict[str, set[str]] = defaultdict(set)
    for row in practice.truth:
        if row["kind"] not in COURSES:
            kinds[row["visit_id"]].add(row["kind"])
    assert all(len(one - SEEN_TWICE) <= 1 for one in kinds.values())
    assert 0.05 <= len(kinds) / len(practice.kept) <= 0.33


@pytest.mark.parametrize("visits", [1, 2, 3, 20, 50, 300])
def test_small_practices_have_leaks_too(tmp_path: Path, visits: int) -> None:
    made = make_practice(tmp_path / "p", visits, 9, workers=1)
    rows = table(tmp_path / "p" / "visits.csv")
    kept = sum(row["status"] == "kept" for row in rows)
    leaking = {row["visit_id"] for row in table(tmp_path / "p" / "truth.csv")}
    assert (len(rows), kept) == (visits, made.kept)
    assert visits < 20 or len(leaking) >= 0.05 * kept


def test_signs_of_cents(practice: Sample) -> None:
    for row in practice.truth:
        value = int(row["cents"])
        if row["kind"] in ("units_over", "untimed_repeated"):
            assert value < 0
        elif row["kind"] in ("units_under", "not_billed", "visit_not_billed"):
            assert value > 0

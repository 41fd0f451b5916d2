"""Cells become whole cents, epoch days and minutes; rows taken and rows refused make up all rows."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import intake_kit as kit
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyunit.days import to_day
from everyunit.intake import csv_file, text
from everyunit.intake.csv_file import read_csv
from everyunit.intake.receipts import Receipt
from everyunit.intake.shapes import DEPOSITS, SERVICES, VISITS, Shape
from everyunit.money import to_cents
from everyunit.rulebook.fee_tables import fee_table


def read(content: bytes, shape: Shape) -> tuple[pl.DataFrame, Receipt]:
    receipt = Receipt("file.csv")
    frames = [batch[shape.table] for batch in read_csv(lambda: io.BytesIO(content), shape, "0" * 16, receipt)]
    return pl.concat(frames, how="diagonal_relaxed"), receipt


def table(heading: list[str], rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([heading, *rows])
    return out.getvalue().encode()


def test_values_of_a_visit(tmp_path: Path) -> None:
    heading = "visit_id,date_of_service,discipline,status,copay_due,check_in,Room,Chart No\n"
    ledger, _ = kit.one(tmp_path, heading + 'V1,3/2/2026,pt,No Show,"1,204.5",2026-03-02T09:00, 7 ,\n')
    row = ledger.scan("visits").collect().to_dicts()[0]
    assert (row["service_day"], row["discipline"], row["status"]) == (to_day("2026-03-02"), "PT", "no_show")
    assert (row["copay_due_cents"], row["check_in"], row["row"]) == (120450, "2026-03-02T09:00", 2)
    assert row["extra"] == '{"room":"7","chart_no":null}'


def test_services_are_numbered_in_their_visit() -> None:
    rows = [["V1", "97110"], ["V2", "97110"], ["V1", "97140"], ["V1", "97530"]]
    frame, _ = read(table(["visit_id", "code"], rows), SERVICES)
    assert frame["seq"].to_list() == [1, 1, 2, 3]


def test_blocks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [[f"V{n % 50}", "97110" if n % 7 else "bad", f"{n % 60}", 'two\nlines, "quoted"'] for n in range(400)]
    content = table(["visit_id", "code", "minutes", "start"], rows)
    whole, receipt = read(content, SERVICES)
    monkeypatch.setattr(text, "BLOCK", 700)
    small, again = read(content, SERVICES)
    assert small.select(whole.columns).equals(whole)
    assert again.as_dict() == receipt.as_dict()
    assert receipt.refused == sum(1 for n in range(400) if not n % 7)


def test_a_visit_that_stands_twice_is_seen_across_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [[f"V{n % 90}", "2026-03-12", "kept" if n < 90 else "no_show"] for n in range(100)] + [
        ["V1", "2026-03-12", "kept"]
    ]
    content = table(["visit_id", "date_of_service", "status"], rows)
    for size in (text.BLOCK, 300):
        monkeypatch.setattr(text, "BLOCK", size)
        frame, receipt = read(content, VISITS)
        assert (frame.height, receipt.refused, receipt.repeated) == (90, 10, 1)


cells = st.one_of(
    st.sampled_from(["", "V1", "V2", "97110", "2026-03-12", "kept", "15", "-1", "1441", "12.50", "a,b", 'q"q', "é"]),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12),
)


@given(st.lists(st.lists(cells, min_size=1, max_size=6), max_size=20), st.sampled_from([VISITS, SERVICES]))
def test_rows_taken_and_refused_make_up_all_rows(rows: list[list[str]], shape: Shape) -> None:
    heading = [field.heading for field in shape.fields][:5]
    rows = [[cell.replace("\r", " ") for cell in row] for row in rows]
    frame, receipt = read(table(heading, rows), shape)
    empty = sum(1 for row in rows if not any(row[: len(heading)]) and len(row) <= len(heading))
    assert frame.height + receipt.refused + receipt.repeated + empty == len(rows)
    assert frame["row"].is_unique().all()


@given(st.integers(-(10**12), 10**12), st.booleans())
def test_amounts_are_exact(cents: int, grouped: bool) -> None:
    sign, whole, part = "-" if cents < 0 else "", abs(cents) // 100, abs(cents) % 100
    told = f"{sign}{whole:,}.{part:02d}" if grouped else f"{sign}{whole}.{part:02d}"
    frame, receipt = read(table(["date", "amount", "trace"], [["2026-03-12", told, ""]]), DEPOSITS)
    assert not receipt.refused
    assert frame["amount_cents"].to_list() == [to_cents(told)] == [cents]


@pytest.mark.parametrize("told", ["12,50", "12,5", "1,2,3", "1250,000", ",500", "1.250,00", "0,75", "1,250,00"])
def test_a_comma_that_parts_no_thousands_is_refused(told: str) -> None:
    with pytest.raises(ValueError, match=r"comma parts thousands only"):
        to_cents(told)
    frame, receipt = read(table(["date", "amount", "trace"], [["2026-03-12", told, ""]]), DEPOSITS)
    assert frame.is_empty() and receipt.refused == 1
    prices, faults = fee_table(f'code,allowed\n97110,"{told}"\n97140,30\n'.encode())
    assert prices == {"97140": 3000} and [fault.row for fault in faults] == [2]


@pytest.mark.parametrize(("told", "cents"), [("1,250.00", 125000), ("1,250", 125000), ("-$1,250,000.5", -125000050)])
def test_a_comma_between_thousands_is_read(told: str, cents: int) -> None:
    frame, _ = read(table(["date", "amount", "trace"], [["2026-03-12", told, ""]]), DEPOSITS)
    assert frame["amount_cents"].to_list() == [to_cents(told)] == [cents]


@given(st.text(alphabet="0123456789.,-+$ e", max_size=9))
def test_an_amount_is_read_as_money_reads_it(told: str) -> None:
    frame, receipt = read(table(["date", "amount", "trace"], [["2026-03-12", told, ""]]), DEPOSITS)
    try:
        want = [to_cents(told)]
    except ValueError:
        want = []
    assert frame["amount_cents"].to_list() == want
    assert receipt.refused == 1 - len(want)


@given(st.dates(date(1990, 1, 1), date(2026, 12, 31)), st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%m/%d/%Y"]))
def test_days_are_read_in_three_spellings(day: date, spelling: str) -> None:
    frame, _ = read(table(["date", "amount", "trace"], [[day.strftime(spelling), "1", ""]]), DEPOSITS)
    assert date(1970, 1, 1) + timedelta(days=frame["day"].item()) == day


def test_a_refused_row_shows_no_value_that_could_name_a_person() -> None:
    rows = [
        ["V1", "Doe^Jane", "PT", "kept"],
        ["V2", "2026-03-12", "Jane Doe", "kept"],
        ["V3", "2026-03-12", "PT", "Jane Doe"],
    ]
    _, receipt = read(table(["visit_id", "date_of_service", "discipline", "status"], rows), VISITS)
    assert receipt.refused == 3
    assert "Jane" not in str(receipt.as_dict())
    minutes = [["V1", "97110", "-5"], ["V1", "97110", "Jane Doe"], ["V1", "Doe", "5"]]
    _, receipt = read(table(["visit_id", "code", "minutes"], minutes), SERVICES)
    assert [one["seen"] for one in receipt.refusals] == ["-5", "", ""]


def test_the_numbers_of_a_long_file_stay_in_order() -> None:
    order = csv_file.Order()
    frames = [pl.DataFrame({"visit_id": ["A", "B", "A"]}), pl.DataFrame({"visit_id": ["A", "C", "B"]})]
    assert [order.number(frame)["seq"].to_list() for frame in frames] == [[1, 1, 2], [3, 1, 2]]

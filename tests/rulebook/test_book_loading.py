"""What the book refuses to load, and what every value of the shipped book carries."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from everyunit.days import to_day
from everyunit.errors import Unreadable
from everyunit.rulebook import Book
from everyunit.rulebook.values import Value, span_faults

SHIPPED = Path(str(files("everyunit.rulebook") / "data"))


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(SHIPPED, tmp_path / "data"))


def swap(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_a_copy_of_the_book_loads_and_is_whole(folder):
    book = Book.load(folder)
    assert book.check() == []
    assert book.codes().equals(Book.load().codes())


def test_every_value_carries_source_span_and_mark():
    book = Book.load()
    values = [value for known in book.shelf.values.values() for value in known]
    rows = [*book.shelf.relative, *book.shelf.localities, *book.shelf.factors]
    assert len(values) > 200 and len(rows) > 800
    for held in [*values, *rows, *book.codes_by_number.values(), *book.kinds().values()]:
        assert held.source and held.first_day <= held.last_day and isinstance(held.checked, bool)


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (
            "counting.toml",
            'source = "Medicare',
            'sauce = "Medicare',
            "counting.cms: source is missing. A rule without a",
        ),
        ("counting.toml", "checked = true\n", "", "counting.cms: checked is missing"),
        ("payers.toml", "first = 2024-01-01\n", "", "payers.medicare_advantage: first is missing"),
        ("payers.toml", 'rule = "cms"', 'rule = "hourly"', "rule must be cms or ama"),
        ("kinds.toml", 'direction = "over"', 'direction = "up"', "up is no direction"),
        ("kinds.toml", 'owner_role = "biller"', 'owner_role = "boss"', "boss is no role"),
        ("codes.csv", ",no\n", ",\n", "codes.csv row 2: checked is missing"),
        ("codes.csv", "0552T,", "20560,", "20560 stands twice"),
        ("codes.csv", "2024-01-01,", "spring,", "codes.csv row 2: first is no date"),
        ("codes.csv", "97130,yes", "97131,yes", "steps to 97131, which the book lacks"),
        ("relative_values.csv", "0.00", "0.001", "work reads 0.001; it takes at most 2 decimals"),
        ("relative_values.csv", "2025-01-01", "2024-07-01", "0101T has two values on 2024-07-01"),
        ("relative_values.csv", "2025-01-01", "2025-02-01", "0101T has no value on 2025-01-01"),
        ("localities.csv", "2026-12-31", "2025-12-31", "ends before it begins"),
        ("conversion_factor.toml", "last = 2024-03-08", "last = 2024-03-07", "no value on 2024-03-08"),
        ("pricing.toml", "[statuses.A]", "[statuses.A", "this is no TOML"),
    ],
)
def test_a_spoiled_book_does_not_load(folder, name, old, new, message):
    with pytest.raises(Unreadable, match=r"rule book") as caught:
        Book.load(swap(folder, name, old, new))
    assert message in caught.value.sentence()


def test_a_missing_file_is_named(folder):
    (folder / "ceilings.csv").unlink()
    with pytest.raises(Unreadable, match=r"rule book ceilings.csv: the file is not there"):
        Book.load(folder)


def test_gaps_are_allowed_only_where_values_are_carried():
    spans = [Value("x", 1, "", "s", True, 0, 9), Value("x", 2, "", "s", True, 20, 29)]
    assert span_faults(spans) == ["x has no value on 1970-01-11."]
    assert span_faults(spans, gaps=False) == []


def test_the_book_covers_2024_to_2026_without_a_hole():
    book = Book.load()
    for day in range(to_day("2024-01-01"), to_day("2026-12-31") + 1):
        assert book.value("conversion_factor", day).value
        assert book.price("97110", day, "06102", "15").full_cents > 0

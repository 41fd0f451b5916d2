"""Reasons of adjustments: what is a denial, whose it is, what clears it, and by when."""

from __future__ import annotations

import pytest

from everyunit.errors import UsageError
from everyunit.rulebook import Book
from everyunit.x12.reasons import REASONS

BOOK = Book.load()
DAY = "2026-03-12"
ROWS = {row["code"]: row for row in BOOK.reasons.to_dicts()}


@pytest.mark.parametrize("key", ["denials.CO.16", "denials.16", "denials.pi.16"])
def test_a_reason_is_found_with_or_without_its_group(key):
    value = BOOK.value(key, DAY)
    assert (value.value["department"], value.value["denial"], value.checked) == ("biller", True, False)


def test_a_code_that_the_book_lacks_is_refused_and_not_settled():
    with pytest.raises(UsageError, match=r"no key denials\.999"):
        BOOK.value("denials.CO.999", DAY)


@pytest.mark.parametrize(
    ("code", "bucket"),
    [("45", "contractual"), ("253", "sequestration"), ("59", "reduction"), ("23", "prior_payer"), ("1", "patient"),
     ("2", "patient"), ("3", "patient"), ("119", "denied"), ("197", "denied"), ("18", "duplicate")],
)  # fmt: skip
def test_what_is_no_denial_is_not_called_one(code, bucket):
    assert ROWS[code]["bucket"] == bucket
    assert ROWS[code]["denial"] == (bucket in ("denied", "duplicate"))


def test_every_reason_was_published_and_every_denial_has_a_way_out():
    reasons = [row for row in ROWS.values() if row["list"] == "CARC"]
    assert {row["code"] for row in reasons} <= REASONS
    assert not [row["code"] for row in reasons if row["denial"] and row["way"] in ("post", "wait")]


def test_medicare_gives_120_days_to_appeal_from_the_remit():
    value = BOOK.value("deadlines.medicare.appeal", DAY)
    assert (value.value, value.unit) == (120, "days from the day of the remit")

"""Cases of every check, as a biller could write them; and what all of them share."""

from __future__ import annotations

import importlib

import pytest
from audit_kit import PRACTICE as DOCUMENTS
from checks_kit import CASES, cases, rows_of, seen, short

from everyunit.audit.providers import npi_valid
from everyunit.audit.rules import COURSE, DAY, PRACTICE
from everyunit.rulebook import Practice

EVERY = (*DAY, *COURSE, *PRACTICE)
STEMS = sorted({check.__module__.rsplit(".", 1)[-1] for check in EVERY})


def terms_of(case):
    """The practice.toml of a case that brings one, beside that of all."""
    said = DOCUMENTS["practice.toml"] + case.get("practice", "").encode()
    return Practice.from_documents({**DOCUMENTS, "practice.toml": said})


def checks_of(stem):
    module = importlib.import_module(f"everyunit.audit.{stem}")
    return [check for check in EVERY if check.__module__ == module.__name__]


@pytest.mark.parametrize(
    ("stem", "case"),
    [pytest.param(stem, case.values[0], id=f"{stem}: {case.id}") for stem in STEMS for case in cases(stem)],
)
def test_case(stem, case):
    findings = seen(rows_of(case), *checks_of(stem), own=terms_of(case))
    found = short(findings)
    bare = [{name: row[name] for name in ("visit", "kind", "code")} for row in found]
    assert bare == [{name: row[name] for name in ("visit", "kind", "code")} for row in case["findings"]]
    for row, wanted in zip(found, case["findings"], strict=True):
        for money in ("cents", "risk"):
            if money in wanted:
                assert row.get(money, 0) == wanted[money]
    for finding, wanted in zip(findings, case["findings"], strict=True):
        assert finding["checked"] is wanted.get("checked", finding["checked"])


def test_every_rule_has_cases():
    assert all((CASES / f"{stem}.toml").is_file() for stem in STEMS)


def test_good_cases_are_silent_under_every_check():
    for stem in STEMS:
        for case in cases(stem):
            if not case.values[0]["findings"] and "97161" not in str(case.values[0]):
                own = terms_of(case.values[0])
                kinds = {row["kind"] for row in seen(rows_of(case.values[0]), *checks_of(stem), own=own)}
                assert kinds == set()


@pytest.mark.parametrize(
    ("npi", "valid"), [("1999000015", True), ("1999000051", False), ("1234567893", True), ("", False)]
)
def test_check_digit_of_an_npi(npi, valid):
    assert npi_valid(npi) is valid

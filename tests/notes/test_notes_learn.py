"""The learning pages: their sources are whole, and the engine reads their made-up examples as the pages say."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from gold_kit import answers
from note_cases import is_timed

PAGES = {
    file.stem: tomllib.loads(file.read_text(encoding="utf-8"))
    for file in sorted((Path(__file__).parent / "learn").glob("*.toml"))
}
PAIRS = [(stem, number, pair) for stem, page in PAGES.items() for number, pair in enumerate(page["pair"])]
# Read otherwise today: none. The list only shrinks.
MISREAD: set[tuple[str, int, str]] = set()


def read(stem: str, number: int, side: str) -> dict:
    """What the engine answers for one example, its page's code being billed."""
    page = PAGES[stem]
    pair = page["pair"][number]
    row = {
        "id": f"{stem}-{number}-{side}", "discipline": page["discipline"], "setting": "outpatient",
        "payer": "medicare_b", "provider": page["discipline"], "layout": "narrative", "note": pair[side],
        "billed": [{"code": pair.get("code", page["codes"][0]), "units": 1, "modifiers": []}],
    }  # fmt: skip
    return answers([row])[0]


def against(answer: dict, code: str) -> bool:
    """Whether a finding says that the words do not carry the code."""
    kinds = ("unsupported_code", "better_supported_code")
    return any(found["code"] == code and found["type"] in kinds for found in answer["findings"])


def well_read(stem: str, number: int, side: str) -> bool:
    """Whether the engine reads the example as its page says: carried and unchallenged, or not carried."""
    page = PAGES[stem]
    pair = page["pair"][number]
    code, answer = pair.get("code", page["codes"][0]), read(stem, number, side)
    found = {one["code"] for one in answer["interventions"]}
    if side == "carries":
        return bool(found & set(page["codes"])) and not against(answer, code)
    allowed = {pair["instead"], code} if against(answer, code) else {pair["instead"]}
    return found <= allowed


@pytest.mark.parametrize("side", ["carries", "does_not"])
@pytest.mark.parametrize(("stem", "number"), [(stem, number) for stem, number, _ in PAIRS])
def test_read_as_the_page_says(stem, number, side):
    if (stem, number, side) not in MISREAD:
        assert well_read(stem, number, side)


def test_the_misread_are_few():
    assert len(MISREAD) * 16 < 2 * len(PAIRS)
    assert {(stem, number, side) for stem, number, _ in PAIRS for side in ("carries", "does_not")} >= MISREAD


@pytest.mark.parametrize("stem", PAGES)
def test_a_page_asks_and_shows(stem):
    page = PAGES[stem]
    assert stem in page["codes"] and page["questions"] and page["pair"] and page["title"]
    for pair in page["pair"]:
        assert pair["carries"] != pair["does_not"] and pair["why"]
        assert pair.get("code", page["codes"][0]) in page["codes"]
    assert all(isinstance(is_timed(code), bool) for code in page["codes"])


def test_no_code_is_on_two_pages_and_the_wanted_are_there():
    codes = [code for page in PAGES.values() for code in page["codes"]]
    assert len(codes) == len(set(codes))
    wanted = (
        "97110 97112 97116 97140 97530 97535 97533 97537 97542 97150 97113 97760 97761 97763 97129 97130 92507 92508 "
        "92526 92523 97161 97164 97165 97168 97032 97035 97014 G0283 97010"
    )
    assert set(wanted.split()) <= set(codes)


def test_each_pair_names_a_code_of_the_book_or_none():
    assert all(not pair["instead"] or isinstance(is_timed(pair["instead"]), bool) for _, _, pair in PAIRS)

"""A shortfall of one claim stands under that claim's number in the queue."""

from __future__ import annotations

from everyunit.services.denials import denials
from everyunit.services.make_sample import make_sample
from everyunit.services.open_items import open_items
from everyunit.services.take_in import take_in


def test_a_shortfall_of_one_claim_bears_its_number(tmp_path):
    make_sample(tmp_path / "practice", visits=900, seed=7719)
    list(take_in([tmp_path / "practice"], tmp_path / "home"))
    lines = open_items(tmp_path / "home").lines
    numbers = {case: set(lines.filter(lines["case_id"] == case)["claim_id"]) for case in lines["case_id"].unique()}
    short = [row for row in denials(tmp_path / "home").queue if row["direction"] == "underpaid"]
    single = [row for row in short if len(numbers[row["item_id"]]) == 1]
    assert single
    assert all({row["claim_id"]} == numbers[row["item_id"]] for row in single)
    assert all(row["claim_id"].endswith(" claims") for row in short if row not in single)

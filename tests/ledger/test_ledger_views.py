"""What supersedes what: the later import of a visit counts whole, one remittance counts once."""

from __future__ import annotations

import shutil
from pathlib import Path

import ledger_kit as kit
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from everyunit.ledger.manifest import Batch
from everyunit.ledger.views import crossing


def test_the_later_import_of_a_visit_counts(tmp_path: Path) -> None:
    ledger = kit.home(tmp_path)
    kit.put(ledger, "a", visits=kit.visits("V1", "V2", clinic="old"))
    kit.put(ledger, "b", visits=kit.visits("V2", "V3", clinic="new"))
    rows = ledger.scan("visits").select("visit_id", "clinic").sort("visit_id").collect().rows()
    assert rows == [("V1", "old"), ("V2", "new"), ("V3", "new")]
    assert ledger.find("visits", "visit_id", "V2")["clinic"].to_list() == ["new"]
    assert ledger.find("visits", "visit_id", "V1")["clinic"].to_list() == ["old"]


def test_services_of_a_visit_are_replaced_as_a_whole(tmp_path: Path) -> None:
    ledger = kit.home(tmp_path)
    kit.put(ledger, "a", services=[{"visit_id": "V1", "seq": n, "code": f"9711{n}"} for n in (0, 2, 6)])
    kit.put(ledger, "b", services=[{"visit_id": "V1", "seq": 1, "code": "97140"}])
    assert ledger.scan("services").collect()["code"].to_list() == ["97140"]


def test_paths_hold_exactly_the_rows_of_scan(tmp_path: Path) -> None:
    ledger = kit.home(tmp_path)
    kit.put(ledger, "a", visits=kit.visits("V1", "V2"))
    assert [path.parent.name for path in ledger.paths("visits")] == ["visits"]
    kit.put(ledger, "b", visits=kit.visits("V2", "V3"))
    written = pl.read_parquet(ledger.paths("visits"))
    assert written.equals(ledger.scan("visits").collect())
    assert written.height == 3


def remit(trace: str, amount: int = 500) -> dict[str, object]:
    return {"transaction": 1, "trace": trace, "amount_cents": amount, "paid_day": 20000, "payer_id": "P"}


def claim(name: str) -> list[dict[str, object]]:
    return [{"transaction": 1, "claim": 1, "claim_id": name}]


def test_a_remittance_in_two_files_counts_once_in_any_order(tmp_path: Path) -> None:
    seen = []
    for order in ("ab", "ba"):
        ledger = kit.home(tmp_path / order)
        for name in order:
            kit.put(ledger, name, remits=[remit("T1")], remit_claims=claim("C1"))
        kit.put(ledger, "c", remits=[remit("T2")], remit_claims=claim("C2"))
        assert ledger.scan("remits").collect()["trace"].sort().to_list() == ["T1", "T2"]
        assert ledger.find("remit_claims", "claim_id", "C1").height == 1
        seen.append(ledger.scan("remit_claims").collect())
    assert seen[0].equals(seen[1])


def test_another_amount_or_no_trace_is_another_remittance(tmp_path: Path) -> None:
    ledger = kit.home(tmp_path)
    kit.put(ledger, "a", remits=[remit("T1", 500)])
    kit.put(ledger, "b", remits=[remit("T1", 600)])
    for name in ("c", "d"):
        row = {**remit("", 0), "trace": None}
        what = kit.source(name)
        frame = pl.DataFrame([row], schema_overrides={"trace": pl.String}).with_columns(
            source_id=pl.lit(what.source_id)
        )
        ledger.commit(what, [{"remits": frame}], lambda rows: {})
    assert ledger.scan("remits").collect().height == 4


def test_a_ledger_that_is_open_sees_the_next_import(tmp_path: Path) -> None:
    ledger = kit.home(tmp_path)
    kit.put(ledger, "a", visits=kit.visits("V1", clinic="old"))
    assert ledger.find("visits", "visit_id", "V1")["clinic"].item() == "old"
    kit.put(kit.home(tmp_path), "b", visits=kit.visits("V1", clinic="new"))
    assert ledger.find("visits", "visit_id", "V1")["clinic"].item() == "new"


spans = st.lists(st.tuples(st.integers(1, 5), st.integers(0, 30), st.integers(0, 8)), max_size=12)


@given(spans)
def test_batches_that_cannot_share_a_key_are_left_alone(given_spans: list[tuple[int, int, int]]) -> None:
    batches = [
        Batch(seq, str(seq), part, "visits", "", 1, f"{low:03d}", f"{low + more:03d}")
        for part, (seq, low, more) in enumerate(given_spans)
    ]
    met = {batch.part for batch in crossing(batches)}
    for one in batches:
        for two in batches:
            shares = str(one.low) <= str(two.high) and str(two.low) <= str(one.high)
            if one.seq != two.seq and shares:
                assert {one.part, two.part} <= met


def test_find_answers_alike_when_asked_often(tmp_path: Path) -> None:
    ledger = kit.home(tmp_path)
    for number in range(9):
        kit.put(ledger, f"n{number}", visits=kit.visits(*(f"V{key:03d}" for key in range(number, 90, 9))))
    for _ in range(3):
        for key in range(90):
            assert ledger.find("visits", "visit_id", f"V{key:03d}").height == 1
        assert ledger.find("visits", "visit_id", "V0005").is_empty()
    kit.put(ledger, "later", visits=kit.visits("V010", "V500", clinic="new"))
    assert ledger.find("visits", "visit_id", "V010")["clinic"].to_list() == ["new"]
    assert ledger.find("visits", "visit_id", "V500").height == 1


def test_rows_of_one_source_are_found(tmp_path: Path) -> None:
    ledger = kit.home(tmp_path)
    kit.put(ledger, "a", remits=[remit("T1")])
    kit.put(ledger, "b", remits=[remit("T2")])
    kit.put(ledger, "c", remits=[remit("T2")])
    assert ledger.find("remits", "source_id", kit.source("a").source_id)["trace"].to_list() == ["T1"]
    counted = [ledger.find("remits", "source_id", kit.source(name).source_id).height for name in "bc"]
    assert sorted(counted) == [0, 1]


def test_a_home_that_was_made_anew_forgets_the_old_one(tmp_path: Path) -> None:
    reader = kit.home(tmp_path)
    for order, newest in (("ab", "b"), ("ba", "a")):
        ledger = kit.home(tmp_path)
        for name in order:
            kit.put(ledger, name, visits=kit.visits("V1", clinic=name))
        assert reader.scan("visits").collect()["clinic"].to_list() == [newest]
        shutil.rmtree(ledger.home)

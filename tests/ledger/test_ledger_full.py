"""A disk that says no: a sentence, and no half of a source."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import ledger_kit as kit
import polars as pl
import pytest

from everyunit.errors import Unreadable
from everyunit.ledger import disk, manifest

BEFORE = [point for point in disk.POINTS if point != "after_commit"]


@pytest.mark.parametrize("point", BEFORE)
def test_a_full_disk_leaves_no_half(point: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = kit.home(tmp_path)
    kit.put(ledger, "a", visits=kit.visits("V1"))
    monkeypatch.setenv("EVERYUNIT_FAULT", f"{point}:full")
    with pytest.raises(Unreadable, match="disk is full") as caught:
        kit.put(ledger, "b", visits=kit.visits("V2"))
    assert caught.value.remedy
    monkeypatch.delenv("EVERYUNIT_FAULT")
    assert ledger.scan("visits").collect()["visit_id"].to_list() == ["V1"]
    assert kit.put(ledger, "b", visits=kit.visits("V2"))
    assert ledger.scan("visits").collect().height == 2
    assert kit.left_over(kit.home(tmp_path)) == set()


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **more: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    ledger = kit.home(tmp_path)
    monkeypatch.setattr(disk.os, "replace", refuse)
    with pytest.raises(Unreadable, match="may not be written"):
        kit.put(ledger, "b", visits=kit.visits("V2"))
    assert ledger.scan("visits").collect().is_empty()


def test_a_manifest_that_cannot_grow_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = kit.home(tmp_path)

    def refuse(*args: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(manifest.Manifest, "_insert", refuse)
    with pytest.raises(Unreadable, match="disk is full"):
        kit.put(ledger, "b", visits=kit.visits("V2"))
    monkeypatch.undo()
    assert ledger.receipts() == []
    assert kit.put(ledger, "b", visits=kit.visits("V2"))


def test_a_source_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    ledger = kit.home(tmp_path)

    def broken() -> object:
        yield {"visits": pl.DataFrame({"visit_id": ["V1"]})}
        raise ValueError("the rest cannot be read")

    with pytest.raises(ValueError, match="the rest"):
        ledger.commit(kit.source("a"), broken(), lambda rows: {})  # type: ignore[arg-type]
    assert ledger.scan("visits").collect().is_empty()
    assert kit.left_over(ledger) == set()

"""The gold notes beside the repository, and the engine's answers in the form that their scorer takes."""

from __future__ import annotations

import importlib.util
import json
from functools import cache
from pathlib import Path

import pytest

from everyunit.services.read_notes import Taken, read_lines

SHARED = Path(__file__).resolve().parents[3] / "shared" / "notes"


@cache
def gold() -> list[dict]:
    """The 129 labelled notes; the test is skipped with a word where they are not there."""
    if not (SHARED / "gold_dev.jsonl").is_file():
        pytest.skip("the gold notes are not beside the repository (../shared/notes)")
    return [json.loads(line) for line in (SHARED / "gold_dev.jsonl").read_text(encoding="utf-8").splitlines()]


def answers(rows: list[dict]) -> list[dict]:
    """What `everyunit notes` answers for these rows."""
    taken = Taken()
    found = list(read_lines([json.dumps(row).encode() for row in rows], taken))
    assert not taken.problems
    return found


def score(rows: list[dict]) -> dict:
    """The figures of the scorer that came with the gold notes."""
    spec = importlib.util.spec_from_file_location("evaluate", SHARED / "evaluate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.score(rows, answers(rows))

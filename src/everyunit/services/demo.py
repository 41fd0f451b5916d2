"""A make-believe practice, imported and audited, ready to be shown."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.errors import UsageError
from everyunit.services.audit import audit
from everyunit.services.make_sample import make_sample
from everyunit.services.places import writing
from everyunit.services.summary import summary
from everyunit.services.take_in import take_in

_MARK = "demo.json"


def prepare(folder: Path, *, visits: int, seed: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Make, import and audit a practice in `folder`; what an earlier demo made of the same size and seed is kept.

    Gives visits, files, findings, gain_cents, give_back_cents, at_risk_cents, missed and unplanted (rows of truth.csv
    that the audit did not find, and findings that truth.csv does not know). Raises UsageError where the folder holds
    something that no demo made, or cannot be written.
    """
    with writing(folder):
        made = _make(folder, visits, seed, say)
    say("Taking the files in.")
    receipts = list(take_in([folder / "practice"], folder / "home"))
    say("Auditing.")
    done = audit(folder / "home")
    told = summary(done)
    kept = {name: told[name] for name in ("findings", "gain_cents", "give_back_cents", "at_risk_cents")}
    files = sum(receipt["status"] in ("taken", "held") for receipt in receipts)
    return {
        "visits": made,
        "files": files,
        **kept,
        **_against_truth(folder / "practice" / "truth.csv", done.findings),
    }


def _make(folder: Path, visits: int, seed: int, say: Callable[[str], None]) -> int:
    wanted = {"visits": visits, "seed": seed}
    mark = folder / _MARK
    if mark.is_file() and json.loads(mark.read_text()) == wanted:
        return visits
    if folder.exists() and not folder.is_dir():
        raise UsageError("it is a file, not a folder.", place=str(folder), remedy="Name a folder with --folder.")
    if folder.exists() and any(folder.iterdir()) and not mark.is_file():
        raise UsageError(f"{folder.name} holds files that no demo made.", remedy="Name another with --folder.")
    for old in ("practice", "home"):
        shutil.rmtree(folder / old, ignore_errors=True)
    say(f"Making a practice of {visits:,} scheduled visits. Nobody in it exists.")
    folder.mkdir(parents=True, exist_ok=True)
    mark.write_text("{}")
    made = make_sample(folder / "practice", visits=visits, seed=seed)
    mark.write_text(json.dumps(wanted))
    return made.visits


def _against_truth(truth: Path, findings: pl.DataFrame) -> dict[str, int]:
    key = ["visit_id", "kind", "code"]
    planted = pl.read_csv(truth, infer_schema=False).select(pl.col(key).fill_null(""))
    found = findings.select(pl.col(key).fill_null(""))
    return {
        "missed": planted.join(found, on=key, how="anti").height,
        "unplanted": found.join(planted, on=key, how="anti").height,
    }

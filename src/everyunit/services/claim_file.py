"""One claim of a home with all that is known of it: as sent, its answer, what the payer last said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from everyunit.errors import UsageError
from everyunit.frames import polars
from everyunit.ledger import Ledger
from everyunit.receivables.answers import Exchanged, answers, decisions_on
from everyunit.receivables.resubmissions import Standing
from everyunit.rulebook import Book
from everyunit.services.today import latest_day

_REVERSED = "22"
_TX = ["source_id", "transaction"]
_TURNS = {"P": 0, "S": 1, "T": 2}
_BY_CLAIM = ("claims", "remit_claims", "claim_statuses")


@dataclass(frozen=True)
class ClaimFile:
    """`sent` is the row of `claims` that was sent last, with its transaction's columns; `answer` its row of ANSWERS;
    `decision` the last row of `remit_claims` on it (with decided_day, trace, remit_payer); None without one."""

    sent: dict[str, Any]
    answer: dict[str, Any]
    decision: dict[str, Any] | None
    kind: str
    standing: Standing

    @property
    def payer(self) -> str:
        """What to call the payer."""
        return str(self.sent["payer_name"] or self.sent["payer_id"] or "The payer")


def claim_files(ledger: Ledger, claim_ids: list[str], payer_id: str = "") -> dict[str, ClaimFile]:
    """The claims of these numbers by number, as sent last to the first payer in turn, or to `payer_id`.

    UsageError for a number that no claim sent bears.
    """
    book = Book.load()
    frames = {name: ledger.scan(name) for name in Exchanged.names()}
    day = latest_day(ledger) or 0
    for name in _BY_CLAIM:
        found = [ledger.find(name, "claim_id", number) for number in dict.fromkeys(claim_ids)]
        frames[name] = pl.concat([ledger.table(name).empty(), *found]).lazy()
    if payer_id:
        frames["claims"] = frames["claims"].filter(pl.col("payer_id") == payer_id)
    rows = answers(Exchanged.of(frames), book.claim_statuses, book.waits, day)
    made = frames["transactions"].rename({"segment": "first_segment", "kind": "file_kind"})
    sent = polars(frames["claims"].join(made, on=_TX, how="left"))
    decided = decisions_on(Exchanged.of(frames), rows, day)
    files: dict[str, ClaimFile] = {}
    for answer in sorted(rows.to_dicts(), key=lambda row: _TURNS.get(row["sequence"], len(_TURNS))):
        own = (pl.col("source_id") == answer["source_id"]) & (pl.col("claim") == answer["claim"])
        row = sent.filter(own).row(0, named=True)
        decision = _decision(frames, decided.filter(own), day)
        kind = book.payer_kind(row["payer_name"] or "", row["filing_code"] or "")
        made_file = ClaimFile(row, answer, decision, kind, _standing(row, answer, decision))
        files.setdefault(row["claim_id"], made_file)
    missing = [number for number in claim_ids if number not in files]
    if missing:
        to = f" to {payer_id}" if payer_id else ""
        said = f"No claim {missing[0]} was sent{to}, as far as the files in the ledger say."
        raise UsageError(
            said, remedy="Give the number as it stands on the claim (CLM01), or import the file it is in."
        )
    return files


def _decision(frames: dict[str, pl.LazyFrame], decided: pl.DataFrame, day: int | None) -> dict[str, Any] | None:
    """The last row of `remit_claims` on a sending, with its remittance's trace, payer and day."""
    if decided.is_empty():
        return None
    last = decided.row(-1, named=True)
    own = (pl.col("source_id") == last["decided_source"]) & (pl.col("claim") == last["decided_claim"])
    remits = frames["remits"].select(*_TX, "trace", remit_payer="payer_name")
    found = polars(frames["remit_claims"].filter(own).join(remits, on=_TX, how="left"))
    return {**found.row(0, named=True), "decided_day": last["decided_day"]}


def _standing(row: dict[str, Any], answer: dict[str, Any], decision: dict[str, Any] | None) -> Standing:
    remarks = (decision["remarks"] or "").split(":") if decision else []
    return Standing(
        row["claim_id"], answer["answer"], answer["answered_day"], answer["sent_day"],
        row["payer_name"] or row["payer_id"] or "The payer", (decision or {}).get("payer_control") or "",
        frozenset(filter(None, remarks)), (decision or {}).get("status") == _REVERSED,
        answer["late"] is not None,
    )  # fmt: skip

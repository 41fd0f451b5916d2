"""Letters that were sent (appeals, and those about underpayment), followed until the payer decides again.

They lie in answers/appeals.jsonl of the home.

A corrected claim is followed by its own file once it is imported; a letter is in no file, so a person says that it
went.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from everyunit.days import iso
from everyunit.errors import UsageError
from everyunit.frames import polars
from everyunit.ledger import Ledger
from everyunit.receivables.denials import DENIALS
from everyunit.rulebook import Book
from everyunit.services.home import open_home
from everyunit.services.journal import Journal, Row
from everyunit.services.today import latest_day

_NAME = "appeals"
STATES = ("waiting", "late", "answered")
Parts = tuple[tuple[str, int], ...]
Act = Callable[[], None]


@dataclass(frozen=True)
class Sent:
    """One letter: of a claim, of all its lines (0) or one; `day` it went and `answered_day` are epoch days.

    A letter about underpayment bears its `case_id` and the number of its `claims`; it is answered when all of them
    are decided again, and `claim_id` is empty where they are several. `state` is waiting, late (no new
    decision within the days of the book, waits.no_appeal) or answered.
    """

    claim_id: str
    line: int
    name: str
    by: str
    day: int
    state: str = "waiting"
    answered_day: int | None = None
    waited_days: int = 0
    case_id: str = ""
    claims: int = 1

    def as_dict(self) -> Row:
        """For machines: days as 2026-03-12."""
        answered = None if self.answered_day is None else iso(self.answered_day)
        return {**vars(self), "day": iso(self.day), "answered_day": answered}


def keep_sent(
    home: str | Path, claim_id: str, name: str, by: str, day: int, line: int = 0, first: Act | None = None
) -> None:  # fmt: skip
    """Write down that an appeal went out on an epoch day, on disk before this returns; `first` is done before, once
    it is sure that it may be written down, and where that fails nothing is.

    UsageError for a claim that no file names, an empty name of who sent it, and an appeal of that day that is kept.
    """
    who = _who(by)
    if open_home(home).find("claims", "claim_id", claim_id).is_empty():
        raise UsageError("No claim of that number was sent.", remedy="Give the number as it stands on the claim.")
    row = {"event": "sent", "claim_id": claim_id, "line": line, "name": name, "by": who, "day": day}

    def make(rows: list[Row]) -> Row:
        same = ("claim_id", "line", "day")
        return _new(row, any(all(held.get(part) == row[part] for part in same) for held in rows), first)

    Journal(home, _NAME).add(make)


def keep_case(
    home: str | Path, case_id: str, parts: Parts, name: str, by: str, day: int, first: Act | None = None
) -> None:  # fmt: skip
    """Write down that the letter about an underpayment went out on an epoch day, with the (claim, line) it asks for;
    `first` as above.

    UsageError for an empty name of who sent it, and where the letter of that case and day is kept.
    """
    who = _who(by)
    row = {"event": "sent", "case_id": case_id, "parts": [list(part) for part in parts], "name": name, "by": who,
           "day": day}  # fmt: skip

    def make(rows: list[Row]) -> Row:
        return _new(row, any(held.get("case_id") == case_id and held.get("day") == day for held in rows), first)

    Journal(home, _NAME).add(make)


def _new(row: Row, held: bool, first: Act | None) -> Row:
    """The row, once `first` is done; UsageError where it is held already."""
    if held:
        raise UsageError("It is written down already.", remedy="Look at the page of claims sent.")
    if first is not None:
        first()
    return row


def _who(by: str) -> str:
    who = " ".join(by.split())[:80]
    if not who:
        raise UsageError("The name is missing.", remedy="Say who sent it (--by).")
    return who


def sent_rows(home: str | Path, until: int = 1 << 30) -> pl.DataFrame:
    """claim_id, line, name, by, day, case_id of every letter sent up to the end of an epoch day: a row for each claim
    line that it asks for. case_id is empty for appeals of what was refused."""
    rows = []
    for row in Journal(home, _NAME).rows():
        try:
            case = str(row.get("case_id") or "")
            parts = row["parts"] if case else [(row["claim_id"], row["line"])]
            said = (str(row["name"]), str(row["by"]), int(row["day"]), case)
            rows += [(str(claim), int(line), *said) for claim, line in parts]
        except (KeyError, TypeError, ValueError):
            continue
    schema = {"claim_id": pl.String, "line": pl.Int64, "name": pl.String, "by": pl.String, "day": pl.Int64,
              "case_id": pl.String}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row").filter(pl.col("day") <= until)


def with_appeals(denials: pl.DataFrame, sent: pl.DataFrame) -> pl.DataFrame:
    """DENIALS where an open one waits since its appeal went out, until a payer decides again."""
    refused = sent.filter(pl.col("case_id") == "")
    last = refused.group_by("claim_id", pl.col("line").cast(pl.Int32)).agg(pl.col("day").max())
    whole = last.filter(pl.col("line") == 0).select("claim_id", of_claim="day")
    one = last.filter(pl.col("line") != 0).rename({"day": "of_line"})
    met = denials.join(whole, on="claim_id", how="left", maintain_order="left")
    met = met.join(one, on=["claim_id", "line"], how="left", maintain_order="left")
    asked, kind = pl.max_horizontal("of_claim", "of_line"), DENIALS.schema["resent_day"]
    worked = pl.when(asked >= pl.col("first_day")).then(asked.cast(kind))
    waits = (pl.col("state") == "open") & (asked >= pl.col("last_day")).fill_null(False)
    return met.with_columns(
        state=pl.when(waits).then(pl.lit("waiting")).otherwise("state"),
        resent_day=pl.when(waits).then(asked.cast(kind)).otherwise("resent_day"),
        worked_day=pl.max_horizontal("worked_day", worked),
    ).select(denials.columns)


def lines_asked(lines: pl.DataFrame, sent: pl.DataFrame) -> pl.DataFrame:
    """PAID_OFF with `asked_day`: when a letter asked for what is short; null where none did since it was paid."""
    short = sent.filter(pl.col("case_id") != "").group_by("claim_id", pl.col("line").cast(pl.Int32))
    met = lines.join(short.agg(asked=pl.col("day").max()), on=["claim_id", "line"], how="left", maintain_order="left")
    waits = (pl.col("direction") == "underpaid") & (pl.col("asked") >= pl.col("paid_day"))
    return met.with_columns(asked_day=pl.when(waits).then("asked")).drop("asked")


def followed(home: str | Path) -> list[Sent]:
    """Every appeal sent with its state, the longest waiting first. UsageError where there is no ledger."""
    ledger, rows = open_home(home), sent_rows(home)
    if rows.is_empty():
        return []
    answered = _answered(ledger, rows)
    limit, today = Book.load().waits["no_appeal"], latest_day(ledger) or 0
    made = []
    for row in _letters(answered).to_dicts():
        came = row.pop("answered_day")
        waited = max(0, (today if came is None else came) - row["day"])
        state = "answered" if came is not None else "late" if waited > limit else "waiting"
        made.append(Sent(**row, state=state, answered_day=came, waited_days=waited))
    return sorted(made, key=lambda one: (one.state == "answered", one.day))


def _letters(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a letter: those about an underpayment are answered when the last of their claims is."""
    cases = rows.filter(pl.col("case_id") != "")
    came = pl.when(pl.col("answered_day").is_null().any()).then(None).otherwise(pl.col("answered_day").max())
    one = pl.when(pl.col("claim_id").n_unique() == 1).then(pl.col("claim_id").first()).otherwise(pl.lit(""))
    joined = cases.group_by("case_id", "name", "by", "day").agg(
        one.alias("claim_id"), came.alias("answered_day"), pl.lit(0, pl.Int64).alias("line"),
        pl.col("claim_id").n_unique().cast(pl.Int64).alias("claims"),
    )  # fmt: skip
    plain = rows.filter(pl.col("case_id") == "").with_columns(claims=pl.lit(1, pl.Int64))
    every = pl.concat([plain, joined.select(plain.columns)])
    return every.sort("day", "claim_id", "line", "case_id")


def _answered(ledger: Ledger, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the first day after them on which a payer decided the claim."""
    wanted = rows["claim_id"].unique().implode()
    days = ledger.scan("remits").select("source_id", "transaction", decided=pl.col("paid_day").cast(pl.Int64))
    claims = ledger.scan("remit_claims").filter(pl.col("claim_id").is_in(wanted)).select(
        "source_id", "transaction", "claim_id"
    )  # fmt: skip
    decided = polars(claims.join(days, on=["source_id", "transaction"]).select("claim_id", "decided"))
    met = rows.join(decided, on="claim_id", how="left").with_columns(
        answered_day=pl.when(pl.col("decided") > pl.col("day")).then("decided")
    )
    return met.group_by(rows.columns, maintain_order=True).agg(pl.col("answered_day").min())

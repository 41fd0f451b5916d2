"""What the pages read, held in memory for one state of a home: the audit's results and what is known beside them."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from everyunit.days import from_day
from everyunit.errors import UsageError
from everyunit.frames import polars
from everyunit.ledger import Ledger
from everyunit.measures.gates import with_gap, with_way
from everyunit.services.audit import BY_NOTE, notes_found, notes_read, with_notes
from everyunit.services.home import open_home
from everyunit.services.reductions import rightly_taken
from everyunit.services.shared_days import compared_together

VISIT_VALUES: Mapping[str, type[pl.DataType]] = {
    "visit_id": pl.String, "service_day": pl.Int32, "clinic": pl.String, "clinician_npi": pl.String,
    "payer_id": pl.String, "payer_name": pl.String, "discipline": pl.String, "status": pl.String,
    "claim_id": pl.String, "judged": pl.Boolean, "why_not": pl.String,
    "earned_cents": pl.Int64, "charged_cents": pl.Int64, "list_charge_cents": pl.Int64,
    "paid_cents": pl.Int64, "patient_cents": pl.Int64,
}  # fmt: skip


_REMIT = ("source_id", "transaction", "paid_day", "payer_id", "payer_name", "trace")


@dataclass(frozen=True)
class Fresh:
    """How far each kind of file reaches; epoch days, None where nothing came in. Counts are of rows."""

    claims: int
    last_claim_made: int | None
    last_day_claimed: int | None
    remits: int
    last_remit: int | None
    notes: int
    last_note: int | None
    visits: int
    last_visit: int | None
    deposits: int
    last_deposit: int | None
    files: int


@dataclass(frozen=True)
class Held:
    """One state of a home, named by `state`. `visits` has `answered`, `gap` and `gap_cents` beside the
    audit's columns, `findings` has `way`; both are sorted by visit.

    `clinics`, `clinicians` and `kinds` are the choices there are; `payers` maps id to name; `months` are 2026-03.
    `sent` says when each transaction of claims was made, `remits` what each remit is. `notes_read`: the findings hold
    what notes tell otherwise, `of_notes` such findings in all.
    """

    state: str
    visits: pl.DataFrame
    findings: pl.DataFrame
    remits: pl.DataFrame
    sent: pl.DataFrame
    fresh: Fresh
    clinics: tuple[str, ...]
    clinicians: tuple[str, ...]
    payers: Mapping[str, str]
    kinds: tuple[str, ...]
    months: tuple[str, ...]
    notes_read: bool
    of_notes: int


class NotJudged(UsageError):
    """The facts are there, the audit of them is not."""

    def __init__(self, home: str | Path) -> None:
        remedy = f"Run: everyunit audit --home {home}. What was taken in is safe, and this page follows by itself."
        super().__init__("The files that came in last have not been judged yet.", remedy=remedy)


_known: dict[str, Held] = {}
_lock = threading.Lock()


def held(home: str | Path) -> Held:
    """The present state of a home, read once for each set of files taken in.

    Raises UsageError where there is no ledger, NotJudged where these files were not audited.
    """
    ledger = open_home(home)
    key = str(Path(home).resolve())
    fingerprint = ledger.fingerprint()
    names = ("findings.parquet", "visit_values.parquet", "together.parquet", BY_NOTE)
    results = [Path(home) / "derived" / fingerprint / name for name in names]
    if not all(path.is_file() for path in results):
        raise NotJudged(home)
    state = f"{fingerprint} {[path.stat().st_mtime_ns for path in results]}"
    with _lock:
        known = _known.get(key)
        if known is None or known.state != state:
            known = _known[key] = _read(ledger, fingerprint, home, state)
    return known


def _read(ledger: Ledger, fingerprint: str, home: str | Path, state: str) -> Held:
    folder = Path(home) / "derived" / fingerprint
    answered = ledger.scan("remit_claims").select("claim_id").unique().with_columns(answered=pl.lit(True))
    values = pl.scan_parquet(folder / "visit_values.parquet").select(
        pl.col(name).cast(kind) for name, kind in VISIT_VALUES.items()
    )
    visits = polars(values.join(answered, on="claim_id", how="left", maintain_order="left"))
    findings = polars(with_way(with_notes(folder, pl.read_parquet(folder / "findings.parquet"))))
    remits, sent = _remits(ledger), _sent(ledger)
    visits = visits.join(rightly_taken(ledger), on=["claim_id", "service_day"], how="left", maintain_order="left")
    visits = compared_together(visits, pl.read_parquet(folder / "together.parquet"))
    return Held(
        state=state,
        visits=_with_gaps(visits),
        findings=findings,
        remits=remits,
        sent=sent,
        fresh=_fresh(ledger, visits, remits, sent),
        clinics=_choices(visits, "clinic"),
        clinicians=_choices(visits, "clinician_npi"),
        payers=_payers(visits),
        kinds=_choices(findings, "kind"),
        months=_months(visits),
        notes_read=notes_read(folder),
        of_notes=notes_found(folder),
    )


def _with_gaps(visits: pl.DataFrame) -> pl.DataFrame:
    answered = pl.col("answered").fill_null(False) | pl.col("paid_cents").is_not_null()
    return polars(with_gap(visits.with_columns(answered)))


def _remits(ledger: Ledger) -> pl.DataFrame:
    signed = pl.when(pl.col("credit_debit") == "D").then(-pl.col("amount_cents")).otherwise(pl.col("amount_cents"))
    return ledger.scan("remits").select(*_REMIT, signed).collect()


def _sent(ledger: Ledger) -> pl.DataFrame:
    made = ledger.scan("transactions").filter(pl.col("kind").str.starts_with("837"))
    return made.select("source_id", "transaction", made_day="created_day").collect()


def _fresh(ledger: Ledger, visits: pl.DataFrame, remits: pl.DataFrame, sent: pl.DataFrame) -> Fresh:
    claims = ledger.scan("claims").select(pl.len(), pl.col("last_day").max()).collect().row(0)
    noted = ledger.scan("notes").select("visit_id").collect().unique()
    note_days = visits.join(noted, on="visit_id", how="semi").get_column("service_day")
    banked = ledger.scan("deposits").select(pl.len(), pl.col("day").max()).collect().row(0)
    return Fresh(
        claims=claims[0],
        last_claim_made=_top(sent.get_column("made_day")),
        last_day_claimed=claims[1],
        remits=remits.height,
        last_remit=_top(remits.get_column("paid_day")),
        notes=noted.height,
        last_note=_top(note_days),
        visits=visits.height,
        last_visit=_top(visits.filter(pl.col("status") == "kept").get_column("service_day")),
        deposits=banked[0],
        last_deposit=banked[1],
        files=len(ledger.receipts()),
    )


def _top(days: pl.Series) -> int | None:
    value = days.max()
    return value if isinstance(value, int) else None


def _choices(frame: pl.DataFrame, column: str) -> tuple[str, ...]:
    return tuple(sorted(value for value in frame.get_column(column).unique().to_list() if value))


def _payers(visits: pl.DataFrame) -> dict[str, str]:
    pairs = visits.select("payer_id", "payer_name").unique().sort("payer_name", "payer_id", nulls_last=True)
    return {row[0]: row[1] or row[0] for row in pairs.iter_rows() if row[0]}


def _months(visits: pl.DataFrame) -> tuple[str, ...]:
    days = visits.get_column("service_day").drop_nulls()
    if days.is_empty():
        return ()
    first, last = from_day(int(days.min())), from_day(int(days.max()))  # type: ignore[arg-type]
    span = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return tuple(f"{number // 12:04d}-{number % 12 + 1:02d}" for number in span)

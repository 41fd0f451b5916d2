"""The engine as a library: what `import everyunit` shows, each a few lines over the rooms."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import polars as pl

from everyunit import audit, x12
from everyunit.frames import Table, stack
from everyunit.rulebook import Book, Practice
from everyunit.services.home import open_home
from everyunit.x12.tables import TABLES


def read_x12(source: str | Path | bytes) -> dict[str, pl.DataFrame]:
    """Every table of docs/tables.md ("What reading X12 gives") from one X12 file, path or bytes.

    Faults become rows of `problems`. Raises Unreadable where the input is no X12 at all. For files that do not fit
    in memory take `everyunit.x12.read_file`, which yields the same tables part by part.
    """
    if isinstance(source, bytes):
        mark = hashlib.sha256(source).hexdigest()[:16]
        parts = list(x12.read_bytes(source, name="bytes", source_id=mark))
    else:
        with Path(source).open("rb") as opened:
            mark = hashlib.file_digest(opened, "sha256").hexdigest()[:16]
        parts = list(x12.read_file(Path(source), source_id=mark))
    return {t.name: stack([part[t.name] for part in parts if t.name in part], t) for t in TABLES}


def count_units(minutes: Any, book: Book | None = None) -> Any:
    """Units that minutes earn, on any frame that Narwhals knows; the answer is lazy on the same engine.

    Columns in: day_key (one patient, day, payer and discipline), rule (cms or ama; cms_8_minute and ama_spm mean the
    same), code, minutes (whole, 0 or more; null counts as 0), and optionally billed_units, which decides ties, and
    seq (place in the input). Columns out: day_key, rule (cms or ama), code, minutes, billed_units, earned_units, tie.

    Raises UsageError where one of the four columns is missing and, on frames of Polars (eager or lazy), pandas or
    Arrow, for a rule that is none of these and for minutes below 0. Engines that would have to run their plan to see
    that (Spark ...) give null earned_units for each such day and rule instead. Source: see docs/rules/units.md.
    """
    return audit.count_units(minutes, (book or Book.load()).codes())


def audit_frames(
    visits: Any,
    services: Any,
    claims: Any,
    claim_lines: Any,
    *,
    transactions: Any = None,
    remit_claims: Any = None,
    refusals: Any = None,
    practice_toml: str = "",
    fee_tables: dict[str, str] | None = None,
    book: Book | None = None,
) -> audit.Judged:
    """Findings and the value of each visit from frames alone, without a ledger.

    Frames are in the columns of docs/tables.md, of one engine (Polars, Spark ...); columns the judgement does not
    need may be missing. `refusals` (visit_id, source_id) names visits of whose services rows were refused: they are
    not judged. `practice_toml` is the text of a practice.toml, `fee_tables` the text of each fee file it names.
    """
    documents = {name: text.encode() for name, text in (fee_tables or {}).items()}
    if practice_toml:
        documents["practice.toml"] = practice_toml.encode()
    inputs = audit.Inputs(visits, services, claims, claim_lines, transactions, remit_claims, refusals)
    return audit.judge(inputs, Practice.from_documents(documents), book or Book.load())


class OpenLedger:
    """The facts of a home as lazy frames of one engine."""

    def __init__(self, home: str | Path, spark: Any = None) -> None:
        self._ledger, self._spark = open_home(home), spark

    @property
    def tables(self) -> list[str]:
        """Names of the tables, as docs/tables.md explains them."""
        return sorted(self._ledger.declared)

    def scan(self, table: str) -> Any:
        """Rows of a table that count, lazily: a Polars LazyFrame, or a Spark DataFrame with a session given."""
        if self._spark is None:
            return self._ledger.scan(table)
        paths = [str(path) for path in self._ledger.paths(table)]
        if paths:
            return self._spark.read.parquet(*paths)
        return self._spark.createDataFrame([], _spark_types(self._ledger.table(table)))


def _spark_types(declared: Table) -> str:
    kinds = {"text": "string", "int": "bigint", "small": "int", "day": "int", "flag": "boolean"}
    return ", ".join(f"`{c.name}` {kinds[c.kind]}" for c in declared.columns)


def open_ledger(home: str | Path, spark: Any = None) -> OpenLedger:
    """Open the ledger of a home to read it as lazy frames of Polars, or of Spark with a session given.

    Raises UsageError where there is no ledger.
    """
    return OpenLedger(home, spark)

"""What counts when sources speak about the same thing twice: the views over the batches of each table.

- A visit, its services, its note; a plan; an authorization: the latest import that names the key counts, whole.
- The same remittance (payer, trace, amount, day) in two files counts once, with everything that hangs on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from everyunit.frames import Table, polars
from everyunit.ledger.keys import Keys
from everyunit.ledger.manifest import Batch, Manifest

LATEST: Mapping[str, str] = {
    "visits": "visit_id",
    "services": "visit_id",
    "notes": "visit_id",
    "plans": "plan_id",
    "authorizations": "number",
}
ONCE = ("payer_id", "trace", "amount_cents", "paid_day")
UNIT = ("source_id", "transaction")


class Views:
    """Lazy frames over the batches that count. Losing rows are worked out once for each state of the ledger."""

    def __init__(self, home: Path, manifest: Manifest, declared: Mapping[str, Table]) -> None:
        self._home, self._manifest, self._declared = home, manifest, declared
        self._keys = Keys(home)
        self._losers: dict[str, tuple[tuple[tuple[int, str], ...], pl.DataFrame]] = {}

    def scan(self, table: Table) -> pl.LazyFrame:
        """All rows of a table that count."""
        return self._settle(table, self._read(table, self._manifest.batches(table.name)))

    def find(self, table: Table, column: str, value: str | int) -> pl.DataFrame:
        """Rows of a table that count and whose column has this value."""
        quick = str(value) if column == table.find_by else None
        batches = self._manifest.batches(table.name, quick)
        if column == "source_id":
            batches = [batch for batch in batches if batch.source_id == value]
        elif quick is not None:
            batches = self._keys.holding(batches, column, quick)
        rows = self._read(table, batches).filter(pl.col(column) == value)
        return self._settle(table, rows).collect()

    def paths(self, table: Table, folder: Path) -> list[Path]:
        """Files that hold exactly the rows of `scan`; written to `folder` where some rows of the batches lost."""
        losing = self._losing(table)
        if losing is None or losing[1].is_empty():
            return [batch.path(self._home) for batch in self._manifest.batches(table.name)]
        path = folder / f"{table.name}.parquet"
        if not path.exists():
            draft = path.with_suffix(".tmp")
            self.scan(table).sink_parquet(draft, row_group_size=16_384)
            draft.chmod(0o600)
            draft.replace(path)
        return [path]

    def _read(self, table: Table, batches: list[Batch]) -> pl.LazyFrame:
        if not batches:
            return table.empty().lazy()
        paths = [batch.path(self._home) for batch in batches]
        return pl.scan_parquet(
            paths,
            schema=table.schema,
            glob=False,
            hive_partitioning=False,
            missing_columns="insert",
            extra_columns="ignore",
        )

    def _settle(self, table: Table, rows: pl.LazyFrame) -> pl.LazyFrame:
        losing = self._losing(table)
        if losing is None or losing[1].is_empty():
            return rows
        return rows.join(losing[1].lazy(), on=list(losing[0]), how="anti", maintain_order="left")

    def _losing(self, table: Table) -> tuple[tuple[str, ...], pl.DataFrame] | None:
        """The columns that name a losing row, and the losing values; None where nothing can lose."""
        if table.name in LATEST:
            key = LATEST[table.name]
            return (key, "source_id"), self._remembered(table, key)
        if set(UNIT) <= set(table.names) and "remits" in self._declared:
            return UNIT, self._remembered(self._declared["remits"], None)
        return None

    def _remembered(self, table: Table, key: str | None) -> pl.DataFrame:
        batches = self._manifest.batches(table.name)
        state = tuple((batch.seq, batch.sha256) for batch in batches)
        known = self._losers.get(table.name)
        if known is None or known[0] != state:
            made = self._older(table, batches, key) if key else self._repeated(table, batches)
            known = self._losers[table.name] = (state, made)
        return known[1]

    def _older(self, table: Table, batches: list[Batch], key: str) -> pl.DataFrame:
        """Keys and sources whose rows a later import replaced."""
        shared = crossing(batches) if key == table.find_by else batches
        order = pl.DataFrame(
            {"source_id": [batch.source_id for batch in shared], "seq": [batch.seq for batch in shared]},
            schema={"source_id": pl.String, "seq": pl.Int64},
        ).unique()
        if order.height < 2:
            return pl.DataFrame(schema={key: pl.String, "source_id": pl.String})
        pairs = self._read(table, shared).select(key, "source_id").unique().join(order.lazy(), on="source_id")
        latest = pl.col("seq").max().over(key)
        return pairs.filter(pl.col("seq") < latest).select(key, "source_id").pipe(polars)

    def _repeated(self, table: Table, batches: list[Batch]) -> pl.DataFrame:
        """Source and transaction of each remittance that another file holds too."""
        empty = pl.DataFrame(schema={name: table.schema[name] for name in UNIT})
        if len({batch.source_id for batch in batches}) < 2:
            return empty
        known = self._read(table, batches).select(*UNIT, *ONCE).filter(pl.col("trace").is_not_null())
        first = pl.col("source_id").min().over(ONCE)
        return known.filter(pl.col("source_id") != first).select(UNIT).collect()


def crossing(batches: list[Batch]) -> list[Batch]:
    """Batches whose key range meets that of another source; the others cannot hold a key twice."""
    met: list[Batch] = []
    group: list[Batch] = []
    high = ""
    ranged = [(batch.low, batch.high, batch) for batch in batches if batch.low is not None and batch.high is not None]
    for low, top, batch in sorted(ranged, key=lambda item: item[0]):
        if group and low > high:
            met += group if len({one.seq for one in group}) > 1 else []
            group = []
        high = max(high, top) if group else top
        group.append(batch)
    met += group if len({one.seq for one in group}) > 1 else []
    return met

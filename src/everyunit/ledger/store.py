"""The ledger: one folder of immutable Parquet batches and the manifest that says which of them count."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.errors import UsageError
from everyunit.frames import Table
from everyunit.ledger import disk
from everyunit.ledger.manifest import Batch, Manifest, Source
from everyunit.ledger.parts import Parts
from everyunit.ledger.tables import TABLES
from everyunit.ledger.views import Views

Receipt = Mapping[str, Any]


class Ledger:
    """What a practice has taken in. `commit` puts one source in, whole or not at all; `scan` and `find` read.

    It may be shared by threads and opened by many processes at once.
    """

    def __init__(self, home: Path, declared: Mapping[str, Table]) -> None:
        self.home, self.declared = home, declared
        self.manifest = Manifest(home)
        self._views = Views(home, self.manifest, declared)

    @classmethod
    def open(cls, home: str | Path, create: bool = False, tables: Iterable[Table] = ()) -> Ledger:
        """Open the ledger of a home; `tables` are declared beside the practice's own. UsageError where there is none.

        With `create` a missing home is made and what an import that was ended left behind is cleared away.
        """
        path = Path(home)
        declared = {table.name: table for table in (*TABLES, *tables)}
        if not create and not (path / "ledger.sqlite").is_file():
            remedy = "Name another --home, or make this one: everyunit import PATH --home DIR."
            raise UsageError("There is no ledger in this folder.", place=str(home), remedy=remedy)
        standing = next((place for place in (path, *path.parents) if place.exists()), path)
        if standing.exists() and not standing.is_dir():
            raise UsageError(
                "This is a file, not a folder.", place=str(standing), remedy="Name a folder with --home."
            )
        made = cls(path, declared)
        if create:
            with disk.worded(path):
                made._prepare()
        return made

    def _prepare(self) -> None:
        for name in ("batches", "writing", "derived"):
            disk.folder(self.home / name)
        with disk.locked(self.home / "create.lock", alone=True):
            self.manifest.create()
        self._sweep()

    def _sweep(self) -> None:
        """Clear what no process is writing and the manifest does not list.

        Every writer shares this lock until its rows are listed, so getting it alone means that nobody writes.
        """
        with disk.locked(self.home / "write.lock", alone=True, wait=False) as got:
            if not got:
                return
            for left in (self.home / "writing").iterdir():
                shutil.rmtree(left)
            listed = self.manifest.listed()
            for path in (self.home / "batches").glob("*/*"):
                if (path.parent.name, path.stem) not in listed:
                    path.unlink()

    def holds(self, sha256: str) -> dict[str, Any] | None:
        """The receipt of a source with these bytes; None where it was never taken in."""
        return self.manifest.receipt(sha256)

    def damaged(self, sha256: str = "") -> list[tuple[str, Path]]:
        """Source and file of every batch (of one source, else of all) that is gone or no longer holds its bytes."""
        listed = ((name, batch.sha256, batch.path(self.home)) for name, batch in self.manifest.of_source(sha256))
        return [(name, path) for name, written, path in listed if disk.digest(path) != written]

    def commit(
        self,
        source: Source,
        batches: Iterable[Mapping[str, pl.DataFrame]],
        receipt: Callable[[dict[str, int]], Receipt],
        documents: Mapping[str, bytes] | None = None,
    ) -> bool:
        """Take one source in, whole or not at all. False where the same bytes were taken in before.

        `batches` yields frames by table name and is read while parts are written; `receipt` is then asked with the
        rows of each table. When this returns True, the rows survive whatever happens to the machine.
        """
        with disk.worded(self.home), disk.locked(self.home / "write.lock", alone=False):
            folder = Path(tempfile.mkdtemp(dir=self.home / "writing", prefix=f"{source.source_id}-"))
            try:
                parts = Parts(folder, source, self.declared)
                for batch in batches:
                    for name, frame in batch.items():
                        parts.add(name, frame)
                written = parts.finish()
                self._place(folder, written)
                return self.manifest.add(source, written, dict(receipt(parts.rows)), dict(documents or {}))
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def _place(self, folder: Path, written: list[Batch]) -> None:
        homes = {batch.name: disk.folder(self.home / "batches" / batch.name) for batch in written}
        for batch in written:
            disk.rename(folder / f"{batch.name}.{batch.sha256}", batch.path(self.home))
        for path in homes.values():
            disk.sync_folder(path)
        disk.point("after_dirsync")

    def scan(self, table: str) -> pl.LazyFrame:
        """All rows of a table that count, lazily, in the declared columns; superseded rows are left out.

        The rows and their order do not depend on the order of import, but where two sources say different things
        about one visit: then the later import counts.
        """
        return self._views.scan(self.table(table))

    def find(self, table: str, column: str, value: str | int) -> pl.DataFrame:
        """Rows of a table whose column has this value; fast where the column is the table's `find_by`."""
        return self._views.find(self.table(table), column, value)

    def paths(self, table: str) -> list[Path]:
        """Parquet files that hold exactly the rows of `scan`, for an engine of one's own."""
        return self._views.paths(self.table(table), self.derived("settled"))

    def table(self, name: str) -> Table:
        """The declaration of a table; UsageError where there is none of that name."""
        if name not in self.declared:
            known = ", ".join(sorted(self.declared))
            raise UsageError(f"There is no table {name}.", remedy=f"The tables are: {known}.")
        return self.declared[name]

    def receipts(self) -> list[dict[str, Any]]:
        """The receipt of every source, in the order they were taken in."""
        return [receipt for _, receipt in self.manifest.sources()]

    def turn_back(self, receipts: Iterable[Receipt]) -> None:
        """Keep the receipts of files of which nothing was taken in, until a file of that name is."""
        with disk.worded(self.home):
            self.manifest.turn_back([(str(receipt["file"]), dict(receipt)) for receipt in receipts])

    def turned_back(self) -> list[dict[str, Any]]:
        """The last receipt of each file of which nothing was taken in, by name."""
        return self.manifest.turned_back()

    def documents(self) -> dict[str, bytes]:
        """practice.toml and the fee tables by name, as the latest import of each brought them."""
        return self.manifest.documents()

    def fingerprint(self) -> str:
        """Sixteen digits that name the set of sources taken in, whatever their order."""
        return hashlib.sha256("\n".join(self.manifest.hashes()).encode()).hexdigest()[:16]

    def derived(self, name: str = "") -> Path:
        """Folder for results that follow from what was taken in so far; another import gives another folder."""
        with disk.worded(self.home):
            return disk.folder(self.home / "derived" / self.fingerprint() / name)

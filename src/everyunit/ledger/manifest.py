"""The manifest: one SQLite file that lists what counts. A batch that it does not list does not exist."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from everyunit.ledger import disk

_SCHEMA = """
CREATE TABLE IF NOT EXISTS sources (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, sha256 TEXT NOT NULL UNIQUE, source_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL, kind TEXT NOT NULL, receipt TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS batches (
    seq INTEGER NOT NULL REFERENCES sources, part INTEGER NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL,
    rows INTEGER NOT NULL, low TEXT, high TEXT, PRIMARY KEY (name, seq, part)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
    seq INTEGER NOT NULL REFERENCES sources, name TEXT NOT NULL, content BLOB NOT NULL, PRIMARY KEY (name, seq));
CREATE TABLE IF NOT EXISTS turned_back (name TEXT PRIMARY KEY, receipt TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Source:
    """One file, or one member of a zip: `sha256` of its bytes names it, `name` is how a person knows it."""

    sha256: str
    name: str
    kind: str

    @property
    def source_id(self) -> str:
        """Sixteen digits of the hash, as they stand in the rows."""
        return self.sha256[:16]


@dataclass(frozen=True)
class Batch:
    """One Parquet file of one table: `low` and `high` bound its `find_by` column (null where it has none)."""

    seq: int
    source_id: str
    part: int
    name: str
    sha256: str
    rows: int
    low: str | None
    high: str | None

    def path(self, home: Path) -> Path:
        """Where the file lies."""
        return home / "batches" / self.name / f"{self.sha256}.parquet"


class Manifest:
    """Reads and writes of `ledger.sqlite`. Each call opens its own connection: threads and processes may share it."""

    def __init__(self, home: Path) -> None:
        self.home, self.path = home, home / "ledger.sqlite"
        self._kept: sqlite3.Connection | None = None

    def create(self) -> None:
        """Make the file and its tables where they are missing."""
        if not self.path.exists():
            disk.write(self.path, b"")
        with self._open() as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.executescript(_SCHEMA)
        disk.sync_folder(self.home)
        # While one connection stays open, closing another does not fold the log into the file each time.
        self._kept = sqlite3.connect(self.path, timeout=120, check_same_thread=False)
        self._kept.execute("SELECT count(*) FROM sources").fetchone()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=120, isolation_level=None)) as db:
                db.execute("PRAGMA synchronous=FULL")
                yield db
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.IntegrityError):
                raise
            remedy = "Check the disk for space and the right to write; what was already taken in is safe."
            raise disk.HomeRefused(f"The ledger answered: {error}.", place=self.path.name, remedy=remedy) from error

    def add(self, source: Source, batches: list[Batch], receipt: dict[str, Any], documents: dict[str, bytes]) -> bool:
        """List a source with its batches, all or nothing; False where the same bytes are listed already."""
        with self._open() as db:
            disk.point("before_insert")
            db.execute("BEGIN IMMEDIATE")
            try:
                if db.execute("SELECT 1 FROM sources WHERE sha256 = ?", (source.sha256,)).fetchone():
                    db.execute("ROLLBACK")
                    return False
                self._insert(db, source, batches, receipt, documents)
                disk.point("after_insert")
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise
        disk.point("after_commit")
        return True

    def _insert(
        self,
        db: sqlite3.Connection,
        source: Source,
        batches: list[Batch],
        receipt: dict[str, Any],
        documents: dict[str, bytes],
    ) -> None:
        row = (source.sha256, source.source_id, source.name, source.kind, json.dumps(receipt))
        made = db.execute("INSERT INTO sources (sha256, source_id, name, kind, receipt) VALUES (?, ?, ?, ?, ?)", row)
        seq = made.lastrowid
        db.execute("DELETE FROM turned_back WHERE name = ?", (source.name,))
        rows = [(seq, b.part, b.name, b.sha256, b.rows, b.low, b.high) for b in batches]
        db.executemany("INSERT INTO batches VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        db.executemany(
            "INSERT INTO documents VALUES (?, ?, ?)", [(seq, name, data) for name, data in documents.items()]
        )

    def batches(self, name: str, value: str | None = None) -> list[Batch]:
        """Batches of a table, those that can hold `value` in their `find_by` column where it is given.

        Their order does not depend on the order of import.
        """
        where, given = "b.name = ?", [name]
        if value is not None:
            where, given = "b.name = ? AND b.low <= ? AND b.high >= ?", [name, value, value]
        sql = f"""SELECT b.seq, s.source_id, b.part, b.name, b.sha256, b.rows, b.low, b.high
                  FROM batches b JOIN sources s USING (seq) WHERE {where} ORDER BY s.sha256, b.part"""
        with self._open() as db:
            return [Batch(*row) for row in db.execute(sql, given)]

    def of_source(self, sha256: str = "") -> list[tuple[str, Batch]]:
        """Name of the source and batch: those of one source, of all where none is named."""
        sql = f"""SELECT s.name, b.seq, s.source_id, b.part, b.name, b.sha256, b.rows, b.low, b.high
                  FROM batches b JOIN sources s USING (seq) {"WHERE s.sha256 = ?" if sha256 else ""}
                  ORDER BY s.seq, b.name, b.part"""
        with self._open() as db:
            return [(row[0], Batch(*row[1:])) for row in db.execute(sql, [sha256] if sha256 else [])]

    def listed(self) -> set[tuple[str, str]]:
        """Table and hash of every batch that counts."""
        with self._open() as db:
            return set(db.execute("SELECT name, sha256 FROM batches"))

    def sources(self) -> list[tuple[str, dict[str, Any]]]:
        """Hash and receipt of every source, in the order they were taken in."""
        with self._open() as db:
            rows = db.execute("SELECT sha256, receipt FROM sources ORDER BY seq")
            return [(sha256, json.loads(receipt)) for sha256, receipt in rows]

    def turn_back(self, receipts: list[tuple[str, dict[str, Any]]]) -> None:
        """Keep the receipts of files that gave nothing, by name, until a file of that name is taken in."""
        if not receipts:
            return
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            db.executemany(
                "INSERT OR REPLACE INTO turned_back VALUES (?, ?)",
                [(name, json.dumps(receipt)) for name, receipt in receipts],
            )
            db.execute("COMMIT")

    def turned_back(self) -> list[dict[str, Any]]:
        """The last receipt of each file that gave nothing, by name."""
        with self._open() as db:
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'turned_back'").fetchone():
                return []  # a home that no import of this version has touched yet
            return [json.loads(receipt) for (receipt,) in db.execute("SELECT receipt FROM turned_back ORDER BY name")]

    def hashes(self) -> list[str]:
        """Hash of every source, sorted."""
        with self._open() as db:
            return [sha256 for (sha256,) in db.execute("SELECT sha256 FROM sources ORDER BY sha256")]

    def receipt(self, sha256: str) -> dict[str, Any] | None:
        """Receipt of the source with this hash; None where it was never taken in."""
        with self._open() as db:
            found = db.execute("SELECT receipt FROM sources WHERE sha256 = ?", (sha256,)).fetchone()
            return json.loads(found[0]) if found else None

    def documents(self) -> dict[str, bytes]:
        """Content of each document by name, the latest import of a name winning."""
        with self._open() as db:
            return dict(db.execute("SELECT name, content FROM documents ORDER BY seq"))

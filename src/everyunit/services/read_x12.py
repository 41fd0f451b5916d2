"""Read X12 files into one Parquet file per table, with a summary for each file."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.errors import Unreadable, UsageError
from everyunit.services.earlier import parquet_with, refuse_other
from everyunit.services.places import writing
from everyunit.x12 import Totals, members, read_stream
from everyunit.x12.files import Member
from everyunit.x12.tables import TABLES


@dataclass(frozen=True)
class Read:
    """What became of one file or zip member: its summary, or the reason why nothing was read."""

    name: str
    summary: dict[str, Any] | None
    refused: str = ""


class Tables:
    """Parquet files in a folder, one per table, put together from parts so that memory stays flat."""

    def __init__(self, folder: Path, replace: bool = False) -> None:
        self.folder = folder
        if folder.exists() and not folder.is_dir():
            raise UsageError("it is a file; --out names a folder.", place=str(folder), remedy="Name a folder.")
        for table in TABLES if folder.exists() else ():
            refuse_other(folder / f"{table.name}.parquet", parquet_with(table.names), replace)
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self.parts = Path(tempfile.mkdtemp(prefix=".parts-", dir=folder))
        self.count: dict[str, int] = {}

    def __enter__(self) -> Tables:
        return self

    def take(self, batch: dict[str, pl.DataFrame]) -> None:
        """Write one batch as parts."""
        for name, frame in batch.items():
            number = self.count.get(name, 0)
            self.count[name] = number + 1
            part = self.parts / f"{name}-{number:06d}.parquet"
            with writing(self.folder):
                frame.write_parquet(part, compression="lz4", statistics=False)

    def __exit__(self, *failure: object) -> None:
        try:
            if failure[0] is None:
                with writing(self.folder):
                    self._join()
        finally:
            shutil.rmtree(self.parts, ignore_errors=True)

    def _join(self) -> None:
        for table in TABLES:
            target = self.folder / f"{table.name}.parquet"
            paths = sorted(self.parts.glob(f"{table.name}-*.parquet"))
            if paths:
                pl.scan_parquet(paths).sink_parquet(target)
            else:
                table.empty().write_parquet(target)


def read_x12(paths: list[Path], out: Path | None = None, replace: bool = False) -> Iterator[Read]:
    """Read every file (folders: every file in them), write the tables to `out`, tell of each file when it is read.

    Files that cannot be read do not stop the others. UsageError where files stand in `out` that bear the name of a
    table and are none, unless they are to be replaced.
    """
    kept: AbstractContextManager[Tables | None] = nullcontext() if out is None else Tables(out, replace)
    with kept as tables:
        for path in _files(paths):
            try:
                for member in members(path):
                    yield _one(path, member, tables)
            except (OSError, Unreadable) as error:
                said = error.seen if isinstance(error, Unreadable) else "it cannot be opened; check the name."
                yield Read(str(path), None, f"{path}: {said}")


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(inner for inner in path.rglob("*") if inner.is_file())
        else:
            yield path


def _one(path: Path, member: Member, tables: Tables | None) -> Read:
    name = str(path) if member.inside is None else f"{path}!{member.inside}"
    totals = Totals(name)
    if member.problem:
        totals.problems.append({"segment": 0, "message": member.problem})
        return Read(name, totals.summary(), f"{name}: {member.problem}")
    try:
        source_id = _fingerprint(member)
        with member.opener() as stream:
            for batch in read_stream(stream, name=name, source_id=source_id):
                totals.take(batch)
                if tables is not None:
                    tables.take(batch)
    except Unreadable as error:
        if not totals.batches:
            return Read(name, None, error.sentence())
        totals.problems.append({"segment": 0, "message": error.sentence()})
    return Read(name, totals.summary())


def _fingerprint(member: Member) -> str:
    """Sixteen hexadecimal digits of the SHA-256 of the content."""
    digest = hashlib.sha256()
    with member.opener() as stream:
        while data := stream.read(1 << 20):
            digest.update(data)
    return digest.hexdigest()[:16]

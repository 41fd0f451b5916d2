"""Results that are kept beside the facts they follow from, until the facts, the book or the code change."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

import everyunit
from everyunit.rulebook.loaded import added_folder

PACKAGE = Path(everyunit.__file__).parent
_STAMP = "kept.json"


def version_of(files: Iterable[Path]) -> str:
    """Names the code of these files with the whole book, shipped and loaded, so that a change makes results anew."""
    every = [*added_folder().glob("*.csv"), *PACKAGE.glob("rulebook/**/*"), *files]
    digest = hashlib.sha256(everyunit.__version__.encode())
    for path in sorted(path for path in every if path.is_file() and path.suffix != ".pyc"):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def put(path: Path, write: Callable[[Path], Any]) -> None:
    """Write beside and rename, so that a reader sees the old file or the new one."""
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(number)
    write(Path(name))
    os.chmod(name, 0o644)
    os.replace(name, path)


def kept(
    folder: Path, version: str, names: Iterable[str], make: Callable[[], Mapping[str, pl.DataFrame | pl.LazyFrame]]
) -> dict[str, Path]:
    """Parquet files of the frames `make` gives, one a name, in `folder`; made only where this version has not been.

    The stamp is written last: a run cut short is made again.
    """
    paths = {name: folder / f"{name}.parquet" for name in names}
    if not is_kept(folder, version, paths):
        for name, frame in make().items():
            put(paths[name], frame.sink_parquet if isinstance(frame, pl.LazyFrame) else frame.write_parquet)
        put(folder / _STAMP, lambda path: path.write_text(json.dumps({"version": version})))
    return paths


def is_kept(folder: Path, version: str, names: Iterable[str]) -> bool:
    """Whether the frames of these names stand in the folder, made by this version."""
    stamp = folder / _STAMP
    told = json.loads(stamp.read_text()) if stamp.is_file() else {}
    return told.get("version") == version and all((folder / f"{name}.parquet").is_file() for name in names)

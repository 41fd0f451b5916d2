"""One found file into frames: the reader for each kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath

import polars as pl

from everyunit import x12
from everyunit.errors import Unreadable
from everyunit.intake.bai2 import read_bai2
from everyunit.intake.csv_file import read_csv
from everyunit.intake.finding import Found
from everyunit.intake.notes_file import read_notes
from everyunit.intake.ofx import read_ofx
from everyunit.intake.receipts import Receipt
from everyunit.intake.recognise import BAI2, CSV, DOCUMENT_BYTES, FEES, NOTES, OFX, TOML, X12, Known
from everyunit.rulebook import Book, Practice, fee_table

Batches = Iterator[dict[str, pl.DataFrame]]


def read(found: Found, known: Known, source_id: str, receipt: Receipt) -> Batches:
    """Frames by table name, block by block, while the receipt fills. Unreadable where the file breaks off."""
    try:
        yield from _batches(found, known, source_id, receipt)
    except OSError as error:
        raise Unreadable(
            f"it cannot be read: {error.strerror or 'the file is damaged'}.", place=found.name
        ) from error


def _batches(found: Found, known: Known, source_id: str, receipt: Receipt) -> Batches:
    if known.kind == CSV and known.shape:
        return read_csv(found.opener, known.shape, source_id, receipt)
    if known.kind == NOTES:
        return read_notes(found.opener, source_id, receipt)
    if known.kind == BAI2:
        return read_bai2(found.opener, source_id, receipt)
    if known.kind == OFX:
        return read_ofx(found.opener, source_id, receipt)
    if known.kind == X12:
        return _x12(found, source_id, receipt)
    if known.kind == FEES:
        _fees(found, receipt)
    return iter(())


def _x12(found: Found, source_id: str, receipt: Receipt) -> Batches:
    for batch in x12.read_file(found.path, source_id, member=found.member):
        problems = batch.get("problems")
        if problems is not None:
            receipt.problems += problems.select("segment", "message").to_dicts()
        yield batch


def documents(found: Found, known: Known) -> dict[str, bytes]:
    """The file itself where it is a document: practice.toml or a fee table, by its bare name."""
    if known.kind not in (TOML, FEES):
        return {}
    with found.opener() as stream:
        data = stream.read(DOCUMENT_BYTES)
    name = "practice.toml" if known.kind == TOML else PurePath(found.member or found.path.name).name
    return {name: data}


def _fees(found: Found, receipt: Receipt) -> None:
    """Note the rows of a fee table that will not count."""
    with found.opener() as stream:
        _, faults = fee_table(stream.read(DOCUMENT_BYTES))
    for fault in faults:
        receipt.refuse(fault.row, fault.column, "", fault.message, fault.remedy)


def check_practice(held: Mapping[str, bytes], receipt: Receipt) -> None:
    """Note what is not right in practice.toml, beside the fee tables and in the localities that there are."""
    for problem in Practice.faults(held, Book.load().localities()):
        receipt.problem(problem.place, problem.seen, problem.remedy)

"""A CSV of a known shape into rows of the ledger: good rows go in, each bad one is named with its remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

import polars as pl

from everyunit.intake.bank_columns import settled
from everyunit.intake.cells import CODE, LONGEST, bad, cell, read, words
from everyunit.intake.clashes import Times, clashes
from everyunit.intake.csv_rows import frames
from everyunit.intake.receipts import Receipt
from everyunit.intake.shapes import DEPOSITS, Field, Shape
from everyunit.x12.files import Opener


def read_csv(opener: Opener, shape: Shape, source_id: str, receipt: Receipt) -> Iterator[dict[str, pl.DataFrame]]:
    """Frames of the shape's table, block by block; refused rows are noted on the receipt. Services whose row was
    refused but names a visit come as `refusals`, so that nobody takes them for services never recorded."""
    once, order, marks, times = Once(shape.unique, receipt), Order(), Marks(), Times(shape, receipt)
    for frame in frames(opener, receipt, marks.broken):
        good = times.settle(_agreeing(_checked(frame, shape, receipt, marks), shape, receipt, marks))
        if shape.unique:
            good = once.keep(good)
        made = _shaped(good, shape)
        if shape.table == DEPOSITS.table and shape is not DEPOSITS:
            made = settled(made, receipt)
        made = made.with_columns(source_id=pl.lit(source_id))
        if shape.table != "services":
            yield {shape.table: made}
        else:
            yield {"services": order.number(made), "refusals": marks.taken(source_id)}
    times.close()


def _present(frame: pl.DataFrame, shape: Shape) -> list[Field]:
    return [field for field in shape.fields if field.heading in frame.columns]


def _checked(frame: pl.DataFrame, shape: Shape, receipt: Receipt, marks: Marks) -> pl.DataFrame:
    """Rows without a fault, their values beside the text as `=column`; the others go on the receipt."""
    present = _present(frame, shape)
    _headings(frame, shape, receipt)
    frame = frame.with_columns(read(field).alias(f"={field.column}") for field in present)
    frame = frame.with_columns(bad(field, f"={field.column}").alias(f"!{field.column}") for field in present)
    faulty = pl.any_horizontal(f"!{field.column}" for field in present)
    for row in frame.filter(faulty).iter_rows(named=True):
        field = next(field for field in present if row[f"!{field.column}"])
        seen, message, remedy = words(field, row[field.heading])
        receipt.refuse(row["row"], field.heading, seen, message, remedy)
        marks.add(row["row"], field.heading, _sound(row, "visit_id"), _sound(row, "code"))
    return frame.filter(~faulty)


def _agreeing(frame: pl.DataFrame, shape: Shape, receipt: Receipt, marks: Marks) -> pl.DataFrame:
    """Rows whose columns do not contradict each other; the others go on the receipt."""
    for clash in clashes(shape, frame.columns):
        for row in frame.filter(clash.test).iter_rows(named=True):
            seen = f"{row[f'={clash.heading}']} of {row[f'={clash.beside}']}" if clash.shown else ""
            receipt.refuse(row["row"], clash.heading, seen, clash.message, clash.remedy)
            marks.add(row["row"], clash.heading, _sound(row, "visit_id"), _sound(row, "code"))
        frame = frame.filter(~clash.test)
    return frame


def _headings(frame: pl.DataFrame, shape: Shape, receipt: Receipt) -> None:
    """Say which heading is not read that may be meant for one that is missing."""
    missing = [field.heading for field in shape.fields if field.heading not in frame.columns]
    known = {field.heading for field in shape.fields}
    for name in (name for name in frame.columns if name not in known):
        meant = get_close_matches(name, missing, n=1, cutoff=0.6) if re.fullmatch(r"[a-z_ ]{2,24}", name) else []
        if meant:
            receipt.say(f"The column {name} is not read and {meant[0]} is missing. Rename it if that is meant.")
    if shape.table == "services" and "minutes" in missing:
        receipt.say("There is no column minutes: timed services stand without minutes, and are not counted.")


def _sound(row: dict[str, Any], column: str) -> str | None:
    """What was read of a column, null where nothing or something bad stood there."""
    return None if row.get(f"!{column}", True) else row[f"={column}"]


def _shaped(frame: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    present = _present(frame, shape)
    known = {field.heading for field in present} | {"row"}
    others = [name for name in frame.columns if name not in known and name[0] not in "=!#"]
    extra = pl.struct(cell(name).alias(name) for name in others).struct.json_encode() if others else pl.lit(None)
    values = [pl.col(f"={field.column}").alias(field.column) for field in present]
    return frame.select(*values, "row", extra.cast(pl.String).alias("extra"))


class Marks:
    """Refused rows that name a visit: visit_id, code (null where it could not be read), column and row."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, str | None, str, int]] = []

    def add(self, row: int, column: str, visit_id: str | None, code: str | None) -> None:
        """Note a row, if its visit is known."""
        if visit_id:
            self._rows.append((visit_id, code, column, row))

    def broken(self, row: int, cells: dict[str, str]) -> None:
        """Note a row that could not be parted into columns, by the cells that could be read."""
        visit_id, code = (cells.get(name, "").strip() for name in ("visit_id", "code"))
        short = visit_id if len(visit_id) <= LONGEST else ""
        self.add(row, "", short, code.upper() if re.fullmatch(CODE, code.upper()) else None)

    def taken(self, source_id: str) -> pl.DataFrame:
        """The rows noted since the last call."""
        schema = {"visit_id": pl.String, "code": pl.String, "column": pl.String, "row": pl.Int64}
        made = pl.DataFrame(self._rows, schema=schema, orient="row").with_columns(source_id=pl.lit(source_id))
        self._rows = []
        return made


class Once:
    """Keeps the first row of each key of a file. A later one that says the same is counted, any other is refused."""

    def __init__(self, heading: str, receipt: Receipt) -> None:
        self._heading, self._receipt = heading, receipt
        self._seen = pl.DataFrame(schema={"#key": pl.String, "#known": pl.UInt64})

    def keep(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows whose key did not stand in the file before."""
        texts = [name for name in frame.columns if name[0] not in "=!#" and name != "row"]
        frame = frame.with_columns(cell(self._heading).alias("#key"), frame.select(texts).hash_rows().alias("#hash"))
        frame = frame.join(self._seen, on="#key", how="left", maintain_order="left")
        if frame["#known"].null_count() == frame.height == frame["#key"].n_unique():
            first = frame
        else:
            first = self._first(frame)
        known = first.select("#key", pl.col("#hash").alias("#known"))
        self._seen = pl.concat([self._seen, known])
        return first.drop("#key", "#hash", "#known")

    def _first(self, frame: pl.DataFrame) -> pl.DataFrame:
        frame = frame.with_columns(pl.coalesce("#known", pl.col("#hash").first().over("#key")).alias("#told"))
        later = frame["#known"].is_not_null() | ~frame["#key"].is_first_distinct()
        same = frame["#hash"] == frame["#told"]
        self._receipt.repeated += frame.filter(later & same).height
        for row in frame.filter(later & ~same)["row"]:
            message, remedy = "stands in the file before, with other values", "Keep one row for it."
            self._receipt.refuse(row, self._heading, "", message, remedy)
        return frame.filter(~later).drop("#told")


class Order:
    """Numbers the services of each visit in the order of the file, across its blocks."""

    def __init__(self) -> None:
        self._counted = pl.DataFrame(schema={"visit_id": pl.String, "before": pl.Int32})

    def number(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with `seq`, counting from 1 in each visit."""
        seq = pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("visit_id")
        made = frame.with_columns(seq=seq).join(self._counted, on="visit_id", how="left", maintain_order="left")
        made = made.with_columns(seq=pl.col("seq") + pl.col("before").fill_null(0)).drop("before")
        tops = made.group_by("visit_id").agg(pl.col("seq").max().alias("before"))
        self._counted = self._counted.join(tops, on="visit_id", how="anti").vstack(tops)
        return made

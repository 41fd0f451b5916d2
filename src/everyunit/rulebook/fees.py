"""Medicare's price of one unit, computed exactly for every code, locality and span of days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from everyunit.errors import BookRefusal
from everyunit.rulebook.loading import Row
from everyunit.rulebook.shelves import Shelves, valued
from everyunit.rulebook.values import Value, refusal

COLUMNS = (
    "code", "mac", "locality", "first_day", "last_day", "full_cents", "reduced_cents", "pe_rank", "mppr", "status",
    "source", "checked",
)  # fmt: skip
REDUCED = "5"  # the fee schedule's mark of a therapy code whose practice expense is halved
WHOLE_INDEX = 1000  # an index of 1.000 in thousandths
# Hundredths of a value unit x thousandths of an index x ten-thousandths of a dollar, as parts of a cent.
CENT = 10**7


def price_frame(shelf: Shelves) -> pl.DataFrame:
    """The price of one unit; see `Book.prices` for the columns."""
    valued = _relative(shelf.relative, shelf.unpaid)
    dated = _meet(valued, _factors(shelf.factors))
    local = _meet(dated, _localities(shelf))
    return _priced(local).select(COLUMNS).sort("code", "mac", "locality", "first_day")


def only(prices: pl.DataFrame, localities: Iterable[tuple[str, str]]) -> pl.DataFrame:
    """The rows of these (mac, locality) pairs and the national ones."""
    wanted = pl.DataFrame([("", ""), *localities], schema=["mac", "locality"], orient="row").unique()
    return prices.join(wanted, on=["mac", "locality"], how="semi", maintain_order="left")


def has_price(row: Row, unpaid: Sequence[str]) -> bool:
    """Whether a row of relative values gives a national price: it has values, or Medicare never pays the code."""
    if row.text("status") in unpaid:
        return True
    return any(row.scaled(name, 2) for name in ("work", "practice_expense", "malpractice"))


def _relative(rows: list[Row], unpaid: list[str]) -> pl.DataFrame:
    made = []
    for row in rows:
        if not has_price(row, unpaid):
            continue
        paid = 0 if row.text("status") in unpaid else 1
        made.append(
            (
                row.need("code"), row.first_day, row.last_day, row.scaled("work", 2) * paid,
                row.scaled("practice_expense", 2) * paid, row.scaled("malpractice", 2) * paid,
                row.need("reduction") == REDUCED, row.need("status"), row.source, row.checked,
            )
        )  # fmt: skip
    return _frame(made, ("work", "pe", "mp"), ("mppr", "status"), "code")


def _factors(rows: list[Row]) -> pl.DataFrame:
    made = [(row.first_day, row.last_day, row.scaled("dollars", 4), row.source, row.checked) for row in rows]
    return _frame(made, ("factor",), ())


def _localities(shelf: Shelves) -> pl.DataFrame:
    first = min(row.first_day for row in shelf.factors)
    last = max(row.last_day for row in shelf.factors)
    made: list[tuple[object, ...]] = [
        ("", "", first, last, WHOLE_INDEX, WHOLE_INDEX, WHOLE_INDEX, "national rate, all indices 1.000", True)
    ]
    for row in shelf.localities:
        indices = (row.scaled(name, 3) for name in ("work", "practice_expense", "malpractice"))
        made.append(
            (row.need("mac"), row.need("locality"), row.first_day, row.last_day, *indices, row.source, row.checked)
        )
    return _frame(made, ("wg", "pg", "mg"), (), "mac", "locality")


def _frame(
    made: Sequence[tuple[object, ...]], numbers: Sequence[str], more: Sequence[str], *keys: str
) -> pl.DataFrame:
    names = [*keys, "first_day", "last_day", *numbers, *more, "source", "checked"]
    frame = pl.DataFrame(made, schema=names, orient="row")
    return frame.with_columns(pl.col("first_day", "last_day").cast(pl.Int32), pl.col(numbers).cast(pl.Int64))


def _meet(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Every pair of rows whose days overlap, with the days they share, both sources, and checked only if both are."""
    both = left.join(right, how="cross", suffix="_right")
    return both.with_columns(
        pl.max_horizontal("first_day", "first_day_right").alias("first_day"),
        pl.min_horizontal("last_day", "last_day_right").alias("last_day"),
        pl.when(pl.col("source") == pl.col("source_right"))
            .then("source")
            .otherwise(pl.concat_str("source", "source_right", separator="; "))
            .alias("source"),
        (pl.col("checked") & pl.col("checked_right")).alias("checked"),
    ).filter(pl.col("first_day") <= pl.col("last_day")).drop(pl.selectors.ends_with("_right"))  # fmt: skip


def _priced(frame: pl.DataFrame) -> pl.DataFrame:
    rest = pl.col("work") * pl.col("wg") + pl.col("mp") * pl.col("mg")
    expense = pl.col("pe") * pl.col("pg")
    full = (rest + expense) * pl.col("factor")
    halved = (2 * rest + expense) * pl.col("factor")
    return frame.with_columns(
        _half_up(full, CENT).alias("full_cents"),
        pl.when("mppr").then(_half_up(halved, 2 * CENT)).otherwise(_half_up(full, CENT)).alias("reduced_cents"),
        expense.alias("pe_rank"),
    )


def _half_up(numerator: pl.Expr, denominator: int) -> pl.Expr:
    return (2 * numerator + denominator) // (2 * denominator)


@dataclass(frozen=True)
class Price:
    """The price of one unit of a code on one day in one locality; `pe_rank` is comparable within a day."""

    full_cents: int
    reduced_cents: int
    pe_rank: int
    mppr: bool
    status: str
    source: str
    checked: bool
    first_day: int
    last_day: int


class PriceList:
    """The price frame for plain Python: one price at a time, refusing what the book does not know."""

    def __init__(self, frame: pl.DataFrame, shelf: Shelves) -> None:
        self._frame, self._shelf = frame, shelf
        self._places = {(row.text("mac"), row.text("locality")) for row in shelf.localities} | {("", "")}
        self._held: dict[tuple[str, str], dict[str, list[Price]]] = {}

    def price(self, code: str, day: int, mac: str, locality: str) -> Price:
        """The price of one unit. Raises BookRefusal for a locality, code or day without one, saying which."""
        if (mac, locality) not in self._places:
            remedy = "Look it up in the Medicare contractor's list of localities and mend practice.toml."
            raise BookRefusal(f"The book knows no Medicare locality {mac} {locality}.", remedy=remedy)
        for price in self._of(mac, locality).get(code, ()):
            if price.first_day <= day <= price.last_day:
                return price
        raise self._refusal(code, day, mac, locality)

    def _of(self, mac: str, locality: str) -> dict[str, list[Price]]:
        key = (mac, locality)
        if key not in self._held:
            made: dict[str, list[Price]] = {}
            rows = self._frame.filter((pl.col("mac") == mac) & (pl.col("locality") == locality))
            for row in rows.iter_rows(named=True):
                held = Price(**{name: row[name] for name in Price.__dataclass_fields__})
                made.setdefault(row["code"], []).append(held)
            self._held[key] = made
        return self._held[key]

    def _refusal(self, code: str, day: int, mac: str, locality: str) -> BookRefusal:
        rows = [row for row in self._shelf.relative if row.text("code") == code]
        if not rows:
            return BookRefusal(f"The fee schedule does not name {code}.", remedy="Give its price in a fee table.")
        now = [row for row in rows if row.first_day <= day <= row.last_day]
        if any(has_price(row, self._shelf.unpaid) for row in now):  # only the place or the factor is missing
            return self._lacking(day, mac, locality)
        if now:
            says = "the local Medicare contractor sets its price, if any"
            return BookRefusal(f"{code} has no national price: {says}.", remedy="Give its price in a fee table.")
        known = [valued(f"fees.{code}", row, "", "") for row in rows]
        return refusal(f"fees.{code}", day, known, told_proposed(proposed_on(self._shelf, day)))

    def _lacking(self, day: int, mac: str, locality: str) -> BookRefusal:
        """The code has values that day: what keeps it from a price is the factor or the place."""
        factors = [valued("conversion_factor", row, "", "") for row in self._shelf.factors]
        if not any(value.holds(day) for value in factors):
            return refusal("conversion_factor", day, factors, told_proposed(proposed_on(self._shelf, day)))
        key = f"gpci.{mac}.{locality}"
        rows = [row for row in self._shelf.localities if (row.text("mac"), row.text("locality")) == (mac, locality)]
        hint = "Load the geographic indices of that year (GPCI): everyunit book load."
        return refusal(key, day, [valued(key, row, "", "") for row in rows], hint)


def proposed_on(shelf: Shelves, day: int) -> list[Value]:
    """The factors that are only proposed for a day; none where the book holds one in force."""
    if any(row.first_day <= day <= row.last_day for row in shelf.factors):
        return []
    return [value for value in shelf.proposed.get("conversion_factor", []) if value.holds(day)]


def told_proposed(proposed: Sequence[Value]) -> str:
    """The remedy that names a figure which is only proposed, or nothing."""
    if not proposed:
        return ""
    value = proposed[0]
    seen = f"A conversion factor of {value.value} is only proposed for that day ({value.source})"
    return f"{seen}; the book waits for the tables of the final rule (everyunit book load)."

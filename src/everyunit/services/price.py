"""What lines of a day are expected to pay: one day by hand, or a whole file of lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from everyunit.days import to_day
from everyunit.errors import BookRefusal, Unreadable, UsageError
from everyunit.money import to_cents
from everyunit.rulebook import Book, Practice, price_day
from everyunit.rulebook.contracts import Contract
from everyunit.rulebook.practice import FILE
from everyunit.rulebook.shares import medicare_shares
from everyunit.services.csv_lines import csv_rows
from everyunit.services.price_basis import SHARES, basis, doubts_of, no_price, own_shares

COLUMNS = ("claim_id", "line", "date_of_service", "mac", "locality", "payer", "code", "units", "modifiers")
OPTIONAL = ("deductible_left",)
MEDICARE = ("medicare", "railroad_medicare")
MOST_UNITS = 1_000


@dataclass(frozen=True)
class Line:
    """One line to be priced; `number` is its row in the file, `deductible_left_cents` what the patient still owes."""

    number: int
    claim_id: str
    line: str
    day: int
    mac: str
    locality: str
    payer: str
    code: str
    units: int
    modifiers: tuple[str, ...] = ()
    deductible_left_cents: int = 0


@dataclass(frozen=True)
class PricedLine:
    """What one line is expected to pay: allowed after the reduction, the payer's and the patient's part, in cents.

    All three are None where the book has no price; `refusal` then says why. `steps` prove the figures; `doubts` name
    the values behind them that were not checked at their source.
    """

    line: Line
    allowed_cents: int | None
    medicare_cents: int | None
    patient_cents: int | None
    steps: list[str]
    refusal: str = ""
    doubts: tuple[str, ...] = ()


@dataclass
class PriceBatch:
    """The lines of a file by claim and day, in file order, and a sentence for each row that could not be taken."""

    claims: dict[tuple[str, int, str], list[Line]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def lines(self) -> int:
        """How many lines could be read."""
        return sum(len(lines) for lines in self.claims.values())


def price_lines(lines: Sequence[Line], book: Book, practice: Practice | None = None) -> list[PricedLine]:
    """Price the lines of one patient's day and payer: reductions see all of them, in the order given.

    Payer `medicare` pays by the fee schedule; another one by its terms in `practice`, and what it leaves to the
    patient is its plan's: only Medicare's own shares are told. A line without a price gets none and a sentence; the
    others are priced without it.
    """
    table, agreed, refusal = _fees_of(lines[0].payer, lines[0].day, practice)
    shared = _shared(lines[0].payer, practice, book)
    if refusal:
        return [PricedLine(line, None, None, None, [], refusal) for line in lines]
    known, refused = [], {}
    for line in lines:
        said = _unpriced(line, table, agreed, book)
        if said:
            refused[id(line)] = said
        else:
            known.append(line)
    priced = _priced(known, table, agreed, book, shared)
    made = [
        PricedLine(line, None, None, None, [], refused[id(line)]) if id(line) in refused else next(priced)
        for line in lines
    ]
    if above := _above(lines, practice, book):
        made[0] = replace(made[0], steps=[*made[0].steps, *above], doubts=(*made[0].doubts, *above))
    return made


def _priced(
    lines: Sequence[Line], table: Mapping[str, int] | None, agreed: Contract | None, book: Book, shared: bool
) -> Iterator[PricedLine]:
    if not lines:
        return
    first = lines[0]
    pairs = [(line.code, line.units) for line in lines]
    day = price_day(pairs, first.day, first.mac, first.locality, book, table, agreed)
    left = max(line.deductible_left_cents for line in lines)
    for line, cents, step in zip(lines, day.by_line, day.steps, strict=False):
        if table is not None or agreed is not None:
            yield PricedLine(line, cents, None, None, [step, agreed.told()] if agreed else [step])
            continue
        unit = [basis(book, line.code, line.day, line.mac, line.locality)]
        if not shared:
            doubts = doubts_of(book, line.code, line.day, line.mac, line.locality, ())
            steps = [*unit, step, own_shares(line.day, book), *doubts]
            yield PricedLine(line, cents, None, None, steps, doubts=doubts)
            continue
        shares = medicare_shares(cents, line.modifiers, line.day, book, left)
        left -= min(left, cents)
        doubts = doubts_of(book, line.code, line.day, line.mac, line.locality, SHARES)
        steps = [*unit, step, *shares.steps, *doubts]
        yield PricedLine(line, cents, shares.payer_cents, shares.patient_cents, steps, doubts=doubts)


def _above(lines: Sequence[Line], practice: Practice | None, book: Book) -> tuple[str, ...]:
    """What of the day lies above the payer's own units a day: it is priced as given, and said."""
    terms = practice.payers.get(lines[0].payer) if practice else None
    if terms is None or not (terms.ceilings or terms.day_units):
        return ()
    units: Counter[str] = Counter()
    for line in lines:
        held = book.codes_by_number.get(line.code)
        units[line.code] += line.units if held is not None and held.timed else 0
    said = [f"{code} x {units[code]}: {terms.name} pays {most} a day ({FILE}); priced as given"
            for code, most in terms.ceilings.items() if units[code] > most]  # fmt: skip
    if terms.day_units and units.total() > terms.day_units:
        said.append(
            f"{units.total()} timed units: {terms.name} pays {terms.day_units} a day ({FILE}); priced as given"
        )
    return tuple(said)


def _shared(payer: str, practice: Practice | None, book: Book) -> bool:
    """Whether coinsurance, assistant's factor and sequestration are this payer's: they are Medicare's own."""
    terms = practice.payers.get(payer) if practice else None
    kinds = [book.payer_kind(payer)] + ([book.payer_kind(terms.name)] if terms else [])
    return any(kind in MEDICARE for kind in kinds)


def _fees_of(
    payer: str, day: int, practice: Practice | None
) -> tuple[Mapping[str, int] | None, Contract | None, str]:
    if payer.lower() == "medicare":
        return None, None, ""
    terms = practice.payers.get(payer) if practice else None
    if terms is None:
        return None, None, f"the book holds no fees of payer {payer}; name it in practice.toml and give --home"
    return (terms.fees if isinstance(terms.fees, dict) else None), terms.contract_on(day), ""


def rate_words(line: Line, practice: Practice | None) -> str:
    """Whose prices were taken, and of Medicare's schedule at which place."""
    table, agreed, _ = _fees_of(line.payer, line.day, practice)
    if agreed is not None and agreed.visit_cents is not None:
        return f"By the rate for the visit that the contract names ({FILE})."
    if table is not None if agreed is None else not isinstance(agreed.fees, str):
        return f"By the payer's own fee table ({FILE}); no locality changes it."
    if not line.mac:
        return "At the national rate: --mac and --locality name the clinic's own."
    return f"At the rate of contractor {line.mac}, locality {line.locality}."


def _unpriced(line: Line, table: Mapping[str, int] | None, agreed: Contract | None, book: Book) -> str:
    if agreed is not None:
        if agreed.visit_cents is not None:
            return ""
        try:
            agreed.unit(line.code, partial(book.price, line.code, line.day, line.mac, line.locality))
        except BookRefusal as error:
            return error.sentence()
        return ""
    if table is not None:
        return "" if line.code in table else f"the payer's fee table holds no price for {line.code}"
    return no_price(book, line.code, line.day, line.mac, line.locality)


def by_hand(
    given: Iterable[str], on: str, mac: str, locality: str, payer: str, practice: Practice | None
) -> list[PricedLine]:
    """Price `97110=2` or `97140=1:59:CQ` of one day. Raises UsageError for a text of another form."""
    try:
        day = to_day(on)
    except ValueError:
        raise UsageError(f"{on} is no day.", remedy="Write --on 2026-03-12.") from None
    lines = []
    for number, text in enumerate(given, start=1):
        code, equals, rest = text.partition("=")
        units, *modifiers = rest.split(":")
        whole = units.isascii() and units.isdigit() and len(units) < 5
        if not equals or not code.strip() or not whole or not 0 < int(units) <= MOST_UNITS:
            raise UsageError(f"{text} is not CODE=UNITS.", remedy="Write 97110=2, modifiers behind it as 97140=1:59.")
        named = tuple(name.strip().upper() for name in modifiers)
        lines.append(
            Line(number, "day", str(number), day, mac.zfill(5) if mac else "", locality.zfill(2) if locality else "",
                 payer, code.strip().upper(), int(units), named)
        )  # fmt: skip
    if not lines:
        raise UsageError("No code is given.", remedy="Write each as CODE=UNITS, such as 97110=2.")
    return price_lines(lines, Book.load(), practice)


def read_lines(rows: Iterable[str], name: str) -> PriceBatch:
    """The lines of a CSV file (COLUMNS by name, any order; deductible_left in dollars if it is there).

    A row that cannot be taken is named with its column and remedy; the others are priced. Raises Unreadable where the
    heading lacks a column.
    """
    batch = PriceBatch()
    found = csv_rows(rows, lambda said, _: batch.problems.append(said))
    heading = [cell.strip().lower().lstrip("\ufeff") for cell in next(found, (1, []))[1]]
    missing = [column for column in COLUMNS if column not in heading and column != "modifiers"]
    if missing:
        remedy = f"The heading reads {','.join(COLUMNS)}."
        raise Unreadable(f"the column {missing[0]} is missing.", place=f"{name} row 1", remedy=remedy)
    places = {column: heading.index(column) for column in (*COLUMNS, *OPTIONAL) if column in heading}
    for number, cells in found:
        if any(cell.strip() for cell in cells):
            _take(
                {column: cells[at].strip() if at < len(cells) else "" for column, at in places.items()}, number, batch
            )
    return batch


def _take(row: dict[str, str], number: int, batch: PriceBatch) -> None:
    try:
        line = _line(row, number)
    except UsageError as error:
        batch.problems.append(f"row {number}, {error.sentence()}")
        return
    batch.claims.setdefault((line.claim_id, line.day, line.payer), []).append(line)


def _line(row: dict[str, str], number: int) -> Line:
    if not row["claim_id"]:
        raise UsageError("it is empty.", place="column claim_id", remedy="Give each patient's day a name.")
    try:
        day = to_day(row["date_of_service"])
    except ValueError:
        raise UsageError("it is no day.", place="column date_of_service", remedy="Write it as 2026-03-12.") from None
    units = row["units"].removesuffix(".0")
    if not (units.isascii() and units.isdigit() and len(units) < 5 and int(units) <= MOST_UNITS):
        raise UsageError("they are no whole units.", place="column units", remedy="Write 0 to 1000.")
    if not row["code"]:
        raise UsageError("it is empty.", place="column code", remedy="Write the procedure code.")
    try:
        left = to_cents(row.get("deductible_left", "") or "0")
    except ValueError:
        raise UsageError(
            "it is no amount.", place="column deductible_left", remedy="Write dollars, 120.00."
        ) from None
    mac, locality = row["mac"], row["locality"]
    modifiers = tuple(name.strip().upper() for name in row.get("modifiers", "").split(":") if name.strip())
    return Line(
        number, row["claim_id"], row["line"], day, mac.zfill(5) if mac else "", locality.zfill(2) if locality else "",
        row["payer"], row["code"].upper(), int(units), modifiers, left,
    )  # fmt: skip


def price_batch(batch: PriceBatch, practice: Practice | None = None) -> Iterator[PricedLine]:
    """Every line of the batch priced, claim by claim in file order."""
    book = Book.load()
    for lines in batch.claims.values():
        yield from price_lines(lines, book, practice)

"""What if: the practice's own claims under another rule, other fees, another contract or another mix of codes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.audit import Inputs, claims_standing
from everyunit.audit.compare import compare
from everyunit.days import as_day, iso, words
from everyunit.errors import UsageError
from everyunit.frames import polars
from everyunit.money import dollars
from everyunit.rulebook import Book, PayerTerms, Practice
from everyunit.rulebook.fee_tables import text_of
from everyunit.rulebook.moved import FeesMoved
from everyunit.rulebook.practice import FILE
from everyunit.services.home import open_home
from everyunit.services.inputs import inputs_of, practice_of
from everyunit.services.parts import of_days, parts, spans
from everyunit.services.whatif_sums import BY, ROWS, of_day, summed

LONGEST = 200  # characters of a question
_RULE = re.compile(r"(?:payer\s+)?(.+?)\s*(?:counts by|=)\s*(cms|ama)", re.IGNORECASE)
_MIX = re.compile(r"([0-9A-Z]{5})[:>]([0-9A-Z]{5})[:=](\d{1,3})%?", re.IGNORECASE)


@dataclass(frozen=True)
class Question:
    """One change, of four kinds: `rule` ("ACME counts by cms"), `fees` and `on` (years), `contract` (a file in the
    form of practice.toml, or its text), `code_mix` ("97110:97530:10", ten of a hundred units of the first as the
    second)."""

    rule: str = ""
    fees: int | None = None
    on: int | None = None
    contract: Path | str | None = None
    code_mix: str = ""


@dataclass(frozen=True)
class Answer:
    """`rows`: payer, clinic, code, now_units, then_units, now_cents, then_cents (expected allowed amounts).

    `assumed` are the sentences that must be read with it; `what` says what is compared: earned or charged.
    """

    what: str
    rows: pl.DataFrame
    assumed: list[str]

    @property
    def cents(self) -> int:
        """The difference in all."""
        return int((self.rows["then_cents"] - self.rows["now_cents"]).sum())

    @property
    def totals(self) -> tuple[int, int]:
        """Expected allowed cents in all, now and then."""
        return int(self.rows["now_cents"].sum()), int(self.rows["then_cents"].sum())

    def by(self, name: str) -> pl.DataFrame:
        """Summed by payer, clinic or code, the largest difference first; only rows that differ."""
        summed = self.rows.group_by(name).agg(pl.col("now_units", "then_units", "now_cents", "then_cents").sum())
        made = summed.with_columns(difference_cents=pl.col("then_cents") - pl.col("now_cents"))
        changed = made.filter((pl.col("difference_cents") != 0) | (pl.col("now_units") != pl.col("then_units")))
        return changed.sort(pl.col("difference_cents").abs(), pl.col(name), descending=[True, False])


def whatif(home: str | Path, question: Question, say: Callable[[str], None] | None = None) -> Answer:
    """Recompute under the change asked for. Raises UsageError for a question that cannot be answered."""
    asked = [name for name in ("rule", "fees", "contract", "code_mix") if getattr(question, name)]
    if len(asked) != 1:
        remedy = 'Give one of --rule "ACME counts by cms", --fees 2026 --on 2025, --contract FILE, --code-mix.'
        raise UsageError("One question at a time.", remedy=remedy)
    ledger = open_home(home)
    setting = _Setting(inputs_of(ledger), practice_of(ledger), Book.load(), say or (lambda _: None))
    return {"rule": _rule, "fees": _fees, "contract": _contract, "code_mix": _code_mix}[asked[0]](setting, question)


@dataclass(frozen=True)
class _Setting:
    inputs: Inputs
    practice: Practice
    book: Book
    say: Callable[[str], None]

    def sums(self, units: str, practice: Practice | None = None, book: Book | None = None) -> pl.DataFrame:
        """Units and cents (`earned` or `billed`) by payer, clinic and code."""
        return summed([of_day(day, units) for day in self.days(practice, book)])

    def span(self) -> tuple[int, int]:
        """First and last day of the kept visits (the last before the first: there are none)."""
        kept = self.inputs.visits.filter(pl.col("status").fill_null("kept").is_in(["", "kept"]))
        ends = kept.select(first=pl.col("service_day").min(), last=pl.col("service_day").max())
        first, last = ends.pipe(polars).row(0)
        return (first, last) if first is not None else (0, -1)

    def about(self) -> str:
        """Which days the claims are of."""
        first, last = self.span()
        return f"Visits of {words(first)} to {words(last)}." if first <= last else "There is no visit of these days."

    def days(self, practice: Practice | None = None, book: Book | None = None) -> Any:
        standing, within = claims_standing(self.inputs), spans(self.inputs)
        for number, part in enumerate(parts(self.inputs, within), start=1):
            if len(within) > 1:
                self.say(f"pricing part {number} of {len(within)}")
            yield compare(part, practice or self.practice, book or self.book, standing)

    def compared(self, units: str, what: str, assumed: list[str], practice: Practice | None = None,
                 books: tuple[Book, Book] | None = None) -> Answer:  # fmt: skip
        now, then = books or (self.book, self.book)
        return _answer(what, self.sums(units, None, now), self.sums(units, practice, then), [self.about(), *assumed])


def _answer(what: str, now: pl.DataFrame, then: pl.DataFrame, assumed: list[str]) -> Answer:
    both = now.join(then, on=BY, how="full", coalesce=True, suffix="_then", nulls_equal=True)
    rows = both.select(
        *(pl.col(name).fill_null("") for name in BY),
        now_units=pl.col("units").fill_null(0), then_units=pl.col("units_then").fill_null(0),
        now_cents=pl.col("cents").fill_null(0), then_cents=pl.col("cents_then").fill_null(0),
    ).sort(BY)  # fmt: skip
    bare = max(int(now["no_price"].sum()), int(then["no_price"].sum()))
    more = [f"{bare:,} units have no price in the book or the contract: they stand without dollars."] if bare else []
    return Answer(what, rows, [*assumed, *more, "Dollars are expected allowed amounts, not list charges."])


def _rule(setting: _Setting, question: Question) -> Answer:
    match = _RULE.fullmatch(question.rule.strip()[:LONGEST])
    if match is None:
        raise UsageError(
            "--rule cannot be read.", remedy='Write --rule "ACME counts by cms" or --rule "ACME counts by ama".'
        )
    payer_id, rule = _payer(setting, match.group(1)), match.group(2).lower()
    terms = setting.practice.payers.get(payer_id) or setting.book.default_terms(payer_id, payer_id, "")
    changed = replace(terms, rule="cms" if rule == "cms" else "ama")
    practice = replace(setting.practice, payers={**setting.practice.payers, payer_id: changed})
    assumed = [
        f"{terms.name or payer_id} counts by {rule}; today it counts by {terms.rule} ({terms.source or 'the book'}"
        f"{'' if terms.checked else ', not checked'}).",
        "The minutes on record stay as they are; units are what they earn, not what was billed.",
        "Billed visits without a complete record stand as charged, now and then, as on the home page.",
    ]
    return setting.compared("earned", "earned", assumed, practice)


def _payer(setting: _Setting, words: str) -> str:
    """The id of the payer that a person named by id or name. Raises UsageError where none or several fit."""
    known = setting.inputs.visits.select("payer_id", "payer_name").unique().drop_nulls("payer_id").collect()
    bare = words.strip().strip("\"'").lower()
    fits = {row[0] for row in known.iter_rows() if bare in (row[0].lower(), (row[1] or "").lower())}
    if len(fits) != 1:
        names = ", ".join(sorted({row[0] for row in known.iter_rows()})[:12])
        raise UsageError(f"{len(fits) or 'No'} payer is called {words}.", remedy=f"Take one of {names}.")
    return str(fits.pop())


def _fees(setting: _Setting, question: Question) -> Answer:
    if not all(1900 <= (year or 1900) <= 2100 for year in (question.fees, question.on)):
        raise UsageError("A year is none of this time.", remedy="Write --fees 2026 --on 2025.")
    if question.on is None:
        raise UsageError("--on is missing.", remedy="Write the year whose claims are priced, --on 2025.")
    year, first, last = question.on, as_day(f"{question.on}-01-01"), as_day(f"{question.on}-12-31")
    inside = replace(setting, inputs=of_days(setting.inputs, first, last))
    books = (setting.book, FeesMoved(setting.book, int(question.fees or 0), year))
    assumed = [
        f"Units charged in {year} at the Medicare fees of {question.fees}, each day at its place in the year.",
        "Payers with a fee table of their own keep it; a percentage of Medicare follows.",
    ]
    if unsure := _unchecked(setting.book, int(question.fees or 0)):
        assumed.append(unsure)
    return inside.compared("billed", "charged", assumed, None, books)


def _unchecked(book: Book, year: int) -> str:
    """What of a year's fees nobody saw at its source; nothing where all was."""
    first, last = as_day(f"{year}-01-01"), as_day(f"{year}-12-31")
    rows = book.prices().filter(~pl.col("checked"), pl.col("first_day") <= last, pl.col("last_day") >= first)
    spans = rows.select("first_day", "last_day").unique().rows()
    if not spans:
        return ""
    begun, ended = max(first, min(span[0] for span in spans)), min(last, max(span[1] for span in spans))
    return f"Fees of {words(begun)} to {words(ended)} rest on a value that was not checked at its source."


def _contract(setting: _Setting, question: Question) -> Answer:
    documents = _documents(question.contract)
    offered = Practice.from_documents(documents)
    if missing := [terms.note.partition(";")[0] for terms in offered.payers.values() if terms.note]:
        raise UsageError(
            f"The contract: {missing[0]}.", remedy='Put it beside the contract, or write fees = "medicare".'
        )
    faults = [problem.sentence() for problem in offered.problems]
    if faults or not offered.payers:
        seen = faults[0] if faults else "it names no payer."
        raise UsageError(f"The contract: {seen}", remedy="Write [payers.ID] with rule and [[payers.ID.contracts]].")
    changed, told = dict(setting.practice.payers), []
    first, last = setting.span()
    for payer_id, terms in offered.payers.items():
        today = changed.get(_payer(setting, payer_id)) or setting.book.default_terms(payer_id, terms.name, "")
        fees = "fees" in tomllib.loads(text_of(documents[FILE]))["payers"][payer_id]
        changed[payer_id] = _offered(today, terms, fees)
        name = today.name or payer_id
        told += [f"{name}: {contract.told()}" for contract in terms.contracts]
        elsewhere = f"{name} pays by the fees of the offer" if fees else f"{name} pays as today"
        if not any(contract.holds(first) and contract.holds(last) for contract in terms.contracts):
            told.append(f"On other days {elsewhere}." if terms.contracts else f"{elsewhere}.")
    practice = replace(setting.practice, payers=changed)
    return setting.compared("billed", "charged", [*told, "Units stay as they were charged."], practice)


def _offered(today: PayerTerms, terms: PayerTerms, fees: bool) -> PayerTerms:
    """Today's terms with an offer in their place: its contracts on their days, its fees where it names some."""
    kept = replace(today, contracts=(*terms.contracts, *(() if fees else today.contracts)))
    return replace(kept, fees=terms.fees, fees_file=terms.fees_file) if fees else kept


def _documents(contract: Path | str | None) -> dict[str, bytes]:
    """The contract's file and the fee tables beside it, or the text alone."""
    if isinstance(contract, str):
        return {FILE: contract.encode()}
    path = Path(contract or "")
    if not path.is_file():
        raise UsageError(f"{path}: there is no such file.", remedy="Give a file in the form of practice.toml.")
    tables = [file for file in path.parent.glob("*.csv") if file.is_file()]
    beside = {file.name: file.read_bytes() for file in tables if file.stat().st_size < 1 << 22}
    return {**beside, FILE: path.read_bytes()}


def _code_mix(setting: _Setting, question: Question) -> Answer:
    match = _MIX.fullmatch(question.code_mix.strip())
    if match is None or not 0 < int(match.group(3)) <= 100:
        raise UsageError("--code-mix cannot be read.", remedy="Write 97110:97530:10 for ten of a hundred units.")
    old, new, share = match.group(1).upper(), match.group(2).upper(), int(match.group(3))
    known = setting.book.codes_by_number
    if old == new or old not in known or new not in known:
        raise UsageError(f"{old} and {new} are not two codes of the book.", remedy="everyunit book show codes")
    now = setting.sums("billed")
    prices = _units_of(now, new)
    mine = now.filter(pl.col("code") == old)
    moved = mine.join(prices, on="payer", how="left").with_columns(
        taken=(pl.col("units") * share + 50) // 100,
    ).filter(pl.col("taken") > 0)  # fmt: skip
    lost = (2 * pl.col("cents") * pl.col("taken") + pl.col("units")) // (2 * pl.col("units"))
    won = (2 * pl.col("all_cents") * pl.col("taken") + pl.col("all_units")) // (2 * pl.col("all_units"))
    down = moved.select("payer", "clinic", code=pl.lit(old), units=-pl.col("taken"), cents=-lost, no_price=pl.lit(0))
    up = moved.select("payer", "clinic", code=pl.lit(new), units="taken", cents=won.fill_null(0),
                      no_price=pl.when(won.is_null()).then("taken").otherwise(0))  # fmt: skip
    then = summed([pl.concat([now, *(rows.cast(pl.Schema(ROWS)) for rows in (down, up))])])
    assumed = [
        f"{share} of a hundred units of {old} stand as {new}, at what a unit of each brings on average there.",
        "This is arithmetic, not advice: a code is right only where the note carries it.",
    ]
    return _answer("charged", now, then, [setting.about(), *assumed])


def _units_of(now: pl.DataFrame, code: str) -> pl.DataFrame:
    rows = now.filter((pl.col("code") == code) & (pl.col("no_price") == 0))
    return rows.group_by("payer").agg(all_cents=pl.col("cents").sum(), all_units=pl.col("units").sum())


def fee_years() -> list[str]:
    """The years of which the book holds fees."""
    factors = Book.load().shelf.factors
    days = [day for row in factors for day in (row.first_day, row.last_day)]
    return [str(year) for year in range(int(iso(min(days))[:4]), int(iso(max(days))[:4]) + 1)]


def told_difference(cents: int) -> str:
    """`+$120.00 (more)`, `-$3.00 (less)` or `no difference`."""
    return f"{dollars(cents, sign=True)} ({'more' if cents > 0 else 'less'})" if cents else "no difference"

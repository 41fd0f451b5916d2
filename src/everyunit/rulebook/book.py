"""The book: what payers say, by date of service. It refuses a day it does not know."""

from __future__ import annotations

from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from everyunit.days import Day, as_day
from everyunit.errors import Unreadable
from everyunit.rulebook import (
    corrections,
    denials,
    edits,
    fees,
    lookup,
    patients,
    payers,
    provider_adjustments,
    shelves,
    statuses,
)
from everyunit.rulebook.kinds import Kind, read_kinds
from everyunit.rulebook.loaded import LoadedFolder, added_folder, added_state
from everyunit.rulebook.loading import Folder
from everyunit.rulebook.values import Value

if TYPE_CHECKING:
    from everyunit.rulebook.payers import PayerTerms
    from everyunit.rulebook.practice import Practice


class Book:
    """The rule book of one data folder. `Book.load()` gives the shipped one."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder

    @staticmethod
    def load(path: Path | None = None) -> Book:
        """The shipped book with the tables that were loaded (read once), or the book of another folder.

        Raises Unreadable naming file, row and remedy where a value has no source, span or mark of checking, where
        one key has two values on a day, or where a day between two values has none.
        """
        return _shipped(added_state(added_folder())) if path is None else _checked(Book(Folder(path)))

    @cached_property
    def shelf(self) -> shelves.Shelves:
        """Every value of the book but the fees, by key."""
        shelf = shelves.read(self.folder)
        edits.put(self.folder, shelf)
        denials.put(self.folder, shelf)
        provider_adjustments.put(self.folder, shelf)
        statuses.put(self.folder, shelf)
        corrections.put(self.folder, shelf)
        patients.put(self.folder, shelf)
        return shelf

    def check(self) -> list[str]:
        """Sentences on overlaps, gaps and references that lead nowhere; none in a whole book."""
        return shelves.faults(self.shelf)

    def value(self, key: str, day: Day) -> Value:
        """What the book said about `key` on a day: an epoch day, a text as 2026-03-12, or a date.

        Raises UsageError for a key the book does not have (naming near ones) and for what is no day, BookRefusal for
        a day it does not know.
        """
        return lookup.value(self, key, as_day(day))

    def keys(self) -> list[str]:
        """Every key that `value` answers, without the forms per locality."""
        return lookup.keys(self)

    def codes(self) -> pl.DataFrame:
        """One row a procedure code.

        Columns: code, label, timed, minutes_per_unit (null: untimed), pool (therapy, behaviour or empty), step_to,
        one_on_one, ceiling (units a day, last known; null: unknown), mppr, once_a_day, source, checked, first_day,
        last_day, therapy_list, disciplines.
        """
        return self._codes

    @cached_property
    def _codes(self) -> pl.DataFrame:
        return shelves.codes_frame(self.shelf)

    @cached_property
    def codes_by_number(self) -> dict[str, shelves.Code]:
        """The codes for plain Python."""
        return self.shelf.codes

    def prices(self, practice: Practice | None = None) -> pl.DataFrame:
        """Medicare's price of one unit: a row for each code, locality and span of days with one price.

        Columns: code, mac, locality (both empty: the national price, indices 1.000), first_day, last_day, full_cents,
        reduced_cents (practice expense halved), pe_rank (practice expense x its index, comparable within a day),
        mppr, status, source, checked. With a practice only its clinics' localities and the national rows are given.
        Codes that the local contractor prices have no row; codes Medicare never pays have a price of 0.
        """
        return self._prices if practice is None else fees.only(self._prices, practice.localities())

    @cached_property
    def _prices(self) -> pl.DataFrame:
        return fees.price_frame(self.shelf)

    def price(self, code: str, day: Day, mac: str = "", locality: str = "") -> fees.Price:
        """The price of one unit on a day (as for `value`); BookRefusal where there is none. Empty locality: the
        national rate."""
        return self._price_list.price(code, as_day(day), mac, locality)

    def localities(self) -> frozenset[tuple[str, str]]:
        """Every Medicare locality the book knows, as (mac, locality)."""
        return frozenset((row.text("mac"), row.text("locality")) for row in self.shelf.localities)

    @cached_property
    def _price_list(self) -> fees.PriceList:
        return fees.PriceList(self._prices, self.shelf)

    @cached_property
    def pairs(self) -> pl.DataFrame:
        """Code pairs of the official edits; see `edits.pairs_frame`."""
        return edits.pairs_frame(self.shelf)

    @cached_property
    def traits(self) -> pl.DataFrame:
        """What is particular about single codes; see `edits.traits_frame`."""
        return edits.traits_frame(self.shelf)

    @cached_property
    def monthly(self) -> frozenset[str]:
        """Codes whose minutes add up over a calendar month: those of one day earn nothing by themselves."""
        ours = (pl.col("trait") == "remote") & pl.col("value").str.ends_with("management")
        return frozenset(self.traits.filter(ours)["code"])

    @cached_property
    def ceilings(self) -> pl.DataFrame:
        """Ceilings of units with their indicator; see `edits.ceilings_frame`."""
        return edits.ceilings_frame(self.shelf)

    @cached_property
    def taxonomies(self) -> pl.DataFrame:
        """Provider taxonomies and their discipline; see `edits.taxonomies_frame`."""
        return edits.taxonomies_frame(self.shelf)

    @cached_property
    def reasons(self) -> pl.DataFrame:
        """Reason and remark codes of remittances; see `denials.reasons_frame`."""
        return denials.reasons_frame(self.shelf)

    @cached_property
    def deadlines(self) -> pl.DataFrame:
        """Days that payers give to correct or appeal; see `denials.deadlines_frame`."""
        return denials.deadlines_frame(self.shelf)

    @cached_property
    def provider_adjustments(self) -> pl.DataFrame:
        """Reasons of the PLB segment; see `provider_adjustments.frame`."""
        return provider_adjustments.frame(self.shelf)

    @cached_property
    def claim_statuses(self) -> pl.DataFrame:
        """Codes of a 277; see `statuses.frame`."""
        return statuses.frame(self.shelf)

    def correction(self, kind: str) -> corrections.Correction:
        """How a payer of a kind (see `payer_kind`) takes back a claim that it decided."""
        return corrections.correction(self.shelf, kind)

    def request(self, kind: str) -> str:
        """What a request to a payer of a kind to decide again must hold, with its source."""
        return corrections.request(self.shelf, kind)

    @cached_property
    def waits(self) -> dict[str, int]:
        """Days after which a claim without an answer is named; see `corrections.waits`."""
        return corrections.waits(self.shelf)

    def patient_rules(self, kinds: list[str]) -> patients.PatientRules:
        """Whom payers of these kinds let the practice ask for what they leave; see `patients.rules`."""
        return patients.rules(self.shelf, kinds)

    def kinds(self) -> dict[str, Kind]:
        """The kinds of findings, by name."""
        return self._kinds

    @cached_property
    def _kinds(self) -> dict[str, Kind]:
        return read_kinds(self.folder)

    def default_terms(self, payer_id: str, payer_name: str, filing_code: str = "") -> PayerTerms:
        """How a payer counts that practice.toml does not name: by filing code, else by name, else the fallback."""
        return payers.default_terms(self.shelf, payer_id, payer_name, filing_code)

    def payer_kind(self, payer_name: str, filing_code: str = "") -> str:
        """The book's key of a payer (medicare, medicare_advantage, tricare ... any_other)."""
        return payers.payer_kind(self.shelf, payer_name, filing_code)


def _checked(book: Book) -> Book:
    book.kinds()
    if found := book.check():
        raise Unreadable(found[0], place="rule book", remedy="Mend the spans so that each day has one value.")
    return book


@lru_cache(maxsize=2)
def _shipped(state: tuple[object, ...]) -> Book:
    """The book as its folder of loaded tables stands; a table that is brought makes another one."""
    return _checked(Book(LoadedFolder(added_folder()) if state else Folder()))

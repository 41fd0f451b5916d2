"""What payers say, by date of service, with its source."""

from everyunit.rulebook.book import Book
from everyunit.rulebook.counting import Counted, count
from everyunit.rulebook.fee_tables import FeeFault, fee_table, text_of
from everyunit.rulebook.fees import Price
from everyunit.rulebook.kinds import Kind
from everyunit.rulebook.payers import PayerTerms
from everyunit.rulebook.practice import Practice, Problem
from everyunit.rulebook.pricing import Priced, price_day
from everyunit.rulebook.values import Value

__all__ = [
    "Book", "Counted", "FeeFault", "Kind", "PayerTerms", "Practice", "Price", "Priced", "Problem", "Value", "count",
    "fee_table", "price_day", "text_of",
]  # fmt: skip

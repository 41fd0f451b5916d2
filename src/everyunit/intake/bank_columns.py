"""Bank exports as CSV: the usual headings of banks, taken only where each column can mean one thing."""

from __future__ import annotations

import polars as pl

from everyunit.intake.receipts import Receipt
from everyunit.intake.shapes import DEPOSITS, Field, Shape

POSTED = ("posting_date", "post_date", "posted_date", "date_posted", "posted", "settlement_date", "booking_date")
DAYS = ("date", "transaction_date", "trans_date", "value_date", "effective_date")
AMOUNT = ("amount", "transaction_amount", "amount_usd", "amount_(usd)")
CREDIT = (
    "credit", "credits", "credit_amount", "amount_credit", "deposit", "deposits", "deposit_amount", "money_in",
    "paid_in",
)  # fmt: skip
DEBIT = (
    "debit", "debits", "debit_amount", "amount_debit", "withdrawal", "withdrawals", "withdrawal_amount", "money_out",
    "paid_out",
)  # fmt: skip
WORDS = (
    "description", "transaction_description", "original_description", "extended_description", "payee", "name", "memo",
    "narrative", "payment_details", "transaction",
)  # fmt: skip
TRACE = (
    "trace", "trace_number", "check_or_slip_#", "check_number", "check_#", "check", "customer_reference",
    "reference_number", "reference", "ref",
)  # fmt: skip
SIDE = (
    "details", "type", "transaction_type", "credit_debit", "credit/debit", "debit/credit", "cr/dr", "dr/cr",
    "credit_or_debit", "credit_debit_indicator",
)  # fmt: skip
_OUT = r"(?i)^\s*(debit|dr\b|d$|withdraw|check\s*paid|payment\s*out)"
_IN = r"(?i)^\s*(credit|cr\b|c$|deposit|dslip)"


def bank_shape(headings: list[str]) -> Shape | str:
    """The shape of a bank's export with these (normal) headings; '' where it is none, a word where it could be read
    in two ways."""
    have = set(headings)

    def among(names: tuple[str, ...]) -> list[str]:
        return [name for name in names if name in have]

    days = among(POSTED) or among(DAYS)
    amounts, credits_, debits = among(AMOUNT), among(CREDIT), among(DEBIT)
    said, traces = among(WORDS), among(TRACE)
    if not days or not (amounts or credits_) or not (said or traces):
        return ""
    if len(days) > 1:
        return _either("the day", days)
    if len(amounts) + len(credits_) > 1 or len(debits) > 1 or (amounts and debits):
        return _either("the amount", [*amounts, *credits_, *debits])
    fields = [Field(days[0], "day", "day", required=True)]
    fields += [Field(name, "amount_cents", "cents", required=True) for name in amounts]
    fields += [Field(name, "credit_cents", "cents") for name in credits_]
    fields += [Field(name, "debit_cents", "cents") for name in debits]
    fields += [Field(name, f"trace_{place}") for place, name in enumerate(traces)]
    fields += [Field(name, f"words_{place}") for place, name in enumerate(said)]
    fields += [Field(name, f"side_{place}") for place, name in enumerate(among(SIDE) if amounts else [])]
    return Shape(DEPOSITS.table, tuple(fields))


def is_plain(headings: list[str]) -> bool:
    """Whether the headings are those of deposits.csv itself, without a column that says which way money went."""
    return DEPOSITS.required <= set(headings) and not set(headings) & {*SIDE, *DEBIT, *CREDIT, *POSTED}


def _either(what: str, names: list[str]) -> str:
    return (
        f"It looks like a bank's file, and {' or '.join(names)} could be {what}. "
        "Leave one of them (date, amount), and import it again."
    )


def settled(frame: pl.DataFrame, receipt: Receipt) -> pl.DataFrame:
    """Rows of a bank's columns as rows of deposits: what left the account below zero. A row without any amount is
    refused on the receipt."""
    names = frame.columns
    if "amount_cents" in names:
        amount = pl.col("amount_cents")
        for side in [name for name in names if name.startswith("side_")]:
            out = pl.col(side).str.contains(_OUT).fill_null(False)
            into = pl.col(side).str.contains(_IN).fill_null(False)
            amount = pl.when(out).then(-amount.abs()).when(into).then(amount.abs()).otherwise(amount)
    else:
        credit = pl.col("credit_cents")
        debit = pl.col("debit_cents").abs() if "debit_cents" in names else pl.lit(None, dtype=pl.Int64)
        given = credit.is_not_null() | debit.is_not_null()
        amount = pl.when(given).then(credit.fill_null(0) - debit.fill_null(0))
    made = frame.with_columns(
        amount_cents=amount, trace=_joined(names, "trace_"), description=_joined(names, "words_")
    ).select("day", "amount_cents", "trace", "description", "row", "extra")
    for row in made.filter(pl.col("amount_cents").is_null())["row"]:
        receipt.refuse(
            row, "", "", "has neither a credit nor a debit", "Fill in the amount and import the file again."
        )
    return made.filter(pl.col("amount_cents").is_not_null())


def _joined(names: list[str], head: str) -> pl.Expr:
    """The texts of some columns, one behind the other; null where all are empty."""
    columns = [pl.col(name) for name in names if name.startswith(head)]
    if not columns:
        return pl.lit(None, dtype=pl.String)
    text = pl.concat_str(columns, separator=" ", ignore_nulls=True)
    return pl.when(text != "").then(text)

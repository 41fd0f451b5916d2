"""Thirteen weeks of cash, and how the forecast of a quarter ago did."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from everyunit.days import as_day, iso, words
from everyunit.errors import UsageError
from everyunit.frames import polars
from everyunit.money import dollars
from everyunit.receivables.calibrated import HELD, LEAST, Held
from everyunit.receivables.flow import whole_until
from everyunit.receivables.forecast import Forecast, forecast
from everyunit.receivables.foretold import LEVEL, WEEKS
from everyunit.services.home import open_home
from everyunit.services.owed import owed_of

Row = dict[str, Any]
LAST = as_day("9999-12-31") - 7 * WEEKS  # the calendar ends with the weeks after it


@dataclass(frozen=True)
class Foretold:
    """`ahead` and `back` are None where history is too short; `why` then says so. `sent_until` is the day up to which
    the files are whole; the 13 weeks begin after it, or after the weeks that were over on `as_of`. `inside` says how
    many of 13 weeks the band held in each of the last quarters, the latest first, `held` how often it held in every
    look-back; `remitted_cents` is what all remittances of the weeks of `back` bear."""

    as_of: int
    sent_until: int
    ahead: Forecast | None
    back: Forecast | None
    why: str
    inside: list[int]
    held: Held
    remitted_cents: int = 0

    def as_dict(self) -> Row:
        """For machines: days as 2026-03-12."""
        return {
            "as_of": iso(self.as_of), "sent_until": iso(self.sent_until), "why": self.why,
            "forecast": _told(self.ahead), "look_back": _told(self.back),
            "interval": f"{HELD} of 100 weeks", "weeks": WEEKS, "look_backs_weeks_inside": self.inside,
            "held": {**vars(self.held), "weeks": self.held.weeks}, "counted": counted_words(self),
        }  # fmt: skip


def cash_forecast(home: str | Path, on: str = "") -> Foretold:
    """The weeks after the files are whole no longer, as known at the end of their last day (or of `on`), from this
    practice's own payment lags. UsageError where there is no ledger, and for a day that no 13 weeks follow."""
    if on and as_day(on) > LAST:
        raise UsageError(
            f"After {on} the calendar holds no {WEEKS} weeks.", remedy=f"Name {iso(LAST)} or an earlier day."
        )
    kept = owed_of(home, on)
    known = kept.flow()
    start = whole_until(known, kept.as_of, kept.read("told")["last_service_day"].item())
    over = (kept.as_of - start) // 7
    found = forecast(known, start, min(over, WEEKS - 1))
    ahead, back = found.ahead, found.backs[0] if found.backs else None
    why = "" if ahead else f"A forecast needs {LEAST} weeks of claims sent and of what payers answered."
    if ahead and not back:
        why = f"A look back needs {LEAST + WEEKS} weeks of claims sent."
    if ahead and over > WEEKS - 2:
        ahead, why = None, "The files are whole up to a day so long before their last one that no week is left."
    remitted = 0 if back is None else _remitted(home, back.as_of)
    return Foretold(kept.as_of, start, ahead, back, why, [one.inside for one in found.backs], found.held, remitted)


def _remitted(home: str | Path, day: int) -> int:
    """What all remittances paid in the 13 weeks after a day, in cents; a debit counts below zero."""
    within = pl.col("paid_day").cast(pl.Int64).is_between(day + 1, day + 7 * WEEKS)
    made = open_home(home).scan("remits").filter(within)
    debit = pl.col("credit_debit").fill_null("") == "D"
    cents = pl.when(debit).then(-pl.col("amount_cents")).otherwise("amount_cents")
    return int(polars(made.select(cents.sum().fill_null(0).alias("cents")))["cents"].item())


def _told(made: Forecast | None) -> Row | None:
    if made is None:
        return None
    weeks = [{**row, "first_day": iso(row["first_day"])} for row in made.weeks.to_dicts()]
    told: Row = {
        "from": weeks[0]["first_day"], "low_cents": made.low_cents, "expected_cents": made.expected_cents,
        "high_cents": made.high_cents, "sent_a_week_cents": made.week_cents, "weeks": weeks,
    }  # fmt: skip
    if made.actual_cents is not None:
        told |= {"actual_cents": made.actual_cents, "weeks_inside": made.inside, "error_bp": error_bp(made),
                 "sent_cents": made.sent_cents}  # fmt: skip
    return told


def error_bp(made: Forecast) -> int | None:
    """How far the foretold sum lay from what came, in basis points of what came; None while weeks are open."""
    came = made.actual_cents
    return None if not came else (made.expected_cents - came) * 10_000 // came


def held_words(held: Held) -> str:
    """What the band is meant to hold, beside what it held."""
    meant = f"The band is meant to hold {HELD} of 100 weeks"
    if not held.looks:
        return f"{meant}; no quarter has passed yet that could be looked back at."
    share = held.weeks_inside * 100 // held.weeks
    sums = f"and the sum of the {WEEKS} weeks {held.sums_inside:,} of {held.looks:,} times"
    looks = "Looked back from one past week" if held.looks == 1 else f"Looked back from {held.looks:,} past weeks"
    return f"{meant}. {looks}, it held {held.weeks_inside:,} of {held.weeks:,} weeks ({share} of 100), {sums}."


def reckoned_words(ahead: Forecast) -> str:
    """What the weeks ahead rest on."""
    return (
        f"It reckons with claims already sent and with {dollars(ahead.week_cents)} of new ones a week, as in the "
        f"last {LEVEL} weeks up to {words(ahead.as_of)}, to which the files are whole; growth is not carried on."
    )


def counted_words(found: Foretold) -> list[str]:
    """Of the look back: what was counted, what made the difference, what was not counted. Empty without one."""
    back = found.back
    if back is None or back.actual_cents is None or back.sent_cents is None:
        return []
    came, old = back.actual_cents, int(back.weeks["actual_of_sent_cents"].sum())
    told = int(back.weeks["of_sent_cents"].sum())
    first, last, since = words(back.as_of + 1), words(back.as_of + 7 * WEEKS), back.expected_cents - told
    return [
        f"Counted: what payers paid from {first} to {last}, whole weeks by the day of the remittance, reversals "
        f"taken off: {dollars(came)}. Of claims sent by {words(back.as_of)}: {dollars(told)} foretold, "
        f"{dollars(old)} came. Of claims sent since: {dollars(since)} foretold, {dollars(came - old)} came.",
        f"It reckoned with {dollars(back.week_cents)} of new claims a week; {dollars(back.sent_cents // WEEKS)} a "
        "week were sent.",
        "Not counted: provider adjustments (PLB), what patients pay, and payments on claims whose 837 is not here. "
        f"All remittances of these weeks together bear {dollars(found.remitted_cents)}.",
    ]

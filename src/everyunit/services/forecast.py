"""Thirteen weeks of cash, and how the forecast of a quarter ago did."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from everyunit.days import as_day, iso
from everyunit.errors import UsageError
from everyunit.receivables.calibrated import held_to_account
from everyunit.receivables.forecast import LEAST, WEEKS, Forecast
from everyunit.services.owed import owed_of

Row = dict[str, Any]
LAST = as_day("9999-12-31") - 7 * WEEKS  # the calendar ends with the weeks after it


@dataclass(frozen=True)
class Foretold:
    """`ahead` and `back` are None where history is too short; `why` then says so. `sent_until` is the day after which
    the weeks begin: the last claim is not long before it. Weeks that were over on `as_of` are left out. `held` says
    how many of 13 weeks the band held in each of the last look-backs, the latest first."""

    as_of: int
    sent_until: int
    ahead: Forecast | None
    back: Forecast | None
    why: str
    held: list[int]

    def as_dict(self) -> Row:
        """For machines: days as 2026-03-12."""
        return {
            "as_of": iso(self.as_of), "sent_until": iso(self.sent_until), "why": self.why,
            "forecast": _told(self.ahead), "look_back": _told(self.back),
            "interval": "80 of 100 futures", "weeks": WEEKS, "look_backs_weeks_inside": self.held,
        }  # fmt: skip


def cash_forecast(home: str | Path, on: str = "") -> Foretold:
    """The weeks after the last claim was sent (or after `on`), from this practice's own payment lags. UsageError
    where there is no ledger, and for a day that no 13 weeks follow in the calendar."""
    if on and as_day(on) > LAST:
        raise UsageError(
            f"After {on} the calendar holds no {WEEKS} weeks.", remedy=f"Name {iso(LAST)} or an earlier day."
        )
    kept = owed_of(home, on)
    last = kept.read("told")["last_sent_day"].item()
    start = kept.as_of if on or last is None else min(kept.as_of, int(last) + 6)
    known = kept.flow()
    over = (kept.as_of - start) // 7
    ahead, backs = held_to_account(known, start, min(over, WEEKS))
    back = backs[0] if backs else None
    why = "" if ahead else f"A forecast needs {LEAST} weeks of claims sent and of what payers answered."
    if ahead and not back:
        why = f"A look back needs {LEAST + WEEKS} weeks of claims sent."
    if ahead and over > WEEKS - 2:
        ahead, why = None, "The last claim was sent so long before the last day of the files that no week is left."
    held = [one.inside for one in backs if one.actual_cents is not None]
    return Foretold(kept.as_of, start, ahead, back, why, held)


def _told(made: Forecast | None) -> Row | None:
    if made is None:
        return None
    weeks = [{**row, "first_day": iso(row["first_day"])} for row in made.weeks.to_dicts()]
    told: Row = {
        "from": weeks[0]["first_day"], "low_cents": made.low_cents, "expected_cents": made.expected_cents,
        "high_cents": made.high_cents, "weeks": weeks,
    }  # fmt: skip
    if made.actual_cents is not None:
        told |= {"actual_cents": made.actual_cents, "weeks_inside": made.inside, "error_bp": error_bp(made)}
    return told


def error_bp(made: Forecast) -> int | None:
    """How far the foretold sum lay from what came, in basis points of what came; None while weeks are open."""
    came = made.actual_cents
    return None if not came else (made.expected_cents - came) * 10_000 // came


def held_words(held: list[int]) -> str:
    """What the band is meant to hold, beside what it held."""
    meant = "The band is meant to hold 80 of 100 weeks"
    if not held:
        return f"{meant}; no quarter has passed yet that could be looked back at."
    *before, last = [str(number) for number in held]
    counts = f"{', '.join(before)} and {last}" if before else last
    looks = f"last {len(held)} look-backs" if before else "last look-back"
    return f"{meant}; in the {looks} it held {counts} of {WEEKS}. It is widened by what look-backs before it missed."

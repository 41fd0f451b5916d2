"""Clinicians, physicians and patients, with identifiers that pass their checks and belong to nobody."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from everyunit.days import to_day
from everyunit.sample import market, words
from everyunit.x12.writer import Party

TAXONOMY = {"PT": "225100000X", "OT": "225X00000X", "SLP": "235Z00000X"}
CREDENTIAL = {"PT": "PT, DPT", "OT": "OTR/L", "SLP": "CCC-SLP"}
ASSISTANT = {"PT": "PTA", "OT": "COTA/L"}


def npi(number: int) -> str:
    """A ten-digit NPI with a right check digit, from a range (19999...) that stands out as made up."""
    stem = f"1999{number % 100_000:05d}"
    total = 24  # what the prefix 80840 adds to the check
    for place, digit in enumerate(reversed(stem)):
        doubled = int(digit) * 2 if place % 2 == 0 else int(digit)
        total += doubled - 9 if doubled > 9 else doubled
    return stem + str(-total % 10)


class Clinician(NamedTuple):
    """A therapist, the assistant who works with them (initials, empty for speech), and their X12 name."""

    discipline: str
    party: Party
    signature: str
    assistant: str

    @property
    def npi(self) -> str:
        """Their NPI."""
        return self.party.identifier


@dataclass(slots=True, eq=False)
class Patient:
    """One patient; `deductible` holds what is open of each year's, `allowed` what Medicare allowed by (year, cap).

    `before` is what stood there on the morning of the day billed last.
    """

    id: str
    party: Party
    payer: market.PayerProfile
    accident_day: int | None = None
    supplement: bool = False
    deductible: dict[int, int] = field(default_factory=dict)
    allowed: dict[tuple[int, str], int] = field(default_factory=dict)
    before: dict[tuple[int, str], int] = field(default_factory=dict)


def person_name(rng: Random) -> tuple[str, str]:
    """First and last name."""
    return words.FIRST[int(rng.random() * len(words.FIRST))], words.LAST[int(rng.random() * len(words.LAST))]


def clinician(rng: Random, discipline: str, number: int) -> Clinician:
    """A therapist with the NPI of that number."""
    first, last = person_name(rng)
    helper = person_name(rng)
    party = Party(last, first, "XX", npi(number), person=True)
    assistant = f"{helper[0][0]}. {helper[1]}, {ASSISTANT[discipline]}" if discipline in ASSISTANT else ""
    return Clinician(discipline, party, f"{first[0]}. {last}, {CREDENTIAL[discipline]}", assistant)


def physician(rng: Random, number: int) -> Party:
    """A referring physician with the NPI of that number."""
    first, last = person_name(rng)
    return Party(last, first, "XX", npi(number), person=True)


def pick_payer(rng: Random, discipline: str) -> market.PayerProfile:
    """A payer by the practice's mix; nobody is treated for speech after an accident at work."""
    wanted = [payer for payer in market.PAYERS if discipline != "SLP" or payer.filing_code != "WC"]
    return rng.choices(wanted, [payer.weight for payer in wanted])[0]


def patient(
    rng: Random, number: str, payer: market.PayerProfile, place: market.Place, day: int, *, child: bool = False
) -> Patient:
    """A patient of that payer, of an age that goes with it, who comes for the first time on `day`."""
    first, last = person_name(rng)
    low, high = (4, 10) if child else payer.ages
    born = day - int((low + rng.random() * (high - low)) * 365.25)
    street = f"{100 + int(rng.random() * 899)} {words.STREET[int(rng.random() * len(words.STREET))]} Street"
    sex = "F" if rng.random() < 0.56 else "M"
    member = f"{payer.id[2:4]}{int(rng.random() * 9e8) + 100_000_000}"
    party = Party(
        last, first, "MI", member, street, place.city, place.state, place.zip_code[:5], born, sex, person=True
    )
    hurt = day - 10 - int(rng.random() * 40) if payer.filing_code == "WC" else None
    made = Patient(number, party, payer, hurt)
    if payer is market.PART_B:
        made.supplement = rng.random() < 0.1
        made.deductible = _deductible(rng, day)
    return made


def _deductible(rng: Random, day: int) -> dict[int, int]:
    """What is still open of each year's Part B deductible: most is met elsewhere before the year is old."""
    last, this = market.DEDUCTIBLE_CENTS
    new_year = day < to_day("2026-03-01")
    return {
        last: market.DEDUCTIBLE_CENTS[last] if rng.random() < 0.15 else 0,
        this: market.DEDUCTIBLE_CENTS[this] if rng.random() < (0.8 if new_year else 0.2) else 0,
    }

"""The make-believe market: payers with their terms, contract fees, list charges and places."""

from __future__ import annotations

from typing import NamedTuple

from everyunit.money import dollars, half_up


class PayerProfile(NamedTuple):
    """A payer as the sample practice meets it. `factor` in percent of the base fees; 0 means Medicare's schedule."""

    id: str
    name: str
    filing_code: str
    rule: str
    factor: int
    weight: int
    ages: tuple[int, int]
    days_to_pay: int
    assistant_marks: bool = False
    authorized: bool = False
    copay_cents: int = 0
    filing_days: int = 0

    @property
    def medicare_fees(self) -> bool:
        """Whether it pays by Medicare's fee schedule."""
        return self.factor == 0

    @property
    def fee_file(self) -> str:
        """Name of its fee table beside practice.toml."""
        return f"fees_{self.id.lower()}.csv"


PART_B = PayerProfile("MKPARTB", "Medicare Part B", "MB", "cms", 0, 34, (66, 91), 14, assistant_marks=True)
ADVANTAGE = PayerProfile(
    "MKADVAN", "Harborlight Medicare Advantage", "16", "cms", 0, 16, (66, 89), 12,
    assistant_marks=True, authorized=True, copay_cents=2500,
)  # fmt: skip
PAYERS: tuple[PayerProfile, ...] = (
    PART_B,
    ADVANTAGE,
    PayerProfile(
        "MKBLUEW", "Bluewater Health Plan", "HM", "ama", 112, 20, (19, 64), 10, copay_cents=3000, filing_days=120
    ),
    PayerProfile("MKPINNA", "Pinnacle Mutual", "12", "ama", 104, 12, (19, 64), 9, copay_cents=4000, filing_days=90),
    PayerProfile("MKWCFND", "Keystone Workers Compensation Fund", "WC", "ama", 128, 8, (20, 63), 13, authorized=True),
    PayerProfile("MKMCAID", "State Medicaid", "MC", "cms", 74, 10, (22, 62), 11, authorized=True),
)  # fmt: skip
# Medicare's yearly figures, as the notices of those years gave them: therapy threshold (KX) and Part B deductible.
THRESHOLD_CENTS = {2025: 241_000, 2026: 248_000}
DEDUCTIBLE_CENTS = {2025: 25_700, 2026: 28_300}
SUPPLEMENT = PayerProfile("MKLANTN", "Lantern Medicare Supplement", "15", "cms", 0, 0, (66, 91), 7)

# What a contract allows for one unit at 100 percent, and what the practice asks of everyone.
BASE_CENTS = {
    "97010": 550, "97012": 1450, "97014": 1250, "G0283": 1250, "97018": 650, "97035": 1420, "97110": 2980,
    "97112": 3350, "97116": 2970, "97124": 2800, "97129": 2350, "97130": 2250, "97140": 2820, "97150": 1840,
    "97161": 10100, "97162": 10100, "97163": 10100, "97164": 6950, "97165": 10350, "97166": 10350, "97167": 10350,
    "97168": 7050, "97530": 3620, "97535": 3330, "97550": 5300, "92507": 7750, "92522": 11400, "92523": 23200,
    "92526": 8600, "92610": 8700, "98977": 4800, "98979": 2450, "98980": 5050, "98985": 4800,
}  # fmt: skip
CHARGE_CENTS = {code: half_up(cents * 240, 10_000) * 100 for code, cents in BASE_CENTS.items()}


def fee_table(payer: PayerProfile) -> dict[str, int]:
    """Allowed cents of one unit by code, for a payer with fees of its own."""
    return {code: half_up(cents * payer.factor, 100) for code, cents in BASE_CENTS.items()}


def fee_csv(payer: PayerProfile) -> str:
    """That table as a CSV file."""
    rows = [f"{code},{dollars(cents)[1:]}" for code, cents in sorted(fee_table(payer).items())]
    return "\n".join(["code,allowed", *rows, ""])


class Place(NamedTuple):
    """Where a clinic may stand: Medicare contractor and locality, and an address that goes with them."""

    mac: str
    locality: str
    city: str
    state: str
    zip_code: str


PLACES: tuple[Place, ...] = (
    Place("06102", "15", "Elgin", "IL", "601209998"),
    Place("15202", "00", "Dayton", "OH", "454019998"),
    Place("04412", "11", "Dallas", "TX", "752019998"),
    Place("11502", "00", "Raleigh", "NC", "276019998"),
    Place("02402", "99", "Spokane", "WA", "992019998"),
    Place("12502", "99", "Erie", "PA", "165019998"),
    Place("06202", "00", "Duluth", "MN", "558019998"),
    Place("03102", "00", "Mesa", "AZ", "852019998"),
    Place("10312", "35", "Knoxville", "TN", "379019998"),
    Place("04112", "01", "Pueblo", "CO", "810019998"),
    Place("10212", "99", "Macon", "GA", "312019998"),
    Place("08202", "99", "Lansing", "MI", "489019998"),
)

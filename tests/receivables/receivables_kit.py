"""What the tests of this room share: remittances written by our own writer and read back as frames."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import polars as pl
from hypothesis import strategies as st

from everyunit.ledger.tables import DEPOSITS
from everyunit.receivables.inputs import Remitted
from everyunit.x12 import read_bytes
from everyunit.x12.tables import TABLES
from everyunit.x12.write_claims import Adjustment
from everyunit.x12.write_remits import VERSION, PaidClaim, PaidLine, Payer, ProviderAdjustment, transaction
from everyunit.x12.writer import Interchange, Party

sys.path.insert(0, str(Path(__file__).parents[1] / "x12"))
SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "x12" / "samples"
DAY = 20_500
PATIENT = Party("ALDER", "ANN", "MI", "M1", person=True)
THERAPIST = Party("REED", "OTTO", "XX", "1245319599", person=True)
CLINIC = Party("A CLINIC", "", "XX", "1234567893", "1 MAIN ST", "SALEM", "OR", "97301")


def payer(number: str = "P1", name: str = "A PAYER") -> Payer:
    """A payer with its number."""
    return Payer(Party(name, "", "PI", number, "2 HIGH ST", "SALEM", "OR", "97301"), "1512345678", "5555550100")


def line(charge: int, paid: int, *taken: tuple[str, str, int], control: str = "1") -> PaidLine:
    """A line with its adjustments as (group, reason, cents)."""
    reasons = tuple(Adjustment(*one) for one in taken)
    return PaidLine("97110", ("GP",), charge, paid, 1 if charge >= 0 else -1, DAY - 20, control, reasons)


def claim(number: str, control: str, *lines: PaidLine, status: str = "1") -> PaidClaim:
    """A decided claim."""
    return PaidClaim(number, status, "12", control, PATIENT, THERAPIST, lines, DAY - 10)


def undone(paid: PaidClaim) -> PaidClaim:
    """The reversal of a decided claim."""
    lines = tuple(
        one._replace(
            charge_cents=-one.charge_cents,
            paid_cents=-one.paid_cents,
            adjustments=tuple(given._replace(cents=-given.cents) for given in one.adjustments),
        )
        for one in paid.lines
    )
    return paid._replace(status="22", lines=lines)


def remit(
    *claims: PaidClaim, day: int = DAY, trace: str = "T1", by: Payer | None = None,
    taken: tuple[ProviderAdjustment, ...] = (),
) -> bytes:  # fmt: skip
    """A file with one payment."""
    body, count = transaction(
        by or payer(), CLINIC, "931234567", list(claims), day=day, trace=trace, adjustments=taken
    )
    return written((body, count), day=day)


def written(*transactions: tuple[str, int], day: int = DAY) -> bytes:
    """A file with these 835 transactions."""
    out = io.BytesIO()
    ends = ("A PAYER", "A CLINIC")
    whole = Interchange(out, function="HP", sender=ends[0], receiver=ends[1], day=day, version=VERSION, control=1)
    for body, count in transactions:
        whole.add("835", body, count)
    whole.close()
    return out.getvalue()


@st.composite
def decisions(draw: st.DrawFn, number: int) -> PaidClaim:
    """A random decision on a claim that balances: paid, cut, denied or left to the patient, line by line."""
    lines = []
    for place in range(draw(st.integers(1, 4))):
        charge = draw(st.integers(0, 90_000))
        cuts = sorted(draw(st.lists(st.integers(0, charge), max_size=4)))
        shares = [high - low for low, high in zip([0, *cuts], [*cuts, charge], strict=True)]
        reasons = [
            (draw(st.sampled_from(("CO", "PR", "OA", "PI"))), draw(st.sampled_from(("45", "253", "1", "97"))), share)
            for share in shares[1:]
        ]
        extra = draw(st.integers(-200, 200))
        lines.append(line(charge, shares[0] - extra, *reasons, ("CO", "96", extra), control=str(place + 1)))
    return claim(f"C{number}", f"ICN{number}", *lines, status=draw(st.sampled_from(("1", "2", "19"))))


@st.composite
def payments(draw: st.DrawFn) -> bytes:
    """A random remittance that balances, with reversals and provider adjustments."""
    claims = [draw(decisions(number)) for number in range(draw(st.integers(1, 4)))]
    claims += [undone(one) for one in claims if draw(st.booleans())]
    reasons = st.builds(
        ProviderAdjustment, st.sampled_from(("WO", "FB", "L6", "72")), st.just("ICN1"), st.integers(-9_000, 9_000)
    )
    return remit(*claims, taken=tuple(draw(st.lists(reasons, max_size=8))))


def read(*files: bytes, deposits: pl.DataFrame | None = None) -> Remitted:
    """All tables of some files, each under a source of its own."""
    parts: dict[str, list[pl.DataFrame]] = {table.name: [table.empty()] for table in TABLES}
    for number, data in enumerate(files, start=1):
        for batch in read_bytes(data, name="case", source_id=f"{number:016x}"):
            for name, frame in batch.items():
                parts[name].append(frame)
    frames = {name: pl.concat(held) for name, held in parts.items()}
    return Remitted.of({**frames, "deposits": DEPOSITS.empty() if deposits is None else deposits})

"""Who writes an appeal, to whom and about whom, out of the claim as it was sent and the remittance."""

from __future__ import annotations

from typing import Any

import polars as pl

from everyunit.days import to_day, words
from everyunit.ledger import Ledger
from everyunit.services.claim_file import ClaimFile
from everyunit.services.resubmit import loops_of

_Segments = tuple[list[str], ...]


def parties(ledger: Ledger, file: ClaimFile) -> dict[str, Any]:
    """practice, payer, patient and clinician for the letter. Unreadable where the claim cannot be rebuilt."""
    loops = loops_of(ledger, file, {})
    patient = loops.patient or loops.subscriber
    born = _first(patient, "DMG")
    return {
        "practice": {
            "name": _name(_party(loops.biller, "85")), "address": _address(loops.biller),
            "npi": file.sent["billing_npi"] or "", "tax_id": file.sent["billing_tax_id"] or "",
            "telephone": _telephone(loops.header),
        },
        "payer": {"name": file.payer, "address": _payer_address(ledger, file)},
        "patient": {
            "name": _name(_party(patient, "QC", "IL")), "member": file.sent["member_id"] or "",
            "born": words(to_day(born[2])) if len(born) > 2 and born[2][:8].isdecimal() else "",
        },
        "clinician": _clinician(loops.claim, loops.biller),
    }  # fmt: skip


def _first(segments: _Segments, tag: str) -> list[str]:
    return next((values for values in segments if values[0] == tag), [])


def _party(segments: _Segments, *entities: str) -> list[str]:
    for entity in entities:
        for values in segments:
            if values[:2] == ["NM1", entity]:
                return values
    return []


def _name(values: list[str]) -> str:
    padded = [*values, *[""] * 8]
    return " ".join(part for part in (padded[4], padded[5], padded[3], padded[7]) if part)


def _address(segments: _Segments) -> list[str]:
    street, city = _first(segments, "N3")[1:], [*_first(segments, "N4")[1:], "", "", ""]
    return [part for part in (*street, _town(*city[:3])) if part]


def _town(city: str, state: str, postal: str) -> str:
    """`Salem, OR 97301-1234`."""
    zip_code = f"{postal[:5]}-{postal[5:]}" if len(postal) == 9 and postal.isdecimal() else postal
    return " ".join(part for part in (f"{city}," if city else "", state, zip_code) if part)


def _telephone(segments: _Segments) -> str:
    contact = _first(segments, "PER")
    return next((contact[at + 1] for at in range(3, len(contact) - 1, 2) if contact[at] == "TE"), "")


def _clinician(claim: _Segments, biller: _Segments) -> dict[str, str]:
    found = _party(claim, "82") or _party(biller, "85")
    return {"name": _name(found), "npi": found[9] if len(found) > 9 else ""}


def _payer_address(ledger: Ledger, file: ClaimFile) -> list[str]:
    """The payer's address on the remittance, where it stands there."""
    decision = file.decision or {}
    rows = ledger.find("parties", "source_id", decision.get("source_id") or "").filter(
        (pl.col("transaction") == decision.get("transaction")) & (pl.col("entity") == "PR") & (pl.col("claim") == 0)
    )
    if rows.is_empty():
        return []
    row = rows.row(0, named=True)
    town = _town(row["city"] or "", row["state"] or "", row["postal_code"] or "")
    return [part for part in (*(row["address"] or "").split(";"), town) if part]

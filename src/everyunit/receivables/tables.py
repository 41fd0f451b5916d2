"""The tables of this room, declared once."""

from __future__ import annotations

from everyunit.frames import table

_PLACE = (
    "source_id text Sixteen hexadecimal digits of the file's SHA-256",
    "transaction small Ordinal of the transaction (ST) in the file",
)

PROOFS = table(
    "proofs", "one sum of an 835: of a line, a claim or the whole remittance", "source_id segment level",
    *_PLACE,
    "segment int Ordinal of the segment that opens it in the file (SVC, CLP or ST)",
    "level text line, claim or remit",
    "claim int Ordinal of the claim in the file; null for a remittance",
    "line small Ordinal of the line in its claim; null for a claim or a remittance",
    "claim_id text CLP01",
    "given_cents int:cents Charge of the line or claim; of a remittance the sum of its claims' payments (CLP04)",
    "taken_cents int:cents Adjustments (CAS); of a remittance its provider adjustments (PLB)",
    "paid_cents int:cents SVC03, CLP04 or BPR02 (a debit is negative)",
    "off_cents int:cents Paid less what the sum gives: 0 is proved; null where an amount cannot be read",
    "lines small Lines of the claim; null for others",
    "place text Elements in which the fault lies, as far as the other sums show it; empty where proved",
    "words text What was seen; null where proved",
)  # fmt: skip

"""The tables of this room, declared once."""

from __future__ import annotations

from everyunit.frames import table

_PLACE = (
    "source_id text Sixteen hexadecimal digits of the file's SHA-256",
    "transaction small Ordinal of the transaction (ST) in the file",
)

DECISIONS = table(
    "decisions", "one CLP: what a payer decided on a claim, in the order of time", "source_id claim",
    *_PLACE,
    "segment int Ordinal of the CLP in the file",
    "claim int Ordinal of the claim in the file",
    "claim_id text CLP01",
    "payer_id text Payer of the remittance",
    "payer_control text CLP07",
    "status text CLP02",
    "day day Day of the payment",
    "charge_cents int:cents CLP03",
    "paid_cents int:cents CLP04",
    "patient_cents int:cents CLP05",
    "prior_cents int:cents What adjustments OA-23 say of payers before this one",
    "turn small 1 primary, 2 secondary, 3 tertiary: CLP02, else 2 where OA-23 tells of a payer before",
    "crossover flag The payer sent the claim on (CLP02 19, 20, 21 or 23)",
    "ordinal small Place among the decisions on this claim: by turn, then by time",
    "early flag A later turn answered, and no earlier turn is held up to that day",
    "reversal flag It undoes another decision",
    "stands flag Neither a reversal nor undone by one",
)  # fmt: skip

REVERSALS = table(
    "reversals", "one reversal of a decision", "source_id claim",
    *_PLACE,
    "segment int Ordinal of the CLP in the file",
    "claim int Ordinal of the claim in the file",
    "claim_id text CLP01",
    "payer_id text Payer of the remittance",
    "payer_control text CLP07",
    "day day Day of the payment",
    "charge_cents int:cents Charge it takes back (negative)",
    "paid_cents int:cents Payment it takes back (negative)",
    "undone_source_id text File of the decision that it undoes; null where none fits",
    "undone_transaction small Its transaction",
    "undone_claim int Its claim in that file",
    "undone_day day Day of that payment",
    "corrected_source_id text File of the decision that stands in its place; null where there is none yet",
    "corrected_transaction small Its transaction",
    "corrected_claim int Its claim in that file",
    "corrected_day day Day of that payment",
    "corrected_paid_cents int:cents What is paid instead",
    "change_cents int:cents What reversal and correction change together",
    "words text Why nothing fits; null where it is paired",
)  # fmt: skip

RECOUPMENTS = table(
    "recoupments", "one reason of a PLB", "source_id segment ordinal",
    *_PLACE,
    "segment int Ordinal of the PLB in the file",
    "ordinal small Ordinal of the reason in its PLB",
    "day day Day of the payment",
    "payer_id text Payer of the remittance",
    "provider_id text PLB01",
    "reason text Reason code",
    "family text recovery, refund, forward, interest, adjustment, withholding, settlement, penalty ...",
    "label text The reason in own words; null where the book lacks it on that day",
    "says text What its sign means",
    "reference text Reference beside it",
    "amount_cents int:cents As written: positive is withheld, negative paid in addition",
    "about text claim, payment, balance or nothing: what the reference leads to",
    "claim_id text The claim (CLP01) that it takes from or pays for",
    "payer_control text CLP07 of that claim",
    "matched_by text CLP07, CLP01, TRN02; of a balance reference, amount, or opened where this row carries it",
    "words text Why it leads to nothing; null where it does",
)  # fmt: skip

BALANCES = table(
    "balances", "one balance that a payer carried to a later payment (PLB FB or WO below zero)",
    "source_id segment ordinal",
    *_PLACE,
    "segment int Ordinal of the PLB in the file",
    "ordinal small Ordinal of the reason in its PLB",
    "day day Day of the payment it was carried from",
    "payer_id text Payer",
    "provider_id text PLB01",
    "reason text FB or WO",
    "reference text Reference beside it",
    "carried_cents int:cents What was carried",
    "settled_cents int:cents What later payments took of it",
    "open_cents int:cents What is still to be taken",
    "settled_day day Day of the last payment that took of it",
    "carried_on flag The payment that took of it carried a balance on",
)  # fmt: skip

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

LINKS = table(
    "links", "one payment in one deposit", "deposit_source_id deposit_row source_id transaction",
    "deposit_source_id text File of the deposit",
    "deposit_row int Row of the deposit in it",
    *_PLACE,
    "how text trace, amount or sum",
)  # fmt: skip

BANKED = table(
    "banked", "one deposit at the bank", "source_id row",
    "source_id text Sixteen hexadecimal digits of the file's SHA-256",
    "row int Row of the file",
    "day day Day of the deposit",
    "amount_cents int:cents Amount",
    "trace text Trace or check number",
    "description text The bank's words",
    "state text matched, short, over, unmatched or withdrawn",
    "how text trace, amount or sum; empty where it stands alone",
    "payments small Payments in it",
    "paid_cents int:cents What the payments in it come to, its part of them where several deposits share one",
    "off_cents int:cents Deposited less remitted, over everything that hangs together; null where it stands alone",
    "words text What was seen, and what clears it; null where matched",
)  # fmt: skip

EXPECTED = table(
    "expected", "one 835 and its money at the bank", "source_id transaction",
    *_PLACE,
    "day day Day of the payment",
    "payer_id text Payer",
    "payer_name text Its name",
    "trace text TRN02",
    "method text BPR04",
    "amount_cents int:cents BPR02 (a debit is negative)",
    "state text matched, short, over, missing, waiting, unclear, before, unread or not_needed",
    "how text trace, amount or sum; empty where nothing is found",
    "deposit_day day Last day of its deposits",
    "off_cents int:cents Deposited less remitted, over everything that hangs together; null where nothing is found",
    "words text What was seen, and what clears it; null where matched or not needed",
)  # fmt: skip

REMIT_SUMS = table(
    "remit_sums", "one 835 with its sums", "source_id transaction",
    *_PLACE,
    "segment int Ordinal of its ST in the file",
    "day day Day of the payment",
    "payer_id text Payer",
    "payer_name text Its name",
    "trace text TRN02",
    "method text BPR04",
    "amount_cents int:cents BPR02 (a debit is negative)",
    "claims small Claims in it",
    "lines small Lines in it",
    "unlined small Claims without lines",
    "charge_cents int:cents Charges of its claims (CLP03)",
    "claims_cents int:cents Payments of its claims (CLP04)",
    "patient_cents int:cents Patients' shares (CLP05)",
    "withheld_cents int:cents Provider adjustments (PLB)",
    "reversals small Reversals in it",
    "provider_adjustments small Reasons of its PLB",
    "off_cents int:cents BPR02 less what claims and PLB give: 0 is proved; null where an amount cannot be read",
    "faults small Sums in it that fail or cannot be taken, at every level",
)  # fmt: skip

TABLES = (DECISIONS, REVERSALS, RECOUPMENTS, BALANCES, PROOFS, LINKS, BANKED, EXPECTED, REMIT_SUMS)

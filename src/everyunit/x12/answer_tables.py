"""The tables of acknowledgements (TA1, 999, 997) and claim statuses (277), declared once; see `tables.py`."""

from __future__ import annotations

from everyunit.frames import table

_SEG = (
    "source_id text Sixteen hexadecimal digits of the file's SHA-256",
    "transaction small Ordinal of the transaction (ST) in the file; 0 for a TA1, which stands in none",
    "segment int Ordinal of the opening segment in the file",
)

ACKNOWLEDGEMENTS = table(
    "acknowledgements", "one answer to an interchange (TA1), group (AK1) or transaction (AK2)", "source_id segment",
    *_SEG,
    "level text interchange, group or transaction",
    "status text TA104, AK901, IK501 or AK501: A taken, E taken with errors, P partly, R, M, W or X refused",
    "function text AK101 of its group: HC claims",
    "version text AK203, else AK103",
    "type text AK201, such as 837",
    "control_number text Number of what is answered: TA101, AK102 or AK202",
    "group_control text AK102 of its group (GS06 of what is answered); null for a TA1",
    "codes text Codes of the faults: TA105, IK502 to IK506 or AK905 to AK909, parted by :",
    "sent_day day TA102, day of the interchange that is answered",
    "sent_time text TA103",
    "declared int:transactions AK902, transactions that the group states",
    "received int:transactions AK903",
    "accepted int:transactions AK904",
    find_by="control_number",
)  # fmt: skip

ACKNOWLEDGEMENT_ERRORS = table(
    "acknowledgement_errors", "one IK3, AK3 (a segment) or IK4, AK4 (an element)", "source_id segment", *_SEG,
    "answer int Ordinal of the AK2 it belongs to, as in acknowledgements",
    "level text segment or element",
    "tag text IK301, the segment at fault",
    "place int Its position in the transaction that is answered (ST is 1)",
    "loop text IK303",
    "element text IK401: position of the element, its component and repetition, as written",
    "reference text IK402",
    "code text IK304 or IK403, what is wrong",
    "value text IK404, the data at fault; may bear what names a patient",
    "claim_id text CLM01 that a CTX under it names",
    find_by="claim_id",
)  # fmt: skip

CLAIM_STATUSES = table(
    "claim_statuses", "one status in an STC of a 277", "source_id segment ordinal", *_SEG,
    "ordinal small 1 STC01, 2 STC10, 3 STC11",
    "level text payer, receiver, provider, claim or line",
    "claim_id text The claim's number at the practice: REF*EJ, else TRN02; null above the claim",
    "trace text TRN02",
    "category text First part of the status: category code",
    "status text Second part: status code",
    "entity text Third part: whom it is about",
    "action text STC03: WQ taken, U refused",
    "amount_cents int:cents STC04, charge of the claim, line or batch",
    "status_day day STC02",
    "payer_control text REF*1K, the payer's number of the claim",
    "house_control text REF*D9, the clearinghouse's number of the claim",
    "line_control text REF*FJ of the line, else REF*6R",
    "code text Procedure code of the line (upper case)",
    "modifiers text Its modifiers, parted by :",
    "line_cents int:cents SVC02",
    "first_day day DTP*472 of the claim",
    "last_day day Its last day, else the same day",
    "payer_id text NM109 of the payer or house that answers",
    "payer_name text NM103 of it",
    "provider_npi text NM109 of the provider (85, else 1P)",
    "member_id text NM109 of the subscriber or patient",
    find_by="claim_id",
)  # fmt: skip

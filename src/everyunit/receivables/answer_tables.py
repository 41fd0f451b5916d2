"""The table of answers to claims sent, declared once."""

from __future__ import annotations

from everyunit.frames import table

ANSWERS = table(
    "answers", "one claim sent, as it was sent last to this payer in turn", "claim_id sequence",
    "claim_id text CLM01, the claim's number at the practice",
    "sequence text SBR01: P primary, S secondary, T tertiary",
    "source_id text Sixteen hexadecimal digits of the file's SHA-256",
    "transaction small Ordinal of the transaction (ST) in the file",
    "claim int Ordinal of the claim in the file",
    "frequency text CLM05-3: 1 original, 7 replacement, 8 void",
    "payer_id text NM109 of the payer the claim goes to",
    "payer_name text Its name",
    "receiver text ISA08, who took the file: a house or the payer",
    "charge_cents int:cents CLM02",
    "first_day day First day of service",
    "sent_day day Day the file was made",
    "answer text adjudicated, rejected (never adjudicated), accepted (waits for its decision) or unanswered",
    "file text What became of the file (TA1, 999): taken, refused, or nothing where no answer is held",
    "level text What the answer was given to: interchange, group, transaction, claim or line; remit",
    "answered_day day Day of that answer",
    "category text Category of the claim's status (277)",
    "status text Status code beside it",
    "entity text Whom it is about",
    "codes text Every category:status:entity of that answer, or the codes of the refused file, parted by blanks",
    "payer_control text The payer's number of the claim (CLP07, else REF*1K)",
    "age_days int:days Days from sending to the day looked at",
    "late text no_277ca, no_835 or no_835_long (by how long the book waits); nothing where not late",
    "department text Who can clear it; null where nothing is to be done",
    "words text What was seen; null where the claim is adjudicated",
    "clears text What clears it; null where nothing is to be done",
)  # fmt: skip

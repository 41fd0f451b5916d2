"""The tables a practice brings as rows of its own, declared once. (Tables of X12 stand in `x12/tables.py`.)"""

from __future__ import annotations

from everyunit.frames import Table, table

_ROW = (
    "source_id text Sixteen hexadecimal digits of the file's SHA-256",
    "row int Row of the file, the heading being row 1",
    "extra text Columns that have no place here, as JSON",
)

VISITS = table(
    "visits", "one scheduled visit", "visit_id",
    "visit_id text The practice's number of the visit",
    "service_day day Day of the visit",
    "clinic text Name of the clinic",
    "patient_id text The practice's number of the patient",
    "payer_id text Payer the visit is charged to",
    "payer_name text Name of that payer",
    "discipline text PT, OT or SLP",
    "clinician_npi text Treating therapist",
    "status text kept, late_cancel, cancelled or no_show",
    "claim_id text Number of the claim that charges it (CLM01)",
    "check_in text Local time, ISO",
    "check_out text Local time, ISO",
    "scheduled_at text Local time, ISO",
    "note_signed_at text Local time, ISO",
    "charge_entered_at text Local time, ISO",
    "copay_due_cents int:cents Patient share due at the visit",
    "copay_collected_cents int:cents Patient share collected at the visit",
    *_ROW, find_by="visit_id",
)  # fmt: skip

SERVICES = table(
    "services", "one service performed in a visit", "visit_id seq",
    "visit_id text The practice's number of the visit",
    "seq small Ordinal of the service in its visit",
    "code text Procedure code performed (upper case)",
    "minutes int:minutes Minutes of the service; null where none were recorded",
    "start text Local time, ISO or HH:MM",
    "end text Local time, ISO or HH:MM",
    "mode text individual or group",
    "performed_by text therapist, assistant or both",
    "assistant_minutes int:minutes Minutes by the assistant alone",
    "joint_minutes int:minutes Minutes by both together",
    "data_days int:days Of a monitoring device: days with data in the 30 days that end on the visit's day",
    "live_contact text Of remote management: yes where patient or carer was spoken to live, no where not",
    *_ROW, find_by="visit_id",
)  # fmt: skip

NOTES = table(
    "notes", "one note of a visit", "visit_id",
    "visit_id text The practice's number of the visit",
    "text text The note",
    *_ROW, find_by="visit_id",
)  # fmt: skip

PLANS = table(
    "plans", "one plan of care", "plan_id",
    "plan_id text Number of the plan",
    "patient_id text The practice's number of the patient",
    "discipline text PT, OT or SLP",
    "start_day day First day of the plan",
    "end_day day Last day of the plan",
    "certified_day day Day it was certified",
    "certified_by_npi text Who certified it",
    "sent_day day Day it was sent for certification",
    *_ROW, find_by="patient_id",
)  # fmt: skip

AUTHORIZATIONS = table(
    "authorizations", "one authorization", "number",
    "number text Number of the authorization",
    "patient_id text The practice's number of the patient",
    "payer_id text Payer who gave it",
    "discipline text PT, OT or SLP",
    "start_day day First day it covers",
    "end_day day Last day it covers",
    "visits int:visits Visits it covers",
    "units int:units Units it covers",
    "codes text Codes it covers, parted by :",
    *_ROW, find_by="patient_id",
)  # fmt: skip

DEPOSITS = table(
    "deposits", "one deposit at the bank", "source_id row",
    "day day Day of the deposit",
    "amount_cents int:cents Amount",
    "trace text Trace or check number",
    "description text The bank's words",
    *_ROW,
)  # fmt: skip

REFUSALS = table(
    "refusals", "one refused row of services.csv whose visit could be read", "source_id row",
    "visit_id text The practice's number of the visit",
    "code text Procedure code, where it could be read",
    "column text The column that could not be taken",
    "row int Row of the file, the heading being row 1",
    "source_id text Sixteen hexadecimal digits of the file's SHA-256",
    find_by="visit_id",
)  # fmt: skip

TABLES: tuple[Table, ...] = (VISITS, SERVICES, NOTES, PLANS, AUTHORIZATIONS, DEPOSITS, REFUSALS)

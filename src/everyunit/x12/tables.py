"""Every table that reading X12 gives, declared once.

Ordinals count from 1 within one file: `transaction` counts ST segments, `segment` all segments, `claim` the CLM or
CLP segments, `line` the service lines of one claim (0 where a row belongs to the claim itself).
"""

from __future__ import annotations

from everyunit.frames import Table, table
from everyunit.x12.answer_tables import ACKNOWLEDGEMENT_ERRORS, ACKNOWLEDGEMENTS, CLAIM_STATUSES

_FILE = ("source_id text Sixteen hexadecimal digits of the file's SHA-256",)
_TX = (*_FILE, "transaction small Ordinal of the transaction (ST) in the file")
_SEG = (*_TX, "segment int Ordinal of the opening segment in the file")
_CLAIM = (
    *_TX,
    "segment int Ordinal of the opening segment in the file",
    "claim int Ordinal of the claim in the file",
)
_LINE = (*_CLAIM, "line small Ordinal of the service line in its claim, 0 for the claim itself")

TRANSACTIONS = table(
    "transactions", "one ST..SE", "source_id transaction", *_SEG,
    "interchange small Ordinal of the ISA in the file",
    "group small Ordinal of the GS in the file",
    "kind text 837P, 837I, 837D, 835, or the bare ST01 of another type",
    "version text Implementation version (ST03, else GS08)",
    "control_number text ST02",
    "group_control text GS06",
    "interchange_control text ISA13",
    "sender text ISA06, trimmed",
    "receiver text ISA08, trimmed",
    "created_day day Day the transaction says it was made (BHT04, else GS04)",
    "created_time text Time beside it (BHT05, else GS05)",
    "reference text BHT03",
    "segments int:segments Segments counted from ST to SE",
    "declared int:segments Segments that SE01 states",
)  # fmt: skip

CLAIMS = table(
    "claims", "one CLM", "source_id claim", *_CLAIM,
    "kind text 837P, 837I or 837D",
    "claim_id text CLM01, the claim's number at the practice",
    "charge_cents int:cents CLM02",
    "place_of_service text CLM05-1",
    "frequency text CLM05-3: 1 original, 7 replacement, 8 void",
    "sequence text SBR01: P primary, S secondary, T tertiary",
    "filing_code text SBR09, kind of payer",
    "group_number text SBR03",
    "payer_id text NM109 of the payer this claim goes to",
    "payer_name text NM103 of the payer this claim goes to",
    "member_id text NM109 of the subscriber",
    "billing_npi text NM109 of the billing provider",
    "billing_tax_id text REF*EI or REF*SY of the billing provider",
    "billing_taxonomy text PRV03 of the billing provider",
    "rendering_npi text NM109 of the rendering provider of the claim",
    "rendering_taxonomy text PRV03 of that rendering provider",
    "referring_npi text NM109 of the referring provider (DN, else P3)",
    "facility_npi text NM109 of the service facility",
    "prior_authorization text REF*G1",
    "original_reference text REF*F8, the payer's number of the claim that this one corrects",
    "diagnoses text Diagnosis codes of all HI segments in order, parted by :",
    "first_day day First day of service on the claim or its lines",
    "last_day day Last day of service on the claim or its lines",
    "lines small:lines Service lines that stand under the claim",
    find_by="claim_id",
)  # fmt: skip

CLAIM_LINES = table(
    "claim_lines", "one SV1, SV2 or SV3", "source_id claim line", *_LINE,
    "kind text 837P, 837I or 837D",
    "claim_id text CLM01 of its claim",
    "number text LX01 as written",
    "qualifier text Code list of the code, HC for procedure codes",
    "code text Procedure code (upper case)",
    "modifiers text All modifiers in order, parted by :",
    "description text Free text beside the code",
    "charge_cents int:cents Line charge",
    "basis text UN units, MJ minutes",
    "units int:units Quantity where it is whole, else null",
    "units_milli int:thousandths Quantity in thousandths",
    "revenue_code text SV201",
    "place_of_service text SV105",
    "pointers text Diagnosis pointers in order, parted by :",
    "service_day day Day of service (DTP*472, else the claim's)",
    "last_day day Last day where a range is given, else the same day",
    "control_number text REF*6R",
    "prior_authorization text REF*G1 of the line",
    "rendering_npi text Rendering provider of the line, else of the claim",
    find_by="claim_id",
)  # fmt: skip

OTHER_PAYERS = table(
    "other_payers", "one other payer of a claim (loop 2320)", "source_id claim ordinal", *_CLAIM,
    "ordinal small Ordinal of the other payer in its claim",
    "sequence text SBR01",
    "filing_code text SBR09",
    "payer_id text NM109 of the other payer",
    "payer_name text NM103 of the other payer",
    "paid_cents int:cents AMT*D, what that payer paid",
)  # fmt: skip

LINE_ADJUDICATIONS = table(
    "line_adjudications", "one SVD: how another payer decided a line", "source_id claim line ordinal", *_LINE,
    "ordinal small Ordinal of the SVD in its line",
    "payer_id text SVD01",
    "paid_cents int:cents SVD02",
    "code text Procedure code of SVD03",
    "modifiers text Modifiers of SVD03, parted by :",
    "units_milli int:thousandths SVD05",
    "paid_day day DTP*573",
)  # fmt: skip

REMITS = table(
    "remits", "one 835 transaction", "source_id transaction", *_SEG,
    "handling text BPR01",
    "amount_cents int:cents BPR02, what was remitted",
    "credit_debit text BPR03",
    "method text BPR04",
    "paid_day day BPR16",
    "trace text TRN02, check or EFT number",
    "origin text TRN03",
    "payer_id text N104 of the payer, else REF*2U, else TRN03",
    "payer_name text N102 of the payer",
    "payee_name text N102 of the payee",
    "payee_npi text N104 of the payee",
    "produced_day day DTM*405",
)  # fmt: skip

REMIT_CLAIMS = table(
    "remit_claims", "one CLP", "source_id claim", *_CLAIM,
    "claim_id text CLP01",
    "status text CLP02: 1 primary, 2 secondary, 4 denied, 22 reversal ...",
    "charge_cents int:cents CLP03",
    "paid_cents int:cents CLP04",
    "patient_cents int:cents CLP05",
    "filing_code text CLP06",
    "payer_control text CLP07, the payer's number of the claim",
    "place_of_service text CLP08",
    "frequency text CLP09",
    "member_id text NM109 of the insured, else of the patient",
    "rendering_npi text NM109 of the rendering provider",
    "remarks text Remark codes of MOA and MIA, parted by :",
    "first_day day DTM*232, else the earliest line",
    "last_day day DTM*233, else the latest line",
    "lines small:lines Service lines that stand under the claim",
    find_by="claim_id",
)  # fmt: skip

REMIT_LINES = table(
    "remit_lines", "one SVC", "source_id claim line", *_LINE,
    "claim_id text CLP01 of its claim",
    "qualifier text Code list of the code, HC for procedure codes",
    "code text Procedure code the payer decided on (upper case)",
    "modifiers text All modifiers in order, parted by :",
    "description text Free text beside the code",
    "charge_cents int:cents SVC02",
    "paid_cents int:cents SVC03",
    "revenue_code text SVC04",
    "units int:units SVC05 where it is whole (1 where it is absent)",
    "units_milli int:thousandths SVC05 in thousandths",
    "submitted_code text Procedure code of SVC06, where the payer changed it",
    "submitted_modifiers text Modifiers of SVC06, parted by :",
    "submitted_units_milli int:thousandths SVC07",
    "service_day day DTM*472 or DTM*150, else the claim's",
    "last_day day DTM*151, else the same day",
    "control_number text REF*6R",
    "rendering_npi text Rendering provider of the line (REF*HPI)",
    "allowed_cents int:cents AMT*B6",
    "remarks text LQ*HE remark codes, parted by :",
    find_by="claim_id",
)  # fmt: skip

ADJUSTMENTS = table(
    "adjustments", "one reason of a CAS", "source_id segment ordinal", *_LINE,
    "side text 837 (another payer's decision on a claim sent) or 835",
    "other_payer small In an 837 the ordinal of the other payer (SBR) in its claim or of the SVD in its line, else 0",
    "ordinal small Ordinal of the reason in its CAS segment",
    "claim_id text Number of its claim",
    "group_code text CO, PR, OA, PI or CR",
    "reason text Claim adjustment reason code",
    "amount_cents int:cents Amount taken off (negative: added)",
    "quantity_milli int:thousandths Units taken off, in thousandths",
    find_by="claim_id",
)  # fmt: skip

PROVIDER_ADJUSTMENTS = table(
    "provider_adjustments", "one reason of a PLB", "source_id segment ordinal", *_SEG,
    "ordinal small Ordinal of the reason in its PLB segment",
    "provider_id text PLB01",
    "period_day day PLB02",
    "reason text Reason code, such as WO, FB, L6, 72",
    "reference text Reference beside it",
    "amount_cents int:cents Amount withheld (negative: paid in addition)",
)  # fmt: skip

PARTIES = table(
    "parties", "one NM1 or N1 with its address", "source_id segment", *_LINE,
    "entity text NM101 or N101: 85 billing, IL subscriber, QC patient, PR payer, 82 rendering, DN referring ...",
    "entity_type text 1 person, 2 organisation",
    "name text Last or organisation name",
    "first_name text First name",
    "middle_name text Middle name",
    "suffix text Suffix of the name",
    "id_qualifier text Kind of identifier",
    "identifier text Identifier",
    "taxonomy text PRV03",
    "address text N3, parted by ;",
    "city text N401",
    "state text N402",
    "postal_code text N403",
    "born_day day DMG02",
    "sex text DMG03",
)  # fmt: skip

REFERENCES = table(
    "references", "one REF", "source_id segment", *_LINE,
    "qualifier text REF01",
    "value text REF02",
    "description text REF03",
)  # fmt: skip

AMOUNTS = table(
    "amounts", "one AMT", "source_id segment", *_LINE,
    "qualifier text AMT01",
    "amount_cents int:cents AMT02",
)  # fmt: skip

DATES = table(
    "dates", "one DTP or DTM", "source_id segment", *_LINE,
    "qualifier text DTP01 or DTM01",
    "first_day day The day, or the first of a range; null where it is no date",
    "last_day day The last day of a range, else the same day",
    "format text DTP02: D8 a day, RD8 a range, TM a time ...",
    "text text The date as written",
)  # fmt: skip

QUANTITIES = table(
    "quantities", "one QTY", "source_id segment", *_LINE,
    "qualifier text QTY01",
    "quantity_milli int:thousandths QTY02 in thousandths",
)  # fmt: skip

REMARKS = table(
    "remarks", "one remark code of LQ, MOA or MIA", "source_id segment ordinal", *_LINE,
    "ordinal small Ordinal in its segment",
    "list text LQ01, or MOA or MIA",
    "code text Remark code",
)  # fmt: skip

SEGMENTS = table(
    "segments", "one segment whose content no other table holds whole", "source_id segment", *_LINE,
    "tag text Segment identifier",
    "text text The segment as written, without its terminator",
)  # fmt: skip

PROBLEMS = table(
    "problems", "one thing wrong with a file", "source_id segment code", *_SEG,
    "code text Short stable name of the check",
    "message text What was seen and what clears it; bears no patient's name",
)  # fmt: skip

TABLES: tuple[Table, ...] = (
    TRANSACTIONS, CLAIMS, CLAIM_LINES, OTHER_PAYERS, LINE_ADJUDICATIONS, REMITS, REMIT_CLAIMS, REMIT_LINES,
    ADJUSTMENTS, PROVIDER_ADJUSTMENTS, ACKNOWLEDGEMENTS, ACKNOWLEDGEMENT_ERRORS, CLAIM_STATUSES, PARTIES,
    REFERENCES, AMOUNTS, DATES, QUANTITIES, REMARKS, SEGMENTS, PROBLEMS,
)  # fmt: skip

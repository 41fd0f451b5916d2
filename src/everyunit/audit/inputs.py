"""What the judgement takes and gives."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import narwhals as nw
import polars as pl

from everyunit.audit.engine import settle
from everyunit.frames import KINDS, Table, lazy, polars, table
from everyunit.ledger.tables import AUTHORIZATIONS, NOTES, PLANS, REFUSALS, SERVICES, VISITS
from everyunit.x12.tables import CLAIM_LINES, CLAIMS, REMIT_CLAIMS, TRANSACTIONS

_KINDS: dict[Any, Any] = {pl.String: nw.String, pl.Int64: nw.Int64, pl.Int32: nw.Int64, pl.Boolean: nw.Boolean}

FINDINGS = table(
    "findings", "one visit, code and kind", "finding_id",
    "finding_id text Stable name of the finding: sixteen hexadecimal digits of visit, code and kind",
    "kind text One of `everyunit book kinds`",
    "direction text over, under, mis, document ...",
    "visit_id text The practice's number of the visit",
    "claim_id text Number of the claim in force that charges it, else the one the visit names",
    "line small First line of the code on that claim",
    "code text Procedure code; empty where the finding is of the whole visit",
    "billed_units int:units Units on the claim, all lines of the code",
    "earned_units int:units Units the record supports",
    "cents_at_stake int:cents Above 0 to be gained, below 0 to be given back; null: the book has no price",
    "at_risk_cents int:cents What depends on a finding of documentation; null: the book has no price",
    "rule text Page of docs/rules that explains it",
    "source text Where the rule stands, and whose rule was taken for the payer",
    "checked flag Every value it rests on was seen at its source",
    "owner_role text Who can clear it",
    "message text What was seen and what the book says",
    "fix text What clears it",
    "past_limit flag The payer takes the claim of this visit no longer, as of the last day in the files",
    "date_of_service text Day of the visit, ISO",
    "clinic text Name of the clinic",
    "clinician_npi text Treating therapist",
    "payer_id text Payer of the visit",
    "payer_name text Name of that payer",
    "discipline text PT, OT or SLP",
    "service_day day Day of the visit",
    find_by="visit_id",
)  # fmt: skip

VISIT_VALUES = table(
    "visit_values", "one scheduled visit", "visit_id",
    "visit_id text The practice's number of the visit",
    "service_day day Day of the visit",
    "clinic text Name of the clinic",
    "clinician_npi text Treating therapist",
    "payer_id text Payer of the visit",
    "payer_name text Name of that payer",
    "discipline text PT, OT or SLP",
    "status text kept, late_cancel, cancelled or no_show",
    "claim_id text Number of the claim that charges it",
    "judged flag Its units were held against its minutes",
    "why_not text Why its units were not judged, empty where they were",
    "earned_cents int:cents Expected allowed amount of what the record supports; null where that is not known",
    "charged_cents int:cents Expected allowed amount of what the claims in force charge; null: no price in the book",
    "list_charge_cents int:cents List charges of those lines",
    "paid_cents int:cents What payers paid",
    "patient_cents int:cents What payers left to the patient",
    find_by="visit_id",
)  # fmt: skip

READINGS = table(
    "readings", "one visit, kind and code", "visit_id kind code",
    "visit_id text Visit whose note was read beside its claim",
    "kind text minutes: the note's plain minutes of a timed code; else what the reader found (docs/notes.md)",
    "code text Procedure code; empty where it is of the whole visit",
    "instead text Codes that the words carry in its place, or of the same service at other payers, joined by :",
    "minutes int:minutes Minutes that the note gives",
    "session int:minutes Minutes with the patient by the note, where it tells them",
    "said text The reader's words where the finding has figures of its own",
)  # fmt: skip

_NEEDED: dict[str, tuple[Table, str]] = {
    "visits": (
        VISITS,
        "visit_id service_day clinic patient_id payer_id payer_name discipline clinician_npi status claim_id "
        "check_in check_out",
    ),
    "services": (
        SERVICES,
        "visit_id seq code minutes start end mode performed_by assistant_minutes joint_minutes data_days "
        "live_contact source_id",
    ),
    "claims": (
        CLAIMS,
        "source_id transaction claim claim_id frequency sequence filing_code payer_id payer_name "
        "original_reference first_day last_day place_of_service member_id billing_npi billing_taxonomy rendering_npi "
        "rendering_taxonomy referring_npi prior_authorization diagnoses kind charge_cents",
    ),
    "claim_lines": (
        CLAIM_LINES,
        "source_id claim line code modifiers charge_cents units service_day pointers place_of_service "
        "prior_authorization rendering_npi",
    ),
    "transactions": (
        TRANSACTIONS,
        "source_id transaction interchange_control group_control control_number created_day created_time",
    ),
    "remit_claims": (REMIT_CLAIMS, "claim_id payer_control"),
    "refusals": (REFUSALS, "visit_id source_id"),
    "notes": (NOTES, "visit_id text"),
    "readings": (READINGS, "visit_id kind code instead minutes session said"),
    "plans": (PLANS, "plan_id patient_id discipline start_day end_day certified_day certified_by_npi sent_day"),
    "authorizations": (
        AUTHORIZATIONS,
        "number patient_id payer_id discipline start_day end_day visits units codes",
    ),
}


@dataclass(frozen=True)
class Inputs:
    """Frames of one engine, in the columns of the tables of those names; what is None counts as empty.

    `recorded_from` and `recorded_to` (epoch days) are the span for which the practice brought services; within it a
    claimed visit without any service is a finding, outside it there is nothing to compare with. `refusals` are rows
    of services that could not be taken in: their visits are not judged. `readings` is what notes were read to say.
    `reaches` is the last day of all the files (epoch day), by which a limit may have passed; None: not known.
    """

    visits: Any
    services: Any = None
    claims: Any = None
    claim_lines: Any = None
    transactions: Any = None
    remit_claims: Any = None
    refusals: Any = None
    notes: Any = None
    plans: Any = None
    authorizations: Any = None
    readings: Any = None
    recorded_from: int | None = None
    recorded_to: int | None = None
    reaches: int | None = None
    _frames: dict[str, nw.LazyFrame[Any]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def frame(self, name: str) -> nw.LazyFrame[Any]:
        """One input in the columns the judgement needs; whole numbers are Int64, missing columns null."""
        if name not in self._frames:
            given = getattr(self, name)
            if given is None and isinstance(self.visits, pl.DataFrame):
                self._frames[name] = lazy(_nothing(name))
            else:
                made = _needed(name, lazy(self.visits).head(0) if given is None else lazy(given))
                self._frames[name] = settle(made) if isinstance(given, pl.DataFrame) else made
        return self._frames[name]

    def but(self, **changed: Any) -> Inputs:
        """These inputs with other frames of those names."""
        made = replace(self, **changed)
        made._frames.update({name: frame for name, frame in self._frames.items() if name not in changed})
        return made


@cache
def _nothing(name: str) -> pl.DataFrame:
    return polars(_needed(name, lazy(_NEEDED[name][0].empty())))


def _needed(name: str, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    declared, columns = _NEEDED[name]
    kinds = {column.name: _KINDS[KINDS[column.kind]] for column in declared.columns}
    held, wanted = frame.collect_schema(), columns.split()
    missing = [nw.lit(None, kinds[name]).alias(name) for name in wanted if name not in held]
    other = [nw.col(name).cast(kinds[name]) for name in wanted if name in held and held[name] != kinds[name]]
    return frame.with_columns(*missing, *other).select(*wanted) if missing or other else frame.select(*wanted)


@dataclass(frozen=True)
class Judged:
    """`findings` and `visit_values` in the columns declared here; `counts` say what was not judged and why.

    `together` names visits that share patient, day and payer: visit_id, first_id (the first visit of that day).
    `history` holds the lines, services and visits of `facts`, for checks that see more than these days; it is empty
    where the judgement was of the whole.
    """

    findings: pl.DataFrame
    visit_values: pl.DataFrame
    counts: dict[str, int]
    together: pl.DataFrame
    history: dict[str, pl.DataFrame] = field(default_factory=dict)

"""The files a practice can bring as columns: their headings, what each column becomes, and what may stand in it."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One heading. `kind`: text, day (1990 to next year), until (any later day too), cents, minutes, count, code, or
    the words that may stand there. A row without a `required` one is refused."""

    heading: str
    column: str
    kind: str | tuple[str, ...] = "text"
    required: bool = False


@dataclass(frozen=True)
class Shape:
    """One kind of file: `table` it fills, `unique` the heading that may stand once in a file ('' where any may)."""

    table: str
    fields: tuple[Field, ...]
    unique: str = ""

    @property
    def required(self) -> frozenset[str]:
        """Headings that must be there."""
        return frozenset(field.heading for field in self.fields if field.required)


def _texts(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, name) for name in names)


DISCIPLINES = ("PT", "OT", "SLP")

VISITS = Shape(
    "visits",
    (
        Field("visit_id", "visit_id", required=True),
        Field("date_of_service", "service_day", "day", required=True),
        Field("discipline", "discipline", DISCIPLINES),
        Field("status", "status", ("kept", "late_cancel", "cancelled", "no_show")),
        Field("copay_due", "copay_due_cents", "cents"),
        Field("copay_collected", "copay_collected_cents", "cents"),
        *_texts("clinic", "patient_id", "payer_id", "payer_name", "clinician_npi", "claim_id"),
        *_texts("check_in", "check_out", "scheduled_at", "note_signed_at", "charge_entered_at"),
    ),
    "visit_id",
)
SERVICES = Shape(
    "services",
    (
        Field("visit_id", "visit_id", required=True),
        Field("code", "code", "code", required=True),
        Field("minutes", "minutes", "minutes"),
        Field("mode", "mode", ("individual", "group")),
        Field("performed_by", "performed_by", ("therapist", "assistant", "both")),
        Field("assistant_minutes", "assistant_minutes", "minutes"),
        Field("joint_minutes", "joint_minutes", "minutes"),
        *_texts("start", "end"),
    ),
)
PLANS = Shape(
    "plans",
    (
        Field("plan_id", "plan_id", required=True),
        Field("patient_id", "patient_id", required=True),
        Field("discipline", "discipline", DISCIPLINES),
        Field("start", "start_day", "until"),
        Field("end", "end_day", "until"),
        Field("certified_on", "certified_day", "day"),
        Field("sent_on", "sent_day", "day"),
        *_texts("certified_by_npi"),
    ),
    "plan_id",
)
AUTHORIZATIONS = Shape(
    "authorizations",
    (
        Field("number", "number", required=True),
        Field("patient_id", "patient_id", required=True),
        Field("discipline", "discipline", DISCIPLINES),
        Field("start", "start_day", "until"),
        Field("end", "end_day", "until"),
        Field("visits", "visits", "count"),
        Field("units", "units", "count"),
        *_texts("payer_id", "codes"),
    ),
    "number",
)
DEPOSITS = Shape(
    "deposits",
    (
        Field("date", "day", "day", required=True),
        Field("amount", "amount_cents", "cents", required=True),
        *_texts("trace", "description"),
    ),
)

_EXPORTS = ({"finding_id"}, {"kind", "code", "cents"})  # our own findings, the truth of a sample


def normal(heading: str) -> str:
    """A heading as it is compared: lower case, words joined by underscores."""
    return re.sub(r"[\s\-]+", "_", heading.replace("\ufeff", "").strip().lower())


def shape_of(headings: list[str]) -> Shape | str:
    """The shape that (normal) headings fit; `fees` for a fee table; otherwise '' or a word that says what it is."""
    have = set(headings)
    if any(export <= have for export in _EXPORTS):
        return "It lists findings; facts are read from visits, services and claims."
    for shape in (VISITS, SERVICES, PLANS, AUTHORIZATIONS):
        if shape.required <= have:
            return shape
    if {"code", "allowed"} <= have:
        return "fees"
    if DEPOSITS.required <= have and have & {"trace", "description"}:
        return DEPOSITS
    return ""

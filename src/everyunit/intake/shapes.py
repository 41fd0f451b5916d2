"""The files a practice can bring as columns: their headings, what each column becomes, and what may stand in it."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One heading. `kind`: text, day (1990 to next year), until (any later day too), cents, minutes, days (of 30),
    count, code, or the words that may stand there. A row without a `required` one is refused."""

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
    one_of: tuple[str, ...] = ()  # headings of which one must be there too

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
        Field("data_days", "data_days", "days"),
        Field("live_contact", "live_contact", ("yes", "no")),
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
    one_of=("trace", "description"),
)
FEES = ("code", "allowed")
SHAPES = (VISITS, SERVICES, PLANS, AUTHORIZATIONS, DEPOSITS)

_EXPORTS = ({"finding_id"}, {"kind", "code", "cents"})  # our own findings, the truth of a sample


def normal(heading: str) -> str:
    """A heading as it is compared: lower case, words joined by underscores."""
    return re.sub(r"[\s\-]+", "_", heading.replace("\ufeff", "").strip().lower())


def shape_of(headings: list[str]) -> Shape | str:
    """The shape that (normal) headings fit; `fees` for a fee table; otherwise '' or a word that says what it is."""
    have = set(headings)
    if any(export <= have for export in _EXPORTS):
        return "It lists findings; facts are read from visits, services and claims."
    for shape in SHAPES[:-1]:
        if shape.required <= have:
            return shape
    if set(FEES) <= have:
        return "fees"
    return "" if _missing(DEPOSITS, have) else DEPOSITS


def lacking(headings: list[str], stem: str) -> tuple[str, str]:
    """What a file of no shape is meant to be, and the columns it lacks; both '' where nothing shows it.

    The file's name shows it (`stem`, such as services_march), else two known headings of which one is required.
    """
    have, words = set(headings), set(re.split(r"[^a-z]+", stem.lower()))
    for shape in SHAPES:
        if words & {shape.table, shape.table.removesuffix("s")}:
            return shape.table, _missing(shape, have)
    if words & {"fee", "fees"}:
        return "a fee table", _joined([name for name in FEES if name not in have])
    known = {shape: len(have & {field.heading for field in shape.fields}) for shape in SHAPES}
    best = max(SHAPES, key=lambda shape: known[shape])
    if known[best] > 1 and have & best.required:
        return best.table, _missing(best, have)
    return "", ""


def _missing(shape: Shape, have: set[str]) -> str:
    """The required headings that are not there, as words."""
    names = [field.heading for field in shape.fields if field.required and field.heading not in have]
    if not names and shape.one_of and not have & set(shape.one_of):
        return " or ".join(shape.one_of)
    return _joined(names)


def _joined(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)

"""Judging: what the record earned, held against what the claims charge. Pure functions over frames."""

from everyunit.audit.charges import Charges, Standing, charges_in_force, claims_standing
from everyunit.audit.inputs import FINDINGS, READINGS, VISIT_VALUES, Inputs, Judged
from everyunit.audit.judge import findings_before_sending, judge
from everyunit.audit.review import review_history
from everyunit.audit.units import count_units

__all__ = [
    "FINDINGS",
    "READINGS",
    "VISIT_VALUES",
    "Charges",
    "Inputs",
    "Judged",
    "Standing",
    "charges_in_force",
    "claims_standing",
    "count_units",
    "findings_before_sending",
    "judge",
    "review_history",
]

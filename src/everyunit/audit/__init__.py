"""Judging: what the record earned, held against what the claims charge. Pure functions over frames."""

from everyunit.audit.charges import Charges, charges_in_force
from everyunit.audit.inputs import FINDINGS, VISIT_VALUES, Inputs, Judged
from everyunit.audit.judge import judge
from everyunit.audit.units import count_units

__all__ = ["FINDINGS", "VISIT_VALUES", "Charges", "Inputs", "Judged", "charges_in_force", "count_units", "judge"]

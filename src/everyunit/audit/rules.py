"""Every check there is, by what it has to see. A new check is added here, and nowhere else."""

from __future__ import annotations

from everyunit.audit.checks import Check

DAY: tuple[Check, ...] = ()
COURSE: tuple[Check, ...] = ()
PRACTICE: tuple[Check, ...] = ()

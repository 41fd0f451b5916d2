"""Every check there is, by what it has to see. A new check is added here, and nowhere else."""

from __future__ import annotations

from everyunit.audit import (
    add_ons,
    assistants,
    authorizations,
    bundled,
    caregiver,
    ceilings,
    diagnoses,
    disciplines,
    documented,
    duplicates,
    evaluations,
    filing,
    groups,
    list_prices,
    mixes,
    overlaps,
    pairs,
    plans,
    progress,
    providers,
    re_evaluations,
    remote,
    resubmissions,
    telehealth,
    thresholds,
    workdays,
)  # fmt: skip
from everyunit.audit.checks import Check

DAY: tuple[Check, ...] = (
    pairs.pairs, ceilings.units, disciplines.modifiers, assistants.marks, add_ons.bases, bundled.statuses,
    duplicates.lines, list_prices.charges, diagnoses.pointers, providers.numbers, resubmissions.frequencies,
    caregiver.minutes, overlaps.times, groups.overlaps, workdays.clinicians, workdays.patients, telehealth.places,
    filing.late, documented.words,
)  # fmt: skip
COURSE: tuple[Check, ...] = (
    thresholds.years,
    plans.covered,
    authorizations.limits,
    evaluations.courses,
    re_evaluations.reasons,
    remote.periods,
    remote.minutes,
    remote.days,
    progress.reports,
)
PRACTICE: tuple[Check, ...] = (mixes.alarms,)
AFTER_SENDING = (workdays.clinicians, filing.late)  # DAY checks that say nothing of a claim that is not sent yet

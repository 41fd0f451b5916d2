"""The names that pages give to kinds, directions, ways and gates."""

from __future__ import annotations

import calendar

KINDS = {
    "units_over": "Units over",
    "units_under": "Units under",
    "units_misallocated": "Units on another code",
    "not_billed": "Not billed",
    "not_recorded": "Not in the record",
    "untimed_repeated": "Untimed repeated",
    "minutes_missing": "Minutes missing",
    "visit_not_billed": "Visit not billed",
    "npi_invalid": "NPI invalid",
    "replacement_to_medicare": "Replacement to Medicare",
    "kx_missing": "KX missing",
    "kx_unneeded": "KX without need",
    "note_code_unsupported": "Not carried by the note",
    "note_code_better": "Another code in the note",
    "note_minutes_missing": "No minutes in note or record",
    "note_minutes_differ": "Other minutes in the note",
    "note_not_billed": "In the note alone",
    "note_units_differ": "Units apart from the note",
    "note_time_uncounted": "Skilled minutes without a service",
}
DIRECTIONS = {
    "over": "Over",
    "under": "Under",
    "mis": "Not as it should be",
    "document": "To document",
    "denied": "Denied",
    "underpaid": "Underpaid",
    "late": "Late",
}
WAYS = {"gain": "Worth gaining", "back": "To give back", "mend": "To mend", "document": "To document"}
WAYS_TOLD = {
    "gain": "Worth gaining: add it to the claim",
    "back": "To give back: take it off the claim",
    "mend": "To mend: correct the claim",
    "document": "To document: complete the record",
}
GATES = {
    "earned": "Earned: the record",
    "charged": "Charged: the claim",
    "paid": "Paid: the remit",
    "deposited": "Deposited: the bank",
}
GAPS = {
    "no_remit": "No remit yet",
    "nothing_paid": "Answered, nothing paid",
    "reduced": "Reduced by Medicare's rules",
    "below": "Paid below expected",
    "above": "Paid above expected",
}
ADVICE = {"work": "Work it", "drop": "Drop it: the work costs more", "late": "Past its deadline"}
VERDICTS = {"hold": "Hold", "fix": "Fix", "pass": "Pass"}
SORTS = {"dollars": "Dollars", "day": "Newest day", "visit": "Visit"}
ROLES = {
    "front_office": "front office",
    "clinician": "clinician",
    "biller": "biller",
    "contracting": "contracting",
    "owner": "owner",
}

RULES = {
    "cms": "the Medicare rule: minutes of the day pooled",
    "ama": "the midpoint rule: each code by its own minutes",
}
PARTS = {
    "under-billed": "Timed units that the minutes support and the claim lacks.",
    "not billed": "Services and visits on record that no claim charges.",
    "over-billed": "Units that the claim holds and the minutes do not support: to give back.",
    "not in the record": "Lines whose code the record of the visit does not hold: they hang on documentation.",
    "minutes missing": "Timed services without minutes: their units cannot be counted, their worth hangs on them.",
    "no remit yet": "Billed visits that no remit has answered.",
    "nothing paid": "Answered by a remit with no payment and no patient share.",
    "reduced": "By Medicare's rules: sequestration and the assistant's share (CQ, CO): nothing to ask for.",
    "paid below": "Paid, with the patient's share, below the expected amount and Medicare's own reductions.",
    "not found in the bank": "Payments older than the bank needs without a deposit, and what deposits fall short.",
    "more in the bank": "What deposits hold beyond their payments.",
    "not yet matched": "Payments that may still arrive, that several deposits fit, or from before the bank's files.",
    "paid above": "Paid, with the patient's share, above the expected allowed amount.",
}
STATUSES = {
    "": "kept",
    "kept": "kept",
    "late_cancel": "late cancel",
    "cancelled": "cancelled",
    "no_show": "no-show",
}
# states of a payment and of a deposit: name, meaning
MONEY = {
    "matched": ("in the bank", "Payments whose money stands in the bank, to the cent."),
    "short": ("short in the bank", "The trace agrees and the bank holds less than was remitted."),
    "over": ("over in the bank", "The trace agrees and the bank holds more than was remitted."),
    "missing": ("not found in the bank", "Payments old enough that their money should have arrived."),
    "unclear": ("several answers fit", "A deposit fits several payments; none was taken."),
    "waiting": ("may still arrive", "Paid shortly before the last day of the bank's files."),
    "before": ("before the bank's files", "Paid before the first day of the bank's files."),
    "unread": ("no deposits brought", "Nothing of the bank has been read yet."),
    "not_needed": ("no money moves", "Payments of zero, notices (NON), and money that the payer takes."),
    "unmatched": ("alone in the bank", "Deposits that no payment fits: other income, or an 835 not brought."),
    "withdrawn": ("leaves the account", "Entries below zero in the bank's files."),
}
REMIT_SHOWS = {
    "faults": "Sums that fail",
    "alone": "Entries that stand alone",
    "money": "Money to look for",
    "reversals": "With reversals",
}
GROUPS = {"CO": "Contract", "PR": "Patient", "OA": "Other payer or other", "PI": "Payer", "CR": "Correction"}
REMIT_STATUS = {
    "1": "paid or decided as primary", "2": "as secondary", "3": "as tertiary", "4": "denied",
    "19": "as primary, sent on", "20": "as secondary, sent on", "21": "as tertiary, sent on", "22": "reversal",
    "23": "not their claim, sent on", "25": "predetermination",
}  # fmt: skip


def month_words(text: str) -> str:
    """`March 2026` for 2026-03; the text itself where it is no month."""
    year, _, number = text.partition("-")
    if not (number.isdigit() and 1 <= int(number) <= 12):
        return text
    return f"{calendar.month_name[int(number)]} {year}"


def kind_words(kind: str) -> str:
    """The name of a kind of finding in words."""
    return KINDS.get(kind) or kind.replace("_", " ").capitalize()

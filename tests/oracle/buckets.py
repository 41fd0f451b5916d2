"""One claim at a time, in plain words: in which bucket does each cent of its charges lie?

A claim is (lines, events). A line is (number or None, code, units, cents). An event is a dict: status, control,
charge, paid, lines [(billed place, cents charged, cents paid, reasons)], own reasons; a reason is
(group, code, cents). Events come in the order of time.
"""

from __future__ import annotations

OPEN = ("patient", "denied", "duplicate", "unknown", "contractual", "reduction", "sequestration", "prior_payer")
NAMED = {"253": "sequestration", "59": "reduction", "23": "prior_payer", "18": "duplicate", "1": "patient",
         "2": "patient", "3": "patient", "45": "contractual", "131": "contractual", "197": "denied", "16": "denied",
         "50": "denied"}  # fmt: skip


def kind(group, reason):
    named = NAMED.get(reason, "unknown")
    if named in ("patient", "contractual"):
        return "patient" if group == "PR" else "contractual"
    return named


def standing(events):
    """Places of the decisions that no reversal undid."""
    open_by_control = {}
    for at, event in enumerate(events):
        known = open_by_control.setdefault(event["control"], [])
        if not undoes(event):
            known.append(at)
        elif known and known[-1] is not None:
            known.pop()
    return sorted(at for known in open_by_control.values() for at in known)


def undoes(event):
    """A reversal, said so or below zero."""
    return event["status"] == "22" or event["charge"] < 0 or (event["charge"] == 0 and event["paid"] < 0)


def turn_of(event):
    said = {"2": 2, "3": 3}.get(event["status"], 1)
    reasons = [one for line in event["lines"] for one in line[3]] + event["own"]
    return max(said, 2) if any(reason == "23" and cents for _, reason, cents in reasons) else said


def denies_whole(event, total):
    """The one reason that takes the whole charge of the claim, where nothing else is said."""
    reasons = [one for line in event["lines"] for one in line[3]]
    if event["paid"] or reasons or len(event["own"]) != 1 or event["own"][0][2] != total:
        return None
    return event["own"][0]


def findable(lines, place):
    """Whether a line of a remittance names its billed line and no other."""
    number, code, units, _ = lines[place]
    if number is not None and [one[0] for one in lines].count(number) == 1:
        return True
    alike = [one for one in lines if one[1] == code and one[2] == units]
    return len(alike) == 1 or len([one for one in lines if one[1] == code]) == 1


def sums(paid, charge, reasons):
    made = dict.fromkeys(OPEN, 0)
    for group, reason, cents in reasons:
        made[kind(group, reason)] += cents
    return {"paid": paid, "charge": charge, **made}


def buckets(lines, events):
    """{unit: {bucket: cents}}; unit 0 for the whole claim, else for what its own adjustments moved."""
    total = sum(line[3] for line in lines)
    stand = standing(events)
    turns = {at: turn_of(events[at]) for at in stand}
    whole = False
    for turn in set(turns.values()):
        last = max(at for at in stand if turns[at] == turn)
        event = events[last]
        if denies_whole(event, total) is None:
            whole |= not event["lines"] or not all(findable(lines, line[0]) for line in event["lines"])
    said = {at: _said(events[at], lines, total, whole) for at in stand}
    units = {0: total} if whole else {place + 1: line[3] for place, line in enumerate(lines)}
    if not whole and any(0 in said[at] for at in _last_words(said, turns)):
        units[0] = 0
    reversed_ = any(undoes(event) for event in events)
    return {unit: _unit(unit, charge, said, turns, reversed_) for unit, charge in units.items()}


def _last_words(said, turns):
    """Per turn the latest decision that counts for some line: only its own adjustments hold."""
    words = set()
    for turn in set(turns.values()):
        best = [_best([at for at in said if turns[at] == turn], said, unit) for unit in _units(said) if unit]
        counted = [at for at in best if at is not None]
        words |= {max(counted)} if counted else set()
    return words


def _units(said):
    return {unit for one in said.values() for unit in one}


def _said(event, lines, total, whole):
    """{unit: sums} of one decision."""
    reasons = [one for line in event["lines"] for one in line[3]] + event["own"]
    if whole:
        return {0: sums(event["paid"], event["charge"], reasons)}
    denied = denies_whole(event, total)
    if denied:
        return {place + 1: sums(0, line[3], [(*denied[:2], line[3])]) for place, line in enumerate(lines)}
    made = {}
    for place, charge, paid, why in event["lines"]:
        if findable(lines, place):
            made[place + 1] = sums(paid, charge, why)
    beyond = event["paid"] - sum(line[2] for line in event["lines"])
    if event["lines"] and (beyond or event["own"]):
        made[0] = sums(beyond, 0, event["own"])
    return made


def _best(places, said, unit):
    held = [at for at in places if unit in said[at]]
    firm = [at for at in held if not 0 < said[at][unit]["duplicate"] == said[at][unit]["charge"]]
    return max(firm or held, default=None)


def _unit(unit, charge, said, turns, reversed_):
    made = dict.fromkeys(("primary_paid", "secondary_paid", *OPEN, "reversed", "unanswered"), 0)
    words, first = _last_words(said, turns), True
    for turn in sorted(set(turns.values())):
        at = _best([place for place in said if turns[place] == turn], said, unit)
        if at is None or (unit == 0 and words and len(_units(said)) > 1 and at not in words):
            continue
        given = said[at][unit]
        shares = {name: given[name] for name in OPEN if first or name != "prior_payer"}
        if not first:
            left = given["paid"] + sum(shares.values())
            for name in OPEN:
                taken = max(0, min(left, made[name]))
                made[name] -= taken
                left -= taken
        made["primary_paid" if turn == 1 else "secondary_paid"] += given["paid"]
        for name, cents in shares.items():
            made[name] += cents
        first = False
    if first:
        made["reversed" if reversed_ else "unanswered"] = charge
    made["unproved"] = charge - sum(made.values())
    return made


def refused(lines, events, expected):
    """What is refused now: {(unit, turn of the payer, group, reason)}, and the cents at risk by unit.

    At risk is what is expected and did not come, at most what is refused; `expected` gives cents by unit.
    """
    total = sum(line[3] for line in lines)
    found = buckets(lines, events)
    stand = standing(events)
    turns = {at: turn_of(events[at]) for at in stand}
    whole = set(found) == {0}
    said = {at: _said(events[at], lines, total, whole) for at in stand}
    words = _last_words(said, turns)
    open_, risk = set(), {}
    for unit, cents in found.items():
        for turn in set(turns.values()):
            at = _best([place for place in stand if turns[place] == turn], said, unit)
            if at is None or (unit == 0 and not whole and words and len(_units(said)) > 1 and at not in words):
                continue
            for group, reason, taken in _reasons_of(events[at], unit, lines, total, whole):
                if taken > 0 and kind(group, reason) in ("denied", "duplicate", "unknown"):
                    open_.add((unit, turn, group, reason))
        if any(one[0] == unit for one in open_):
            came = ("primary_paid", "secondary_paid", "patient", "sequestration", "prior_payer")
            short = expected[unit] - sum(cents[name] for name in came)
            risk[unit] = max(0, min(short, cents["denied"] + cents["duplicate"] + cents["unknown"]))
    return open_, risk


def _reasons_of(event, unit, lines, total, whole):
    every = [one for line in event["lines"] for one in line[3]]
    if whole:
        return every + event["own"]
    denied = denies_whole(event, total)
    if denied:
        return [(*denied[:2], lines[unit - 1][3])] if unit else []
    if unit == 0:
        return event["own"]
    return [one for place, _, _, why in event["lines"] if place + 1 == unit for one in why]

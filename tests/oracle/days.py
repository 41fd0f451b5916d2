"""The whole judgement once more, slow and plain: dictionaries and loops, one patient's day after the other.

Takes the same rows as the audit. Units come from the plain counting of `oracle.units` (every right way is tried);
a day is priced by summing its lines one unit at a time from prices looked up in the book.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from oracle.units import nearest, right_answers

from everyunit.errors import BookRefusal
from everyunit.rulebook import Book, Practice

Row = dict[str, Any]
Line = tuple[str, int]
Finding = tuple[str, str, str, int | None, int | None]
MONTHLY = {"98979", "98980", "98981"}
LANES = {"PT": 0, "OT": 1, "SLP": 2}
BEARS = {"GP": "PT", "GO": "OT", "GN": "SLP"}


def findings(facts: Any, practice: Practice, book: Book) -> list[Finding]:
    """visit, kind, code, cents at stake, cents at risk of every finding, sorted."""
    made = [found for day in days_of(facts, practice, book) for found in day.findings()]
    return sorted(made, key=lambda row: (row[0], row[2], row[1]))


def days_of(facts: Any, practice: Practice, book: Book) -> list[_Day]:
    """Every patient's day at one payer that has a kept visit, in the order of the visits."""
    roots = _roots(facts)
    charges = _charges(facts, roots)
    days: dict[tuple[str, str, int], list[Row]] = defaultdict(list)
    for visit in sorted(facts.visits, key=lambda row: row["visit_id"]):
        if (visit.get("status") or "kept") == "kept":
            patient = visit.get("patient_id") or "?" + visit["visit_id"]
            days[patient, visit["payer_id"], visit["service_day"]].append(visit)
    return [_Day(visits, facts, charges, roots, practice, book) for visits in days.values()]


def _roots(facts: Any) -> dict[str, str]:
    """Claim number -> the number it goes back to."""
    numbers = {row["claim_id"] for row in facts.claims}
    roots = {number: number for number in numbers}
    for claim in facts.claims:
        reference = claim.get("original_reference")
        if claim["frequency"] in "78" and reference:
            fits = {row["claim_id"] for row in facts.remits if row["payer_control"] == reference}
            fits = (fits | ({reference} & numbers)) - {claim["claim_id"]}
            if len(fits) == 1:
                roots[claim["claim_id"]] = fits.pop()
    for number in numbers:
        while roots[roots[number]] != roots[number]:
            roots[number] = roots[roots[number]]
    return roots


def _charges(facts: Any, roots: dict[str, str]) -> dict[tuple[str, int], list[Row]]:
    """Lines in force by root and day."""
    made_at = {row["transaction"]: row for row in facts.transactions}

    def moment(claim: Row) -> tuple[Any, ...]:
        sent = made_at[claim["transaction"]]
        return (sent["created_day"], sent["created_time"], sent["control_number"], claim["claim"])

    alive: dict[tuple[str, bool], list[Row]] = defaultdict(list)
    for claim in sorted(facts.claims, key=moment):
        first = claim["sequence"] in ("", "P")
        family = alive[roots.get(claim["claim_id"], claim["claim_id"]), first]
        if claim["frequency"] in "78":
            meets = [
                old
                for old in family
                if old["first_day"] <= claim["last_day"] and claim["first_day"] <= old["last_day"]
            ]
            if len(meets) > 1:
                meets = [old for old in meets if _codes(facts, old) & _codes(facts, claim)] or meets
            for old in meets or (family[:] if len(family) == 1 else []):
                family.remove(old)
        if claim["frequency"] != "8":
            family.append(claim)
    made: dict[tuple[str, int], list[Row]] = {}
    for first in (False, True):  # primary claims are written last and stand
        for (root, is_first), family in alive.items():
            if is_first == first:
                made.update(_of_family(facts, root, family, several=first))
    return made


def _codes(facts: Any, claim: Row) -> set[str]:
    return {line["code"] for line in facts.lines if line["claim"] == claim["claim"]}


def _of_family(facts: Any, root: str, family: list[Row], several: bool) -> dict[tuple[str, int], list[Row]]:
    """Lines by day: the latest claim, and (of primary claims) each earlier one that shares no line with those."""
    made: dict[tuple[str, int], list[Row]] = {}
    for claim in reversed(family):
        by_day: dict[int, list[Row]] = defaultdict(list)
        for line in facts.lines:
            if line["claim"] == claim["claim"]:
                by_day[line["service_day"]].append(line)
        for day, lines in by_day.items():
            counted = made.setdefault((root, day), [])
            if not counted or (several and not any(_same(one, other) for one in counted for other in lines)):
                made[root, day] = counted + lines
    return made


def _same(one: Row, other: Row) -> bool:
    lanes = {_lane(one), _lane(other)}
    return one["code"] == other["code"] and (len(lanes) == 1 or "" in lanes)


def _lane(line: Row) -> str:
    marks = (line["modifiers"] or "").split(":")
    return next((BEARS[mark] for mark in ("GN", "GO", "GP") if mark in marks), "")


def filing_code(facts: Any, payer_id: str) -> str:
    """The kind of payer that most primary claims of a payer state (of equals the first), else nothing."""
    claims = [row for row in facts.claims if row["payer_id"] == payer_id and row["sequence"] in ("", "P")]
    stated = [row["filing_code"] for row in claims if row.get("filing_code") is not None]
    return min(stated, key=lambda code: (-stated.count(code), code), default="")


def _countable(book: Book, day: int) -> bool:
    try:
        book.value("counting.cms", day)
    except BookRefusal:
        return False
    return True


def _refused(facts: Any, visit_id: str) -> bool:
    """Rows were refused of the file whose services the visit has, or the visit has none."""
    held = {row["source_id"] for row in facts.services if row["visit_id"] == visit_id}
    return any(row["visit_id"] == visit_id and (not held or row["source_id"] in held) for row in facts.refusals)


class _Day:
    """One patient, day and payer."""

    def __init__(
        self, visits: list[Row], facts: Any, charges: Any, roots: Any, practice: Practice, book: Book
    ) -> None:
        self.visits, self.facts, self.book = visits, facts, book
        self.day = visits[0]["service_day"]
        payer = visits[0]["payer_id"]
        self.filing = filing_code(facts, payer)
        self.terms = practice.payers.get(payer) or book.default_terms(payer, visits[0]["payer_name"], self.filing)
        self.place = practice.clinics.get(visits[0]["clinic"], ("", ""))
        self.any_claims = bool(facts.claims)
        self.root = {v["visit_id"]: roots.get(v.get("claim_id"), v.get("claim_id")) for v in visits}
        self.lines = {v["visit_id"]: charges.get((self.root[v["visit_id"]], self.day)) for v in visits}
        recorded = {row["visit_id"] for row in facts.services}
        spans = [
            v["service_day"]
            for v in facts.visits
            if v["visit_id"] in recorded and (v.get("status") or "kept") == "kept"
        ]
        self.covered = bool(spans) and min(spans) <= self.day <= max(spans)
        self.counted = _countable(book, self.day)
        self.refused = {v["visit_id"] for v in visits if _refused(facts, v["visit_id"])}
        self.pools = self._pools()

    def _pools(self) -> list[Pool]:
        groups: dict[str, list[Row]] = defaultdict(list)
        for visit in self.visits:
            claimed = self.lines[visit["visit_id"]] is not None
            groups[visit["discipline"] if claimed else "alone " + visit["visit_id"]].append(visit)
        pools = [Pool(self, visits) for visits in groups.values()]
        taken = set()
        for visit in self.visits:
            root = self.root[visit["visit_id"]]
            if self.lines[visit["visit_id"]] is None or root in taken:
                continue
            taken.add(root)
            sharing = [pool for pool in pools if any(self.root[v["visit_id"]] == root for v in pool.visits)]
            for line in self.lines[visit["visit_id"]] or []:
                lane = _lane(line)
                named = [pool for pool in sharing if pool.visits[0]["discipline"] == lane]
                (named or sharing)[0].take(line, root)
        return pools

    def price(self, lines: list[Line]) -> int:
        """Cents of the day, unit by unit; codes without a price count nothing."""
        units = [(code, self._unit(code)) for code, number in lines for _ in range(number)]
        if isinstance(self.terms.fees, dict):
            return sum(full for _, (full, _, _, _) in units if full is not None)
        best = max((rank for _, (_, _, rank, mppr) in units if mppr), default=None)
        total, kept = 0, False
        for _, (full, reduced, rank, mppr) in units:
            if full is not None:
                whole = not mppr or (rank == best and not kept)
                kept = kept or (mppr and whole)
                total += full if whole else reduced
        return total

    def has_price(self, code: str) -> bool:
        return self._unit(code)[0] is not None

    def _unit(self, code: str) -> tuple[Any, Any, Any, bool]:
        if isinstance(self.terms.fees, dict):
            return self.terms.fees.get(code), None, None, False
        try:
            price = self.book.price(code, self.day, *self.place)
        except BookRefusal:
            return None, None, None, False
        return price.full_cents, price.reduced_cents, price.pe_rank, price.mppr

    def _reduction(self, code: str) -> int:
        full, reduced, _, _ = self._unit(code)
        return 0 if reduced is None else full - reduced

    def billed_lines(self, changed: dict[tuple[int, str], int] | None = None) -> list[Line]:
        """All lines of the day as in the file, units set as `changed` says by pool and code; new codes last."""
        changed = changed or {}
        rows = sorted(
            (LANES.get(pool.visits[0]["discipline"], 3), pool.line[code], -self._reduction(code), code, number)
            for number, pool in enumerate(self.pools)
            for code in pool.billed
        )
        made = [(code, changed.get((number, code), self.pools[number].billed[code])) for *_, code, number in rows]
        fresh = [(code, units) for (number, code), units in changed.items() if code not in self.pools[number].billed]
        return made + sorted(fresh)

    def worth(self, changed: dict[tuple[int, str], int]) -> int | None:
        """The day with these units less the day as billed; null where a changed code has no price."""
        for (number, code), units in changed.items():
            if units != self.pools[number].billed.get(code, 0) and not self.has_price(code):
                return None
        return self.price(self.billed_lines(changed)) - self.price(self.billed_lines())

    def findings(self) -> list[Finding]:
        return [found for number, pool in enumerate(self.pools) for found in pool.findings(number)]


class Pool:
    """Visits whose minutes are counted together."""

    def __init__(self, day: _Day, visits: list[Row]) -> None:
        self.day, self.visits = day, visits
        self.claimed = day.lines[visits[0]["visit_id"]] is not None
        self.taken: list[Row] = []
        self.billed: dict[str, int] = {}
        self.line: dict[str, int] = {}
        self.claims_of: dict[str, set[str]] = defaultdict(set)
        self.odd: set[str] = set()
        self.minutes: dict[str, int] = {}
        self.performed: dict[str, str] = {}
        self.missing: set[str] = set()
        self.by_month: set[str] = set()  # performed, and counted by the minutes of a month
        self.by_days: set[str] = set()  # devices whose days of data are on record
        self._record()

    def take(self, line: Row, root: str) -> None:
        """One line of a claim in force."""
        code = line["code"]
        self.taken.append(line)
        if line["units"] is None:
            self.odd.add(code)
        self.billed[code] = self.billed.get(code, 0) + (line["units"] or 0)
        self.line[code] = min(self.line.get(code, 999), line["line"])
        self.claims_of[code].add(root)

    def _record(self) -> None:
        first = self.visits[0]["visit_id"]
        names = {visit["visit_id"] for visit in self.visits}
        rows = [row for row in self.day.facts.services if row["visit_id"] in names]
        for row in sorted(rows, key=lambda row: (row["visit_id"] != first, row["seq"], row["code"])):
            code, held = row["code"], self.day.book.codes_by_number.get(row["code"])
            self.performed[code] = min(self.performed.get(code, row["visit_id"]), row["visit_id"])
            if code in MONTHLY:
                self.by_month.add(code)
                if row["minutes"] is None and row["mode"] != "group":
                    self.missing.add(code)
            elif row.get("data_days") is not None:
                self.by_days.add(code)
            if held and held.timed and code not in MONTHLY:
                group = row["mode"] == "group"
                if row["minutes"] is None and not group:
                    self.missing.add(code)
                self.minutes[code] = self.minutes.get(code, 0) + (0 if group else row["minutes"] or 0)

    def _earned(self) -> dict[str, int]:
        codes = self.day.book.codes_by_number
        pools = {code: codes[code].pool for code in self.minutes}
        lengths = {code: codes[code].minutes_per_unit for code in self.minutes}
        answers = right_answers(self.day.terms.rule, self.minutes, pools, lengths)
        timed = {code: units for code, units in self.billed.items() if code in codes and codes[code].timed}
        timed = {code: units for code, units in timed.items() if code not in MONTHLY}
        earned = nearest(answers, timed)
        for code in self.performed:
            if code in self.by_month:
                earned[code] = self.billed.get(code, 0)
            elif code in self.by_days:
                earned[code] = min(self.billed.get(code, 0), codes[code].ceiling or 1)
            elif code in codes and not codes[code].timed:
                earned[code] = max(1, min(self.billed.get(code, 0), codes[code].ceiling or 1))
        return earned

    def visit_of(self, code: str) -> str:
        """The visit that billed the code (of several the one that recorded it, for an add-on code it or its base),
        else the first that recorded it."""
        if not self.billed.get(code):
            base = code if code in self.performed else "97129"
            return self.performed[base]
        root = {visit["visit_id"]: self.day.root[visit["visit_id"]] for visit in self.visits}
        first = min(name for name in root if root[name] in self.claims_of[code])
        ours = [name for name in root if root[name] == root[first]]
        recorder = self.performed.get(code) or (self.performed.get("97129") if code == "97130" else None)
        return recorder if recorder in ours else first

    def findings(self, number: int) -> list[Finding]:
        refused = any(visit["visit_id"] in self.day.refused for visit in self.visits)
        if refused or not self.day.counted:
            if not self.claimed:
                return [(self.visits[0]["visit_id"], "visit_not_billed", "", None, 0)] if self.day.any_claims else []
            return [row for row in self._untimed(number) if row[1] == "untimed_repeated" and self.day.counted]
        made: list[Finding] = [
            (self.visit_of(code), "minutes_missing", code, 0, self._risk(number, code)) for code in self.missing
        ]
        earned = self._earned()
        known = self.day.book.codes_by_number
        odd = any(code in known and known[code].timed and code not in MONTHLY for code in self.odd)
        blocked = bool(self.missing - MONTHLY) or odd
        blocked = blocked or sum(self.minutes.values()) > 24 * 60
        if not self.claimed:
            return made + (self._missed(number, earned, blocked) if self.day.any_claims else [])
        for code in self.billed:
            if code not in MONTHLY and self.unrecorded(code, earned):
                made.append((self.visit_of(code), "not_recorded", code, 0, self._risk(number, code)))
        if not blocked:
            made += self._timed(
                number, {c: units for c, units in earned.items() if known[c].timed and c not in MONTHLY}
            )
        return made + self._untimed(number)

    def unrecorded(self, code: str, earned: dict[str, int]) -> bool:
        """Whether a billed code has no service, where there is a record or should be one."""
        bare = self.billed[code] and code not in self.performed and not earned.get(code)
        return bool(bare and (self.performed or self.day.covered))

    def _risk(self, number: int, code: str) -> int | None:
        """What the line is worth, of the units that one day allows where it is untimed and repeated."""
        held = self.day.book.codes_by_number.get(code)
        most = max(1, held.ceiling or 1) if held and not held.timed else self.billed.get(code, 0)
        allowed = self.day.worth({(number, code): min(most, self.billed.get(code, 0))})
        worth = self.day.worth({(number, code): 0})
        return None if worth is None or allowed is None else allowed - worth

    def _timed(self, number: int, earned: dict[str, int]) -> list[Finding]:
        billed = {code: self.billed.get(code, 0) for code in earned if code in self.performed or earned[code]}
        differ = [code for code in billed if billed[code] != earned[code]]
        if not differ:
            return []
        if sum(billed.values()) == sum(earned.values()):
            cents = self.day.worth({(number, code): earned[code] for code in billed})
            gaining = min(code for code in differ if earned[code] > billed[code])
            return [
                (self.visit_of(code), "units_misallocated", code, cents if code == gaining else 0, 0)
                for code in differ
            ]
        made = []
        for code in differ:
            kind = "units_over" if billed[code] > earned[code] else "units_under" if billed[code] else "not_billed"
            made.append((self.visit_of(code), kind, code, self.day.worth({(number, code): earned[code]}), 0))
        return made

    def _untimed(self, number: int) -> list[Finding]:
        made: list[Finding] = []
        for code in {**self.performed, **self.billed}:
            held = self.day.book.codes_by_number.get(code)
            if held is None or held.timed:
                continue
            most = max(1, held.ceiling or 1)
            if self.billed.get(code, 0) > most:
                cents = self.day.worth({(number, code): most})
                made.append((self.visit_of(code), "untimed_repeated", code, cents, 0))
            elif (
                code in self.performed.keys() - self.by_days
                and not self.billed.get(code)
                and code not in self.odd
                and not self._unpaid(code)
            ):
                made.append((self.visit_of(code), "not_billed", code, self.day.worth({(number, code): 1}), 0))
        return made

    def _unpaid(self, code: str) -> bool:
        return not isinstance(self.day.terms.fees, dict) and self.day.has_price(code) and self.day._unit(code)[0] == 0

    def _missed(self, number: int, earned: dict[str, int], blocked: bool) -> list[Finding]:
        known = self.day.book.codes_by_number
        pays = any(units and not self._unpaid(code) for code, units in earned.items())
        if self.performed and not pays and not blocked and all(code in known for code in self.performed):
            return []
        sure = {code: units for code, units in earned.items() if units and not (blocked and known[code].timed)}
        priced = {(number, code): units for code, units in sure.items() if self.day.has_price(code)}
        cents = self.day.worth(priced) if priced else None if sure else 0
        return [(self.visits[0]["visit_id"], "visit_not_billed", "", cents, 0)]

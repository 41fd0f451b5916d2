"""What the checks look at, once more in plain dictionaries: lines in force, services and visits, with what is known.

Stands on the plain days of `oracle.days`. A check's plain reading is a function of `Plain` in a file of the check's
name; it gives hits, of which `told` makes findings as the fast checks state them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from oracle.days import BEARS, LANES, MONTHLY, Pool, days_of

from everyunit.errors import BookRefusal
from everyunit.rulebook import Book, Practice

Row = dict[str, Any]
FEDERAL = {"MA", "MB", "MC", "CH", "VA", "OF", "TV"}


@dataclass
class Plain:
    """Dictionaries of lines, services and kept visits; plans, authorizations, notes and readings as brought; the
    book."""

    lines: list[Row]
    services: list[Row]
    visits: list[Row]
    plans: list[Row]
    authorizations: list[Row]
    notes: list[Row]
    readings: list[Row]
    book: Book
    pools: dict[str, tuple[Any, int, Pool]]  # by visit: its day, the pool's number in it, the pool

    def billed(self) -> list[Row]:
        """Lines that charge at least one unit, in the order of visit, claim and line."""
        held = [line for line in self.lines if line["units"] > 0]
        return sorted(held, key=lambda line: (line["visit_id"], line["made"], line["line"]))

    def value(self, name: str, day: int) -> int | None:
        """A threshold of the book, None on a day that it does not know."""
        try:
            return int(self.book.value(f"thresholds.{name}", day).value)
        except BookRefusal:
            return None

    def trait(self, name: str) -> dict[str, str]:
        """Code -> value of a trait."""
        rows = self.book.traits.rows(named=True)
        return {row["code"]: row["value"] for row in rows if row["trait"] == name}

    def worth(self, visit_id: str, code: str, less: int) -> int | None:
        """The patient's day with so many units of the code fewer, less the day as billed."""
        day, number, pool = self.pools[visit_id]
        less = max(0, less - self._taken(visit_id, code)) if less > 0 else less
        if not less:
            return 0
        target = max(pool.billed.get(code, 0) - less, 0)
        found: int | None = day.worth({(number, code): target})
        return found

    def change(self, visit_id: str, less: dict[str, int], more: dict[str, int]) -> int | None:
        """The patient's day with fewer units of some codes and more of others, less the day as it will be billed."""
        day, number, pool = self.pools[visit_id]
        off = {code: self._taken(visit_id, code) for code in (*less, *more)}
        left = {code: pool.billed.get(code, 0) - off[code] for code in off}
        after = {c: max(0, left[c] - less.get(c, 0)) + more.get(c, 0) for c in left}
        worths = [day.worth({(number, code): units for code, units in made.items()}) for made in (after, left)]
        changed = any(after[c] != left[c] and not day.has_price(c) for c in left)
        return None if changed or None in worths else worths[0] - worths[1]

    def _taken(self, visit_id: str, code: str) -> int:
        """Units that the count of the day takes off by itself."""
        _, number, pool = self.pools[visit_id]
        kinds = {kind for _, kind, one, *_ in pool.findings(number) if one == code}
        billed, held = pool.billed.get(code, 0), self.book.codes_by_number.get(code)
        if {"units_over", "units_misallocated"} & kinds:
            return max(0, billed - int(pool._earned().get(code, 0)))
        return billed - max(1, (held.ceiling if held else 1) or 1) if "untimed_repeated" in kinds else 0


def plain(facts: Any, practice: Practice, book: Book) -> Plain:
    """The same rows that the audit takes, read plainly."""
    made = Plain([], [], [], facts.plans, facts.authorizations, facts.notes, facts.readings, book, {})
    claims = {claim["claim"]: claim for claim in facts.claims}
    order = {row["transaction"]: (row["created_day"], row["created_time"], row["control_number"])
             for row in facts.transactions}  # fmt: skip
    sent: dict[str, int] = {}
    for claim in facts.claims:
        made_on = order[claim["transaction"]][0]
        sent[claim["claim_id"]] = min(sent.get(claim["claim_id"], made_on), made_on)
    days = days_of(facts, practice, book)
    for day in days:
        prices = _prices(day)
        for number, pool in enumerate(day.pools):
            for visit in pool.visits:
                made.visits.append(_visit(day, visit))
                made.pools[visit["visit_id"]] = (day, number, pool)
            made.lines += _lines(day, number, pool, claims, order, prices, sent)
    whose = {visit["visit_id"]: visit for visit in made.visits}
    for row in facts.services:
        if row["visit_id"] in whose:
            held = book.codes_by_number.get(row["code"])
            made.services.append(_service(row) | whose[row["visit_id"]] | {"timed": _by_day(held)})
    return made


def _visit(day: Any, visit: Row) -> Row:
    kind = day.book.payer_kind(day.terms.name, day.filing)
    by_terms = day.terms.rule == "cms" and day.terms.fees == "medicare" and not day.terms.contracts
    return {
        "visit_id": visit["visit_id"], "patient": visit.get("patient_id") or "?" + visit["visit_id"],
        "payer": visit["payer_id"], "day": day.day, "discipline": visit["discipline"],
        "clinician": visit["clinician_npi"], "medicare": kind in ("medicare", "railroad_medicare"),
        "federal": day.filing in FEDERAL if day.filing else by_terms, "kind": kind,
        "filing_days": day.terms.filing_days,
        "limits": (day.terms.day_units, day.terms.ceilings), "claimed": day.lines[visit["visit_id"]] is not None,
        "check_in": _minute(visit.get("check_in")), "check_out": _minute(visit.get("check_out")),
    }  # fmt: skip


def _service(row: Row) -> Row:
    return {
        "code": row["code"], "minutes": row["minutes"], "mode": row["mode"], "by": row.get("performed_by") or "",
        "assistant": row.get("assistant_minutes") or 0, "start": _minute(row.get("start")),
        "end": _minute(row.get("end")), "data_days": row.get("data_days"), "contact": row.get("live_contact"),
    }  # fmt: skip


def _minute(time: str | None) -> int | None:
    return int(time[:2]) * 60 + int(time[3:5]) if time else None


def _lines(day: Any, number: int, pool: Pool, claims: Any, order: Any, prices: Any, sent: Any) -> list[Row]:
    made = []
    earned = pool._earned()
    first = {}
    for line in sorted(pool.taken, key=lambda line: (order[line["transaction"]], line["claim"], line["line"])):
        claim, code = claims[line["claim"]], line["code"]
        reduced, extra = prices[number, code]
        price = None if reduced is None else reduced * (line["units"] or 0)
        if price is not None and first.setdefault(code, line) is line:
            price += extra
        held = day.book.codes_by_number.get(code)
        marks = [mark for mark in (line["modifiers"] or "").split(":") if mark]
        whose = _visit(day, _bearer(day, pool, line))
        made.append(whose | {
            "claim_id": claim["claim_id"], "made": (order[line["transaction"]], claim["claim"]), "claim": claim,
            "line": line["line"], "code": code, "units": line["units"] or 0, "marks": marks,
            "modifiers": line["modifiers"] or "", "charge": line["charge_cents"] or 0, "price": price,
            "named": _named(marks), "pointers": line.get("pointers") or "",
            "rendering": line.get("rendering_npi") or claim.get("rendering_npi"),
            "authorization": line.get("prior_authorization") or claim.get("prior_authorization") or "",
            "place": line.get("place_of_service") or claim.get("place_of_service"), "sent": sent[claim["claim_id"]],
            "timed": _by_day(held), "recorded": code in pool.performed,
            "unrecorded": _unrecorded(day, pool, code, earned),
            "minutes": pool.minutes.get(code, 0), "earned": earned.get(code, 0),
        })  # fmt: skip
    return made


def _by_day(held: Any) -> bool:
    """Whether the minutes of its day make its units."""
    return bool(held and held.timed and held.code not in MONTHLY)


def _unrecorded(day: Any, pool: Pool, code: str, earned: dict[str, int]) -> bool:
    shut = not day.counted or any(visit["visit_id"] in day.refused for visit in pool.visits)
    return not shut and pool.unrecorded(code, earned)


def _named(marks: list[str]) -> str:
    """Of several disciplines that a line names the last in the order of the book: a line names one."""
    named = [BEARS[mark] for mark in ("GP", "GO", "GN") if mark in marks]
    return named[-1] if named else ""


def _bearer(day: Any, pool: Pool, line: Row) -> Row:
    """The visit on whose claim the line stands: the first of that claim in the line's pool."""
    root = next(name for name, lines in _roots_of(day).items() if any(held is line for held in lines))
    return min((v for v in pool.visits if day.root[v["visit_id"]] == root), key=lambda v: v["visit_id"])


def _roots_of(day: Any) -> dict[str, list[Row]]:
    return {day.root[name]: lines for name, lines in day.lines.items() if lines is not None}


def _prices(day: Any) -> dict[tuple[int, str], tuple[int | None, int]]:
    """By pool and code: cents of one unit, and what the unit of the day that keeps its practice expense gets back.

    It is a unit of the code with the highest practice expense; of equals the first in the file.
    """
    made: dict[tuple[int, str], tuple[int | None, int]] = {}
    rows = sorted(
        (LANES.get(pool.visits[0]["discipline"], 3), pool.line[code], -day._reduction(code), code, number)
        for number, pool in enumerate(day.pools)
        for code in pool.billed
    )
    keeper, best = None, None
    for *_, code, number in rows:
        full, reduced, rank, mppr = day._unit(code)
        made[number, code] = (reduced if reduced is not None else full, 0)
        if mppr and day.pools[number].billed[code] > 0 and (best is None or rank > best):
            keeper, best = (number, code), rank
    if keeper is not None:
        full, reduced, _, _ = day._unit(keeper[1])
        made[keeper] = (reduced, full - reduced)
    return made


def hit(seen: Row, kind: str, **more: Any) -> Row:
    """What a check sees in one line; `more` may set code, units, earned, off, cents and risk, or line to None."""
    row = {"visit_id": seen["visit_id"], "kind": kind, "code": seen["code"], "line": seen["line"],
           "made": seen["made"], "units": seen["units"]}  # fmt: skip
    return row | {"earned": None, "off": 0, "cents": None, "risk": 0} | more


def bare_hit(seen: Row, kind: str) -> Row:
    """What a check sees in a service, or on a clinician's day (visit_id empty)."""
    row = {"visit_id": seen["visit_id"], "kind": kind, "code": seen["code"], "line": None, "made": (), "units": 0}
    row |= {"earned": None, "off": 0, "cents": None, "risk": 0}
    return row if seen["visit_id"] else row | {"on": (seen["clinician"], seen["day"])}


def told(facts: Plain, hits: list[Row]) -> list[Row]:
    """One finding a visit, code and kind. What is said of several lines of a code adds up; what is said of a visit
    is said once, by its lowest line."""
    groups: dict[Any, list[Row]] = {}
    ordered = sorted(hits, key=lambda row: (row["line"] is None, row["line"] or 0, row["made"]))
    for row in ordered:
        known = groups.setdefault((row["visit_id"], row["code"], row["kind"], row.get("on", ())), [])
        if not known or (row["code"] and all((row["made"], row["line"]) != (k["made"], k["line"]) for k in known)):
            known.append(row)
    made = []
    for (visit, code, kind, on), rows in sorted(groups.items()):
        off = sum(row["off"] for row in rows)
        stated = [row["cents"] for row in rows if row["cents"] is not None]
        blind = not stated and any(row.get("blind") for row in rows)
        cents = sum(stated) if stated else None if blind else facts.worth(visit, code, off) if off else 0
        earned = [row["earned"] for row in rows if row["earned"] is not None]
        made.append({
            "visit": visit, "on": on, "kind": kind, "code": code, "line": rows[0]["line"],
            "units": sum(row["units"] for row in rows), "earned": sum(earned) if earned else None,
            "cents": cents, "risk": sum(row["risk"] for row in rows),
        })  # fmt: skip
    return made


def side(line: Row) -> str:
    """One provider of a day: on professional claims the discipline, on institutional ones everybody."""
    professional = line["claim"].get("kind") == "837P"
    return (line["discipline"] or line["named"] or "") if professional else ""

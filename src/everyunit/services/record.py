"""The facts of one patient's day with one payer, gathered from the ledger for a proof."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

from everyunit.audit import Charges, Inputs, charges_in_force
from everyunit.audit.corrections import VOIDS
from everyunit.audit.pool import LANES
from everyunit.ledger import Ledger
from everyunit.rulebook import Book, PayerTerms, Practice
from everyunit.services.note_services import services_from_notes


@dataclass(frozen=True)
class DayFacts:
    """One visit among the kept visits of its patient, day and payer; charges in force and all lines sent."""

    visit: dict[str, Any]
    visits: list[dict[str, Any]]
    services: list[dict[str, Any]]
    charges: list[dict[str, Any]]
    sent: list[dict[str, Any]]
    roots: dict[str, str]
    terms: PayerTerms
    place: tuple[str, str]

    @property
    def day(self) -> int:
        """Epoch day of the visit."""
        return int(self.visit["service_day"])

    @property
    def claimed(self) -> set[str]:
        """Visits that a claim in force charges."""
        charged = {row["root"] for row in self.charges}
        return {row["visit_id"] for row in self.visits if self.roots.get(row["claim_id"], row["claim_id"]) in charged}

    def pool(self) -> list[dict[str, Any]]:
        """Visits whose minutes are counted with those of the visit."""
        mine = self.visit["visit_id"]
        claimed = self.claimed
        if mine not in claimed:
            return [row for row in self.visits if row["visit_id"] == mine]
        same = self.visit["discipline"] or ""
        return [row for row in self.visits if row["visit_id"] in claimed and (row["discipline"] or "") == same]

    def beside(self, visit_id: str) -> list[str]:
        """The other visits of the pool."""
        return [row["visit_id"] for row in self.pool() if row["visit_id"] != visit_id]

    def performed(self) -> list[dict[str, Any]]:
        """Services of the pool in the order recorded, those of its first visit first."""
        ours = sorted(row["visit_id"] for row in self.pool())
        rows = [row for row in self.services if row["visit_id"] in ours]
        return sorted(rows, key=lambda row: (row["visit_id"] != ours[0], row["seq"] or 0, row["code"]))

    def day_lines(self) -> list[dict[str, Any]]:
        """Charges of the whole day in the order of the claims: visit's discipline, line."""
        return sorted(self.charges, key=lambda row: (row["lane"], row["line"] or 0, row["code"]))

    def billed(self) -> dict[str, int]:
        """Units in force by code, of the pool of the visit."""
        made: dict[str, int] = {}
        mine = LANES.get(self.visit["discipline"] or "", 3)
        for row in self.day_lines():
            if row["lane"] == mine and self.visit["visit_id"] in self.claimed:
                made[row["code"]] = made.get(row["code"], 0) + row["units"]
        return made

    def claim_ids(self, claim_id: str | None) -> list[str]:
        """Numbers of the claim of the visit and of its corrections."""
        root = self.roots.get(claim_id or "", claim_id)
        return sorted(
            {row["claim_id"] for row in self.sent if row["root"] == root} | ({claim_id} if claim_id else set())
        )

    def lines(self, claim_id: str | None) -> list[dict[str, Any]]:
        """Lines of that claim and its corrections, of every day, each with `in_force` and `state`."""
        wanted = self.claim_ids(claim_id)
        return [row for row in self.sent if row["claim_id"] in wanted]

    def lines_beside(self) -> list[dict[str, Any]]:
        """Lines of the day, with visit_id, on other claims of the visits whose minutes pool with this one."""
        seen = set(self.claim_ids(self.visit["claim_id"]))
        made = []
        for visit in self.pool():
            wanted = set(self.claim_ids(visit["claim_id"])) - seen
            seen |= wanted
            ours = [row for row in self.sent if row["claim_id"] in wanted and row["service_day"] == self.day]
            made += [{**row, "visit_id": visit["visit_id"]} for row in ours]
        return made


def gather(ledger: Ledger, visit: dict[str, Any], practice: Practice) -> DayFacts:
    """The facts of the day of this visit, in a home that has been judged."""
    visits = _visits(ledger, visit)
    services = [row for other in visits for row in _services(ledger, other)]
    numbers, roots = _numbers(ledger, sorted({row["claim_id"] for row in visits if row["claim_id"]}))
    claims = _all(ledger, "claims", numbers)
    lines = _all(ledger, "claim_lines", numbers)
    inputs = Inputs(
        visits=pl.DataFrame(visits, infer_schema_length=None),
        claims=claims,
        claim_lines=lines,
        transactions=_transactions(ledger, claims),
        remit_claims=_all(ledger, "remit_claims", numbers) if roots else None,
    )
    charges = charges_in_force(inputs)
    in_force = _in_force(charges, visits, roots, int(visit["service_day"]))
    filing = claims.filter(pl.col("sequence").fill_null("P") == "P")["filing_code"].drop_nulls().to_list()
    payer_id, name = visit["payer_id"] or "", visit["payer_name"] or ""
    terms = practice.payers.get(payer_id) or Book.load().default_terms(payer_id, name, filing[0] if filing else "")
    place = practice.clinics.get(visit["clinic"] or "", ("", ""))
    return DayFacts(visit, visits, services, in_force, _sent(lines, claims, charges, roots), roots, terms, place)


def _services(ledger: Ledger, visit: dict[str, Any]) -> list[dict[str, Any]]:
    """The services on record; where none came, those of the note."""
    held = _rows(ledger, "services", "visit_id", visit["visit_id"], "seq")
    if held or not ledger.find("refusals", "visit_id", visit["visit_id"]).is_empty():
        return held
    return services_from_notes(ledger).filter(pl.col("visit_id") == visit["visit_id"]).sort("seq").to_dicts()


def _rows(ledger: Ledger, table: str, column: str, value: str, order: str) -> list[dict[str, Any]]:
    return ledger.find(table, column, value).sort(order).to_dicts()


def _visits(ledger: Ledger, visit: dict[str, Any]) -> list[dict[str, Any]]:
    """The kept visits of the patient, day and payer, this one at least."""
    together = pl.read_parquet(ledger.derived() / "together.parquet")
    first = together.filter(pl.col("visit_id") == visit["visit_id"])["first_id"]
    if first.is_empty():
        return [visit]
    names = together.filter(pl.col("first_id") == first[0])["visit_id"].sort()
    return [ledger.find("visits", "visit_id", name).row(0, named=True) for name in names]


def _numbers(ledger: Ledger, claim_ids: list[str]) -> tuple[list[str], dict[str, str]]:
    """These claims with their corrections under other numbers, and the root of each such correction."""
    aliases = pl.read_parquet(ledger.derived() / "aliases.parquet")
    ours = aliases.filter(pl.col("claim_id").is_in(claim_ids))["root"].to_list() + claim_ids
    kin = aliases.filter(pl.col("root").is_in(ours))
    return sorted({*ours, *kin["claim_id"]}), dict(kin.select("claim_id", "root").rows())


def _all(ledger: Ledger, table: str, numbers: list[str]) -> pl.DataFrame:
    found = [ledger.find(table, "claim_id", number) for number in numbers]
    return pl.concat([ledger.table(table).empty(), *found])


def _transactions(ledger: Ledger, claims: pl.DataFrame) -> pl.DataFrame | None:
    """When the claims were made: needed only where several were sent to one payer."""
    turn = pl.col("sequence").fill_null("P")
    if claims.height - claims.select("claim_id", turn).n_unique() == 0 and claims["claim_id"].n_unique() < 2:
        return None
    sources = claims["source_id"].unique().to_list()
    return ledger.scan("transactions").filter(pl.col("source_id").is_in(sources)).collect()


def _in_force(
    charges: Charges, visits: list[dict[str, Any]], roots: dict[str, str], day: int
) -> list[dict[str, Any]]:
    """Charges in force of the day, each with the lane of the discipline it belongs to."""
    made = []
    for row in charges.lines.to_native().collect().to_dicts():
        ours = [one for one in visits if roots.get(one["claim_id"], one["claim_id"]) == row["root"]]
        if row["service_day"] != day or not ours:
            continue
        named = [one for one in ours if one["discipline"] == row["discipline"]] or ours
        made.append({**row, "lane": LANES.get(named[0]["discipline"] or "", 3)})
    return made


def _sent(lines: pl.DataFrame, claims: pl.DataFrame, charges: Charges, roots: dict[str, str]) -> list[dict[str, Any]]:
    """Every line sent, with root, in_force and state: in force, secondary, sent again, voided or replaced."""
    standing = charges.standing.claims.to_native().collect() if charges.standing.any else None
    winners = charges.winners.to_native().collect()
    alive: dict[tuple[str, int], tuple[int, int]] = {}
    if standing is not None:
        rows = standing.select("source_id", "claim", "claim_key", "secondary").rows()
        alive = {(row[0], row[1]): (row[2], row[3]) for row in rows}
    counts = set(winners.select("claim_key", "service_day").rows())
    facts = {(row["source_id"], row["claim"]): row for row in claims.to_dicts()}
    voided = _voided(facts.values(), roots)
    columns = ("claim_id", "line", "code", "modifiers", "units", "charge_cents", "service_day")
    made = []
    for row in lines.sort("source_id", "claim", "line").to_dicts():
        told = {name: row[name] for name in columns}
        told["root"] = roots.get(row["claim_id"], row["claim_id"])
        place = (row["source_id"], row["claim"])
        key, secondary = alive.get(place, (None, 0))
        in_force = (key, row["service_day"]) in counts
        state = "in force" if in_force else "secondary" if secondary else "sent again" if key is not None else ""
        state = state or _ended(facts.get(place), told["root"] in voided)
        made.append({**told, "in_force": in_force, "state": state})
    return made


def _voided(claims: Iterable[dict[str, Any]], roots: dict[str, str]) -> set[str]:
    """Numbers under which a void was sent."""
    return {roots.get(row["claim_id"], row["claim_id"]) for row in claims if row["frequency"] == VOIDS}


def _ended(claim: dict[str, Any] | None, voided: bool) -> str:
    if claim is not None and (claim["sequence"] or "P") != "P":
        return "secondary"
    if claim is not None and claim["frequency"] == VOIDS:
        return "void"
    return "voided" if voided else "replaced"

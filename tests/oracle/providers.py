"""Who billed, treated and referred: the check digit by Luhn's way, digit after digit."""

from __future__ import annotations

from collections.abc import Callable

from oracle.facts import Plain, Row, hit


def luhn(number: str) -> bool:
    """Every second digit from the right is doubled, its digits are summed; the sum ends in 0."""
    total = 0
    for at, digit in enumerate(reversed(number)):
        doubled = int(digit) * (2 if at % 2 else 1)
        total += doubled if doubled < 10 else doubled - 9
    return total % 10 == 0


def hits(facts: Plain) -> list[Row]:
    roles: dict[str, Callable[[Row], str]] = {
        "billing": lambda line: line["claim"].get("billing_npi") or "",
        "rendering": lambda line: line["rendering"] or "",
        "referring": lambda line: line["claim"].get("referring_npi") or "",
    }
    made = []
    for role in roles.values():
        made += _visits(facts, "npi_invalid", lambda line, role=role: bool(role(line)) and not _right(role(line)))
    made += _visits(
        facts, "referring_missing",
        lambda line: line["medicare"] and line["claim"].get("kind") == "837P"
        and roles["referring"](line) in ("", roles["rendering"](line)),
    )  # fmt: skip
    return made + _taxonomies(facts)


def _right(npi: str) -> bool:
    return len(npi) == 10 and npi.isdigit() and luhn("80840" + npi)


def _taxonomies(facts: Plain) -> list[Row]:
    table = [row for row in facts.book.taxonomies.rows(named=True) if row["discipline"]]
    of, helpers = (
        {row["taxonomy"]: row["discipline"] for row in table},
        {r["taxonomy"] for r in table if r["assistant"]},
    )
    visits: dict[str, list[Row]] = {}
    for line in facts.lines:
        if line["named"] and line["claim"].get("rendering_taxonomy") in of:
            visits.setdefault(line["visit_id"], []).append(line)
    made = []
    for lines in visits.values():
        strange = all(
            of[line["claim"]["rendering_taxonomy"]] not in (line["named"], line["discipline"]) for line in lines
        )
        if strange or any(line["medicare"] and line["claim"]["rendering_taxonomy"] in helpers for line in lines):
            made.append(_of_visit(lines, "taxonomy_mismatch"))
    return made


def _visits(facts: Plain, kind: str, test: Callable[[Row], bool]) -> list[Row]:
    visits: dict[str, list[Row]] = {}
    for line in facts.billed():
        if test(line):
            visits.setdefault(line["visit_id"], []).append(line)
    return [_of_visit(lines, kind) for lines in visits.values()]


def _of_visit(lines: list[Row], kind: str) -> Row:
    risk = sum(line["price"] or 0 for line in lines)
    return hit(min(lines, key=lambda line: line["line"]), kind, code="", units=0, risk=risk)

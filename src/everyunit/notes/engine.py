"""Reading one note from end to end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from everyunit.notes.decide import decide
from everyunit.notes.elements import elements
from everyunit.notes.findings import findings
from everyunit.notes.gather import gather
from everyunit.notes.parsed import parse
from everyunit.notes.passages import passages
from everyunit.notes.reading import Reading
from everyunit.notes.session import clock, count_passages


def read(
    note: str,
    discipline: str = "PT",
    payer: str = "",
    billed: Mapping[str, int] | Iterable[tuple[str, int]] = (),
) -> Reading:
    """What a note says was done today, and where that disagrees with the codes.

    `discipline` is PT, OT or SLP; `payer` is medicare_b, medicare_advantage, medicaid, commercial, workers_comp,
    home_health, part_a_snf or empty; `billed` maps codes to units (empty: no finding is made). Answers depend on
    nothing but these; the cost grows with the length of the note alone.
    """
    units: dict[str, int] = {}
    for code, number in billed.items() if isinstance(billed, Mapping) else billed:
        units[str(code).upper()] = units.get(str(code).upper(), 0) + int(number)
    parsed = parse(note, discipline.upper()[:3] or "PT")
    found = gather(parsed)
    done = decide(found, parsed, payer.lower(), units)
    taken = [(made.start, made.end) for made in done] + [(bare.start, bare.end) for bare in found.bare]
    told = passages(parsed, taken)
    minutes = clock(parsed, found, done, units)
    count_passages(parsed, told, minutes, done)
    shown = elements(parsed, done, bool(found.summary))
    return Reading(
        done, found.aside, told, shown, minutes,
        findings(parsed, found, done, told, minutes, payer.lower(), units),
    )  # fmt: skip

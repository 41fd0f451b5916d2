"""Running the checks: of the days given, of claims for which no visit was brought, and of everything together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import narwhals as nw
import polars as pl

from everyunit.audit import duplicates
from everyunit.audit.charges import Charges
from everyunit.audit.checks import HITS, Check, findings_of_hits, run, valued
from everyunit.audit.compare import compare
from everyunit.audit.day import Day
from everyunit.audit.engine import bring
from everyunit.audit.facts import Facts, facts_of
from everyunit.audit.inputs import FINDINGS, Inputs
from everyunit.audit.orphans import members, visits_of_orphans
from everyunit.audit.rules import AFTER_SENDING, COURSE, DAY, PRACTICE
from everyunit.frames import conform, lazy, polars
from everyunit.rulebook import Book, Practice

UNSENT = tuple(check for check in DAY if check not in AFTER_SENDING)
FRAMES = ("lines", "services", "visits")


def review(
    day: Day, inputs: Inputs, practice: Practice, book: Book, whole: bool = True, sent: bool = True
) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """Findings of the checks, and the history that later checks need where these days are not the whole.

    Of claims not `sent` yet, what is said of a clinician or of the day of sending is left out.
    """
    more = visits_of_orphans(day.charges, inputs, day.kept)
    bare = more.height > 0 and polars(day.kept.head(1)).is_empty()  # claims alone: there is no other side
    sides = [] if bare else [(day, facts_of(day, inputs, book, practice))]
    if more.height:
        sides.append(_without_record(more, day.charges, inputs, practice, book))
    found = [_of_days(each, facts, DAY if sent else UNSENT, sent) for each, facts in sides]
    if len(sides) == 2:
        hits = duplicates.without_visit(sides[0][1], sides[1][1], members(day.charges, inputs))
        found.append(findings_of_hits(conform(hits, HITS), sides[1][1].visits, book, sent))
    together = _joined([facts for _, facts in sides])
    if whole:
        found.append(_later((*COURSE, *PRACTICE) if sent else COURSE, together, book, sent))
        return pl.concat(found), {}
    return pl.concat(found), {name: polars(getattr(together, name)) for name in FRAMES}


def review_claims(charges: Charges, inputs: Inputs, practice: Practice, book: Book) -> pl.DataFrame:
    """Findings of the checks of days and courses for claims not sent yet, to which no visit at all was brought."""
    more = visits_of_orphans(charges, inputs)
    if more.is_empty():
        return FINDINGS.empty()
    day, facts = _without_record(more, charges, inputs, practice, book)
    return pl.concat([_of_days(day, facts, UNSENT), _later(COURSE, facts, book)])


def _without_record(
    visits: pl.DataFrame, charges: Charges, inputs: Inputs, practice: Practice, book: Book
) -> tuple[Day, Facts]:
    brought = bring(visits, charges.winners).to_native()
    alone = inputs.but(visits=brought, services=None, refusals=None)
    day = compare(alone, practice, book, charges=charges)
    return day, facts_of(day, alone, book, practice)


def _of_days(day: Day, facts: Facts, checks: tuple[Check, ...], sent: bool = False) -> pl.DataFrame:
    return findings_of_hits(valued(run(checks, facts), day), facts.visits, facts.book, sent)


def review_history(
    history: Mapping[str, pl.LazyFrame], inputs: Inputs, practice: Practice, book: Book,
    buckets: int = 1, say: Callable[[str], None] | None = None,
) -> pl.DataFrame:  # fmt: skip
    """Findings of the checks that see courses of care and the whole practice, from the history of all parts.

    With several `buckets` the patients are looked at in as many turns, so that memory stays bounded.
    """
    found = []
    for number in range(buckets):
        if say and buckets > 1:
            say(f"checking courses of care, part {number + 1} of {buckets}")
        ours = pl.col("patient_id").hash(0) % buckets == number
        frames = {name: frame.filter(ours) if buckets > 1 else frame for name, frame in history.items()}
        held = {name: frame.pipe(polars) for name, frame in frames.items()}
        found.append(_later(COURSE, _facts(held, inputs, practice, book), book, sent=True))
    found.append(_later(PRACTICE, _facts(history, inputs, practice, book), book, sent=True))
    return pl.concat(found)


def _later(checks: tuple[Check, ...], facts: Facts, book: Book, sent: bool = False) -> pl.DataFrame:
    return findings_of_hits(run(checks, facts), facts.visits, book, sent) if checks else FINDINGS.empty()


def _facts(history: Mapping[str, Any], inputs: Inputs, practice: Practice, book: Book) -> Facts:
    frames: dict[str, Any] = {name: lazy(history[name]) for name in FRAMES}
    own: dict[str, Any] = {name: inputs.frame(name) for name in ("notes", "plans", "authorizations", "readings")}
    return Facts(**frames, **own, codes=book.codes(), book=book, practice=practice, named=[], reaches=inputs.reaches)


def _joined(sides: list[Facts]) -> Facts:
    """Visits brought and claims without one, below one another."""
    if len(sides) == 1:
        return sides[0]
    first, other = sides

    def both(above: nw.LazyFrame[Any], below: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        columns = above.collect_schema().names()
        return nw.concat([above, below.select(*columns)], how="vertical")

    return replace(
        first,
        lines=both(first.lines, other.lines),
        services=both(first.services, other.services),
        visits=both(first.visits, other.visits),
        occurring=None if first.occurring is None or other.occurring is None else first.occurring | other.occurring,
        medicare=first.medicare or other.medicare,
        federal=first.federal or other.federal,
    )

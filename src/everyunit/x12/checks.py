"""What must agree inside claims and remittances: sums, levels, reason codes."""

from __future__ import annotations

import numpy as np
import polars as pl

from everyunit.x12 import kinds
from everyunit.x12.elements import amounts, numbers
from everyunit.x12.index import last_upto
from everyunit.x12.loops import Chunk
from everyunit.x12.reasons import GROUPS, REASONS
from everyunit.x12.tags import Lexicon
from everyunit.x12.words import packed

_DOLLARS = "{}{}.{}"
_GROUPS, _REASONS = Lexicon(GROUPS), Lexicon(sorted(REASONS))


def check(chunk: Chunk) -> None:
    """All checks of a piece; each fault becomes a problem."""
    _claims_sent(chunk)
    _decisions(chunk)
    _levels(chunk)
    _reasons(chunk)


def _values(chunk: Chunk, rows: np.ndarray, number: int | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    found = amounts(chunk.segments, rows, number, 2)
    return np.where(found.given, found.value, 0), ~found.bad


def _sums(owner: np.ndarray, cents: np.ndarray, sound: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Sum of the amounts of each owner and whether all of them could be read; owner -1 counts nowhere."""
    total, clean = np.zeros(size + 1, dtype=np.int64), np.ones(size + 1, dtype=bool)
    np.add.at(total, owner, cents)
    if not sound.all():
        clean[owner[~sound]] = False
    return total[:size], clean[:size]


def _money(cents: np.ndarray) -> pl.Series:
    """Cents as text, such as -12.30."""
    frame = pl.DataFrame({"cents": cents}).select(
        pl.format(
            _DOLLARS,
            pl.when(pl.col("cents") < 0).then(pl.lit("-$")).otherwise(pl.lit("$")),
            pl.col("cents").abs() // 100,
            (pl.col("cents").abs() % 100).cast(pl.String).str.zfill(2),
        )
    )
    return frame.to_series()


def _unequal(chunk: Chunk, rows: np.ndarray, wrong: np.ndarray, code: str, words: str, *cents: np.ndarray) -> None:
    """A problem at each wrong row; `words` has one {} for each column of cents."""
    if wrong.any():
        shown = pl.DataFrame({str(place): _money(values[wrong]) for place, values in enumerate(cents)})
        chunk.tell(rows[wrong], code, shown.select(pl.format(words, *shown.columns)).to_series())


def _claims_sent(chunk: Chunk) -> None:
    """CLM02 is the sum of its lines, and a claim has lines."""
    s, rows = chunk.segments, chunk.sent_rows
    if not len(rows):
        return
    lines = chunk.line_rows
    number = np.where(s.tag[lines] == packed("SV2"), 3, 2) if s.held("SV2") else 2
    total, clean = _sums(chunk.owner(lines), *_values(chunk, lines, number), len(chunk.claim_rows))
    held = np.bincount(chunk.claim[lines], minlength=len(chunk.claim_rows) + 1)[1:][~chunk.is_remit]
    charge, sound = _values(chunk, rows, 2)
    total, sound = total[~chunk.is_remit], sound & clean[~chunk.is_remit]
    words = "CLM02 is {}, the lines of the claim add up to {}; correct the charge or the lines."
    _unequal(chunk, rows, sound & (held > 0) & (charge != total), "claim_balance", words, charge, total)
    chunk.tell(
        rows[held == 0], "claim_without_lines", "The claim has no service line; add the lines that it charges."
    )


def _decisions(chunk: Chunk) -> None:
    """Charge less adjustments is paid, for each line and each claim of an 835."""
    s, lines = chunk.segments, chunk.line_rows
    remit = chunk.remit_lines
    if not chunk.is_remit.any() and not len(remit):
        return
    cas = s.fresh("CAS")
    count = s.count(cas)
    amount, sound = np.zeros(len(cas), dtype=np.int64), np.ones(len(cas), dtype=bool)
    for number in range(3, 20, 3):
        some = count >= number
        if not some.any():
            break
        part: np.ndarray | slice = slice(None) if some.all() else some
        value, clean = _values(chunk, cas if isinstance(part, slice) else cas[some], number)
        amount[part] += value
        sound[part] &= clean
    on_line = (chunk.line.take(cas) > 0) & (chunk.claim.take(cas) > 0)
    taken, clean = _sums(np.where(on_line, chunk.line_index.take(cas), -1), amount, sound, len(lines))
    at = chunk.line_index.take(remit)
    charge, good = _values(chunk, remit, 2)
    paid, also = _values(chunk, remit, 3)
    words = "SVC02 {} less the line's adjustments {} is not SVC03 {}; ask the payer for a corrected remittance."
    wrong = good & also & clean[at] & (charge - taken[at] != paid)
    _unequal(chunk, remit, wrong, "line_balance", words, charge, taken[at], paid)
    taken, clean = _sums(chunk.owner(cas), amount, sound, len(chunk.claim_rows))
    rows, taken, clean = chunk.remit_rows, taken[chunk.is_remit], clean[chunk.is_remit]
    charge, good = _values(chunk, rows, 3)
    paid, also = _values(chunk, rows, 4)
    words = "CLP03 {} less all adjustments {} is not CLP04 {}; ask the payer for a corrected remittance."
    wrong = good & also & clean & (charge - taken != paid)
    _unequal(chunk, rows, wrong, "remit_claim_balance", words, charge, taken, paid)


def _levels(chunk: Chunk) -> None:
    """HL numbers run on, and each level stands under the level above it."""
    s = chunk.segments
    levels = s.rows("HL")
    kind = chunk.kind[levels]
    levels = levels[(kind >= kinds.PROFESSIONAL) & (kind <= kinds.CLAIM)]
    if not len(levels):
        return
    code, parent = s.word(levels, 3), s.word(levels, 2)
    start = last_upto(s.rows("ST"), levels)
    for level, above in (("20", ""), ("22", "20"), ("23", "22")):
        here = code == packed(level)
        rows = levels[here]
        wanted = np.zeros(len(rows), dtype=np.uint64)
        if above:
            upper = levels[code == packed(above)]
            found = last_upto(upper, rows)
            found = np.where(found < start[here], -1, found)
            wanted = np.where(found >= 0, s.word(found, 1), np.uint64(1))
        wrong = (parent[here] != wanted) & (rows >= s.replayed)
        name = f"the level {above} above it" if above else "nothing, for it is the top level"
        chunk.tell(rows[wrong], "hl_parent", f"HL02 of a level {level} must name {name}; correct HL02.")
    value = numbers(s, s.element(levels, 1), 2).value // 100
    known = np.append(False, start[1:] == start[:-1])
    wrong = np.where(known, value != np.append(0, value[:-1]) + 1, value != 1) & (levels >= s.replayed)
    wrong &= known | (start >= 0)
    chunk.tell(levels[wrong], "hl_number", "HL01 does not follow the HL before it; number the levels 1, 2, 3.")
    unknown = ~np.isin(code, [packed("20"), packed("22"), packed("23")]) & (levels >= s.replayed)
    chunk.tell(levels[unknown], "hl_level", "HL03 is no level of a claim file; it is 20, 22 or 23.")


def _reasons(chunk: Chunk) -> None:
    """Adjustment groups and reason codes are codes of the published lists."""
    s = chunk.segments
    rows = s.fresh("CAS")
    count = s.count(rows)
    wrong = _GROUPS.numbers(s.word(rows, 1)) == 0
    chunk.tell(rows[wrong], "adjustment_group", "CAS01 is no adjustment group; it is CO, PR, OA, PI or CR.")
    for number in range(2, 18, 3):
        long = count >= number
        some = rows if long.all() else rows[long]
        if not len(some):
            break
        word = s.word(some, number)
        unknown = (_REASONS.numbers(word) == 0) & (word != 0)
        said = f"CAS{number:02d} is no reason code of the published list; ask the payer what was meant."
        chunk.tell(some[unknown], "adjustment_reason", said)
        if word.all():
            continue
        filled = s.element(some, number + 1)
        bare = (word == 0) & (filled[1] > filled[0])
        chunk.tell(
            some[bare], "adjustment_reason", f"CAS{number:02d} is empty beside an amount; ask the payer for it."
        )

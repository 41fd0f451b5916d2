"""What denials are foretold to bring is what comes: practices drawn with chances of their own, read from their files.

Each practice sends and is refused for two years, by three payers for three causes, each pair with a chance of its own
that nobody tells the program: drawn about the survey's rate as far as the stated prior says. It works four of five;
the payers decide by those chances.
"""

from __future__ import annotations

import sys
from math import sqrt
from pathlib import Path
from random import Random
from typing import NamedTuple

import polars as pl
import pytest

from everyunit.days import iso
from everyunit.rulebook import Book
from everyunit.services.owed import owed_of
from everyunit.services.take_in import take_in

sys.path.insert(0, str(Path(__file__).parents[1] / "receivables"))
from answers_kit import DAY, sent
from receivables_kit import claim, line, payer, remit

from everyunit.x12.writer import Party

FIRST, MONTHS, EACH = DAY - 500, 24, 18
WHO = ("A", "B", "C")
CAUSES = {"197": "authorization", "4": "modifiers", "50": "documentation"}
FEES = {"A": 9_000, "B": 7_000, "C": 5_000}
WORK = {
    name: int(Book.load().shelf.values[f"work.{name}"][-1].value) for name in ("prior_overturned", "prior_weight")
}
PRIOR, WEIGHT = WORK["prior_overturned"] / 100, WORK["prior_weight"]
PRACTICE = "".join(
    f'[payers.P{who}]\nname = "{who} PAYER"\nrule = "ama"\nfees = "fees{who}.csv"\n' for who in WHO
).encode()


class Drawn(NamedTuple):
    """A practice: its home, the true chance by payer and cause, and of each claim worked whether it was won."""

    home: Path
    truth: dict[tuple[str, str], float]
    won: dict[str, bool]


def beta(rng: Random, mean: float) -> float:
    """A chance about this mean, as far from it as the weight of the prior says."""
    return rng.betavariate(WEIGHT * mean, WEIGHT * (1 - mean))


def draw(folder: Path, seed: int) -> Drawn:
    rng, files, won = Random(seed), {"practice.toml": PRACTICE}, {}
    means = {reason: beta(rng, PRIOR) for reason in CAUSES}
    truth = {(who, reason): beta(rng, means[reason]) for who in WHO for reason in CAUSES}
    files |= {f"fees{who}.csv": f"code,allowed\n97110,{cents / 200:.2f}\n".encode() for who, cents in FEES.items()}
    control = 0
    for month in range(MONTHS):
        for who in WHO:
            day, party, control = FIRST + 30 * month, Party(f"{who} PAYER", "", "PI", f"P{who}"), control + 2
            why = {f"{who}{month:02d}{at:02d}": rng.choice(list(CAUSES)) for at in range(EACH)}
            worked = [number for number in why if rng.random() < 0.8]
            won |= {number: rng.random() < truth[who, why[number]] for number in worked}
            by = payer(f"P{who}", f"{who} PAYER")
            kept = {"day": day, "payer": party, "control": control, "reference": f"B{control}"}
            files[f"{control}.837"] = sent(*why, **kept)
            refused = [claim(n, f"R{n}", line(10_000, 0, ("CO", why[n], 10_000)), status="4") for n in why]
            files[f"{control}.835"] = remit(*refused, day=day + 14, trace=f"T{control}", by=by)
            again = kept | {"day": day + 24, "control": control + 1, "reference": f"B{control + 1}"}
            files[f"{control + 1}.837"] = sent(*worked, **again, frequency="7")
            answers = [answer(n, why[n], FEES[who], won[n]) for n in worked]
            files[f"{control + 1}.835"] = remit(*answers, day=day + 45, trace=f"T{control + 1}", by=by)
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    list(take_in([folder], folder / "home"))
    return Drawn(folder / "home", truth, won)


def answer(number, reason, fee, won):
    """Paid in full, or refused for the same reason again."""
    if won:
        return claim(number, f"N{number}", line(10_000, fee, ("CO", "45", 10_000 - fee)))
    return claim(number, f"N{number}", line(10_000, 0, ("CO", reason, 10_000)), status="4")


@pytest.fixture(scope="module", params=[9_101, 9_102, 9_103])
def drawn(request, tmp_path_factory):
    return draw(tmp_path_factory.mktemp("drawn") / "files", request.param)


def bound(chance: float, items: int, taught: int) -> float:
    """Three standard errors of a share of `items` beside one that `taught` cases told."""
    return 3 * sqrt(chance * (1 - chance) * (1 / items + 1 / taught))


def test_what_was_foretold_in_each_bin_came_true(drawn):
    found = owed_of(drawn.home).read("reliability")
    assert found["items"].sum() >= 300 and found.height >= 4
    for row in found.to_dicts():
        told, came = row["chance_bp"] / 10_000, row["observed_bp"] / 10_000
        # the earlier half taught about as many cases as the later half holds
        assert abs(told - came) <= bound(told, row["items"], row["items"]), row
    items = found["items"]
    told, came = ((found[name] * items).sum() / items.sum() / 10_000 for name in ("chance_bp", "observed_bp"))
    assert abs(told - came) <= bound(told, items.sum(), items.sum())
    # it tells them apart: what was foretold low came seldom, what was foretold high came often
    assert 2 * (found["observed_bp"][-1] - found["observed_bp"][0]) > found["chance_bp"][-1] - found["chance_bp"][0]


def test_the_dollars_expected_of_the_queue_are_the_dollars_that_came(drawn):
    """Six days of the second year: what lay open that day, and what it has brought since."""
    final = owed_of(drawn.home).read("denials").group_by("claim_id").agg(pl.col("recovered_cents").sum())
    expected, spread = 0, 0.0
    came, items = 0, 0
    for month in range(13, 22, 2):
        then = owed_of(drawn.home, iso(FIRST + 30 * month + 20)).read("queue")
        fresh = then.filter(
            (pl.col("last_day") == FIRST + 30 * month + 14) & pl.col("claim_id").is_in(list(drawn.won))
        )
        assert fresh.height >= 30
        for row in fresh.join(final, on="claim_id").to_dicts():
            chance = row["chance_bp"] / 10_000
            expected += row["expected_cents"]
            spread += chance * (1 - chance) * row["at_risk_cents"] ** 2
            came, items = came + row["recovered_cents"], items + 1
    assert items >= 150
    assert abs(came - expected) <= 3 * sqrt(spread * (1 + items / 300))
    assert abs(came - expected) <= 0.15 * expected


def test_chances_move_from_the_survey_to_the_practices_own_rate(drawn):
    """After eight months and at the end: nearer to what that payer does than the survey, at last near it."""
    off = {}
    for month in (8, 23):
        queue = owed_of(drawn.home, iso(FIRST + 30 * month + 20)).read("queue")
        told = queue.group_by("payer_id", "cause").agg(pl.col("chance_bp").first(), pl.col("cases_behind").first())
        assert told.height == len(drawn.truth)
        for payer_id, cause, chance, behind in told.rows():
            reason = next(code for code, name in CAUSES.items() if name == cause)
            truth = drawn.truth[payer_id[1:], reason]
            off.setdefault(month, []).append(abs(chance / 10_000 - truth))
            if month == 23:
                assert behind >= 60
                assert abs(chance / 10_000 - truth) <= 3 * sqrt(truth * (1 - truth) / behind) + 10 / (behind + 10) / 2
    start = sum(abs(PRIOR - truth) for truth in drawn.truth.values())
    assert start > sum(off[8]) > sum(off[23])
    assert sum(off[23]) < start / 2

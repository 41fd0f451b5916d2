"""A whole practice, clinic by clinic, on as many processors as help, with memory for a few clinics only."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from everyunit.errors import UsageError
from everyunit.rulebook.book import Book
from everyunit.sample import courses, crowded, faults, watched
from everyunit.sample.clinic_year import ClinicYear, make_year
from everyunit.sample.folder import SampleFolder
from everyunit.sample.law import Law
from everyunit.sample.leaks import KINDS as LEAKS

KINDS = (*LEAKS, *faults.KINDS, *courses.KINDS, *watched.KINDS, crowded.KIND, "units_a_day_high")
CLINIC_VISITS = 6_000
FEWEST_CLINICS = 3
MOST_VISITS = 5_000_000
_law: list[Law] = []


@dataclass
class Made:
    """What was made: visits scheduled and kept, clinics, planted leaks by kind, and notes that tell otherwise."""

    visits: int = 0
    kept: int = 0
    clinics: int = 0
    leaks: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    retold: int = 0


def shares(visits: int) -> list[int]:
    """Scheduled visits of each clinic; their sum is `visits`."""
    clinics = max(min(FEWEST_CLINICS, visits), -(-visits // CLINIC_VISITS))
    return [visits // clinics + (1 if at < visits % clinics else 0) for at in range(clinics)]


def make_practice(
    out: Path,
    visits: int,
    seed: int,
    *,
    progress: Callable[[int], None] | None = None,
    workers: int = 0,
    clean: bool = False,
) -> Made:
    """Write a practice of `visits` scheduled visits to the folder `out`; `progress` is told visits done.

    The same visits and seed give the same bytes, whatever the number of `workers` (0: one for each processor, at most
    four; small samples need none). With `clean` nothing is planted.
    Raises UsageError for a number of visits outside 1 to 5,000,000, and for a folder
    that holds anything but an earlier sample.
    """
    if not 1 <= visits <= MOST_VISITS:
        raise UsageError(f"{visits} visits cannot be made.", remedy=f"Ask for 1 to {MOST_VISITS:,}.")
    made = Made()
    with SampleFolder(out) as folder:
        for year in _years(seed, shares(visits), workers or min(os.cpu_count() or 1, 4), clean):
            folder.add(year)
            made.visits += year.scheduled
            made.kept += year.kept
            made.clinics += 1
            made.retold += year.retold
            for kind, count in year.leaks.items():
                made.leaks[kind] += count
            if progress:
                progress(made.visits)
    return made


def _years(seed: int, wanted: list[int], workers: int, clean: bool) -> Iterator[ClinicYear]:
    """The clinics' years in their order, never more than a few ahead of the one that is being written."""
    if workers < 2 or len(wanted) < 4:
        law = Law(Book.load())
        for number, share in enumerate(wanted):
            yield make_year(law, seed, number, share, clean)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_open_book) as pool:
        waiting: deque[Future[ClinicYear]] = deque()
        for number, share in enumerate(wanted):
            waiting.append(pool.submit(_one_year, seed, number, share, clean))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _open_book() -> None:
    gc.disable()  # a year clears its own cycles, and looking for others took a fifth of the time
    _law.append(Law(Book.load()))


def _one_year(seed: int, number: int, wanted: int, clean: bool) -> ClinicYear:
    return make_year(_law[0], seed, number, wanted, clean)

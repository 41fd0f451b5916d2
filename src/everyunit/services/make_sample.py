"""Make a believable practice to try things on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from everyunit.sample.practice import Made, make_practice
from everyunit.services.places import writing


def make_sample(
    out: Path, *, visits: int, seed: int, progress: Callable[[int], None] | None = None, clean: bool = False
) -> Made:
    """Write a make-believe practice of `visits` scheduled visits to `out`; same visits and seed, same bytes.

    With `clean` nothing is planted in it.

    Raises UsageError when `out` holds anything but an earlier sample or cannot be written, or `visits` is out of
    reach.
    """
    with writing(out):
        return make_practice(out, visits, seed, progress=progress, clean=clean)

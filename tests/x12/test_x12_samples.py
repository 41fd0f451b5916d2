"""Files that nobody here wrote: each is read, and its sums are those of a plain reader."""

from __future__ import annotations

import pytest
from x12_kit import SAMPLES, plainly, summary

FILES = sorted(path for path in SAMPLES.rglob("*") if path.is_file()) if SAMPLES.is_dir() else []


@pytest.mark.skipif(not FILES, reason="../shared/x12/samples is not on this machine")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_sums_are_those_of_a_plain_reader(path):
    data = path.read_bytes()
    found = summary(data)
    assert {kind: found[kind] for kind in ("837", "835") if kind in found and any(found[kind].values())} == plainly(
        data
    )
    assert found["transactions"] or found["problems"]

"""What says that a home was judged is only a cache: damaged, the home is judged again."""

from __future__ import annotations

import pytest
from polars.testing import assert_frame_equal

from everyunit.services.audit import audit
from everyunit.services.make_sample import make_sample
from everyunit.services.take_in import take_in


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stamp")
    make_sample(folder / "S", visits=60, seed=2)
    list(take_in([folder / "S"], folder / "home"))
    return folder / "home"


@pytest.mark.parametrize("damage", [lambda raw: raw[:50], lambda raw: b"", lambda raw: b"[]", lambda raw: b"\xff{}"])
def test_a_damaged_stamp_is_made_anew(home, damage):
    before = audit(home)
    stamp = before.folder / "audited.json"
    whole = stamp.read_bytes()
    stamp.write_bytes(damage(whole))
    after = audit(home)
    assert_frame_equal(after.findings, before.findings)
    assert after.counts == before.counts and stamp.read_bytes() == whole

"""Whose note it is, where nobody says."""

from __future__ import annotations

import pytest

from everyunit.notes.signed import signed_by


@pytest.mark.parametrize(
    ("text", "codes", "discipline"),
    [
        ("O: chin tuck. Signed L. Wavering, CCC-SLP.", (), "SLP"),
        ("O: button hook. A. Hand, OTR/L", ("97530",), "OT"),
        ("O: leg press. B. Step, DPT", (), "PT"),
        ("O: squats. P: continue PT, OT and SLP as ordered.", ("97110",), "PT"),
        ("O: seen after OT; C. Word, SLP", (), "SLP"),
        ("O: naming task", ("97129", "92507"), "SLP"),
        ("O: splint checked", ("97166",), "OT"),
        ("", (), "PT"),
    ],
)
def test_by_signature_then_by_codes(text, codes, discipline):
    assert signed_by(text, codes) == discipline

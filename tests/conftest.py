"""Stands here so that every test finds the oracles: `from oracle.units import right_answers`."""

from __future__ import annotations

from hypothesis import settings

# A busy machine is no fault of the code: examples have no deadline.
settings.register_profile("everyunit", deadline=None)
settings.load_profile("everyunit")

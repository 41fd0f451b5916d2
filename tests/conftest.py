"""Stands here so that every test finds the oracles: `from oracle.units import right_answers`."""

from __future__ import annotations

import os
import tempfile

from hypothesis import settings

# The shipped book alone, whatever was loaded on this machine.
os.environ["EVERYUNIT_BOOK"] = os.path.join(tempfile.gettempdir(), "everyunit-no-book")

# A busy machine is no fault of the code: examples have no deadline. CI tries the same examples each time, so that a
# change is judged by itself; every other run tries new ones.
settings.register_profile("everyunit", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "everyunit")

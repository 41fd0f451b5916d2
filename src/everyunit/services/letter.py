"""A letter as PDF, set by Typst; the same letter gives the same bytes."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def pdf(template: str, letter: dict[str, Any]) -> bytes:
    """The PDF of a template of this folder (`appeal`, `appeal_form`) with its data. Nothing is read from outside."""
    import typst

    source = (files("everyunit.services") / f"{template}.typ").read_bytes()
    made = typst.compile(source, sys_inputs={"data": json.dumps(letter)}, ignore_system_fonts=True)
    if not isinstance(made, bytes):
        raise TypeError("Typst gave no single document.")
    return made

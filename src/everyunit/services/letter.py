"""A letter as PDF, set by Typst; the same letter gives the same bytes."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

_ENDS = {"dispute": "dispute_enclosed", "dispute_form": "dispute_enclosed"}  # enclosures that letter and form share


def source(template: str) -> bytes:
    """The Typst text of a template (`appeal`, `appeal_form`, `dispute`, `dispute_form`)."""
    folder = files("everyunit.services")
    parts = [template, *([_ENDS[template]] if template in _ENDS else [])]
    return b"\n".join((folder / f"{part}.typ").read_bytes() for part in parts)


def pdf(template: str, letter: dict[str, Any]) -> bytes:
    """The PDF of a template of this folder with its data. Nothing is read from outside."""
    import typst

    made = typst.compile(source(template), sys_inputs={"data": json.dumps(letter)}, ignore_system_fonts=True)
    if not isinstance(made, bytes):
        raise TypeError("Typst gave no single document.")
    return made

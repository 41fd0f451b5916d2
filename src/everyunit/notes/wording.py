"""What a finding says: what was seen, what decides, what clears it; no blame, no advice on rewording a note."""

from __future__ import annotations

from everyunit.notes.reading import NoteFinding

LATE = "If the record is complete, correct the code; a late entry says that it is one."
SENTENCES = {
    "better_supported_code": (
        "Billed as {code}; the documentation supports {supported}. Purpose and content decide, not the heading. "
        + LATE
    ),
    "unsupported_code": "Billed as {code}; no words of today's treatment carry it. " + LATE,
    "missing_minutes": (
        "{code} is timed; the note gives it no minutes and no timed total, so its units cannot be checked."
        " Timed minutes belong to the record of each visit."
    ),
    "uncounted_skilled_time": (
        "{minutes} minutes with the patient lie outside the timed minutes, and passages tell skilled work in them."
        " Assessment and management that a timed service needs are part of it; the therapist decides to which."
    ),
    "documented_not_billed": "{code} is documented today and stands on no line. Bill it or say why it is not billed.",
    "units_not_supported": "The units billed differ from what the minutes earn. Correct the units or the minutes.",
}


def sentence(found: NoteFinding) -> str:
    """The message of a finding; one that already says its figures keeps them in front."""
    text = SENTENCES[found.kind].format(
        code=found.code, supported=" or ".join(found.supported), minutes=found.minutes
    )  # fmt: skip
    return f"{found.message} {text}" if found.kind == "units_not_supported" and found.message else text

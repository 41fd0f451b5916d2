"""Clinical text: what was done today and the code its words carry. `read` is the face; answers are spans."""

from everyunit.notes.engine import read
from everyunit.notes.reading import Elements, Intervention, Minutes, NoteFinding, Passage, Reading, SetAside, Span

__all__ = [
    "Elements", "Intervention", "Minutes", "NoteFinding", "Passage", "Reading", "SetAside", "Span", "read",
]  # fmt: skip

"""What people say of a reading: right, or wrong because. Kept in the home; note_cases.py makes cases of it.

Answers lie in answers/notes.jsonl of the home, one JSON object a line, added and never changed; the last one on a
visit, kind and code holds. They bear no text of the note but what the person wrote.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from everyunit.errors import UsageError
from everyunit.services.home import open_home
from everyunit.services.journal import refuse_full

VERDICTS = ("right", "wrong")
LONGEST = 500
_FILE = Path("answers") / "notes.jsonl"


@dataclass(frozen=True)
class NoteAnswer:
    """One answer: visit, kind and code of what was said, right or wrong, and why."""

    visit_id: str
    kind: str
    code: str
    verdict: str
    because: str = ""


def keep(home: str | Path, answer: NoteAnswer) -> None:
    """Add an answer, on disk before this returns.

    Raises UsageError for a verdict that is none, a wrong without a reason, and a visit the ledger does not hold.
    """
    if answer.verdict not in VERDICTS:
        raise UsageError("An answer is right or wrong.", remedy="Choose one of them.")
    if answer.verdict == "wrong" and not answer.because.strip():
        raise UsageError("The reason is missing.", remedy="Write in a few words why it is wrong.")
    if open_home(home).find("visits", "visit_id", answer.visit_id).is_empty():
        raise UsageError("No visit has that number.", remedy="Answer on the visit's own page.")
    path = Path(home) / _FILE
    path.parent.mkdir(exist_ok=True)
    refuse_full(path)
    line = json.dumps({**asdict(answer), "because": " ".join(answer.because.split())[:LONGEST]}) + "\n"
    with path.open("a", encoding="utf-8") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def answers(home: str | Path, visit_id: str = "") -> list[NoteAnswer]:
    """The answers that hold, of one visit or of all. A line that cannot be read is passed over."""
    held: dict[tuple[str, str, str], NoteAnswer] = {}
    for found in _lines(Path(home) / _FILE):
        if not visit_id or found.visit_id == visit_id:
            held[found.visit_id, found.kind, found.code] = found
    return list(held.values())


def _lines(path: Path) -> Iterator[NoteAnswer]:
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
            yield NoteAnswer(**{name: str(row[name]) for name in ("visit_id", "kind", "code", "verdict", "because")})
        except (ValueError, KeyError, TypeError):
            continue

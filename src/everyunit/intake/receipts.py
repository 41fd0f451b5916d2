"""The receipt of one file: what was read, what was refused and why. It bears no value that could name a patient."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

TAKEN, HELD, SKIPPED, UNREAD = "taken", "held", "skipped", "unread"
LISTED = 10_000  # refusals kept one by one; beyond it they are counted by reason


@dataclass
class Receipt:
    """What became of one file. `status`: taken, held (taken in before), skipped (none of ours) or unread."""

    file: str
    kind: str = ""
    status: str = TAKEN
    rows: dict[str, int] = field(default_factory=dict)
    refused: int = 0
    repeated: int = 0
    refusals: list[dict[str, Any]] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    problems: list[dict[str, Any]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def refuse(self, row: int, column: str, seen: str, message: str, remedy: str) -> None:
        """Note one refused row: `seen` is empty where it could name a person."""
        self.refused += 1
        self.reasons[f"{column}: {message}" if column else message] += 1
        if len(self.refusals) < LISTED:
            note = {"row": row, "column": column, "seen": seen, "message": message, "remedy": remedy}
            self.refusals.append(note)

    def problem(self, place: str, seen: str, remedy: str) -> None:
        """Note a fault of a document that was taken: where (file and entry), what was seen, what clears it."""
        entry = place.split(" ", 1)[-1]
        message = f"{entry}: {seen} {remedy}"
        self.problems.append({"segment": 0, "place": place, "message": message, "remedy": remedy})

    def say(self, word: str) -> None:
        """Add a word about the file, once."""
        if word not in self.words:
            self.words.append(word)

    def close(self, status: str, word: str) -> Receipt:
        """The receipt of a file that gave no rows, with the word that says why."""
        self.status = status
        self.say(word)
        return self

    def as_dict(self) -> dict[str, Any]:
        """The receipt as it is stored and printed for machines."""
        return {
            "file": self.file,
            "status": self.status,
            "kind": self.kind,
            "rows": self.rows,
            "refused": self.refused,
            "repeated": self.repeated,
            "refusals": sorted(self.refusals, key=lambda one: one["row"]),
            "reasons": dict(self.reasons.most_common()),
            "problems": self.problems,
            "words": self.words,
        }

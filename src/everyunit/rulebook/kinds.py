"""The kinds of findings: which way each one runs and who can clear it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from everyunit.days import iso
from everyunit.errors import Unreadable
from everyunit.rulebook.loading import Folder, Row

DIRECTIONS = ("over", "under", "mis", "denied", "underpaid", "late", "document")
FILES = (
    "kinds.toml", "kinds_claims.toml", "kinds_courses.toml", "kinds_figures.toml", "kinds_payments.toml",
    "kinds_notes.toml",
)  # fmt: skip
VERDICTS = ("pass", "fix", "hold")
ROLES = ("front_office", "clinician", "biller", "contracting", "owner")


@dataclass(frozen=True)
class Kind:
    """One kind of finding. `rule` is the stem of its page in docs/rules; `owner_role` is who can clear it.

    `before_sending` says what it means for a claim that is not yet sent (pass, fix, hold) where that does not follow
    from direction and role.
    """

    kind: str
    direction: str
    owner_role: str
    rule: str
    source: str
    checked: bool
    meaning: str
    first_day: int
    last_day: int
    before_sending: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The kind as plain JSON, days as ISO text."""
        return {**asdict(self), "first_day": iso(self.first_day), "last_day": iso(self.last_day)}


def read_kinds(folder: Folder) -> dict[str, Kind]:
    """The kinds of all files of kinds in their order. Raises Unreadable for a direction or role that is none."""
    made: dict[str, Kind] = {}
    for name, row in (entry for file in FILES for entry in folder.entries(file, "kinds")):
        if name in made:
            raise Unreadable(f"{name} stands twice.", place=row.place)
        direction, role = row.need("direction"), row.need("owner_role")
        if direction not in DIRECTIONS:
            raise Unreadable(f"{direction} is no direction.", place=row.place, remedy=f"Take one of {DIRECTIONS}.")
        if role not in ROLES:
            raise Unreadable(f"{role} is no role.", place=row.place, remedy=f"Take one of {ROLES}.")
        made[name] = Kind(
            name, direction, role, row.need("rule"), row.source, row.checked, row.need("meaning"),
            row.first_day, row.last_day, _before_sending(row),
        )  # fmt: skip
    return made


def _before_sending(row: Row) -> str:
    said = row.text("before_sending")
    if said not in ("", *VERDICTS):
        raise Unreadable(f"before_sending reads {said}.", place=row.place, remedy=f"Take one of {VERDICTS}.")
    return said

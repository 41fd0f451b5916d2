"""The records that pass from the schedule to the files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from everyunit.sample.market import Place
from everyunit.sample.people import Clinician, Patient
from everyunit.sample.sessions import Session
from everyunit.x12.writer import Party


class Clinic(NamedTuple):
    """One clinic: its own billing number, and who works there."""

    number: int
    name: str
    place: Place
    party: Party
    tax_id: str
    therapists: tuple[Clinician, ...]
    physicians: tuple[Party, ...]


@dataclass(slots=True, eq=False)
class Course:
    """One course of care in one discipline. `monitored` is the day on which a device last stood on a claim.

    `fault` is what was planted in it, `fault_*` what it needs to know.
    """

    patient: Patient
    clinician: Clinician
    therapist: int
    number: int
    diagnoses: tuple[str, ...]
    complaint: str
    care: str
    physician: Party
    authorization: str = ""
    planned: int = 0
    finished: bool = False
    first_day: int = 0
    last_day: int = 0
    kept: int = 0
    monitored: int = 0
    fault: str = ""
    fault_day: int = 0
    fault_count: int = 0
    fault_code: str = ""
    visits: list[Visit] = field(default_factory=list)


class Service(NamedTuple):
    """One performed service as it was recorded; `minutes` None where they were left out. The last two are of remote
    monitoring."""

    code: str
    minutes: int | None
    mode: str
    performed_by: str = "therapist"
    assistant_minutes: int = 0
    joint_minutes: int = 0
    data_days: int | None = None
    live_contact: str = ""


class Billed(NamedTuple):
    """One claim line."""

    code: str
    units: int
    modifiers: tuple[str, ...]
    allowed_cents: int
    charge_cents: int


class Leak(NamedTuple):
    """One finding that was planted."""

    kind: str
    code: str
    cents: int


class Retold(NamedTuple):
    """What a note tells otherwise than record and claim: another text or other minutes for the service of `code`, a
    service that stands nowhere, none at all (`text` empty), or words behind the totals and minutes `beside`.

    `unrecorded`: the visit's services were never entered; `minuteless`: and the note gives no minutes at all, which
    is a finding of each of `codes`.
    """

    kind: str
    code: str = ""
    text: str | None = None
    minutes: int | None = None
    after: str = ""
    beside: int = 0
    unrecorded: bool = False
    minuteless: bool = False
    codes: tuple[str, ...] = ()

    def found(self) -> tuple[str, ...]:
        """The codes of which it is a finding; an empty one where it is the visit's."""
        return self.codes or (self.code,)


@dataclass(slots=True, eq=False)
class Visit:
    """One scheduled visit. `slot` counts the therapist's hours; what is below it is filled in from day to day.

    Only planted faults use the last ones: how `times` stand in the record, by how many minutes it begins too `early`,
    for how many days its charge was held, the visit that it repeats, whether its note is lost (`noteless`) or leaves
    out the report that is due (`silent`), and what the note tells otherwise.
    """

    course: Course
    day: int
    slot: int
    kind: str = "treatment"
    status: str = "kept"
    id: str = ""
    ordinal: int = 0
    session: Session | None = None
    work: str = "therapist"
    services: list[Service] = field(default_factory=list)
    lines: list[tuple[str, int]] = field(default_factory=list)
    bills: list[Billed] = field(default_factory=list)
    leaks: list[Leak] = field(default_factory=list)
    fault: str = ""
    times: str = ""
    early: int = 0
    held_days: int = 0
    twin_of: Visit | None = None
    noteless: bool = False
    silent: bool = False
    retold: Retold | None = None
    claim_id: str = ""
    charge_day: int = 0
    copay_collected: int = 0

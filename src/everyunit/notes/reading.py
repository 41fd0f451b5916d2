"""What a reading holds: every answer is a span of the note, by character."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from everyunit.notes.codes import is_timed

TIMED_ONLY = "minutes"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters start to end of the note, the end left out."""

    start: int
    end: int


@dataclass(slots=True)
class Intervention:
    """Something done today: its place, the code its words carry, the codes they carry as well, and why.

    `minutes` is None where the note gives this block none. `label` is the code that its heading names (a heading
    proves nothing), `evidence` are the words that decided, `sure` is False where the words leave the code open;
    `watched`
    is True where only watching is told: a meal, a walk from room to room.
    `touched` are further codes that some of the words speak for.
    """

    start: int
    end: int
    code: str
    supported: tuple[str, ...]
    minutes: int | None = None
    label: str | None = None
    sure: bool = False
    by: str = "therapist"
    attended: bool = True
    skilled: bool = True
    watched: bool = False
    touched: tuple[str, ...] = ()
    evidence: tuple[Span, ...] = ()
    why: str = ""


@dataclass(slots=True)
class SetAside:
    """Words that name a service which does not count as done today, and why: negated, past, planned, home ...

    `named` where the service itself is named and not only one of its exercises.
    """

    start: int
    end: int
    code: str
    reason: str
    named: bool = False


@dataclass(slots=True)
class Passage:
    """An assessment or management passage: its category, and whether its minutes are counted.

    `category` is clinical_reasoning, plan_change, education (discussion with the patient), progress, reassessment,
    next_visit or coordination. `counted` is counted, not_counted, does_not_count or unknown; `why` says why.
    """

    start: int
    end: int
    category: str
    counted: str = "unknown"
    why: str = ""


@dataclass(slots=True)
class NoteFinding:
    """A disagreement between the words and what is billed or planned to be billed.

    `kind` is unsupported_code, better_supported_code, missing_minutes, uncounted_skilled_time, units_not_supported or
    documented_not_billed; `supported` are codes that the words carry, never chosen by money; `direction` is over,
    under or lateral where the change of code has one.
    """

    kind: str
    code: str | None
    supported: tuple[str, ...] = ()
    minutes: int | None = None
    direction: str | None = None
    spans: tuple[Span, ...] = ()
    message: str = ""


@dataclass(slots=True)
class Elements:
    """The documentation elements that were found, each with its place; None where one is not there."""

    timed_minutes: Span | None = None
    total_time: Span | None = None
    start_stop: Span | None = None
    skilled_need: Span | None = None
    response: Span | None = None
    plan: Span | None = None

    def missing(self) -> list[str]:
        """Names of the elements that were not found."""
        return [name for name in self.__slots__ if getattr(self, name) is None]


@dataclass(slots=True)
class Minutes:
    """The visit's time as the note gives it: timed, all, one-on-one session, and what explains the rest."""

    timed: int | None = None
    total: int | None = None
    session: int | None = None
    explained: int = 0
    uncounted: int = 0


@dataclass(slots=True)
class Reading:
    """All that was read from one note."""

    interventions: list[Intervention] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    elements: Elements = field(default_factory=Elements)
    minutes: Minutes = field(default_factory=Minutes)
    findings: list[NoteFinding] = field(default_factory=list)

    def code_minutes(self) -> dict[str, int]:
        """Minutes of each code, summed over its blocks; blocks without minutes add none."""
        summed: dict[str, int] = {}
        for done in self.interventions:
            if done.minutes is not None:
                summed[done.code] = summed.get(done.code, 0) + done.minutes
        return summed

    def lacking(self) -> list[str]:
        """Names of the elements that the record should hold and does not. No general rule asks for clock times.

        A session of untimed services alone has no timed minutes to write down.
        """
        untimed = bool(self.interventions) and not any(is_timed(made.code) for made in self.interventions)
        spared = {"start_stop", "timed_minutes"} if untimed else {"start_stop"}
        return [name for name in self.elements.missing() if name not in spared]

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain lists and dictionaries, for JSON."""
        return asdict(self)

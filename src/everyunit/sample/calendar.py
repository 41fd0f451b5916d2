"""Working days of the sample's year and the hours that each therapist has free."""

from __future__ import annotations

from everyunit.days import to_day

FIRST = to_day("2025-11-03")
LAST = to_day("2026-10-30")
END = to_day("2026-11-20")  # nothing in the sample happens after this day
_CLOSED = {
    to_day(text) for text in ("2025-11-27", "2025-12-25", "2026-01-01", "2026-05-25", "2026-07-03", "2026-09-07")
}


def weekday(day: int) -> int:
    """0 for Monday to 6 for Sunday (day 0, 1 January 1970, was a Thursday)."""
    return (day + 3) % 7


DAYS = tuple(day for day in range(FIRST, LAST + 1) if weekday(day) < 5 and day not in _CLOSED)
HOURS = (8, 9, 10, 11, 13, 14, 15, 16, 17)
GROUP_SLOT = 3
FULL = (1 << len(HOURS)) - 1


def friday(day: int) -> int:
    """That day's Friday, or the next one after a weekend."""
    return day + (4 - weekday(day)) % 7


def workday(day: int) -> int:
    """The day itself, or the Monday after a weekend."""
    return day + (7 - weekday(day) if weekday(day) > 4 else 0)


def clock(day_text: str, minutes: int) -> str:
    """Local time in ISO, `2026-03-12T09:05`, of a minute of the day."""
    return f"{day_text}T{minutes // 60:02d}:{minutes % 60:02d}"


class Diary:
    """The free hours of one therapist, one bit for each hour of each working day."""

    def __init__(self, *, groups: bool) -> None:
        self.taken = [1 << GROUP_SLOT if groups and weekday(day) in (1, 3) else 0 for day in DAYS]
        self.groups: dict[int, int] = {}
        self.has_groups = groups

    def book(self, wanted: int, slot: int, busy: dict[int, int]) -> tuple[int, int] | None:
        """Take an hour on working day `wanted` or one of the next four, near `slot`, where the patient is free too.

        Returns the working day and the slot, or None where the year ends or the week is full.
        """
        for at in range(wanted, min(wanted + 5, len(DAYS))):
            full = self.taken[at] | busy.get(at, 0)
            if full == FULL:
                continue
            for step in range(len(HOURS)):
                slot_here = (slot + step) % len(HOURS)
                if not full >> slot_here & 1:
                    self.taken[at] |= 1 << slot_here
                    return at, slot_here
        return None

    def join_group(self, wanted: int) -> bool:
        """Take one of the four places of that working day's group, if there is one."""
        if not self.has_groups or weekday(DAYS[wanted]) not in (1, 3) or self.groups.get(wanted, 0) >= 4:
            return False
        self.groups[wanted] = self.groups.get(wanted, 0) + 1
        return True

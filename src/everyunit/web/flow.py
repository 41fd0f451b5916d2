"""The picture of the four gates as whole-number shapes. Widths of streams are dollars.

The kept money runs level from gate to gate. What falls out leaves from below and drops; what is too much comes in
from above.
"""

from __future__ import annotations

from dataclasses import dataclass

from everyunit.services.pages import GATES, Gates, Part

BAR = 14
LEFTS = (20, 370, 720, 1062)
TOP, BAND = 176, 130  # where the highest stream may begin, and how high the largest may be
RISE_END, FALL_END = 136, 344
LEAST = 2
ABREAST, DEEPER = 3, 48  # so many words stand side by side; of more, every second stream falls deeper


@dataclass(frozen=True)
class Gate:
    """One gate: its bar, and where its words stand."""

    name: str
    x: int
    y: int
    height: int
    cents: int
    words_x: int
    anchor: str


@dataclass(frozen=True)
class Stream:
    """One part that leaves or joins: its outline, and where its two lines of words stand."""

    part: Part
    path: str
    x: int
    amount_y: int
    name_y: int


@dataclass(frozen=True)
class Flow:
    """The whole picture. `bands` and `streams` are outlines;"""

    gates: tuple[Gate, ...]
    bands: tuple[str, ...]
    streams: tuple[Stream, ...]
    payer_height: int
    patient_height: int
    remitted: str

    @property
    def strand_y(self) -> int:
        """Where the payers' strand ends and the patients' begins at the third gate."""
        return self.gates[2].y + self.payer_height


class _Scale:
    """Heights for cents: linear, at least a hair where there is anything."""

    def __init__(self, largest: int) -> None:
        self.largest = max(largest, 1)

    def __call__(self, cents: int) -> int:
        if cents <= 0:
            return 0
        return max(LEAST, (cents * BAND + self.largest // 2) // self.largest)


def flow(gates: Gates, *, deposits: bool = True) -> Flow:
    """Lay the gates out. Without `deposits` the fourth gate stays empty (its sums cannot be split by clinic)."""
    last = gates.deposited_cents if gates.banked else gates.remitted_cents
    amounts = (gates.earned_cents, gates.charged_cents, gates.paid_cents, last if deposits else 0)
    rises = {gate: sum(part.cents for part in gates.at(gate, "rises")) for gate in GATES}
    scale = _Scale(max(amounts[0] + rises["charged"] + rises["paid"], *amounts))
    heights = [scale(cents) for cents in amounts]
    tops = _tops(scale, rises)
    bands, streams = [], []
    for index, gate in enumerate(GATES[1:3]):
        falls, comes = gates.at(gate, "falls"), gates.at(gate, "rises")
        left, right = LEFTS[index] + BAR, LEFTS[index + 1]
        fallen = sum(scale(part.cents) for part in falls)
        risen = sum(scale(part.cents) for part in comes)
        start = (tops[index], max(heights[index] - fallen, 0))
        end = (tops[index + 1] + risen, max(heights[index + 1] - risen, 0))
        bands.append(_band(left, right, start, end))
        streams += _falls(falls, scale, left, right, start[0] + start[1])
        streams += _rises(comes, scale, left, right, tops[index + 1])
    payer = min(scale(gates.payer_cents), heights[2])
    remitted = _band(LEFTS[2] + BAR, LEFTS[3], (tops[2], payer), (tops[3], heights[3])) if heights[3] else ""
    if gates.banked and deposits:
        falls, comes = gates.at("deposited", "falls"), gates.at("deposited", "rises")
        kept = max(payer - sum(scale(part.cents) for part in falls), 0)
        risen = sum(scale(part.cents) for part in comes)
        bands.append(_band(LEFTS[2] + BAR, LEFTS[3], (tops[2], kept), (tops[3] + risen, max(heights[3] - risen, 0))))
        streams += _falls(falls, scale, LEFTS[2] + BAR, LEFTS[3], tops[2] + kept)
        streams += _rises(comes, scale, LEFTS[2] + BAR, LEFTS[3], tops[3])
        remitted = ""
    return Flow(
        gates=tuple(_gate(index, tops[index], heights[index], amounts[index]) for index in range(4)),
        bands=tuple(bands),
        streams=tuple(streams),
        payer_height=payer,
        patient_height=heights[2] - payer,
        remitted=remitted,
    )


def _tops(scale: _Scale, rises: dict[str, int]) -> list[int]:
    """Top of each bar: what joins from above lifts the next bar by its own height."""
    charged, paid = scale(rises["charged"]), scale(rises["paid"])
    first = TOP + charged + paid
    return [first, first - charged, first - charged - paid, first - charged - paid]


def _gate(index: int, y: int, height: int, cents: int) -> Gate:
    anchors = ("start", "middle", "middle", "end")
    places = (LEFTS[0], LEFTS[1] + BAR // 2, LEFTS[2] + BAR // 2, LEFTS[3] + BAR)
    return Gate(GATES[index], LEFTS[index], y, max(height, 1), cents, places[index], anchors[index])


def _band(left: int, right: int, start: tuple[int, int], end: tuple[int, int]) -> str:
    (y1, h1), (y2, h2) = start, end
    middle = (left + right) // 2
    upper = f"M{left} {y1}C{middle} {y1} {middle} {y2} {right} {y2}"
    return f"{upper}V{y2 + h2}C{middle} {y2 + h2} {middle} {y1 + h1} {left} {y1 + h1}Z"


def _slots(number: int, left: int, right: int) -> list[int]:
    """Middles of equal places between two gates."""
    return [left + (right - left) * (2 * place + 1) // (2 * number) for place in range(number)]


def _falls(parts: list[Part], scale: _Scale, left: int, right: int, top: int) -> list[Stream]:
    """Streams leave from the lower edge; the lowest turns first, so that none crosses another."""
    made, y = [], top + sum(scale(part.cents) for part in parts)
    for place, (part, x) in enumerate(zip(parts, _slots(len(parts), left, right), strict=True)):
        height, end = scale(part.cents), FALL_END + (DEEPER if len(parts) > ABREAST and place % 2 else 0)
        above, near, far = y - height, x - height // 2, x - height // 2 + height
        path = f"M{left} {above}H{max(far - 40, left)}Q{far} {above} {far} {above + 40}V{end}H{near}"
        path += f"V{y + 40}Q{near} {y} {max(near - 40, left)} {y}H{left}Z"
        made.append(Stream(part, path, x, end + 24, end + 44))
        y = above
    return made


def _rises(parts: list[Part], scale: _Scale, left: int, right: int, top: int) -> list[Stream]:
    """Streams come from above and join the next gate at its upper edge."""
    made, y = [], top
    for part, x in zip(parts, _slots(len(parts), left, right), strict=True):
        height = scale(part.cents)
        below, near, far = y + height, x - height // 2, x - height // 2 + height
        path = f"M{right} {below}H{near + 30}Q{near} {below} {near} {below - 30}V{RISE_END}H{far}"
        path += f"V{y - 14}Q{far} {y} {far + 14} {y}H{right}Z"
        made.append(Stream(part, path, x, RISE_END - 28, RISE_END - 10))
        y = below
    return made

"""Readable dotted keys to the values behind them: what the book said that day, and why."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any, Protocol

from everyunit.errors import UsageError
from everyunit.rulebook.fees import Price, proposed_on, told_proposed
from everyunit.rulebook.kinds import Kind
from everyunit.rulebook.loading import Row
from everyunit.rulebook.shelves import CARRIED, Code, Shelves, valued
from everyunit.rulebook.values import Value, carried, on_day

ASPECTS = {
    "label": "own words", "timed": "yes or no", "minutes_per_unit": "minutes", "pool": "pool", "step_to": "code",
    "one_on_one": "yes or no", "mppr": "yes or no", "once_a_day": "yes or no", "therapy_list": "list",
    "disciplines": "disciplines",
}  # fmt: skip
FORMS = {
    "codes": "codes.97110 or codes.97110.ceiling",
    "fees": "fees.97140 (national) or fees.97140.06102.15 (contractor and locality)",
    "relative_values": "relative_values.97140",
    "gpci": "gpci.06102.15",
    "kinds": "kinds.units_over",
    "denials": "denials.CO.16, denials.16 or denials.N382",
    "deadlines": "deadlines.medicare.appeal",
    "claim_statuses": "claim_statuses.category.A7, claim_statuses.status.562 or claim_statuses.entity.85",
    "corrections": "corrections.medicare",
    "waits": "waits.no_835",
    "requests": "requests.medicare",
    "patients": "patients.medicare",
    "protected": "protected.dual_eligible",
    "notices": "notices.signed",
}


class Book(Protocol):
    """What looking up needs of the book."""

    @property
    def shelf(self) -> Shelves:
        """The shelves."""
        ...

    @property
    def codes_by_number(self) -> dict[str, Code]:
        """The codes."""
        ...

    def kinds(self) -> dict[str, Kind]:
        """The kinds of findings."""
        ...

    def price(self, code: str, day: int, mac: str = "", locality: str = "") -> Price:
        """The price of one unit."""
        ...


def value(book: Book, key: str, day: int) -> Value:
    """The value of `key` on `day`; see `Book.value`."""
    parts = key.strip().split(".")
    if parts[0] in ("codes", "fees", "relative_values") and len(parts) > 1:
        parts[1] = parts[1].upper()
    if parts[0] == "denials" and len(parts) in (2, 3):
        parts = [parts[0], parts[-1].upper()]  # the group (CO, PR ...) is the payer's, the meaning is the reason's
    key = ".".join(parts)
    if key in book.shelf.values:
        known = book.shelf.values[key]
        if key.endswith(".ceiling") or key.startswith(CARRIED):
            return carried(known, day)
        return on_day(known, day, key, _hint(book, key, day))
    if parts[0] == "codes" and len(parts) in (2, 3) and parts[1] in book.codes_by_number:
        return _code(book, book.codes_by_number[parts[1]], parts[2:], key, day)
    if parts[0] == "fees" and len(parts) in (2, 4):
        return _fee(book, parts[1], parts[2:], key, day)
    if parts[0] == "relative_values" and len(parts) == 2:
        rows = [row for row in book.shelf.relative if row.text("code") == parts[1]]
        names = ("status", "work", "practice_expense", "malpractice")
        return _rows(book, key, rows, names, "relative value units", day)
    if parts[0] == "gpci" and len(parts) == 3:
        rows = [row for row in book.shelf.localities if [row.text("mac"), row.text("locality")] == parts[1:]]
        return _rows(book, key, rows, ("name", "state", "work", "practice_expense", "malpractice"), "indices", day)
    if parts[0] == "kinds" and len(parts) == 2 and parts[1] in book.kinds():
        kind = book.kinds()[parts[1]]
        body = {"direction": kind.direction, "owner_role": kind.owner_role, "meaning": kind.meaning}
        made = Value(key, body, "kind of finding", kind.source, kind.checked, kind.first_day, kind.last_day)
        return on_day([made], day, key)
    raise _unknown(book, key)


def _hint(book: Book, key: str, day: int) -> str:
    """What helps on a day without a value, where that is not the official table of the year."""
    if key in book.shelf.proposed:
        return told_proposed(proposed_on(book.shelf, day))
    if key.startswith("thresholds.") and day > max(value.last_day for value in book.shelf.values[key]):
        return "No table holds it: write it into a file headed key,value,first,last,source; everyunit book load."
    return ""


def keys(book: Book) -> list[str]:
    """Every key of the book; fees only in their national form."""
    made = set(book.shelf.values)
    made.update(f"codes.{code}" for code in book.codes_by_number)
    for row in book.shelf.relative:
        made.update((f"relative_values.{row.text('code')}", f"fees.{row.text('code')}"))
    made.update(f"gpci.{row.text('mac')}.{row.text('locality')}" for row in book.shelf.localities)
    made.update(f"kinds.{kind}" for kind in book.kinds())
    return sorted(made)


def _code(book: Book, code: Code, aspect: list[str], key: str, day: int) -> Value:
    def made(content: Any, unit: str) -> Value:
        found = Value(key, content, unit, code.source, code.checked, code.first_day, code.last_day)
        return on_day([found], day, key)

    if not aspect:
        body = {name: getattr(code, name) for name in ASPECTS}
        ceilings = book.shelf.values.get(f"codes.{code.code}.ceiling")
        if ceilings is None:
            return made({**body, "ceiling": None}, "code")
        ceiling = carried(ceilings, day)
        said = made({**body, "ceiling": ceiling.value}, "code")
        note = f"ceiling {ceiling.note}" if ceiling.note else ""
        return Value(**{**vars(said), "note": note})
    if aspect[0] not in ASPECTS:
        raise _unknown(book, key)
    return made(getattr(code, aspect[0]), ASPECTS[aspect[0]])


def _fee(book: Book, code: str, place: list[str], key: str, day: int) -> Value:
    if not any(row.text("code") == code for row in book.shelf.relative):
        raise _unknown(book, key)
    mac, locality = place or ("", "")
    price = book.price(code, day, mac, locality)
    body = {"full_cents": price.full_cents, "reduced_cents": price.reduced_cents, "reduction_applies": price.mppr}
    notes = [] if place else ["national rate, all indices 1.000"]
    if price.status in book.shelf.unpaid:
        notes.append(f"Medicare status {price.status}: {book.shelf.values[f'statuses.{price.status}'][-1].value}")
    return Value(
        key,
        body,
        "allowed amount of one unit",
        price.source,
        price.checked,
        price.first_day,
        price.last_day,
        "; ".join(notes),
    )


def _rows(book: Book, key: str, rows: list[Row], names: tuple[str, ...], unit: str, day: int) -> Value:
    if not rows:
        raise _unknown(book, key)
    return on_day([valued(key, row, {name: row.text(name) for name in names}, unit) for row in rows], day, key)


def _shared(one: str, other: str) -> int:
    """How many characters two keys share from their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _unknown(book: Book, key: str) -> UsageError:
    close = get_close_matches(key, keys(book), n=30, cutoff=0.6)
    near = sorted(close, key=lambda found: (-_shared(found, key), found))[:4]
    shelf = key.split(".")[0]
    if near:
        remedy = f"Near it: {', '.join(near)}."
    elif shelf in FORMS:
        remedy = f"Such a key reads {FORMS[shelf]}."
    else:
        remedy = f"Keys begin with {', '.join(sorted({k.split('.')[0] for k in keys(book)}))}."
    return UsageError(f"The book has no key {key}.", remedy=remedy)

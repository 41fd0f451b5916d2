"""How figures, days and names of kinds are written on every page."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django import template

from everyunit.days import iso, to_day
from everyunit.days import words as day_words
from everyunit.money import dollars, half_up
from everyunit.services.answers import manual
from everyunit.services.learn import page_of
from everyunit.web.words import (
    ADVICE,
    DIRECTIONS,
    MONEY,
    PARTS,
    REMIT_STATUS,
    ROLES,
    RULES,
    STATUSES,
    VERDICTS,
    WAYS,
    kind_words,
    month_words,
)

register = template.Library()
register.filter("kind_words", kind_words)
register.filter("manual", manual)


@register.filter
def cash(cents: int | None) -> str:
    """`$1,204.50`; a true minus sign; `–` for nothing known."""
    return "–" if cents is None else dollars(int(cents)).replace("-", "−")


@register.filter
def signed(cents: int | None) -> str:
    """`+$12.00` to gain, `−$12.00` to give back."""
    return "–" if cents is None else dollars(int(cents), sign=True).replace("-", "−")


@register.filter
def whole(cents: int | None) -> str:
    """`$1,205`: whole dollars for large sums."""
    return "–" if cents is None else cash(half_up(int(cents), 100) * 100)[:-3]


@register.filter
def count(number: int | None) -> str:
    """`12,380`."""
    return "–" if number is None else f"{int(number):,}"


@register.filter
def day(value: Any) -> str:
    """`12 March 2026` for an epoch day or an ISO text; `–` for nothing."""
    if value is None or value == "":
        return "–"
    try:
        return day_words(value if isinstance(value, int) else to_day(str(value)))
    except ValueError:
        return str(value)


@register.filter
def short_day(value: int | None) -> str:
    """`2026-03-12`."""
    return "–" if value is None else iso(int(value))


@register.filter
def month(text: str) -> str:
    """`March 2026` for 2026-03."""
    return month_words(text)


@register.filter
def direction_words(direction: str) -> str:
    """The name of a direction in words."""
    return DIRECTIONS.get(direction, direction)


@register.filter
def path_part(text: str) -> str:
    """A visit's number as part of an address."""
    return quote(text, safe="")


@register.filter
def plural(number: int, forms: str) -> str:
    """`1 visit`, `2,000 visits` for forms `visit,visits`."""
    one, many = forms.split(",")
    return f"{int(number):,} {one if int(number) == 1 else many}"


@register.filter
def plus(cents: int | None) -> str:
    """Whole dollars to gain with their sign; nothing to gain is `$0`."""
    shown = whole(cents)
    return shown if shown in ("$0", "–") else "+" + shown


@register.filter
def minus(cents: int | None) -> str:
    """Whole dollars to give back with their sign; nothing to give back is `$0`."""
    shown = whole(abs(int(cents or 0)))
    return shown if shown == "$0" else "−" + shown


@register.filter
def way_words(way: str) -> str:
    """`To give back`."""
    return WAYS.get(way, "No dollars of its own")


@register.filter
def part_words(part: Any) -> str:
    """What one stream of the picture is."""
    return PARTS.get(part.name, "")


@register.filter
def status_words(status: str | None) -> str:
    """`no-show` for no_show; an empty status is a kept visit."""
    return STATUSES.get(status or "", status or "")


@register.filter
def clock(text: str) -> str:
    """`12 March 2026, 09:30` for an ISO time, without the day where none is given."""
    bare = text.strip().replace("T", " ")
    if " " not in bare:
        return bare if ":" in bare else day(bare)
    head, tail = bare.split(" ", 1)
    return f"{day(head)}, {tail[:5]}"


@register.filter
def role_words(role: str) -> str:
    """`front office`."""
    return ROLES.get(role, role)


@register.filter
def rule_words(rule: str) -> str:
    """The name of a counting rule."""
    return RULES.get(rule, rule)


@register.filter
def spaced(name: str) -> str:
    """`claim lines` for claim_lines."""
    return str(name).replace("_", " ")


@register.filter
def plain_value(value: Any) -> str:
    """A value of the book in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value == "":
        return "–"
    if isinstance(value, dict):
        kept = {name: said for name, said in value.items() if said not in ("", None)}
        return "; ".join(f"{name.replace('_', ' ')} {plain_value(said)}" for name, said in kept.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(plain_value(item) for item in value)
    return f"{value:,}" if isinstance(value, int) else str(value)


@register.filter
def book_value(value: Any) -> str:
    """The value of one answer of the book, cents as dollars."""
    if value.unit == "cents" and isinstance(value.value, int):
        return cash(value.value)
    return plain_value(value.value)


@register.filter
def verdict_words(verdict: str) -> str:
    """What a verdict on a claim is called."""
    return VERDICTS.get(verdict, verdict)


@register.filter
def money_words(state: str | None) -> str:
    """What is known of a payment's money."""
    return MONEY[state][0] if state in MONEY else ""


@register.filter
def remit_status_words(status: str | None) -> str:
    """What CLP02 says."""
    return REMIT_STATUS.get(status or "", f"status {status}" if status else "–")


@register.filter
def advice_words(advice: str) -> str:
    """What to do with an open item."""
    return ADVICE.get(advice, advice)


@register.filter
def percent(basis_points: int | None) -> str:
    """`52 %` for 5200 basis points."""
    return "–" if basis_points is None else f"{half_up(int(basis_points), 100)} %"


@register.filter
def hours(minutes: int | None) -> str:
    """`15 hours`, `40 minutes`."""
    whole_minutes = int(minutes or 0)
    return (
        plural(whole_minutes // 60, "hour,hours") if whole_minutes >= 60 else plural(whole_minutes, "minute,minutes")
    )


@register.filter
def ago(days_left: int) -> str:
    """`3 days` for -3."""
    return plural(-int(days_left), "day,days")


@register.filter
def turned(cents: int) -> int:
    """The other side of an amount: what a payer paid short is to be gained."""
    return -int(cents)


@register.filter
def said_of(answers: Any, row: dict[str, str]) -> Any:
    """What was answered on a finding of a note; None where nothing was."""
    return answers.get(f"{row['read_as']} {row['code']}")


@register.filter
def cents_of(payments: dict[str, int | None], code: str) -> str:
    """`$29.06`, what one unit of the code is expected to bring; `no price` where the book has none."""
    cents = payments.get(code)
    return "no price" if cents is None else cash(cents)


@register.filter
def taught(code: str) -> bool:
    """Whether a learning page speaks of the code."""
    return page_of(code) is not None

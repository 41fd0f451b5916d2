"""Reading pages as a person does."""

from __future__ import annotations

import re
from html import unescape

from everyunit.money import dollars, half_up


def text(answer) -> str:
    """The words of a page."""
    return unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


def whole(cents: int) -> str:
    """Whole dollars as pages write them."""
    return dollars(half_up(cents, 100) * 100)[:-3].replace("-", "−")


def marked(sign: str, cents: int) -> str:
    """Whole dollars with their sign; nothing has none."""
    return sign + whole(cents) if whole(cents) != "$0" else "$0"

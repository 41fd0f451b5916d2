"""The pages to learn from: per code the deciding questions and made-up examples in pairs, from tests/notes/learn."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from everyunit.days import as_day
from everyunit.rulebook import Book

SOURCE = Path(__file__).resolve().parents[1] / "tests" / "notes" / "learn"
BEFORE = (
    "What happened decides; the words only show it. The examples are made up; the reader of notes is tested on them. "
    "A signed note is not reworded to reach a code, and a late entry says that it is one."
)
DRAWN = (
    "Drawn from published therapy guidance, read in part and reviewed by no clinician; the payer's own policy wins. "
    "What must stand in the record: Medicare Benefit Policy Manual (CMS Pub. 100-02) ch. 15, 220.3."
)


def pages() -> dict[str, dict[str, Any]]:
    """The sources by stem, in the order of their names."""
    return {file.stem: tomllib.loads(file.read_text("utf-8")) for file in sorted(SOURCE.glob("*.toml"))}


def shipped_learning() -> str:
    """The pages as the package carries them."""
    held = {}
    for stem, page in pages().items():
        pairs = [{"code": pair.get("code", page["codes"][0]), **pair} for pair in page["pair"]]
        held[stem] = {**{key: page[key] for key in ("codes", "discipline", "title", "questions")}, "pairs": pairs}
    whole = {"before": BEFORE, "drawn": DRAWN, "pages": held}
    return json.dumps(whole, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _labels(codes: list[str]) -> str:
    """What the book calls the codes and how it counts them."""
    day, lines = as_day(date(2026, 1, 1)), []
    for code in codes:
        held = Book.load().value(f"codes.{code}", day).value
        assert isinstance(held, dict)
        counted = "timed" if held["timed"] else "untimed"
        lines.append(f"- `{code}`: {held['label']} ({counted})")
    return "\n".join(lines)


def learn_page(head: str, stem: str) -> str:
    """One page in Markdown."""
    page = pages()[stem]
    parts = [head, f"# {page['title']}\n\n{_labels(page['codes'])}\n\n{BEFORE}\n\n## Ask\n\n"]
    parts += [f"- {question}\n" for question in page["questions"]]
    for number, pair in enumerate(page["pair"], start=1):
        code = pair.get("code", page["codes"][0])
        instead = pair["instead"] or "no code"
        parts.append(f"\n## {number}. {code}, not {pair['instead'] or 'a service'}\n\n")
        parts.append(f"Carries {code}:\n\n> {pair['carries']}\n\n")
        parts.append(f"Does not, carries {instead}:\n\n> {pair['does_not']}\n\n{pair['why']}\n")
    parts.append(f"\n{DRAWN}\n\nThe source stands in `tests/notes/learn/{stem}.toml`.\n")
    return "".join(parts)


def learn_index(head: str) -> str:
    """The list of the pages."""
    rows = [f"- [{', '.join(page['codes'])}]({stem}.md): {page['title']}\n" for stem, page in pages().items()]
    return f"{head}# What words carry which code\n\n{BEFORE}\n\n{''.join(rows)}\n{DRAWN}\n"


def learn_pages(head: str) -> dict[str, Callable[[], str]]:
    """Name and maker of every page under docs/learn."""
    made: dict[str, Callable[[], str]] = {f"learn/{stem}.md": partial(learn_page, head, stem) for stem in pages()}
    return {"learn/index.md": partial(learn_index, head), **made}

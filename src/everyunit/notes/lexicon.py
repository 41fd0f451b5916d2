"""The lexicon: terms with what they are evidence of, and their places in a note, longest first."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from everyunit.errors import Unreadable
from everyunit.notes.words import WORD, Spelling, Word

WEIGHTS = {"label": 2.5, "aim": 2.5, "do": 3.0, "tool": 1.0, "weak": 0.75, "cue": 0.0, "revised": 0.0, "purpose": 5.0}


@dataclass(frozen=True)
class Entry:
    """What a term is evidence of: a code (or the name of a cue), the kind of evidence and its weight by code."""

    code: str
    kind: str
    weights: tuple[tuple[str, float], ...]
    source: str


@dataclass(slots=True)
class Hit:
    """A term at its place: characters, first and last word, and all that it is evidence of."""

    start: int
    end: int
    first: int
    last: int
    entries: tuple[Entry, ...]


@dataclass
class _Node:
    after: dict[str, _Node]
    entries: list[tuple[str, Entry]]
    always: tuple[Entry, ...] | None = None  # all entries, where none of them asks for letters as written


class Lexicon:
    """All terms in one tree of words, so that a note is read in one pass whatever the number of terms."""

    def __init__(self, groups: list[tuple[str, dict[str, Any]]], plain: list[str]) -> None:
        spelt: list[tuple[list[str], str, Entry]] = []
        for place, group in groups:
            spelt += _terms(place, group)
        self.spelling = Spelling({word.lower() for words, _, _ in spelt for word in words}, plain)
        self.evidence, self.cues = _Node({}, []), _Node({}, [])
        for words, raw, entry in spelt:
            node = self.cues if entry.kind in ("cue", "revised") else self.evidence
            for word in words:
                node = node.after.setdefault(self.spelling.form(word), _Node({}, []))
            if not any(
                raw == told and entry.code == held.code and entry.kind == held.kind for told, held in node.entries
            ):
                node.entries.append((raw, entry))
                exact = any(told for told, _ in node.entries)
                node.always = None if exact else tuple(held for _, held in node.entries)

    def hits(self, words: list[Word], text: str) -> list[Hit]:
        """Evidence terms in order; a longer term covers the shorter ones within it."""
        return _walk(self.evidence, words, text, skip=True)

    def marks(self, words: list[Word], text: str) -> list[Hit]:
        """Cue terms in order; the longest at each place, and cues may overlap."""
        return _walk(self.cues, words, text, skip=False)


def _terms(place: str, group: dict[str, Any]) -> list[tuple[list[str], str, Entry]]:
    for name in ("code", "kind", "source", "terms"):
        if not group.get(name):
            raise Unreadable(f"{name} is missing.", place=place, remedy="Every group of terms needs it.")
    kind, code = group["kind"], group["code"]
    weight = float(group.get("weight", WEIGHTS[kind]))
    weights = ((code, weight), *((str(other), float(more)) for other, more in group.get("also", {}).items()))
    entry = Entry(code, kind, weights, group["source"])
    found = []
    for bare in _spelt_out(group["terms"], group.get("over", "")):
        if bare:
            exact = bare.endswith("!")
            words = WORD.findall(bare.removesuffix("!"))
            found.append((words, bare[:-1] if exact else "", entry))
    return found


def _spelt_out(terms: str, over: str) -> list[str]:
    """Each term by itself; one with a star stands once for every word of `over`: * release over psoas; soleus."""
    parts = [part.strip() for part in over.replace("\n", " ").split(";") if part.strip()]
    found: list[str] = []
    for term in terms.replace("\n", " ").split(";"):
        bare = term.strip()
        found += [bare.replace("*", part) for part in parts] if "*" in bare else [bare]
    return found


def _walk(root: _Node, words: list[Word], text: str, skip: bool) -> list[Hit]:
    found: list[Hit] = []
    count, free = len(words), 0
    after = root.after
    for at in [place for place, word in enumerate(words) if word.form in after]:
        if at < free:
            continue
        node: _Node | None = after[words[at].form]
        best, place = None, at
        while node is not None:
            if node.entries:
                entries = node.always or _exact(node, words[at].start, words[place].end, text)
                if entries:
                    best = Hit(words[at].start, words[place].end, at, place, entries)
            place += 1
            if place >= count or words[place].broken:
                break
            node = node.after.get(words[place].form)
        if best is not None:
            found.append(best)
            free = best.last + 1 if skip else 0
    return found


def _exact(node: _Node, start: int, end: int, text: str) -> tuple[Entry, ...]:
    """The entries at a node whose letters stand as written: a term in capitals must stand in capitals."""
    return tuple(entry for raw, entry in node.entries if not raw or text[start:end] == raw)


@cache
def lexicon() -> Lexicon:
    """The shipped lexicon, read once. Raises Unreadable for a group without code, kind, source or terms."""
    groups: list[tuple[str, dict[str, Any]]] = []
    plain: list[str] = []
    for file in sorted((files("everyunit.notes") / "data").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            held = tomllib.loads(file.read_text(encoding="utf-8"))
            plain += held.get("plain", {}).get("words", "").split()
            for number, group in enumerate(held.get("group", []), start=1):
                groups.append((f"lexicon {file.name} group {number}", group))
    return Lexicon(groups, plain)

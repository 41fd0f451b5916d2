"""Misspelt terms are read as the term; plain words a letter away from one are left as they are."""

from __future__ import annotations

import pytest

from everyunit.notes.lexicon import lexicon

MISSPELT = {
    "strenth": "strength", "sqauts": "squats", "stratgey": "strategy", "challange": "challenge",
    "groming": "grooming", "adjustng": "adjusting", "yestrday": "yesterday",
    "stregthening": "strengthening", "ambulaton": "ambulation",
}  # fmt: skip
PLAIN = (
    "remaining",
    "unchanged",
    "hearing",
    "ability",
    "section",
    "related",
    "shorter",
    "stooping",
    "spilled",
    "planted",
)


@pytest.mark.parametrize("word", MISSPELT)
def test_a_letter_more_less_other_or_swapped_is_mended(word):
    form = lexicon().spelling.form
    assert form(word) == form(MISSPELT[word])


@pytest.mark.parametrize("word", PLAIN)
def test_a_plain_word_is_not_mended_into_a_term(word):
    spelling = lexicon().spelling
    assert spelling.form(word) not in {spelling.form(known) for known in spelling.known}

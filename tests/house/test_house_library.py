"""The examples in docs/library.md are run as they stand."""

from __future__ import annotations

import re

import pytest
from house import ROOT

import everyunit

EXAMPLES = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "library.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_example_runs(number):
    exec(compile(EXAMPLES[number], f"docs/library.md, example {number + 1}", "exec"), {})


def test_there_are_three_and_the_face_is_whole():
    assert len(EXAMPLES) == 3
    assert all(getattr(everyunit, name).__doc__ for name in everyunit.__all__)
    with pytest.raises(AttributeError):
        _ = everyunit.no_such_name

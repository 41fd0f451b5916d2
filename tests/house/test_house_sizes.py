"""Small rooms: files fit on a few screens, functions fit in the eye."""

from __future__ import annotations

import ast
from statistics import median

import pytest
from house import module, sources, tree

FILE_LINES = 300
FUNCTION_LINES = 60


@pytest.mark.parametrize("path", sources(), ids=lambda path: module(path))
def test_file_and_its_functions_are_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= FILE_LINES
    for node in ast.walk(tree(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines <= FUNCTION_LINES, f"{node.name} has {lines} lines"


def test_the_median_file_is_a_page():
    lengths = [len(path.read_text(encoding="utf-8").splitlines()) for path in sources()]
    assert median(lengths) <= 160


@pytest.mark.parametrize("path", sources(), ids=lambda path: module(path))
def test_public_names_say_what_they_mean(path):
    for node in tree(path).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{node.name} has no docstring"

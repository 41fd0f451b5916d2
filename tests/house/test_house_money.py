"""Money is whole cents: no binary fraction comes near it."""

from __future__ import annotations

import ast

import pytest
from house import module, sources, tree

MARKS = ("_cents", "_bp")


def names(node: ast.AST) -> set[str]:
    found = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            found.add(part.id)
        elif isinstance(part, ast.Attribute):
            found.add(part.attr)
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            found.add(part.value)
    return found


def statements(path):
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.stmt) and not hasattr(node, "body")]


def fractions(node: ast.AST) -> list[str]:
    bad = []
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, float):
            bad.append(str(part.value))
        elif isinstance(part, ast.Name) and part.id == "float":
            bad.append("float")
        elif isinstance(part, ast.Attribute) and part.attr in ("Float64", "Float32", "round", "truediv"):
            bad.append(part.attr)
        elif isinstance(part, ast.BinOp) and isinstance(part.op, ast.Div) and not is_path(part):
            bad.append("/")
    return bad


def is_path(node: ast.BinOp) -> bool:
    return isinstance(node.right, (ast.JoinedStr, ast.Constant)) and not isinstance(
        getattr(node.right, "value", ""), (int, float)
    )


@pytest.mark.parametrize("path", sources(), ids=lambda path: module(path))
def test_no_statement_about_cents_uses_fractions(path):
    for node in statements(path):
        if any(name.endswith(MARKS) for name in names(node)):
            assert not fractions(node), f"line {node.lineno}: {fractions(node)} beside an amount"


def test_the_check_sees_a_fraction():
    bad = ast.parse("paid_cents = charge_cents * 0.8").body[0]
    assert fractions(bad) and any(name.endswith(MARKS) for name in names(bad))
    assert fractions(ast.parse("x_cents = a / b").body[0]) == ["/"]

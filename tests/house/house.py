"""What the house tests share: the files of the package and the floor each room stands on."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "everyunit"

FLOORS = {
    "errors": 1,
    "days": 2, "money": 2, "frames": 2,
    "x12": 3, "ledger": 3, "rulebook": 3,
    "intake": 4, "notes": 4, "audit": 4, "sample": 4,
    "team": 5, "measures": 5, "receivables": 5,
    "trends": 6, "plan": 6, "peers": 6,
    "services": 7,
    "web": 8, "cli": 8,
}  # fmt: skip


@cache
def sources() -> tuple[Path, ...]:
    """Every Python file of the package."""
    return tuple(sorted(PACKAGE.rglob("*.py")))


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def room(path: Path) -> str:
    """The room a file belongs to: its first folder, or its own name on the ground floors."""
    inside = path.relative_to(PACKAGE).parts
    return inside[0] if len(inside) > 1 else path.stem


def module(path: Path) -> str:
    """Dotted name of a file of the package."""
    parts = list(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> set[str]:
    """Dotted names inside the package that a file imports, at its head or within its functions."""
    found: set[str] = set()
    package = module(path) if path.name == "__init__.py" else module(path).rpartition(".")[0]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base]) if base else ".".join(above)
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return {name for name in found if name == "everyunit" or name.startswith("everyunit.")}

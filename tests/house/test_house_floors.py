"""Imports go down only; rooms on one floor do not know each other; no circles."""

from __future__ import annotations

import polars as pl
import pytest
from house import FLOORS, PACKAGE, imports, module, room, sources

from everyunit import frames
from everyunit.frames import polars


def target_room(name: str) -> str | None:
    parts = name.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in FLOORS else None


@pytest.mark.parametrize("path", sources(), ids=lambda path: module(path))
def test_imports_go_down_only(path):
    here = room(path)
    if here == "__init__":
        return  # the public face stands in front of the house and may know every room
    assert here in FLOORS, f"{here} has no floor yet: give it one in tests/house/house.py and docs/architecture.md"
    for name in imports(path):
        there = target_room(name)
        if there and there != here:
            assert FLOORS[there] < FLOORS[here], f"{module(path)} imports {name}: imports go down only"


@pytest.mark.parametrize("path", [p for p in sources() if room(p) in ("web", "cli")], ids=lambda path: module(path))
def test_doors_know_only_services(path):
    allowed = {"errors", "days", "money", "frames", "services", room(path)}
    assert {target_room(name) for name in imports(path)} - {None} <= allowed


def test_no_import_circles():
    known = {module(path): path for path in sources()}
    edges = {name: {t for t in imports(path) if t in known and t != name} for name, path in known.items()}
    for name in edges:  # a package's own __init__ is entered by every import of its files: not an edge of meaning
        edges[name] -= {p for p in edges[name] if name.startswith(f"{p}.") and known[p].name == "__init__.py"}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join([*trail[trail.index(name) :], name])
        if name in done:
            return
        for after in sorted(edges[name]):
            visit(after, (*trail, name))
        done.add(name)

    for name in sorted(edges):
        visit(name, ())


def test_the_check_can_fail(tmp_path):
    assert FLOORS["cli"] > FLOORS["services"] > FLOORS["audit"] > FLOORS["x12"] > FLOORS["days"] > FLOORS["errors"]
    assert (PACKAGE / "x12" / "tables.py") in sources()
    assert "everyunit.frames" in imports(PACKAGE / "x12" / "tables.py")


def test_streamed_plans_go_through_the_one_door():
    """Reordered joins met on half their keys: 100,000 visits took 21 GB. `frames.polars` runs plans as written."""
    for path in sources():
        assert path.name == "frames.py" or 'engine="streaming"' not in path.read_text(encoding="utf-8"), path.name


def test_joins_run_as_written():
    left = pl.LazyFrame({"pool": [1, 2], "rank": [7, 7]})
    middle = pl.LazyFrame({"visit": ["a", "b"], "rank": [7, 7]})
    right = pl.LazyFrame({"visit": ["a", "b"], "pool": [1, 2]})
    plan = left.join(middle.join(right, on="visit"), on=["pool", "rank"])
    assert '[col("pool"), col("rank")]' in plan.explain(optimizations=frames.AS_WRITTEN)
    assert polars(plan).height == 2

"""Same seed, same bytes; another seed, another practice; the folder is left alone when it is not ours."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from everyunit.errors import UsageError
from everyunit.sample import practice as making
from everyunit.sample.practice import make_practice, shares
from everyunit.sample.words import clinic_name


def tree(folder: Path) -> str:
    seen = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            seen.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()


def test_same_seed_same_bytes_other_seed_other_bytes(tmp_path: Path) -> None:
    for name, seed in (("a", 4), ("b", 4), ("c", 5)):
        make_practice(tmp_path / name, 600, seed, workers=1)
    assert tree(tmp_path / "a") == tree(tmp_path / "b") != tree(tmp_path / "c")


def test_workers_do_not_change_a_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "CLINIC_VISITS", 60)
    make_practice(tmp_path / "one", 300, 4, workers=1)
    make_practice(tmp_path / "two", 300, 4, workers=2)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_no_clock_stands_in_it(sample_folder: Path) -> None:
    newest = max(path.name for path in sample_folder.glob("remits/*"))
    assert newest <= "2026-11-20.835"


def test_a_year_is_written_before_the_next_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "CLINIC_VISITS", 20)
    made: list[int] = []
    written: list[int] = []
    original = making.make_year

    def watched(*given: object) -> object:
        made.append(len(written))
        return original(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(making, "make_year", watched)
    make_practice(tmp_path / "p", 100, 1, workers=1, progress=written.append)
    assert made == [0, 1, 2, 3, 4]
    assert written == [20, 40, 60, 80, 100]


def test_workers_run_only_a_little_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pool:
        asked = 0

        def __init__(self, *_: object, **__: object) -> None: ...
        def __enter__(self) -> Pool:
            return self

        def __exit__(self, *_: object) -> None: ...
        def submit(self, _: object, *given: int) -> Answer:
            Pool.asked += 1
            return Answer(given[1])

    class Answer:
        def __init__(self, number: int) -> None:
            self.number = number

        def result(self) -> int:
            return self.number

    monkeypatch.setattr(making, "ProcessPoolExecutor", Pool)
    years: Iterator[object] = making._years(1, [10] * 40, 2, False)
    for number, year in enumerate(years):
        assert year == number
        assert Pool.asked <= number + 3


def test_shares_add_up() -> None:
    for visits in (1, 2, 5, 4_000, 100_001):
        assert sum(shares(visits)) == visits and min(shares(visits)) > 0


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        make_practice(tmp_path, 10, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_a_sample_with_a_file_added_is_left_alone(tmp_path: Path) -> None:
    make_practice(tmp_path / "p", 10, 1)
    (tmp_path / "p" / "mine.csv").write_text("kept")
    with pytest.raises(UsageError):
        make_practice(tmp_path / "p", 10, 1)
    assert (tmp_path / "p" / "mine.csv").read_text() == "kept"


def test_an_earlier_sample_is_replaced(tmp_path: Path) -> None:
    make_practice(tmp_path / "p", 400, 1)
    make_practice(tmp_path / "p", 30, 2)
    make_practice(tmp_path / "q", 30, 2)
    assert tree(tmp_path / "p") == tree(tmp_path / "q")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("")
    with pytest.raises(UsageError, match="is a file"):
        make_practice(tmp_path / "p", 10, 1)


def test_the_command_tells_what_it_made(tmp_path: Path) -> None:
    import json

    from everyunit.cli.main import app

    done = CliRunner().invoke(app, ["sample", str(tmp_path / "p"), "--visits", "40", "--seed", "2", "--json"])
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert (told["visits"], told["seed"], told["clinics"]) == (40, 2, 3)
    assert sum(told["leaks"].values()) >= 2


def test_a_run_cut_short_can_be_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = making.make_year

    def failing(*given: object) -> object:
        if given[2] == 2:
            raise KeyboardInterrupt
        return original(*given)  # type: ignore[arg-type]

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(making, "make_year", failing)
        make_practice(tmp_path / "p", 90, 1, workers=1)
    make_practice(tmp_path / "p", 90, 1, workers=1)
    make_practice(tmp_path / "q", 90, 1, workers=1)
    assert tree(tmp_path / "p") == tree(tmp_path / "q")


def test_a_folder_under_a_file_is_refused_with_a_word(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        make_practice(tmp_path / "letter" / "p", 10, 1)


@pytest.mark.parametrize("visits", [0, -3, 5_000_001])
def test_numbers_out_of_reach_are_refused(tmp_path: Path, visits: int) -> None:
    with pytest.raises(UsageError, match="cannot be made"):
        make_practice(tmp_path / "p", visits, 1)
    assert not (tmp_path / "p").exists()


def test_every_clinic_has_a_name_of_its_own() -> None:
    names = [clinic_name(number) for number in range(900)]
    assert len(set(names)) == len(names)

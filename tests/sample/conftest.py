from __future__ import annotations

from pathlib import Path

import pytest
from sample_plain import Sample

from everyunit.sample.practice import make_practice


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "practice"
    make_practice(folder, 4_000, 20_261, workers=1)
    return folder


@pytest.fixture(scope="session")
def tidy(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """A practice with nothing wrong."""
    folder = tmp_path_factory.mktemp("tidy") / "practice"
    make_practice(folder, 4_000, 20_262, workers=1, clean=True)
    return Sample(folder)


@pytest.fixture(scope="session")
def practice(sample_folder: Path) -> Sample:
    return Sample(sample_folder)

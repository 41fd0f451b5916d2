from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client, override_settings
from web_homes import bring_hostile, bring_sample, set_up

from everyunit.services.audit import audit
from everyunit.services.home import open_home

set_up()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small make-believe practice, imported and judged."""
    return bring_sample(tmp_path_factory.mktemp("web"))


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two visits whose texts try to be more than text; no claims, no remits."""
    return bring_hostile(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger into which nothing came, judged."""
    folder = tmp_path_factory.mktemp("bare")
    open_home(folder, create=True)
    audit(folder)
    return folder


def reader(folder: Path | str):
    """A client of one home; yields it while the home is the one that is served."""
    with override_settings(EVERYUNIT_HOME=str(folder)):
        yield Client(SERVER_NAME="localhost", raise_request_exception=False)


@pytest.fixture
def client(home: Path):
    yield from reader(home)


@pytest.fixture
def hostile_client(hostile: Path):
    yield from reader(hostile)


@pytest.fixture
def bare_client(bare: Path):
    yield from reader(bare)

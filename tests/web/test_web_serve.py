"""The command that serves: one address on this machine, errors in words."""

from __future__ import annotations

import socket

import pytest
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.errors import UsageError
from everyunit.services.serve import probe, serve


def test_the_real_server_answers(home):
    assert probe(home) == 200
    assert probe(home, "/visits/none") == 404


def test_a_missing_home_is_named(tmp_path):
    told = CliRunner().invoke(app, ["serve", "--home", str(tmp_path / "none"), "--port", "18943"])
    assert isinstance(told.exception, UsageError) and told.exception.exit_code == 2


def test_a_taken_port_is_named(bare):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UsageError, match="is taken on this machine"):
            serve(bare, port=taken.getsockname()[1])

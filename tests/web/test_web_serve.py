"""The command that serves: one address on this machine, errors in words."""

from __future__ import annotations

import inspect
import multiprocessing
import os
import socket

import granian
import pytest
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.errors import UsageError
from everyunit.services.serve import probe, serve
from everyunit.web.guard import FORMS


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


def test_it_listens_on_this_machine_alone(bare, monkeypatch):
    """There is no sign-in, so there is no way to bind it elsewhere."""
    asked = {}

    class Server:
        def __init__(self, target, **how):
            asked.update(how)

        def serve(self):
            asked["served"] = True

    for name in ("EVERYUNIT_HOME", "DJANGO_SETTINGS_MODULE"):  # are put back as they were
        monkeypatch.setenv(name, os.environ.get(name, ""))
    monkeypatch.setattr(multiprocessing, "set_start_method", lambda method, force: None)
    monkeypatch.setattr(granian, "Granian", Server)
    serve(bare, port=18_944)
    assert asked["address"] == "127.0.0.1" and asked["served"]
    assert set(inspect.signature(serve).parameters) == {"home", "port", "say", "progress"}
    assert CliRunner().invoke(app, ["serve", "--home", str(bare), "--host", "0.0.0.0"]).exit_code == 2


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.7", "a b"]
)
def test_another_host_name_is_not_answered(client, host):
    """A page elsewhere that points its own name at this machine (rebinding) reads nothing."""
    for path in ("/", "/visits/", "/findings/findings.csv"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 400 and b"This address is not served" in answer.content


@pytest.mark.parametrize(
    "sent", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://evil.example"},
             {"Origin": "http://localhost:1"}, {"Origin": "null"}],
)  # fmt: skip
def test_a_form_of_another_page_is_not_taken(client, sent):
    for path in FORMS:
        assert client.post(path, {"action": "approve"}, headers=sent).status_code == 403
    assert client.post("/findings/", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 405

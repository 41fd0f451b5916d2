"""Serving the web door on this machine alone, and asking it once whether it answers."""

from __future__ import annotations

import http.client
import multiprocessing
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from everyunit.errors import Unreadable, UsageError
from everyunit.services.audit import audit
from everyunit.services.home import open_home

HOST = "127.0.0.1"
APPLICATION = "everyunit.web.wsgi:application"


def serve(
    home: str | Path,
    port: int = 8765,
    say: Callable[[str], None] | None = None,
    progress: Callable[[str], None] | None = None,
) -> None:
    """Serve the pages of a home until interrupted; what came in and was not judged is judged first.

    `say` is given the address, `progress` is told of the judging. Raises UsageError where there is no ledger or the
    port is taken.
    """
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    multiprocessing.set_start_method("spawn", force=True)  # a fork would inherit Polars' locked thread pool
    tell = say or (lambda line: None)
    _free(port)
    audit(open_home(home).home, say=progress)
    os.environ["EVERYUNIT_HOME"] = str(Path(home).resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "everyunit.web.settings"
    tell(f"Every Unit is at http://localhost:{port} on this machine only. Ctrl-C ends it.")
    Granian(
        APPLICATION,
        address=HOST,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        log_access=False,
        log_level=LogLevels.error,
        websockets=False,
    ).serve()


def probe(home: str | Path, path: str = "/", wait_seconds: int = 60) -> int:
    """Status that the real server gives for one page of a home. Raises Unreadable where it does not answer."""
    port = _any_port()
    command = [sys.executable, "-m", "everyunit.services.serve", str(home), str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        return _ask(port, path, wait_seconds)
    finally:
        server.terminate()
        server.wait(timeout=20)


def _ask(port: int, path: str, wait_seconds: int) -> int:
    until = time.monotonic() + wait_seconds
    while time.monotonic() < until:
        link = http.client.HTTPConnection(HOST, port, timeout=wait_seconds)
        try:
            link.request("GET", path, headers={"Host": f"localhost:{port}"})
            return link.getresponse().status
        except OSError:
            time.sleep(0.1)
        finally:
            link.close()
    raise Unreadable("The web page did not answer.", remedy="Run everyunit serve --home DIR and read what it says.")


def _any_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


def _free(port: int) -> None:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((HOST, port))
        except OSError:
            remedy = "Name another with --port, or end the program that holds it."
            raise UsageError(f"Port {port} is taken on this machine.", remedy=remedy) from None


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))

"""Before signing nothing is stored: no file, no line, no cookie, no address holds a word of a draft."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest

MARK = "zebrafishword"
NOTE = f"O: Therapeutic exercise x 25 min: quad sets and SLR for strength, {MARK}.\nTimed 25, total 25.\nP: {MARK}."
SERVE = "import sys; from everyunit.services.serve import serve; serve(sys.argv[1], int(sys.argv[2]))"


def files(*folders: Path) -> dict[str, bytes]:
    """Every file below the folders and what it holds; what a ledger works out by itself holds no word of a draft."""
    found = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert not [path for path in found if MARK.encode() in path.read_bytes()]
    own = [path for path in found if "derived" not in path.parts and not path.name.startswith("ledger.sqlite")]
    return {str(path): path.read_bytes() for path in own}


@pytest.fixture
def rooms(tmp_path: Path) -> dict[str, Path]:
    """Folders of a process of its own: user, scratch and work."""
    made = {name: tmp_path / name for name in ("user", "scratch", "work")}
    for folder in made.values():
        folder.mkdir()
    return made


def alone(rooms: dict[str, Path]) -> dict[str, str]:
    """Surroundings in which whatever is written would lie in `rooms`."""
    places = {"HOME": rooms["user"], "XDG_CACHE_HOME": rooms["user"], "TMPDIR": rooms["scratch"]}
    return {**os.environ, **{name: str(path) for name, path in places.items()}, "PYTHONDONTWRITEBYTECODE": "1"}


def ask(port: int, method: str, path: str, body: str = "") -> tuple[int, list[tuple[str, str]], str]:
    """Status, headers and text of one answer; waits until the server is there."""
    heads = {"Host": f"localhost:{port}", "Content-Type": "application/x-www-form-urlencoded"}
    for _ in range(600):
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            link.request(method, path, body=body, headers=heads)
            answer = link.getresponse()
            return answer.status, answer.getheaders(), answer.read().decode()
        except ConnectionRefusedError:
            time.sleep(0.1)
        finally:
            link.close()
    raise AssertionError("the server did not answer")


def test_a_draft_posted_to_the_page_leaves_nothing(home, rooms, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = tmp_path / "said.txt"
    with said.open("wb") as out:
        command = [sys.executable, "-c", SERVE, str(home), str(port)]
        server = subprocess.Popen(command, stdout=out, stderr=out, cwd=rooms["work"], env=alone(rooms))
    try:
        assert ask(port, "GET", "/note/")[0] == 200
        before = files(home, *rooms.values())
        given = {"note": NOTE, "discipline": "PT", "payer": "medicare_b", "codes": "97530=2", "minutes": ""}
        answers = [ask(port, "POST", "/note/", urlencode(given))]
        answers.append(ask(port, "POST", "/note/?show=payment", urlencode({**given, "codes": f"97110={MARK}"})))
        answers.append(ask(port, "POST", "/note/nowhere", urlencode(given)))
    finally:
        server.terminate()
        server.wait(timeout=20)
    assert [status for status, _, _ in answers] == [200, 422, 405]
    assert MARK in answers[0][2]
    for _, heads, page in answers:
        named = {name.lower(): value for name, value in heads}
        assert not named.keys() & {"set-cookie", "location", "refresh"} and named["cache-control"] == "no-store"
        assert not [link for link in re.findall(r'(?:href|src|action|formaction)="([^"]*)"', page) if MARK in link]
        assert "<title>" in page and MARK not in page[page.index("<title>") : page.index("</title>")]
    assert files(home, *rooms.values()) == before
    assert MARK not in said.read_text()


@pytest.mark.parametrize("more", [(), ("--json",), ("--code", f"97110={MARK}")])
def test_a_draft_given_to_the_command_leaves_nothing(home, rooms, more):
    before = files(home, *rooms.values())
    run = [sys.executable, "-c", "from everyunit.cli.main import run; run()", "note", "-", "--code", "97530=2", *more]
    ran = subprocess.run(run, input=NOTE, capture_output=True, text=True, cwd=rooms["work"], env=alone(rooms))
    assert ran.returncode == (2 if "--code" in more else 0)
    assert files(home, *rooms.values()) == before
    lines = [line for line in ran.stderr.splitlines() if "everyunit: 97110 reads" not in line]
    assert MARK not in "".join(lines)

"""The visit page from a ledger of a million visits, over HTTP from the real server."""

from __future__ import annotations

import http.client
import random
import subprocess
import time
from pathlib import Path
from statistics import median
from typing import Any

from bench.measure import EVERYUNIT, home, practice

VISITS = 1_000_000
ASKED = 200
PORT = 18931
AIM_MS = 200


def rows() -> list[dict[str, Any]]:
    """Median and 95th percentile of the visit page, visits drawn at random."""
    wanted = draw(practice(VISITS) / "visits.csv", ASKED)
    server = subprocess.Popen(
        [EVERYUNIT, "serve", "--home", str(home(VISITS)), "--port", str(PORT)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait()
        taken = sorted(ask(f"/visits/{visit}") for visit in wanted)
    finally:
        server.terminate()
        server.wait()
    middle, late = median(taken), taken[int(len(taken) * 0.95)]
    figure = f"{middle:.0f} ms median, {late:.0f} ms p95"
    what = f"visit page of {VISITS:,} visits, {ASKED} drawn at random"
    return [{"what": what, "figure": figure, "aim": f"{AIM_MS} ms median", "held": middle <= AIM_MS}]


def draw(visits: Path, count: int) -> list[str]:
    """Numbers of visits drawn at random, always the same ones."""
    with visits.open(encoding="utf-8") as lines:
        place = next(lines).rstrip("\r\n").split(",").index("visit_id")
        return random.Random(1).sample([line.split(",")[place] for line in lines], count)


def wait() -> None:
    """Until the server answers. Raises TimeoutError after two minutes."""
    for _ in range(600):
        try:
            ask("/")
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("the server did not answer")


def ask(path: str) -> float:
    """Milliseconds until the page is read. Raises OSError when it is not 200."""
    link = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    began = time.perf_counter()
    link.request("GET", path, headers={"Host": f"localhost:{PORT}"})
    answer = link.getresponse()
    answer.read()
    link.close()
    if answer.status != 200:
        raise OSError(f"{path} answered {answer.status}")
    return (time.perf_counter() - began) * 1000

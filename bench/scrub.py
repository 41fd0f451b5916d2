"""One claim scrubbed inside a running process: against its patient's history, and by itself."""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from bench.measure import home, practice, run

VISITS, TURNS = 20_000, 40
AIM_MILLISECONDS = 150


def rows() -> list[dict[str, Any]]:
    """Median and slowest answer, in milliseconds, after the first."""
    folder, held = practice(VISITS), home(VISITS)
    told = json.loads(run(sys.executable, "-m", "bench.scrub", str(folder), str(held)).out)
    made = []
    for beside, what in (("history", f"with the history of {VISITS:,} visits"), ("alone", "by itself")):
        figure = told[beside]
        made.append(
            {
                "what": f"one claim scrubbed, {what}",
                "figure": f"{figure['median']:.0f} ms",
                "aim": f"{AIM_MILLISECONDS} ms",
                "held": figure["median"] <= AIM_MILLISECONDS,
                "note": f"median of {TURNS} claims; slowest {figure['slowest']:.0f} ms, first {figure['first']:.0f}",
            }
        )
    return made


def first_claims(folder: Path) -> list[bytes]:
    """The first claim of each of TURNS files as a whole file of its own."""
    files = sorted((folder / "claims").glob("*.837"))
    return [_first_claim(files[at % len(files)].read_bytes()) for at in range(TURNS)]


def _first_claim(content: bytes) -> bytes:
    segments = [part.strip() for part in content.decode("ascii").split("~")]
    patients = [at for at, text in enumerate(segments) if text.startswith("HL*") and text.split("*")[3] == "22"]
    start = next(at for at, text in enumerate(segments) if text.startswith("ST*"))
    end = patients[1] if len(patients) > 1 else next(at for at, text in enumerate(segments) if text[:3] == "SE*")
    control = segments[start].split("*")[2]
    group, envelope = (next(text for text in segments if text.startswith(tag)) for tag in ("GS*", "ISA*"))
    tail = [
        f"SE*{end - start + 1}*{control}",
        f"GE*1*{group.split('*')[6]}",
        f"IEA*1*{envelope.split('*')[13]}",
    ]
    return "~\n".join([*segments[:end], *tail, ""]).encode("ascii")


def answer(folder: Path, held: Path) -> None:
    """Print the figures of both ways as JSON."""
    from everyunit.services.scrub import scrub_bytes

    told = {}
    for name, beside in (("history", held), ("alone", None)):
        times = []
        for content in [first_claims(folder)[0], *first_claims(folder)]:
            began = time.perf_counter()
            scrub_bytes(content, "claim.837", beside)
            times.append((time.perf_counter() - began) * 1000)
        told[name] = {"first": times[0], "median": statistics.median(times[1:]), "slowest": max(times[1:])}
    print(json.dumps(told))


if __name__ == "__main__":
    answer(Path(sys.argv[1]), Path(sys.argv[2]))

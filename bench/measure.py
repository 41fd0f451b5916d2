"""Run one command and say how long it took and how much memory it held at most."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

WORK = Path(__file__).resolve().parents[1] / ".bench"
EVERYUNIT = str(Path(sys.executable).parent / "everyunit")


@dataclass(frozen=True)
class Run:
    """Wall time in seconds, peak resident memory in MB, standard output of one command."""

    seconds: float
    peak_mb: float
    out: str


def run(*command: str, **env: str) -> Run:
    """Run a command to its end. Raises RuntimeError with its last words when it fails."""
    WORK.mkdir(exist_ok=True)
    with (WORK / "out").open("w+b") as out, (WORK / "err").open("w+b") as err:
        began = time.perf_counter()
        started = subprocess.Popen(command, stdout=out, stderr=err, env={**os.environ, **env})
        _, status, usage = os.wait4(started.pid, 0)
        seconds = time.perf_counter() - began
        started.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if started.returncode:
            raise RuntimeError(err.read().decode(errors="replace")[-800:])
        return Run(seconds, usage.ru_maxrss / 1024, out.read().decode())


def practice(visits: int, seed: int = 1) -> Path:
    """The folder of a make-believe practice of that size, made once and kept."""
    folder = WORK / f"practice-{visits}"
    done = WORK / f"practice-{visits}.made"
    if not done.exists():
        run(EVERYUNIT, "sample", str(folder), "--visits", str(visits), "--seed", str(seed))
        done.touch()
    return folder


def home(visits: int) -> Path:
    """The audited ledger of that practice, made once and kept."""
    folder = WORK / f"home-{visits}"
    done = WORK / f"home-{visits}.made"
    if not done.exists():
        run(EVERYUNIT, "import", str(practice(visits)), "--home", str(folder))
        run(EVERYUNIT, "audit", "--home", str(folder))
        done.touch()
    return folder


def with_peer(name: str) -> str | None:
    """The Python of the environment of the peers, with this one installed; None where that cannot be."""
    folder = WORK / "venv"
    python = str(folder / "bin" / "python")
    if not Path(python).exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    install = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", name]
    return python if subprocess.run(install, capture_output=True).returncode == 0 else None

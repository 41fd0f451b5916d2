"""`everyunit import`: what it prints, and how it ends."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.errors import EveryUnitError, UsageError
from everyunit.services import beside
from everyunit.services.home import open_home

VISITS = "visit_id,date_of_service,clinic\nV1,2026-03-12,Harbour\nV2,2026-13-40,Harbour\n"
PATIENT = "Zebedee"


def x12(*segments: str) -> str:
    """One interchange around the segments of a transaction."""
    isa = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260312*1200*^*00501*000000001*0*P*:~"
    body = "".join(f"{segment}~" for segment in (*segments, f"SE*{len(segments) + 1}*0001"))
    kind = (
        "HC*S*R*20260312*1200*1*X*005010X222A1" if "837" in segments[0] else "HP*S*R*20260312*1200*1*X*005010X221A1"
    )
    return f"{isa}GS*{kind}~{body}GE*1*1~IEA*1*000000001~"


CLAIM = x12(
    "ST*837*0001*005010X222A1", "BHT*0019*00*1*20260312*1200*CH", "HL*1**20*1", "NM1*85*2*CLINIC*****XX*1999000221",
    "HL*2*1*22*0", "SBR*P*18*******MB", f"NM1*IL*1*{PATIENT}*JO****MI*M1", "NM1*PR*2*MEDICARE*****PI*P1",
    "CLM*C1*45***11:B:1*Y*A*Y*Y", "HI*ABK:M545", "LX*1", "SV1*HC:97110:GP*45*UN*1***1", "DTP*472*D8*20260312",
    "REF*6R*L1",
)  # fmt: skip
REMIT = x12(
    "ST*835*0001", "BPR*I*30*C*ACH************20260320", "TRN*1*T1*1999999999", "N1*PR*MEDICARE", "N1*PE*CLINIC*XX*1",
    "LX*1", "CLP*C1*1*45*30**MB*PC1", f"NM1*QC*1*{PATIENT}*JO", "SVC*HC:97110:GP*45*30**1", "DTM*472*20260312",
    "CAS*CO*45*15", "REF*6R*L1", "CLP*C2*1*45*0**MB*PC2",
)  # fmt: skip


def run(*args: str | Path) -> tuple[int, list[str]]:
    result = CliRunner().invoke(app, ["import", *map(str, args)])
    if isinstance(result.exception, EveryUnitError):
        return result.exception.exit_code, result.stdout.splitlines()
    return result.exit_code, result.stdout.splitlines()


@pytest.fixture
def brought(tmp_path: Path) -> Path:
    folder = tmp_path / "brought"
    folder.mkdir()
    (folder / "visits.csv").write_text(VISITS)
    (folder / "claims.txt").write_text(CLAIM)
    (folder / "remit.dat").write_text(REMIT)
    (folder / "paper.pdf").write_bytes(b"%PDF-1.4")
    return folder


def test_machines_get_one_object_a_file_and_what_is_unlinked(brought: Path, tmp_path: Path) -> None:
    code, lines = run(brought, "--home", tmp_path / "home", "--json")
    assert code == 0
    told = [json.loads(line) for line in lines]
    by_file = {one["file"]: one for one in told if "file" in one}
    assert {name: one["status"] for name, one in by_file.items()} == {
        "claims.txt": "taken", "paper.pdf": "skipped", "remit.dat": "taken", "visits.csv": "taken",
    }  # fmt: skip
    assert by_file["claims.txt"]["rows"]["claim_lines"] == 1
    assert by_file["remit.dat"]["rows"]["remit_claims"] == 2
    assert by_file["visits.csv"]["refusals"][0]["row"] == 3
    assert told[-1]["unlinked"]["claims_without_visit"] == 1
    assert told[-1]["unlinked"]["remit_claims_without_claim"] == 1
    assert told[-1]["unlinked"]["remit_lines_without_line"] == 0


def test_people_get_a_receipt_without_a_patients_name(brought: Path, tmp_path: Path) -> None:
    code, lines = run(brought, "--home", tmp_path / "home")
    said = "\n".join(lines)
    assert code == 0
    assert "visits.csv: taken in" in said
    assert "row 3, date_of_service: is no date" in said
    assert "1 decision in remittances is about a claim that was not brought" in said
    assert "1 row refused; the others are in" in said
    assert PATIENT not in said
    assert PATIENT not in json.dumps(open_home(tmp_path / "home").receipts())


def test_the_second_import_holds_and_changes_nothing(brought: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    run(brought, "--home", home)
    before = open_home(home).fingerprint()
    code, lines = run(brought, "--home", home, "--json")
    assert code == 0
    assert [json.loads(line).get("status") for line in lines[:-1]] == ["held", "skipped", "held", "held"]
    assert open_home(home).fingerprint() == before


def test_nothing_that_can_be_read_ends_with_three(tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.4")
    code, lines = run(tmp_path / "paper.pdf", "--home", tmp_path / "home")
    assert code == 3
    assert "paper.pdf: skipped" in lines[0]


def test_wrong_usage_ends_with_two(tmp_path: Path) -> None:
    assert run(tmp_path / "nowhere", "--home", tmp_path / "home")[0] == 2
    assert run(tmp_path)[0] == 2
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("empty", ["", " "])
def test_an_empty_path_is_not_the_current_folder(
    empty: str, brought: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(brought)
    before = sorted(brought.iterdir())
    assert run(empty, "--home", tmp_path / "home") == (2, [])
    assert run(brought / "visits.csv", empty, "--home", tmp_path / "home") == (2, [])
    assert run(brought, "--home", empty) == (2, [])
    result = CliRunner().invoke(app, ["x12", empty])
    assert isinstance(result.exception, UsageError) and "path is empty" in str(result.exception)
    assert sorted(brought.iterdir()) == before and not (tmp_path / "home").exists()


def test_faults_of_practice_toml_are_printed(tmp_path: Path) -> None:
    (tmp_path / "practice.toml").write_text('[payers.A]\nrule = "hourly"\n')
    code, lines = run(tmp_path / "practice.toml", "--home", tmp_path / "home")
    assert code == 0
    assert lines[1] == "  1 fault in the file; what could be read is in"
    assert lines[2].startswith('    payers.A: rule reads "hourly". Write rule = "cms"')


def test_a_broken_claim_file_gives_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "cut.837").write_text(CLAIM[: CLAIM.index("SE*")])
    code, lines = run(tmp_path / "cut.837", "--home", tmp_path / "home", "--json")
    receipt = json.loads(lines[0])
    assert (code, receipt["rows"]["claims"]) == (0, 1)
    assert receipt["problems"]
    assert all(set(one) == {"segment", "message"} for one in receipt["problems"])


def test_eight_imports_of_one_file_at_once(brought: Path, tmp_path: Path) -> None:
    main = "from everyunit.cli.main import run; run()"
    command = [sys.executable, "-c", main, "import", str(brought / "claims.txt")]
    known = {**os.environ, "POLARS_MAX_THREADS": "1"}
    running = [
        subprocess.Popen(
            [*command, "--home", str(tmp_path / "home"), "--json"], stdout=subprocess.PIPE, text=True, env=known
        )
        for _ in range(8)
    ]
    said = [json.loads(process.communicate(timeout=120)[0].splitlines()[0])["status"] for process in running]
    assert [process.returncode for process in running] == [0] * 8
    assert sorted(said) == ["held"] * 7 + ["taken"]
    assert open_home(tmp_path / "home").scan("claims").collect().height == 1


def test_processes_of_their_own_take_in_the_same(
    brought: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (brought / "more.zip").write_bytes(zipped({"in/claims.837": CLAIM.replace("C1*45", "C3*45"), "same": REMIT}))
    told, held = [], []
    for name, much in (("one", 1 << 40), ("two", 0)):
        monkeypatch.setattr(beside, "MUCH", much)
        code, lines = run(brought, "--home", tmp_path / name, "--json")
        assert code == 0
        told.append({one["file"]: one.get("rows") for one in map(json.loads, lines[:-1])})
        held.append(open_home(tmp_path / name))
    assert told[0] == told[1]
    assert "more.zip!in/claims.837" in told[0]
    for table in held[0].declared:
        assert held[0].scan(table).collect().equals(held[1].scan(table).collect()), table


def test_a_reading_process_that_dies_is_told(brought: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "MUCH", 0)
    monkeypatch.setattr(beside, "COMMAND", (sys.executable, "-c", "pass"))
    code, lines = run(brought, "--home", tmp_path / "home", "--json")
    told = {one["file"]: one["status"] for one in map(json.loads, lines[:-1])}
    assert code == 0
    assert told == {"claims.txt": "unread", "paper.pdf": "skipped", "remit.dat": "unread", "visits.csv": "taken"}


def test_a_home_that_is_full_is_told_by_a_reading_process(
    brought: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "MUCH", 0)
    monkeypatch.setenv("EVERYUNIT_FAULT", "after_rename:full")
    (brought / "visits.csv").unlink()
    code, lines = run(brought, "--home", tmp_path / "home", "--json")
    assert code == 3
    assert lines == []
    assert open_home(tmp_path / "home").receipts() == []


def zipped(members: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return out.getvalue()

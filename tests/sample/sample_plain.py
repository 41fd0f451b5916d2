"""A slow and plain reading of a sample's files: dicts and lists, no code of the product but the rule book."""

from __future__ import annotations

import csv
import json
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def cents(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    whole, _, rest = text.lstrip("-").partition(".")
    return sign * (int(whole or 0) * 100 + int((rest + "00")[:2]))


def segments(path: Path) -> list[list[str]]:
    return [piece.strip("\n").split("*") for piece in path.read_text().split("~") if piece.strip()]


def claims(folder: Path) -> list[dict[str, Any]]:
    """Every CLM with its lines, in order of file name."""
    made: list[dict[str, Any]] = []
    sequence, taken = "", False
    for path in sorted((folder / "claims").glob("*.837")):
        subscriber = False
        for one in segments(path):
            tag = one[0]
            if tag == "HL":
                subscriber = one[3] == "22"
                taken = False
            elif tag == "SBR" and subscriber and not taken:
                sequence, taken = one[1], True
            elif tag == "CLM":
                frequency = one[5].split(":")[2]
                made.append(
                    {"id": one[1], "charge": cents(one[2]), "frequency": frequency, "sequence": sequence, "lines": [],
                     "references": {}, "file": path.name}
                )  # fmt: skip
            elif tag == "REF" and made and one[1] in ("G1", "F8"):
                made[-1]["references"][one[1]] = one[2]
            elif tag == "SV1":
                _, code, *marks = one[1].split(":")
                made[-1]["lines"].append(
                    {"code": code, "marks": marks, "charge": cents(one[2]), "units": int(one[4])}
                )
            elif tag == "DTP" and one[1] == "472":
                made[-1]["lines"][-1]["day"] = f"{one[3][:4]}-{one[3][4:6]}-{one[3][6:]}"
    return made


def remits(folder: Path) -> list[dict[str, Any]]:
    """Every 835 transaction with claims, lines, reasons and provider adjustments."""
    made: list[dict[str, Any]] = []
    for path in sorted((folder / "remits").glob("*.835")):
        for one in segments(path):
            tag = one[0]
            if tag == "BPR":
                made.append({"paid": cents(one[2]), "claims": [], "withheld": 0, "file": path.name})
            elif tag == "TRN":
                made[-1]["trace"] = one[2]
            elif tag == "CLP":
                claim = {"id": one[1], "status": one[2], "charge": cents(one[3]), "paid": cents(one[4]), "lines": []}
                claim["patient"] = cents(one[5]) if one[5] else 0
                made[-1]["claims"].append(claim)
            elif tag == "SVC":
                line = {"code": one[1].split(":")[1], "charge": cents(one[2]), "paid": cents(one[3]), "reasons": []}
                made[-1]["claims"][-1]["lines"].append(line)
            elif tag == "CAS":
                line = made[-1]["claims"][-1]["lines"][-1]
                for at in range(2, len(one), 3):
                    line["reasons"].append((one[1], one[at], cents(one[at + 1])))
            elif tag == "AMT" and one[1] == "B6":
                made[-1]["claims"][-1]["lines"][-1]["allowed"] = cents(one[2])
            elif tag == "PLB":
                made[-1]["withheld"] += cents(one[4])
    return made


class Sample:
    """All files of a sample folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.visits = table(folder / "visits.csv")
        self.truth = table(folder / "truth.csv")
        self.plans = table(folder / "plans.csv")
        self.authorizations = table(folder / "authorizations.csv")
        self.deposits = table(folder / "deposits.csv")
        self.notes = {row["visit_id"]: row["text"] for row in map(json.loads, (folder / "notes.jsonl").open())}
        self.services: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in table(folder / "services.csv"):
            self.services[row["visit_id"]].append(row)
        self.practice = tomllib.loads((folder / "practice.toml").read_text())
        self.claims = claims(folder)
        primary = [one for one in self.claims if one["sequence"] == "P"]
        self.first = {one["id"]: one for one in sorted(primary, key=lambda one: one["frequency"] == "1")}
        self.remits = remits(folder)
        self.kept = [row for row in self.visits if row["status"] == "kept"]

    def fees(self, payer_id: str) -> dict[str, int] | None:
        """The payer's own fees, or None for Medicare's."""
        name = self.practice["payers"][payer_id]["fees"]
        if name == "medicare":
            return None
        return {row["code"]: cents(row["allowed"]) for row in table(self.folder / name)}

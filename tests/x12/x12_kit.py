"""What the X12 tests share: small files built from parts, frames of a whole read, a plain reader to hold against."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path

import polars as pl

from everyunit.x12 import Totals, read_bytes
from everyunit.x12.tables import TABLES

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "x12" / "samples"
VERSIONS = {"837P": "005010X222A1", "837I": "005010X223A2", "837D": "005010X224A2", "835": "005010X221A1"}


def interchange(*transactions: str, kind: str = "837P", control: int = 1, version: str = "") -> str:
    """An interchange with one group; its trailers count what stands in it."""
    number = f"{control:09d}"
    code = "HP" if kind == "835" else "HC"
    head = (
        f"ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260301*1200*^*00501*{number}*0*P*:~"
    )
    group = f"GS*{code}*SENDER*RECEIVER*20260301*1200*{control}*X*{version or VERSIONS[kind]}~"
    return f"{head}{group}{''.join(transactions)}GE*{len(transactions)}*{control}~IEA*1*{number}~"


def transaction(body: str, kind: str = "837P", control: str = "0001") -> str:
    """ST, the segments given, SE with the right count."""
    return f"ST*{kind[:3]}*{control}~{body}SE*{body.count('~') + 2}*{control}~"


HEAD_837 = (
    "BHT*0019*00*REF1*20260301*1200*CH~NM1*41*2*DESK*****46*1~NM1*40*2*HOUSE*****46*2~HL*1**20*1~"
    "PRV*BI*PXC*225100000X~NM1*85*2*A CLINIC*****XX*1234567893~N3*1 MAIN ST~N4*SALEM*OR*97301~REF*EI*931234567~"
    "HL*2*1*22*0~SBR*P*18*GRP1******CI~NM1*IL*1*ALDER*ANN****MI*M1~NM1*PR*2*A PAYER*****PI*P1~"
)
HEAD_835 = (
    "BPR*I*{paid}*C*ACH*CCP*01*999999999*DA*1*1512345678**01*999888777*DA*2*20260310~TRN*1*T1*1512345678~"
    "DTM*405*20260309~N1*PR*A PAYER*XV*P1~N1*PE*A CLINIC*XX*1234567893~LX*1~"
)
CLAIM = (
    "CLM*C1*150***11:B:1*Y*A*Y*Y~HI*ABK:M5450*ABF:M25562~LX*1~SV1*HC:97110:GP*100*UN*2***1:2~DTP*472*D8*20260212~"
    "LX*2~SV1*HC:97140:GP:59*50*UN*1***1~DTP*472*D8*20260212~"
)


def sent(claims: str = CLAIM, **more: str) -> str:
    """A whole 837P with these claims."""
    return interchange(transaction(HEAD_837 + claims), **more)


def paid(claims: str, amount: str) -> str:
    """A whole 835 with these claims."""
    return interchange(transaction(HEAD_835.format(paid=amount) + claims, "835"), kind="835")


def read(text: str | bytes, chunk: int = 1 << 20) -> dict[str, pl.DataFrame]:
    """All tables of a file, empty ones too."""
    data = text if isinstance(text, bytes) else text.encode()
    parts: dict[str, list[pl.DataFrame]] = {table.name: [table.empty()] for table in TABLES}
    for batch in read_bytes(data, name="case", source_id="0" * 16, chunk=chunk):
        for name, frame in batch.items():
            parts[name].append(frame)
    return {name: pl.concat(frames) for name, frames in parts.items()}


def codes(text: str | bytes) -> list[str]:
    """Codes of the problems of a file."""
    return sorted(read(text)["problems"]["code"].to_list())


def summary(data: bytes) -> dict:
    """The summary of a file."""
    totals = Totals("case")
    for batch in read_bytes(data, name="case", source_id="0" * 16):
        totals.take(batch)
    return totals.summary()


def cents(text: str) -> int:
    try:
        return int((Decimal(text.strip()) * 100).to_integral_value(ROUND_HALF_UP))
    except (InvalidOperation, ValueError, OverflowError):
        return 0


def plainly(data: bytes) -> dict[str, dict[str, int]]:
    """Counts and sums by splitting text, one segment after the other."""
    found = {"837": dict.fromkeys(("claims", "lines", "charge_cents"), 0)}
    found["835"] = dict.fromkeys(("claims", "lines", "charge_cents", "paid_cents"), 0)
    type_ = ""
    for part in re.split(r"(?=ISA[^A-Za-z0-9 ]\d\d[^A-Za-z0-9 ])", data.decode("latin-1")):
        if not part.startswith("ISA"):
            continue
        mark, place = part[3], -1
        for _ in range(16):
            place = part.find(mark, place + 1)
        end = "\n" if part[place + 2 : place + 4] == "\r\n" else part[place + 2]
        for segment in part.split(end):
            value = [*segment.strip().split(mark), *[""] * 5]
            if value[0] == "ST":
                type_ = value[1]
            elif value[0] == "CLM":
                found["837"]["claims"] += 1
                found["837"]["charge_cents"] += cents(value[2])
            elif value[0] in ("SV1", "SV2", "SV3") and type_ != "278":
                found["837"]["lines"] += 1
            elif value[0] == "CLP":
                found["835"]["claims"] += 1
                found["835"]["charge_cents"] += cents(value[3])
                found["835"]["paid_cents"] += cents(value[4])
            elif value[0] == "SVC" and type_ not in ("276", "277"):
                found["835"]["lines"] += 1
    return {kind: sums for kind, sums in found.items() if any(sums.values())}

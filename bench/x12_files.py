"""Large 835 and 837P files for the benchmark: varied, balanced, and the same each time."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

_ISA = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260301*1200*^*00501*{:09d}*0*P*:~"
_CODES = ("97110", "97112", "97140", "97530", "97535", "97116", "97161", "97164", "92507", "97032")
_NAMES = ("ALDER", "BIRCH", "CEDAR", "DOGWOOD", "ELM", "FIR", "GINKGO", "HAZEL", "IRONWOOD", "JUNIPER")
_NPI = ("1234567893", "1679576722", "1245319599")
_BLOCK = 400  # claims in a transaction


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}" if cents % 100 else str(cents // 100)


def _remit_claim(chance: random.Random, number: int) -> tuple[str, int, int]:
    lines, charged, paid, shared = [], 0, 0, 0
    day = f"2026{chance.randint(1, 9):02d}{chance.randint(1, 28):02d}"
    for line in range(chance.randint(1, 4)):
        charge, kept, share = (
            chance.randint(6000, 20000),
            chance.randint(1000, 3000),
            chance.choice((0, 0, 500, 1250)),
        )
        pay = charge - kept - share
        patient = f"CAS*PR*3*{_money(share)}~" if share else ""
        lines.append(
            f"SVC*HC:{chance.choice(_CODES)}:GP{chance.choice(('', ':59', ':KX'))}*{_money(charge)}*{_money(pay)}**1~"
            f"DTM*472*{day}~CAS*CO*45*{_money(kept)}~{patient}REF*6R*{number}L{line}~AMT*B6*{_money(pay + share)}~"
        )
        charged, paid, shared = charged + charge, paid + pay, shared + share
    head = (
        f"CLP*C{number}*1*{_money(charged)}*{_money(paid)}*{_money(shared)}*12*P{number * 7}*11*1~"
        f"NM1*QC*1*{chance.choice(_NAMES)}*{chance.choice(_NAMES)}****MI*M{number % 99991}~"
        f"NM1*82*1*{chance.choice(_NAMES)}*PAT****XX*{chance.choice(_NPI)}~DTM*232*{day}~"
    )
    return head + "".join(lines), len(lines) * 5 + 4, paid


def _remit(chance: random.Random, number: int, size: int = _BLOCK) -> str:
    claims = [_remit_claim(chance, number * _BLOCK + place) for place in range(size)]
    paid = sum(claim[2] for claim in claims)
    body = (
        f"BPR*I*{_money(paid)}*C*ACH*CCP*01*999999999*DA*12345*1512345678**01*999888777*DA*98765*20260301~"
        f"TRN*1*T{number}*1512345678~DTM*405*20260301~N1*PR*A PAYER*XV*12345~N3*1 MAIN ST~N4*SALEM*OR*97301~"
        f"N1*PE*A CLINIC*XX*{_NPI[0]}~LX*1~" + "".join(claim[0] for claim in claims)
    )
    return f"ST*835*{number:04d}~{body}SE*{body.count('~') + 2}*{number:04d}~"


def _sent_claim(chance: random.Random, number: int, level: int) -> str:
    lines, charged = [], 0
    day = f"2026{chance.randint(1, 9):02d}{chance.randint(1, 28):02d}"
    for line in range(chance.randint(1, 4)):
        charge = chance.randint(4000, 20000)
        charged += charge
        lines.append(
            f"LX*{line + 1}~SV1*HC:{chance.choice(_CODES)}:GP{chance.choice(('', ':59', ':KX'))}*{_money(charge)}*UN*"
            f"{chance.randint(1, 4)}***1:2~DTP*472*D8*{day}~REF*6R*{number}L{line}~"
        )
    return (
        f"HL*{level}*1*22*0~SBR*P*18*******CI~NM1*IL*1*{chance.choice(_NAMES)}*{chance.choice(_NAMES)}****MI*M{number}~"
        f"N3*{number % 997} OAK ST~N4*SALEM*OR*97301~DMG*D8*1970{day[4:]}*F~NM1*PR*2*A PAYER*****PI*12345~"
        f"CLM*C{number}*{_money(charged)}***11:B:1*Y*A*Y*Y~REF*G1*A{number % 7919}~HI*ABK:M5450*ABF:M25562~"
        f"NM1*DN*1*{chance.choice(_NAMES)}*LEE****XX*{_NPI[1]}~NM1*82*1*{chance.choice(_NAMES)}*PAT****XX*"
        f"{chance.choice(_NPI)}~PRV*PE*PXC*225100000X~" + "".join(lines)
    )


def _sent(chance: random.Random, number: int, size: int = _BLOCK) -> str:
    claims = (_sent_claim(chance, number * _BLOCK + place, place + 2) for place in range(size))
    body = (
        f"BHT*0019*00*{number}*20260301*1200*CH~NM1*41*2*A CLINIC*****46*123~PER*IC*DESK*TE*5035550100~"
        f"NM1*40*2*A HOUSE*****46*456~HL*1**20*1~PRV*BI*PXC*225100000X~NM1*85*2*A CLINIC*****XX*{_NPI[0]}~"
        "N3*1 MAIN ST~N4*SALEM*OR*97301~REF*EI*931234567~" + "".join(claims)
    )
    return f"ST*837*{number:04d}*005010X222A1~{body}SE*{body.count('~') + 2}*{number:04d}~"


def make(path: Path, kind: str, size: int) -> Path:
    """A file of at least `size` bytes, kind 835 or 837P; varied blocks that repeat under new numbers."""
    if path.exists() and path.stat().st_size >= size:
        return path
    chance = random.Random(7)
    maker: Callable[[random.Random, int], str] = _remit if kind == "835" else _sent
    code, version = ("HP", "005010X221A1") if kind == "835" else ("HC", "005010X222A1")
    blocks = [maker(chance, number).encode() for number in range(1, 41)]
    with path.open("wb") as out:
        _write(out, blocks, size, code, version, kind[:3])
    return path


def make_many(folder: Path, count: int) -> Path:
    """A folder of so many files of five claims, an 835 after each 837P."""
    folder.mkdir(exist_ok=True)
    chance = random.Random(11)
    for number in range(1, count + 1):
        text = _remit(chance, number, 5) if number % 2 else _sent(chance, number, 5)
        code, version = ("HP", "005010X221A1") if number % 2 else ("HC", "005010X222A1")
        head = f"{_ISA.format(number)}GS*{code}*SENDER*RECEIVER*20260301*1200*{number}*X*{version}~"
        (folder / f"{number:05d}.x12").write_text(f"{head}{text}GE*1*{number}~IEA*1*{number:09d}~")
    return folder


def _write(out: BinaryIO, blocks: list[bytes], size: int, code: str, version: str, type_: str) -> None:
    out.write(_ISA.format(1).encode() + f"GS*{code}*SENDER*RECEIVER*20260301*1200*1*X*{version}~".encode())
    number = 0
    while out.tell() < size:
        number += 1
        block = blocks[number % len(blocks)]
        old = block[block.index(b"ST*") + 7 : block.index(b"~")].split(b"*")[0]
        head = block.replace(b"ST*%s*%s" % (type_.encode(), old), b"ST*%s*%06d" % (type_.encode(), number), 1)
        out.write(head[: head.rindex(b"*") + 1] + b"%06d~" % number)
    out.write(f"GE*{number}*1~IEA*1*000000001~".encode())

"""Claims, acknowledgements and remittances of a small practice, as files; read back as the tables of the reader."""

from __future__ import annotations

import io

import polars as pl
from receivables_kit import CLINIC, DAY, PATIENT, THERAPIST, claim, line, remit

from everyunit.receivables.answers import Exchanged, answers
from everyunit.rulebook import Book
from everyunit.x12 import read_bytes
from everyunit.x12.tables import TABLES
from everyunit.x12.write_claims import VERSION, Biller, Claim, ServiceLine, transaction
from everyunit.x12.writer import Interchange, Party, day8

BOOK = Book.load()
PAYER = Party("A PAYER", "", "PI", "P1")


def sent(
    *numbers: str, day: int = DAY, control: int = 1, reference: str = "B1", receiver: str = "HOUSE",
    frequency: str = "1", sequence: str = "P", payer: Party = PAYER, filing: str = "CI",
) -> bytes:  # fmt: skip
    """One 837P with these claims of $100 each."""
    out = io.BytesIO()
    whole = Interchange(
        out, function="HC", version=VERSION, sender="A CLINIC", receiver=receiver, day=day, control=control
    )
    made = [
        Claim(
            number, PATIENT, payer, filing, (ServiceLine("97110", ("GP",), 10_000, 2, day - 3),), ("M54.50",),
            THERAPIST, "225100000X", frequency=frequency, original_reference="" if frequency == "1" else "ICN",
            sequence=sequence,
        )
        for number in numbers
    ]  # fmt: skip
    biller = Biller(CLINIC, "931234567", "261QR0400X", "5555550142")
    house = Party(receiver, identifier=receiver)
    whole.add("837", *transaction(biller, house, made, day=day, reference=reference))
    whole.close()
    return out.getvalue()


def _file(body: str, kind: str, version: str, day: int, control: int = 90) -> bytes:
    out = io.BytesIO()
    code = "FA" if kind == "999" else "HN"
    whole = Interchange(
        out, function=code, version=version, sender="HOUSE", receiver="A CLINIC", day=day, control=control
    )
    whole.add(kind, body.replace("~", "~\n"), body.count("~"))
    whole.close()
    return out.getvalue().replace(f"ST*{kind}*0001~".encode(), f"ST*{kind}*0001*{version}~".encode())


def status(*said: tuple[str, str], day: int = DAY + 1, batch: str = "B1") -> bytes:
    """A 277CA with a status (as A7:562:85) for each claim."""
    body = (
        f"BHT*0085*08*R1*{day8(day)}*0800*TH~HL*1**20*1~NM1*PR*2*A PAYER*****PI*P1~TRN*1*H1~DTP*050*D8*{day8(day)}~"
        f"DTP*009*D8*{day8(day)}~HL*2*1*21*1~NM1*41*2*DESK*****46*1~TRN*2*{batch}~STC*A1:19:PR*{day8(day)}*WQ*1~"
        "HL*3*2*19*1~NM1*85*2*A CLINIC*****XX*1234567893~TRN*1*0~"
    )
    for place, (number, codes) in enumerate(said, 4):
        action = "WQ" if codes[:2] in ("A1", "A2") else "U"
        body += f"HL*{place}*3*PT~NM1*QC*1*ALDER*ANN****MI*M1~TRN*2*{number}~STC*{codes}*{day8(day)}*{action}*100~"
        body += f"REF*1K*K{number}~DTP*472*D8*{day8(day - 3)}~"
    return _file(body, "277", "005010X214", day)


def accepted(state: str = "A", *faults: str, day: int = DAY, group: int = 1, number: str = "0001") -> bytes:
    """A 999 for one transaction of a group; faults are IK3, CTX and IK4 segments."""
    whole = "A" if state in "AE" else "R"
    codes = "*5" if state == "R" else ""
    body = f"AK1*HC*{group}*{VERSION}~AK2*837*{number}*{VERSION}~{''.join(faults)}IK5*{state}{codes}~"
    return _file(body + f"AK9*{whole}*1*1*{int(whole == 'A')}~", "999", "005010X231A1", day)


def interchange_refused(control: int = 1, day: int = DAY, state: str = "R") -> bytes:
    """A TA1 alone in its interchange."""
    ends = f"{'':10}*00*{'':10}*ZZ*HOUSE          *ZZ*A CLINIC       "
    return (
        f"ISA*00*{ends}*{day8(day)[2:]}*0900*^*00501*000000077*0*P*:~"
        f"TA1*{control:09d}*{day8(day)[2:]}*0600*{state}*024~IEA*0*000000077~"
    ).encode()


def paid(number: str, day: int = DAY + 14, status: str = "1") -> bytes:
    """A remittance that pays the claim."""
    return remit(claim(number, f"ICN{number}", line(10_000, 8_000, ("CO", "45", 2_000)), status=status), day=day)


def frames(*files: bytes) -> dict[str, pl.DataFrame]:
    """All tables of these files, each under a source of its own."""
    parts: dict[str, list[pl.DataFrame]] = {table.name: [table.empty()] for table in TABLES}
    for number, data in enumerate(files, start=1):
        for batch in read_bytes(data, name="case", source_id=f"{number:016x}"):
            for name, frame in batch.items():
                parts[name].append(frame)
    return {name: pl.concat(held) for name, held in parts.items()}


def told(*files: bytes, as_of: int | None = None) -> pl.DataFrame:
    """Answers to the claims of these files."""
    return answers(Exchanged.of(frames(*files)), BOOK.claim_statuses, BOOK.waits, as_of)


def one(*files: bytes, as_of: int | None = None) -> dict:
    """The answer to the only claim of these files."""
    found = told(*files, as_of=as_of)
    assert found.height == 1
    return found.row(0, named=True)

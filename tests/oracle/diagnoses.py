"""Lines point at diagnoses that the claim holds, and those look like codes."""

from __future__ import annotations

from oracle.facts import Plain, Row, hit


def hits(facts: Plain) -> list[Row]:
    made, shaped = [], set()
    for line in facts.billed():
        if line["claim"].get("kind") != "837P":
            continue
        held = [code for code in (line["claim"].get("diagnoses") or "").split(":") if code]
        aims = [aim for aim in line["pointers"].split(":") if aim]
        risk = line["price"] or 0
        if not aims:
            made.append(hit(line, "pointer_missing", risk=risk))
        elif any(aim.isdigit() and int(aim) > len(held) for aim in aims):
            made.append(hit(line, "pointer_dangling", risk=risk))
        if not all(_shaped(code) for code in held) and line["visit_id"] not in shaped:
            shaped.add(line["visit_id"])
            made.append(hit(line, "diagnosis_shape", code="", units=0, risk=risk))
    return made


def _shaped(code: str) -> bool:
    """A letter but U, a digit, a digit or letter; then, behind a point or not, up to four more."""
    head, tail = code[:3], code[3:].removeprefix(".")
    if len(head) < 3 or head[0] not in "ABCDEFGHIJKLMNOPQRSTVWXYZ" or head[1] not in "0123456789":
        return False
    if code[3:] == "." or len(tail) > 4:
        return False
    return all(sign in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" for sign in head[2] + tail)

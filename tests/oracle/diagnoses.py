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
        outside = bool(held) and held[0][0] in "VWXY"
        if (outside or not all(_shaped(code) for code in held)) and line["visit_id"] not in shaped:
            shaped.add(line["visit_id"])
            made.append(hit(line, "diagnosis_shape", code="", units=0, risk=risk))
    return made


def _shaped(code: str) -> bool:
    """A letter, a digit, a digit or letter, and up to four more without a point; injuries have seven in all."""
    signs = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    if not 3 <= len(code) <= 7 or not ("A" <= code[0] <= "Z") or code[1] not in "0123456789":
        return False
    if code[0] == "U" and code[:3] not in ("U07", "U09"):
        return False
    seven = (code[0] == "S" and code[2].isdigit()) or code[:3] == "M80"
    return all(sign in signs for sign in code[2:]) and not (seven and len(code) < 7)

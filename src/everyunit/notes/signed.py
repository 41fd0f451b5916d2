"""Whose note is it, where nobody says: by the letters behind the signature, else by codes of one discipline."""

from __future__ import annotations

import re
from collections.abc import Iterable

TAIL = 300  # characters at the end of a note in which it is signed
LETTERS = re.compile(
    r"(?P<SLP>\bCCC[-/ ]?SLP\b|\bSLP[-/](?:CCC|CF|A)\b|\bCF[- ]?SLP\b|,\s?SLP\.?\s*$)"
    r"|(?P<OT>\bOTR(?:/L)?\b|\bCOTA(?:/L)?\b|\bOTD\b|,\s?OT(?:/L)?\.?\s*$)"
    r"|(?P<PT>\bDPT\b|\bMPT\b|\bPTA\b|\bRPT\b|,\s?PT\.?\s*$)",
    re.MULTILINE,
)
OF_ONE = {
    "SLP": "92507 92508 92521 92522 92523 92524 92526 92597 92605 92606 92607 92608 92609 92610 92618 96105",
    "OT": "97165 97166 97167 97168",
    "PT": "97161 97162 97163 97164",
}
OWNER = {code: discipline for discipline, codes in OF_ONE.items() for code in codes.split()}


def signed_by(text: str, codes: Iterable[str] = ()) -> str:
    """PT, OT or SLP; PT where neither signature nor codes tell."""
    told = [found.lastgroup for found in LETTERS.finditer(text, max(0, len(text.rstrip()) - TAIL))]
    if told and told[-1]:
        return told[-1]
    return next((OWNER[code] for code in codes if code in OWNER), "PT")

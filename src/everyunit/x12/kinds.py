"""What a transaction is: from its type (ST01) and the version of the guide that it follows."""

from __future__ import annotations

KINDS = ("", "837P", "837I", "837D", "837", "835", "status", "other")
NONE, PROFESSIONAL, INSTITUTIONAL, DENTAL, CLAIM, REMIT, STATUS, OTHER = range(8)

_VERSIONS = {
    "X222": PROFESSIONAL, "X223": INSTITUTIONAL, "X224": DENTAL,
    "X098": PROFESSIONAL, "X096": INSTITUTIONAL, "X097": DENTAL, "X298": PROFESSIONAL, "X299": INSTITUTIONAL,
}  # fmt: skip
_STATUS = ("276", "277", "278")  # these carry SVC or SV1 segments that are not lines of a claim or a remittance


def kind_of(type_: str, version: str) -> int:
    """Kind of a transaction from ST01 and its implementation version."""
    if type_ == "835":
        return REMIT
    if type_ == "837":
        return next((kind for mark, kind in _VERSIONS.items() if mark in version), CLAIM)
    return STATUS if type_ in _STATUS else (OTHER if type_ else NONE)

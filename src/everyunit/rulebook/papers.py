"""On what paper a payer's terms stand: a contract with the practice, or a public program's manual and fees."""

from __future__ import annotations

CONTRACT = "the contract"
_STATE = ("the state's rules", "the state's fee schedule")
_PROGRAM = ("the program's provider manual", "the program's fee schedule")
_CARRIER = ("the contractor's manual", "Medicare's fee schedule")
_PUBLIC = {
    "medicare": _CARRIER, "railroad_medicare": _CARRIER, "medicaid": _PROGRAM, "texas_medicaid": _PROGRAM,
    "tricare": _PROGRAM, "champva": _PROGRAM, "va_community_care": _PROGRAM, "workers_compensation": _STATE,
    "auto": _STATE,
}  # fmt: skip
MANUALS = {kind: manual for kind, (manual, _) in _PUBLIC.items()}


def manual(kind: str) -> str:
    """Where a kind of payer (as `payer_kind` names it) says by when and how it is asked: `the contract` ..."""
    return MANUALS.get(kind, CONTRACT)


def fees(kind: str) -> str:
    """Where a kind of payer says what it pays: `the contract`, or a public program's fee schedule."""
    return _PUBLIC.get(kind, ("", CONTRACT))[1]


def is_public(kind: str) -> bool:
    """Whether it is a public program: it has no contract with the practice that sets fees."""
    return kind in _PUBLIC

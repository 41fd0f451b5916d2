"""What happens in a session: services with minutes, and the lines that are rightly billed for them."""

from __future__ import annotations

from functools import lru_cache
from random import Random
from typing import NamedTuple

from everyunit.sample.law import Law, Lines
from everyunit.sample.market import PayerProfile

POOL = 260
MINUTES = (7, 8, 8, 10, 10, 12, 14, 15, 15, 15, 16, 18, 20, 20, 22, 23, 25, 28, 30, 30)
TREATMENTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "PT": (
        ("97110", "97140"), ("97110", "97140"), ("97110", "97112"), ("97110", "97530"), ("97110", "97112", "97140"),
        ("97110", "97112", "97530"), ("97110", "97116"), ("97112", "97116", "97110"), ("97140", "97530"),
        ("97112", "97530"), ("97110",), ("97140", "97110", "97035"), ("97530", "97112", "97140", "97110"),
        ("97110", "97140", "STIM"), ("97110", "97112", "STIM"), ("97110", "97530", "HEAT"),
        ("97110", "97140", "HEAT"), ("97110", "97140", "97012"), ("97112", "97140", "97530"),
        ("97112", "97140", "97012"), ("97140", "97530", "97012"),
    ),
    "OT hand": (
        ("97530", "97110"), ("97530", "97535"), ("97535", "97530", "97110"), ("97110", "97140"),
        ("97530", "97140", "97110"), ("97110", "97530", "97018"), ("97535", "97110"), ("97110", "97140", "STIM"),
    ),
    "OT neuro": (("97530", "97112"), ("97530", "97535"), ("97129",), ("97530", "97129"), ("97112", "97535", "97530"),
                 ("97535", "97550")),
    "SLP speech": (("92507",),),
    "SLP swallow": (("92526",),),
    "SLP thinking": (("97129",), ("97129",), ("97129", "97130")),
}  # fmt: skip
TREATMENTS["PT arm"] = tuple(codes for codes in TREATMENTS["PT"] if "97116" not in codes)
TOGETHER = {
    "PT arm": (("97110", "97140"), ("97110", "97112"), ("97110", "97530"), ("97110", "97112", "97530")),
    "PT": (
        ("97110", "97140"),
        ("97110", "97112"),
        ("97110", "97530"),
        ("97112", "97116"),
        ("97110", "97112", "97530"),
    ),
    "OT hand": (("97530", "97110"), ("97530", "97535"), ("97535", "97110")),
    "OT neuro": (("97530", "97112"), ("97530", "97535")),
}
FIRST_LOOK = {
    "PT arm": ("97161", "97161", "97162"),
    "PT": ("97161", "97161", "97162", "97162", "97163"),
    "OT hand": ("97165", "97165", "97166"),
    "OT neuro": ("97166", "97166", "97167"),
    "SLP speech": ("92523", "92523", "92522"),
    "SLP swallow": ("92610",),
    "SLP thinking": ("92523",),
}
SECOND_LOOK = {"PT": "97164", "PT arm": "97164", "OT hand": "97168", "OT neuro": "97168"}
BESIDE_LOOK = {
    "PT arm": ("97110", "97140", "97530"),
    "PT": ("97110", "97140", "97530", "97112"),
    "OT hand": ("97110", "97530"),
    "OT neuro": ("97530", "97112"),
}
LENGTHS = {
    "97010": (10, 15), "97012": (12, 15), "97014": (12, 15), "G0283": (12, 15), "97018": (10, 15), "97150": (30, 30),
    "92507": (40, 45), "92526": (30, 40), "97161": (25, 30), "97162": (30, 35), "97163": (35, 40), "97165": (25, 30),
    "97166": (30, 35), "97167": (35, 40), "97164": (20, 25), "97168": (20, 25), "92522": (35, 45),
    "92523": (45, 55), "92610": (35, 45), "97035": (8, 10), "97550": (25, 32),
}  # fmt: skip


class Session(NamedTuple):
    """Services as (code, minutes, mode), billed lines as (code, units), and the codes that need modifier 59.

    `tied` says that left-overs were equal, so that another split would be right too.
    """

    services: tuple[tuple[str, int, str], ...]
    lines: Lines
    tied: bool
    separate: frozenset[str]


def family(payer: PayerProfile) -> str:
    """Payers that are billed alike: Medicare's own list, Medicaid, or the rest."""
    return "medicare" if payer.medicare_fees else "medicaid" if payer.filing_code == "MC" else "other"


@lru_cache(maxsize=256)
def sessions(law: Law, care: str, kind: str, rule: str, kin: str) -> tuple[Session, ...]:
    """The sessions of a kind (evaluation, treatment, together, reevaluation, group) that a payer's patients have."""
    rng = Random(f"{care} {kind} {rule} {kin}")
    made: list[Session] = []
    while len(made) < (20 if kind == "group" else POOL):
        found = _session(law, rng, care, kind, rule, kin)
        if found:
            made.append(found)
    return tuple(made)


def _session(law: Law, rng: Random, care: str, kind: str, rule: str, kin: str) -> Session | None:
    """One session, or nothing where the draw does not make a believable one."""
    codes = [_called(code, kin) for code in _codes(rng, care, kind)]
    if "" in codes:
        return None
    minutes = tuple((code, _minutes(rng, code)) for code in codes)
    if not 24 <= sum(length for _, length in minutes) <= 57:
        return None
    counted = law.earned(rule, minutes)
    if counted.tied and rng.random() < 0.5:
        counted = law.earned(rule, minutes, counted.tied[-1])
    lines = tuple((code, units) for code, units in counted.units.items() if units and _billed(code, kin))
    if not lines or any(units > law.ceiling(code) for code, units in lines if code not in ("97014", "97010")):
        return None
    billed = {code for code, _ in lines}
    if "97130" in billed and "97129" not in billed:
        return None
    mode = "group" if kind == "group" else "individual"
    services = tuple((code, length, mode) for code, length in minutes)
    separate = frozenset({"97140"} if "97012" in codes else ())
    return Session(services, lines, bool(counted.tied), separate)


def _codes(rng: Random, care: str, kind: str) -> tuple[str, ...]:
    if kind == "group":
        return ("97150",)
    if kind == "evaluation" and care.startswith("SLP"):
        return (rng.choice(FIRST_LOOK[care]),)
    if kind in ("evaluation", "reevaluation"):
        look = rng.choice(FIRST_LOOK[care]) if kind == "evaluation" else SECOND_LOOK[care]
        return (look, rng.choice(BESIDE_LOOK[care]))
    return rng.choice((TREATMENTS if kind == "treatment" else TOGETHER).get(care, TREATMENTS[care]))


def _called(code: str, kin: str) -> str:
    """The code this payer takes for a modality, empty where it is not used with its patients."""
    if code == "STIM":
        return {"medicare": "G0283", "medicaid": "", "other": "97014"}[kin]
    if code == "HEAT":
        return "" if kin == "medicaid" else "97010"
    return code


def _billed(code: str, kin: str) -> bool:
    """Heat and ice are performed for Medicare's patients and rightly never billed: it pays nothing for them."""
    return code != "97010" or kin != "medicare"


def _minutes(rng: Random, code: str) -> int:
    low, high = LENGTHS.get(code, (0, 0))
    return rng.randint(low, high) if low else rng.choice(MINUTES)

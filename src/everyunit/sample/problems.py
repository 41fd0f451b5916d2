"""What brings a patient: a complaint in words, with diagnosis codes that say it."""

from __future__ import annotations

from random import Random

from everyunit.sample.market import PayerProfile

_PT = (
    ("low back pain", ("M54.50", "M62.81")),
    ("left knee osteoarthritis", ("M17.12", "R26.89")),
    ("knee pain after right knee replacement", ("Z47.1", "Z96.651")),
    ("unsteady gait", ("R26.81", "M62.81")),
    ("left hip pain", ("M25.552", "R26.89")),
)
_ARM = (
    ("right shoulder pain", ("M25.511", "M25.611")),
    ("neck pain", ("M54.2", "M62.81")),
    ("shoulder pain with right rotator cuff tear", ("M75.101", "M25.511")),
)
_HAND = (
    ("right hand osteoarthritis", ("M18.11", "M25.641")),
    ("right wrist pain from carpal tunnel", ("G56.01", "M79.641")),
    ("tendon sheath pain at the left thumb", ("M65.4", "M79.642")),
)
_STROKE = (("right-sided weakness after stroke", ("I69.351", "R27.8")),)
_SPEECH = (("aphasia after stroke", ("I69.320",)), ("hoarse voice", ("R49.0",)))
_SWALLOW = (("swallowing difficulty", ("R13.12",)),)
_THINKING = (("cognitive communication difficulty", ("R41.841",)),)
_CHILD = (("speech sound difficulty", ("F80.0",)), ("language delay", ("F80.2",)))
_WORK = (
    ("PT", "low back strain at work", ("S39.012D", "M62.81")),
    ("PT arm", "right shoulder strain at work", ("S46.011D", "M25.511")),
    ("PT", "right ankle sprain at work", ("S93.401D", "R26.89")),
)
_HAND_STRAIN = ("S66.911D", "M79.641")
CARES = {
    "PT": ("PT", "PT", "PT arm"), "OT": ("OT hand", "OT neuro"),
    "SLP": ("SLP speech", "SLP swallow", "SLP thinking"),
}  # fmt: skip
_BY_CARE = {
    "PT": _PT, "PT arm": _ARM, "OT hand": _HAND, "OT neuro": _STROKE, "SLP speech": _SPEECH, "SLP swallow": _SWALLOW,
    "SLP thinking": _THINKING,
}  # fmt: skip


def pick(rng: Random, discipline: str, payer: PayerProfile) -> tuple[str, str, tuple[str, ...]]:
    """A kind of care, a complaint and its diagnosis codes, fitting discipline and payer."""
    if payer.filing_code == "WC":
        return rng.choice(_WORK) if discipline == "PT" else ("OT hand", "right hand strain at work", _HAND_STRAIN)
    if discipline == "SLP" and payer.filing_code == "MC":
        return "SLP speech", *rng.choice(_CHILD)
    care = rng.choice(CARES[discipline])
    return care, *rng.choice(_BY_CARE[care])

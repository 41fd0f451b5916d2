"""What notes say where they tell otherwise than record and claim, in our own words."""

from __future__ import annotations

NAMES = {
    "97110": "therapeutic exercise", "97112": "neuromuscular re-education", "97116": "gait training",
    "97140": "manual therapy", "97530": "therapeutic activities", "97535": "self-care training",
    "97035": "ultrasound",
}  # fmt: skip
REFUSED = (
    "Patient declined {name} today because of fatigue.",
    "Patient refused {name} today.",
    "No {name} today, as agreed with the patient.",
    "Deferred {name} to the next visit.",
)
CONTENT = {
    "97530": ("97110", "97140"), "97110": ("97112", "97140"), "97112": ("97110", "97140"),
    "97140": ("97110", "97112"), "97116": ("97110", "97140"),
}  # fmt: skip
PLAIN = {
    "97110": (
        "resisted rows and straight arm pulls with a band, 3 sets of 12, for strength; load raised as form allowed",
        "progressive resistive exercise 3 sets of 10 and static stretching, to gain strength and range of motion",
    ),
    "97112": (
        "single leg stance and tandem stance on foam with eyes closed for balance, cues for weight shift",
        "proprioception and balance retraining with perturbations, tactile cues for postural control",
    ),
    "97140": (
        "joint mobilization grade III and soft tissue mobilization to a stiff area, range measured before and after",
        "hands-on myofascial release and soft tissue mobilization to guarded muscles to ease pain",
    ),
}
MORE = {
    "PT": ("97110", "97112", "97116", "97140", "97530"),
    "PT arm": ("97110", "97112", "97140", "97530"),
    "OT hand": ("97110", "97140", "97535"),
    "OT neuro": ("97112", "97535"),
}
BESIDE = (
    "Reassessed range of motion and strength against last week, answered questions about return to work and went "
    "over the goals with the patient.",
    "Analyzed why symptoms rose after the last visit, changed the plan of care accordingly and discussed it with the "
    "patient.",
    "Discussed prognosis and activity limits with the patient, who asked about return to daily tasks; went over "
    "the goals.",
)
STRETCHED = (  # exercise and manual therapy alike, by the guidance: whichever of them is billed is carried
    "passive stretching of the stiff side to end range",
    "passive stretching of tight muscle groups, held at end range",
    "slow passive stretching of the stiff side, kept within tolerance",
)

"""What therapists write, in our own words: what was done under each code and why it took their skill."""

from __future__ import annotations

DONE: dict[str, tuple[str, ...]] = {
    "97110": (
        "strengthening of weak muscle groups with graded resistance, 3 sets of 10; load raised once form was right",
        "active and assisted range of motion to end range, then resisted work; cues to stop trunk substitution",
        "endurance and strength program with verbal cues for pacing; repetitions reduced when fatigue changed form",
        "stretching and progressive resistive exercise for mobility; technique corrected twice by touch",
    ),
    "97112": (
        "balance retraining on foam with eyes closed, contact guard, cues for weight shift to the weaker side",
        "proprioception and postural control drills with tactile facilitation; perturbations graded by response",
        "movement retraining for timing and coordination; manual cues faded from constant to occasional",
    ),
    "97116": (
        "gait training over level ground and stairs; cues for step length and heel strike, device sequence corrected",
        "gait training with cane, deviation of trunk lean addressed with manual and verbal cues",
    ),
    "97140": (
        "joint mobilization grade III and soft tissue mobilization to a stiff area; range measured before and after",
        "hands-on mobilization with movement and myofascial release to guarded muscles, response checked throughout",
        "manual traction and soft tissue mobilization, pressure adapted to report of tenderness",
    ),
    "97530": (
        "sit to stand from low surfaces, lifting from floor to shelf and reaching tasks for household activity",
        "functional transfers and carrying practice with changing loads; cues for body mechanics",
        "bed mobility and car transfer practice, task broken into steps and put together again",
    ),
    "97535": (
        "one-handed dressing and bathing strategies practiced, adaptive equipment trial, safety cues",
        "kitchen task practice with joint protection and energy saving methods, patient taught back the steps",
    ),
    "97035": ("ultrasound to the tender tendon with attendance throughout, settings adapted to depth of tissue",),
    "97129": (
        "attention and memory tasks with strategy training; cue level reduced from moderate to minimal",
        "planning and problem solving tasks, compensatory strategies practiced until recalled without cue",
    ),
    "97130": ("continued strategy training at a higher level of task difficulty with fading cues",),
    "97124": ("massage of guarded muscles with stroking and kneading, tenderness checked throughout",),
    "97550": ("caregiver shown safe transfers and the home program, taught back the steps; patient not present",),
    "97012": ("mechanical traction, set up and skin check, relief reported",),
    "97014": ("electrical stimulation, pads placed and patient left in comfort, skin intact after",),
    "G0283": ("electrical stimulation, pads placed and patient left in comfort, skin intact after",),
    "97010": ("hot pack, skin checked before and after",),
    "98977": (
        "readings of the motion sensor worn at home looked through with the patient, home program set by them",
    ),
    "97018": ("paraffin bath to the hand before exercise, skin intact",),
    "97150": (
        "group exercise session with other patients, stations adapted to each; guided and corrected throughout",
    ),
    "92507": (
        "naming and sentence tasks at 70 percent with phonemic cues, cues faded; strategies rehearsed for home",
        "structured speech practice, accuracy 75 percent with moderate cues, 60 percent a week ago",
        "voice and breathing coordination tasks with feedback on loudness, carried over to phrases",
    ),
    "92526": (
        "swallow exercises and trials of thin liquid with chin tuck, no cough in 9 of 10 trials",
        "effortful swallow practice and texture trials, cues for small sips and rate",
    ),
    "97164": ("re-evaluation after a change in status: tests repeated, goals and plan revised",),
    "97168": ("re-evaluation after a change in status: tests repeated, goals and plan revised",),
}
LOOK = (
    "initial evaluation: history, tests and measures, clinical presentation and goals agreed with the patient",
    "initial evaluation: history, body structure and activity tests, presentation analyzed, plan of care set up with "
    "the patient",
)
SAID_FIRST = (
    "Patient comes with {complaint}, {pain}/10 at most, limits daily tasks.",
    "Referred for {complaint}; {pain}/10 on a bad day, wants to get back to usual activity.",
)
SAID = (
    "Patient reports {complaint}, {pain}/10 today.",
    "Patient says {complaint} was easier since the last visit, {pain}/10 at most.",
    "Reports doing the home program on most days; {complaint} {pain}/10.",
    "Feels {complaint} most in the morning, {pain}/10, better after moving.",
    "No new complaints; {complaint} {pain}/10.",
)
SAID_FREELY = (
    "Patient and family report better carry-over at home this week.",
    "Patient reports the home tasks took less time than last week.",
    "Family says {complaint} still limits talk at table and daily routine.",
    "Patient is motivated, slept well, no new concerns.",
)
FIRST_FREELY = (
    "Referred for {complaint}; wants to manage daily routine without help.",
    "Patient comes with {complaint}, noticed most when tired.",
)
ANSWER = (
    "Tolerated well, form improved with cues.",
    "Fatigue after the last set, recovered within two minutes.",
    "Needed fewer cues than at the last visit.",
    "Symptoms eased from {pain} to {less} by the end of the session.",
    "Still needs skilled cues to keep quality of movement as load rises.",
    "Progress toward goals is steady; carry-over into daily tasks is partial.",
)
ANSWER_FREELY = (
    "Accuracy rose with fewer cues than at the last visit.",
    "Needs skilled cueing when task difficulty rises; self-corrects one time in two.",
    "Attentive throughout, carried the strategy over to a new task once.",
    "Progress toward goals is steady; carry-over into daily tasks is partial.",
)
NEXT = (
    "Continue plan of care; raise difficulty as tolerated.",
    "Continue; add load next visit if response holds.",
    "Next visit: progress functional tasks, review home program.",
    "Continue as planned, recheck measures at the tenth visit.",
)
FIRST = "Plan of care set up: {discipline} {often}, goals for function in daily life agreed."
PROGRESS = (
    "Progress report: objective measures improved since the last report, goals updated, skilled need continues."
)
CHANGED = "Change in status since the evaluation (new findings), reason for the re-evaluation; plan revised."
LEAVING = "Discharge summary: goals met as far as agreed, home program handed over, patient knows when to call."

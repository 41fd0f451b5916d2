"""Whether several patients were treated at once, and whether the words set one of them apart again."""

from __future__ import annotations

import re

GROUP = re.compile(
    r"""\b(?:class|group|circuit|session)\s(?:of|w/|with)\s(?:\d|two|three|four|five|six)\b
    (?!\s?(?:x|sets?|reps?|min|lb|stations|exercises|circuits))
    |\b(?:with|w/|and|plus|alongside|beside)\s(?:the\s)?(?:\d|two|three|four|five)\sothers\b
    |\bone\sof\s(?:\d|two|three|four|five|six)\s(?:in|at|patients|pts)\b
    |\b(?:\d|two|three|four|five|six)[- ](?:person|patient|member)\s(?:group|class|circuit|session)
    |\b(?:ratio\s1\s?:\s?[2-6]|1\s?:\s?[2-6]\sratio|[2-6]\s?:\s?1\sratio)
    |\bgroup\s?\(\d\)|\bgroup\s(?:of\s(?:\d|two|three|four|five|six)|therapy|session|exercise|tx|treatment|class|format|setting|ther|ex\b)
    |\bin\s(?:a\s)?(?:small\s)?group|^\W*(?:small\s)?group\b|\b(?:back|balance|exercise|circuit|chair|strength|mobility)\sclass
    |\bwith\s(?:\d|one|two|three|four|five|another|several)\s(?:other\s)?(?:[\w-]+\s)?(?:patients?|pts?|residents?|students?|peers|participants?|clients?|classmates?)\b
    |\bwith\sa\s(?:partner|classmate|peer)\s(?:from|in)\b|\btrio\b|\b(?:shared|joint|paired)\ssession\b
    |\b(?:[2-6]|two|three|four|five)\s(?:kids|children|boys|girls|students|residents|patients)\s(?:played|took|sat|each|all|shared|rotated|worked)\b
    |\b(?:class|circle)\swith\s(?:\d|two|three|four|five|several)\sothers\b
    |\b(?:alongside|\d|two|three|four)\s(?:\d\s)?other\s(?:pts?|patients?|residents?|students?)\b
    |\bw/\s?(?:\d|one|two|three|four|five|another|several)\s(?:other\s)?(?:patients?|pts?|residents?|students?|peers|participants?)\b
    |\b(?:[2-9]|two|three|four|five|six)\s(?:patients|pts|residents|students|participants|pupils|clients|members)\b
    |\b(?:[2-6]|two|three|four|five|six)\s(?:\S+\s){0,2}?(?:graders|pupils|classmates|kindergart\w+)\s(?:together|at\sonce|as\sa\sgroup)
    |\b(?:[2-6]|two|three|four|five|six)\s(?:[a-z]+\s){0,2}?(?:patients|pts|residents|students|boys|girls|kids|children|clients|men|women)\s
    (?:[a-z]+\s){0,5}?(?:together|at\sonce|in\sone\s(?:session|visit)|took\sturns|round\s(?:a|the)\s(?:circuit|table))
    |(?:[2-9]|two|three|four|five)\s(?:children|kids|boys|girls)\s(?:together|at\sonce|in\s(?:a|the)\sgroup)
    |(?:[2-9]|two|three)\s(?:patients|pts)\sat\s(?:once|a\stime|the\ssame\stime)|\bin\spairs?\b|\bpaired\swith\b""",
    re.IGNORECASE | re.VERBOSE,
)
# One of these is in every text that tells of several patients.
SEVERAL = (
    "group", "class", "circuit with", "circuit of", "session of", "session with", "session w/", "others",
    "one of", "ratio", "partner", "trio", "shared s", "joint s", "circle", "patient", "pts", "another pt", "other pt",
    "one pt", "several pt", "resident", "student", "peer", "participant", "pupil", "client", "member", "grader",
    "kindergart", "boys", "girls", "kids", "children", " men", "women", "in pair", "paired",
)  # fmt: skip
INDIVIDUAL = re.compile(
    r"\b1\s?:\s?1\b(?=.{12})|one[- ]on[- ]one|individual(?!i[sz]ed\scue)|1[- ]on[- ]1|one[- ]to[- ]one|alternat",
    re.IGNORECASE,
)
APART = re.compile(
    r"\b(?:this\s(?:one|pt|patient|man|woman|child|client)|the\spatient|pt|he|she)\s(?:was\s)?(?:seen\s)?alone\b"
    r"|one at a time|by turns|separately|\bmy own half\b|\bminutes (?:below )?are\b",
    re.IGNORECASE,
)
BUSY = re.compile(
    r"\b(?:PTA?|OTA?|COTA|SLP|ST|therapist|clinician|I)\s(?:was\s|is\s|were\s)?(?:busy\s)?"
    r"(?:with|w/|seeing|treating|saw|treated)\s?(?:an|the|two|three|\d)?\s?others?\s\w+",
    re.IGNORECASE,
)
THEN_ALONE = re.compile(r"\W*(?:\bthen\b|\band\b|;|,|\.)\W*(?:individual\w*|1:1|one[- ]on[- ]one)\s*$", re.IGNORECASE)


def in_group(text: str, around: str = "") -> bool:
    """Whether a stretch tells of two or more patients at once without an episode one on one, in it or in the words
    around it.
    """
    small = text.lower()
    if not any(word in small for word in SEVERAL):
        return False
    told = BUSY.sub("", THEN_ALONE.sub("", text))
    return bool(GROUP.search(told)) and not INDIVIDUAL.search(told) and not APART.search(around)

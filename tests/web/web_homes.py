"""Homes that the tests of the web door read."""

from __future__ import annotations

import json
import os
from pathlib import Path

import django

from everyunit.services.audit import audit
from everyunit.services.make_sample import make_sample
from everyunit.services.take_in import take_in

CLINIC = 'O\'Brien "Hand" <b>Clinic</b>'
VISIT = 'V/1 "<i>?#&'
NOTE = "S: fine <script>alert(1)</script> </div> {{ settings.SECRET_KEY }}"


def set_up() -> None:
    """Make Django ready with the door's own settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everyunit.web.settings")
    django.setup()


def bring_sample(folder: Path) -> Path:
    """A small make-believe practice, imported and judged."""
    make_sample(folder / "practice", visits=900, seed=11)
    assert list(take_in([folder / "practice"], folder / "home"))
    audit(folder / "home")
    return folder / "home"


def bring_hostile(folder: Path) -> Path:
    """Two visits whose texts try to be more than text; no claims, no remits."""

    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    heads = "visit_id,date_of_service,clinic,payer_id,payer_name,discipline,clinician_npi,status,claim_id"
    rows = [
        f"{cell(VISIT)},2026-03-12,{cell(CLINIC)},P1,{cell('=cmd()')},PT,1999999984,kept,C1",
        f"V2,2026-04-02,{cell(CLINIC)},P1,{cell('=cmd()')},PT,1999999984,kept,",
    ]
    (folder / "visits.csv").write_text("\n".join([heads, *rows]) + "\n")
    (folder / "services.csv").write_text(f"visit_id,code,minutes\n{cell(VISIT)},97110,\nV2,97110,30\n")
    (folder / "notes.jsonl").write_text(json.dumps({"visit_id": VISIT, "text": NOTE}) + "\n")
    list(take_in([folder], folder / "home"))
    audit(folder / "home")
    return folder / "home"

"""What a finding rests on in the practice's own files: the rows it was seen in, and where they stand.

Beside the book's values: an authorization's visits, the minutes that overlap, the claim that was sent first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from everyunit.audit.facts import with_minutes
from everyunit.days import iso, words
from everyunit.frames import lazy, polars
from everyunit.ledger import Ledger
from everyunit.rulebook import Book, Practice
from everyunit.rulebook.filing import filing_limit
from everyunit.rulebook.practice import FILE

Row = dict[str, Any]
MOST = 12  # rows shown of one finding


def rests_on(ledger: Ledger, finding: Row, practice: Practice, payer_kind: str) -> list[dict[str, str]]:
    """name, said and source of each row or limit of the practice's own that a finding rests on; none where its
    message tells all. `payer_kind` is the book's key of the payer."""
    make = _RULES.get(finding["rule"])
    return make(_Asked(ledger, finding, practice, payer_kind))[:MOST] if make else []


class _Asked:
    """One finding, with what its rows are looked up in."""

    def __init__(self, ledger: Ledger, finding: Row, practice: Practice, payer_kind: str) -> None:
        self.ledger, self.finding, self.practice, self.payer_kind = ledger, finding, practice, payer_kind
        found = ledger.find("visits", "visit_id", finding["visit_id"] or "")
        self.visit: Row = found.row(0, named=True) if found.height else {}

    def files(self) -> dict[str, str]:
        """Names of the files by source_id."""
        return {sha[:16]: str(receipt["file"]) for sha, receipt in self.ledger.manifest.sources()}

    def of_patient(self, table: str) -> list[Row]:
        """The patient's rows of plans or authorizations, of the visit's discipline."""
        rows = self.ledger.find(table, "patient_id", self.visit.get("patient_id") or "").to_dicts()
        return [row for row in rows if row["discipline"] == self.visit.get("discipline")]

    def claims(self, claims: pl.DataFrame) -> list[Row]:
        """Claims with the day they were made and their file, the oldest first."""
        sources = claims["source_id"].unique().to_list()
        made = self.ledger.scan("transactions").filter(pl.col("source_id").is_in(sources))
        made = made.select("source_id", "transaction", "created_day")
        joined = claims.lazy().join(made, on=["source_id", "transaction"], how="left").pipe(polars)
        names = self.files()
        rows = joined.sort("created_day", "source_id", "claim", nulls_last=True).to_dicts()
        return [{**row, "file": names.get(row["source_id"], "a file of claims")} for row in rows]

    def own_claims(self) -> list[Row]:
        """The claims that bear the number of the finding's claim."""
        return self.claims(self.ledger.find("claims", "claim_id", self.finding["claim_id"] or ""))


def _told(name: str, said: str, source: str) -> dict[str, str]:
    return {"name": name, "said": said, "source": source}


def _day(day: int | None) -> str:
    return words(day) if day is not None else "a day not told"


def _filing(asked: _Asked) -> list[dict[str, str]]:
    rows = [row for row in asked.own_claims() if row["created_day"] is not None]
    day = int(asked.finding["service_day"])
    made = [_told("First sent", f"{_day(row['created_day'])}, {row['created_day'] - day} days after the visit",
                  f"claim {row['claim_id']} in {row['file']}") for row in rows[:1]]  # fmt: skip
    limit, source, _ = filing_limit(asked.finding["payer_id"], asked.payer_kind, day, Book.load(), asked.practice)
    if limit and source == FILE:
        made.append(_told("Time to file", f"{limit} days", source))
    if limit:
        made.append(_told("Last day to file", words(day + limit), "the day of service and the days to file"))
    return made


def _authorizations(asked: _Asked) -> list[dict[str, str]]:
    made = []
    for row in asked.of_patient("authorizations"):
        if row["payer_id"] != asked.visit.get("payer_id"):
            continue
        most = [f"{row[name]} {name}" for name in ("visits", "units") if row[name] is not None]
        codes = [f"codes {row['codes'].replace(':', ', ')}"] if row["codes"] else []
        days = f"{_day(row['start_day'])} to {_day(row['end_day'])}"
        made.append(_told(f"Authorization {row['number']}", "; ".join([days, *most, *codes]),
                          f"authorizations.csv row {row['row']}"))  # fmt: skip
    named = {row["prior_authorization"] for row in asked.own_claims() if row["prior_authorization"]}
    said = ", ".join(sorted(named)) or "none"
    return [*made, _told("Named on the claim", said, f"claim {asked.finding['claim_id'] or 'not told'}")]


def _plans(asked: _Asked) -> list[dict[str, str]]:
    made = []
    for row in sorted(asked.of_patient("plans"), key=lambda row: row["start_day"] or 0):
        said = [f"{_day(row['start_day'])} to {_day(row['end_day'])}"]
        said += [f"{word} {words(row[name])}" for word, name in (("certified", "certified_day"), ("sent", "sent_day"))
                 if row[name] is not None]  # fmt: skip
        made.append(_told(f"Plan {row['plan_id']}", "; ".join(said), f"plans.csv row {row['row']}"))
    return made


def _overlaps(asked: _Asked) -> list[dict[str, str]]:
    return _shared(
        asked, lambda other: other["mode"] != "group" and other["patient"] != asked.visit.get("patient_id")
    )


def _groups(asked: _Asked) -> list[dict[str, str]]:
    return _shared(asked, lambda other: other["mode"] == "group")


def _shared(asked: _Asked, counts: Callable[[Row], bool]) -> list[dict[str, str]]:
    """Services of the same clinician and day whose times meet those of the finding's code."""
    npi, day = asked.finding["clinician_npi"], asked.finding["service_day"]
    kept = pl.col("status").fill_null("kept").is_in(["", "kept"])
    same = asked.ledger.scan("visits").filter(pl.col("clinician_npi") == npi, pl.col("service_day") == day, kept)
    patients = dict(same.select("visit_id", "patient_id").pipe(polars).rows())
    rows = [row for visit in sorted(patients) for row in _timed(asked.ledger, visit, patients[visit])]
    mine = [row for row in rows if row["visit_id"] == asked.finding["visit_id"]
            and row["code"] == asked.finding["code"] and row["mode"] != "group"]  # fmt: skip
    made = []
    for own in mine:
        for other in rows:
            meet = min(own["end"], other["end"]) - max(own["start"], other["start"])
            if other is own or meet <= 0 or not counts(other):
                continue
            said = f"{own['code']} {_clock(own)}; visit {other['visit_id']}: {other['code']} {_clock(other)}"
            made.append(_told(f"{meet} minutes in both", said,
                              f"services.csv rows {own['row']} and {other['row']}, {iso(day)}"))  # fmt: skip
    return made


def _timed(ledger: Ledger, visit_id: str, patient: str) -> list[Row]:
    """Services of a visit that a clinician gave, with the minutes of the day at which they begin and end."""
    found = ledger.find("services", "visit_id", visit_id).drop("start_minute", "end_minute", strict=False)
    if found.is_empty():
        return []
    rows = polars(with_minutes(lazy(found), start_minute="start", end_minute="end")).to_dicts()
    known = [row for row in rows if row["start_minute"] is not None and row["end_minute"] is not None]
    return [
        {"visit_id": visit_id, "patient": patient, "code": row["code"], "mode": row["mode"] or "", "row": row["row"],
         "start": row["start_minute"], "end": row["end_minute"]}
        for row in known if row["performed_by"] != "assistant"
    ]  # fmt: skip


def _clock(row: Row) -> str:
    return " to ".join(f"{row[name] // 60:02d}:{row[name] % 60:02d}" for name in ("start", "end"))


def _duplicates(asked: _Asked) -> list[dict[str, str]]:
    """Every line of the code on that day, on whichever of the patient's claims it stands."""
    own = asked.ledger.find("claims", "claim_id", asked.finding["claim_id"] or "")
    members = own["member_id"].drop_nulls().unique().to_list()
    day, code = asked.finding["service_day"], asked.finding["code"]
    holds = pl.lit(day).is_between("first_day", "last_day")
    theirs = asked.ledger.scan("claims").filter(pl.col("member_id").is_in(members), holds).pipe(polars)
    made = []
    for claim in asked.claims(theirs):
        lines = asked.ledger.find("claim_lines", "claim_id", claim["claim_id"]).filter(
            pl.col("source_id") == claim["source_id"], pl.col("claim") == claim["claim"],
            pl.col("code") == code, pl.col("service_day") == day,
        )  # fmt: skip
        for line in lines.sort("line").to_dicts():
            bare = f" {line['modifiers']}" if line["modifiers"] else ""
            said = f"{code}{bare} x {line['units']} of {words(day)}, made {_day(claim['created_day'])}"
            made.append(_told(f"Claim {claim['claim_id']} line {line['line']}", said, claim["file"]))
    return made


def _resubmissions(asked: _Asked) -> list[dict[str, str]]:
    """The claims of that number, and what the payer called the ones it answered."""
    made = []
    for row in asked.own_claims():
        original = row["original_reference"] or "none"
        said = (
            f"frequency {row['frequency'] or '1'}, made {_day(row['created_day'])}, names as its original: {original}"
        )
        made.append(_told(f"Claim {row['claim_id']}", said, row["file"]))
    remits = asked.ledger.find("remit_claims", "claim_id", asked.finding["claim_id"] or "")
    paid = asked.ledger.scan("remits").select("source_id", "transaction", "paid_day")
    names = asked.files()
    joined = remits.lazy().join(paid, on=["source_id", "transaction"], how="left").pipe(polars)
    for row in joined.sort("paid_day", nulls_last=True).to_dicts():
        said = f"{row['payer_control'] or 'none'}, remittance of {_day(row['paid_day'])}"
        made.append(_told("The payer's number", said, names.get(row["source_id"], "an 835")))
    return made


def _diagnoses(asked: _Asked) -> list[dict[str, str]]:
    made = []
    for row in asked.own_claims():
        held = [code for code in (row["diagnoses"] or "").split(":") if code]
        listed = ", ".join(f"{number} {code}" for number, code in enumerate(held, start=1)) or "none"
        made.append(_told("Diagnoses", listed, f"claim {row['claim_id']} in {row['file']}"))
        lines = asked.ledger.find("claim_lines", "claim_id", row["claim_id"]).filter(
            pl.col("source_id") == row["source_id"], pl.col("claim") == row["claim"],
            pl.col("code") == (asked.finding["code"] or pl.col("code")),
        )  # fmt: skip
        for line in lines.sort("line").to_dicts():
            points = (line["pointers"] or "").replace(":", ", ") or "none"
            made.append(_told(f"Line {line['line']}", f"{line['code']} points at {points}", row["file"]))
    return made


def _ceilings(asked: _Asked) -> list[dict[str, str]]:
    """The payer's own limits, where practice.toml states them."""
    terms = asked.practice.payers.get(asked.finding["payer_id"] or "")
    if terms is None:
        return []
    own = terms.ceilings.get(asked.finding["code"])
    made = [_told("The payer's own ceiling", f"{asked.finding['code']}: {own} units a day", FILE)] if own else []
    most = f"{terms.day_units} timed units"
    return made + ([_told("What the payer pays a day", most, FILE)] if terms.day_units else [])


_RULES: dict[str, Callable[[_Asked], list[dict[str, str]]]] = {
    "filing": _filing, "authorizations": _authorizations, "plans": _plans, "overlaps": _overlaps, "groups": _groups,
    "duplicates": _duplicates, "resubmissions": _resubmissions, "diagnoses": _diagnoses, "ceilings": _ceilings,
}  # fmt: skip

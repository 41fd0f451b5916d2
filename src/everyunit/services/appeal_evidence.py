"""What a home holds to support an appeal, by its cause: passages of the note, proof of sending, the authorization."""

from __future__ import annotations

from typing import Any

import polars as pl

from everyunit.days import words
from everyunit.frames import polars
from everyunit.ledger import Ledger
from everyunit.notes import read
from everyunit.services.claim_file import ClaimFile

ON_RECORD = ("documentation", "units", "coding", "modifiers")  # causes for which the payer needs the note
_TX = ["source_id", "transaction"]


def evidence(ledger: Ledger, file: ClaimFile, causes: set[str], codes: set[str]) -> dict[str, list[dict[str, Any]]]:
    """What bears on these causes and no more: `notes` (visit, day, code, minutes, quote), `sendings` (day, what),
    `authorizations` (number). Quotes are the words of the note, unchanged."""
    return {
        "notes": _notes(ledger, file, codes) if causes & set(ON_RECORD) else [],
        "sendings": _sendings(ledger, file) if "timely filing" in causes else [],
        "authorizations": _authorizations(file) if "authorization" in causes else [],
    }


def _notes(ledger: Ledger, file: ClaimFile, codes: set[str]) -> list[dict[str, Any]]:
    """Of each visit on the claim: what the note says of the codes, its assessment, and the minutes recorded."""
    visits = ledger.scan("visits").filter(pl.col("claim_id") == file.sent["claim_id"]).collect()
    made: list[dict[str, Any]] = []
    for visit in visits.sort("service_day", "visit_id").to_dicts():
        day = words(visit["service_day"])
        services = ledger.find("services", "visit_id", visit["visit_id"]).sort("seq")
        for row in services.filter(pl.col("code").is_in(sorted(codes)) & pl.col("minutes").is_not_null()).to_dicts():
            recorded = f"{row['minutes']} minutes recorded"
            made.append({"visit": visit["visit_id"], "day": day, "about": f"{row['code']}: {recorded}", "quote": ""})
        for note in ledger.find("notes", "visit_id", visit["visit_id"])["text"].drop_nulls().to_list():
            made += [{"visit": visit["visit_id"], "day": day, **quote} for quote in _quotes(note, visit, codes)]
    return made


def _quotes(note: str, visit: dict[str, Any], codes: set[str]) -> list[dict[str, str]]:
    reading = read(note, visit["discipline"] or "PT")
    done = [(span.start, span.end, span.code) for span in reading.interventions if span.code in codes]
    thought = [(span.start, span.end, span.category.replace("_", " ")) for span in reading.passages]
    quotes: list[dict[str, str]] = []
    for start, end, about in sorted(done + thought):
        text = " ".join(note[start:end].split())
        if text and text not in [quote["quote"] for quote in quotes]:
            quotes.append({"about": about, "quote": text})
    return quotes


def _sendings(ledger: Ledger, file: ClaimFile) -> list[dict[str, str]]:
    """When the claim was sent, each time, and what came back of the file and of the claim."""
    number = file.sent["claim_id"]
    claims = ledger.find("claims", "claim_id", number).select(*_TX)
    made = polars(ledger.scan("transactions").join(claims.lazy().unique(), on=_TX))
    rows = [
        (row["created_day"], f"claim sent in file {row['interchange_control']}, group {row['group_control']}, "
         f"transaction {row['control_number']}, to {row['receiver']}")
        for row in made.to_dicts() if row["created_day"] is not None
    ]  # fmt: skip
    told = ledger.find("claim_statuses", "claim_id", number).filter(pl.col("level") == "claim")
    files = ledger.scan("transactions").select(*_TX, "created_day").collect()
    for row in told.join(files, on=_TX).to_dicts():
        code = ":".join(part for part in (row["category"], row["status"], row["entity"]) if part)
        named = f", payer's number {row['payer_control']}" if row["payer_control"] else ""
        rows.append((row["created_day"], f"277CA of {row['payer_name'] or row['payer_id']}: {code}{named}"))
    return [{"day": words(day), "what": what} for day, what in sorted(set(rows))]


def _authorizations(file: ClaimFile) -> list[dict[str, str]]:
    number = file.sent["prior_authorization"]
    return [{"number": number}] if number else []

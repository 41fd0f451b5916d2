"""A small practice at random, with faults of every kind that a check looks for, as rows of all its tables."""

from __future__ import annotations

from random import Random
from typing import Any

from audit_kit import PRACTICE
from checks_kit import Rows, rows_of

from everyunit.days import iso, to_day
from everyunit.rulebook import Practice

COURSE = (*(f"2026-02-{day:02d}" for day in range(16, 29)), "2026-03-01", "2026-03-02")
SPANS = (
    COURSE,
    COURSE,
    ("2024-01-01", "2024-03-08", "2024-03-09", "2024-03-20", "2024-09-30", "2024-10-01"),
    ("2024-12-30", "2024-12-31", "2025-01-01", "2025-01-31", "2025-04-15"),
    ("2025-12-31", "2026-01-01", "2026-03-01", "2026-03-12", "2026-03-13", "2026-09-30", "2026-10-01"),
    ("2026-11-30", "2026-12-31", "2027-01-01", "2027-01-05"),
)  # year ends, the conversion factor of 9 March 2024, quarters of the official tables, days the book does not know
TIMED = ("97110", "97140", "97530", "97112", "97116", "97035", "97537", "97113", "97124", "97535")
OTHER = ("97150", "97014", "G0283", "97010", "95851", "97750", "92507", "99999", "97550", "97551", "97161", "97164",
         "97165", "97168", "92523", "97130", "97016", "97018", "90913", "97545", "97546", "98975")  # fmt: skip
TOGETHER = (
    ("98976", "98977", "98980", "98979"),
    ("97164", "97164", "97110"),
    ("97150", "97110", "97530"),
    ("97140", "97124"),
    ("97161", "97164"),
    ("97550",),
    ("97110", "97112"),
)
MODIFIERS = ("GP", "GP", "GP", "GO", "GN", "", "GP:59", "GO:XU", "GP:KX", "KX:GO", "GP:CQ", "GO:CO", "GP:CO", "CQ",
             "GP:GO", "GP:76", "GP:95", "93")  # fmt: skip
FILING = {"MCR": "MB", "OWN": "CI", "AMA": "CH", "PLAN": "MB"}  # PLAN: Medicare by its claims, its own fee table
NPIS = ("1999000015", "1999000007", "1999000247", "1234567890", None)
NOTES = ("Seen.",) * 40 + ("Progress report.", "Recertification sent.")
DIAGNOSES = ("M25561", "M25561:M5450", "M545:Q2", "M25.561", "U071", "25561", "", None)


def practice() -> Practice:
    """The practice of the other tests and a payer with a fee table that Medicare's kind of claim is sent to."""
    words = b'"Own table"\nfiling_days = 30\nunits_a_day = 4\nceilings = { 97110 = 2, 97140 = 1 }\n'
    own = PRACTICE["practice.toml"].replace(b'"Own table"\n', words)
    more = b'[payers.PLAN]\nname = "Medicare by table"\nrule = "cms"\nfees = "own.csv"\n'
    return Practice.from_documents({**PRACTICE, "practice.toml": own + more})


def random_practice(seed: int, patients: int = 7) -> Rows:
    """Patients with visits, services, claims, plans, authorizations and notes; faults are common."""
    random = Random(seed)
    days = random.choice(SPANS)
    case: dict[str, list[Any]] = {name: [] for name in ("visits", "claims", "plans", "authorizations")}
    for number in range(patients):
        _patient(random, case, f"P{number}", random.choice(list(FILING)), days)
    if random.random() < 0.2:
        case["plans"] = []
    _watched(Random(f"{seed} remote"), case)
    rows = rows_of(case)
    for visit in case["visits"]:
        rows.readings += _readings(Random(f"{seed} {visit['id']}"), visit, case["claims"])
    for line in rows.lines:
        if random.random() < 0.03:
            line["units"] = None
        if random.random() < 0.05:
            line["prior_authorization"] = random.choice(["A1-P0", "A2-P1", "none"])
    return rows


def _readings(random: Random, visit: dict[str, Any], claims: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a reader may have made of the note: minutes near the record's, and findings on what was done or billed."""
    if random.random() < 0.4:
        return []
    done: dict[str, int] = {}
    for service in visit["services"]:
        if service["code"] in TIMED:
            done[service["code"]] = done.get(service["code"], 0) + (service["minutes"] or 10)
    made = [
        {"kind": "minutes", "code": code, "minutes": max(1, minutes + random.choice([0, 0, 2, -5, 9]))}
        for code, minutes in done.items()
    ]
    billed = [line["code"] for claim in claims if claim["id"] == visit["claim"] for line in claim["lines"]]
    for kind in ("unsupported_code", "better_supported_code", "missing_minutes", "units_not_supported"):
        if billed and random.random() < 0.4:
            made.append({"kind": kind, "code": random.choice([*billed, *TIMED]), "instead": "97110", "said": "Seen."})
    if random.random() < 0.4:
        other = random.choice(["", "", "", random.choice(TIMED)])
        made.append({"kind": "documented_not_billed", "code": random.choice(TIMED), "minutes": 15, "instead": other})
    if random.random() < 0.4:
        made.append({"kind": "uncounted_skilled_time", "code": "", "minutes": 12, "session": random.choice([30, 60])})
    return [{"visit_id": visit["id"], **row} for row in made]


def _patient(random: Random, case: dict[str, list[Any]], patient: str, payer: str, days: tuple[str, ...]) -> None:
    mostly = random.choice(["PT", "PT", "OT", "SLP"])
    codes = [*random.choice(TOGETHER), *random.sample(TIMED, 2), random.choice(OTHER)]
    diagnoses, clinic = random.choice(DIAGNOSES), random.choice(["River", "Nowhere"])
    checked_in = random.random() < 0.8
    daily = days is COURSE and random.random() < 0.7
    codes = random.sample(TIMED, 4) if daily and random.random() < 0.8 else codes
    for number in range(random.randint(14, 15) if daily else random.randint(1, 6)):
        visit = f"V{patient}-{number}"
        day = days[number] if daily else random.choice(days)
        named = {"patient": patient, "payer": payer, "day": day, "claim": f"C{patient}-{number}"}
        discipline = mostly if daily or random.random() < 0.8 else random.choice(["PT", "OT", "SLP"])
        clock = random.random() < 0.7
        services = [_service(random, codes, clock) for _ in range(random.randint(0, 4))]
        case["visits"].append({
            "id": visit, **named, "discipline": discipline, "services": services,
            "clinician": random.choice(["1999000015", "1999000023", ""]),
            "clinic": clinic, "status": random.choice(["kept"] * 14 + ["no_show"]),
            **({"note": random.choice(NOTES)} if daily or random.random() < 0.6 else {}),
            **({"check_in": _time(540), "check_out": _time(540 + random.choice([20, 40, 90]))} if checked_in else {}),
        })  # fmt: skip
        if random.random() < 0.12 and number and not daily:
            case["visits"][-1]["claim"] = f"C{patient}-{number - 1}"
            case["visits"][-1]["day"] = case["visits"][-2]["day"]
        elif daily or random.random() < 0.95:
            billed = [service["code"] for service in services] + random.choices(codes, k=random.randint(0, 2))
            stated = random.choice(DIAGNOSES) if random.random() < 0.2 else diagnoses
            case["claims"].append(_claim(random, case["visits"][-1], billed or codes[:1], stated))
    if random.random() < 0.85:
        case["plans"] += [_plan(random, patient, mostly, days, number) for number in range(random.randint(1, 2))]
        if daily:
            case["plans"][-1]["start_day"] = days[0]
    if random.random() < 0.6:
        more = {"patient_id": patient, "payer_id": payer, "discipline": mostly}
        numbers = range(1, random.randint(2, 3))
        case["authorizations"] += [{**_allowed(random, days, codes), "number": f"A{n}-{patient}", **more}
                                   for n in numbers]  # fmt: skip


def _watched(random: Random, case: dict[str, list[Any]]) -> None:
    """A patient whose device and exercises at home are followed around the turn of a year or a month."""
    days = random.choice([
        ("2025-12-02", "2025-12-20", "2025-12-31", "2026-01-01", "2026-01-29", "2026-01-31"),
        ("2026-03-01", "2026-03-15", "2026-03-31", "2026-04-01", "2026-04-30", "2026-05-31"),
        ("2024-12-31", "2025-01-01", "2025-01-31", "2026-12-31", "2027-01-01", "2027-01-02"),
    ])  # fmt: skip
    codes = (*random.choice([("98977", "98985"), ("98976", "98984"), ("98977", "98984")]), "98979", "98980", "98981")
    payer, talks = random.choice(list(FILING)), random.choice([("no",), ("yes", None), (None,), ("no", "yes", None)])
    for number, day in enumerate(random.sample(days, random.randint(1, 5))):
        services = []
        for code in random.sample(codes, random.randint(0, 3)):
            spent = random.choice([1, 2, 9, 10, 11, 19, 20, 21, 25, 39, 40, 41, 60, None if number % 3 == 0 else 5])
            service = {"code": code, "minutes": spent, "contact": random.choice(talks)}
            if code < "98979" or code > "98981":
                service = {"code": code, "days": random.choice([None, 0, 1, 2, 10, 15, 16, 17, 30])}
            services.append(service)
        named = {"patient": "PR", "payer": payer, "day": day, "claim": f"CPR-{number}", "discipline": "PT"}
        case["visits"].append({"id": f"VPR-{number}", **named, "services": services})
        billed = random.sample(codes, random.randint(0, 2))
        if billed or random.random() < 0.7:
            lines = [{"code": code, "units": random.choice([1, 1, 1, 2, 3])} for code in billed] or [
                {"code": "97110"}
            ]
            case["claims"].append({"id": named["claim"], "day": day, "lines": lines, "payer_id": payer,
                                   "filing_code": FILING[payer]})  # fmt: skip


def _service(random: Random, codes: list[str], clock: bool) -> dict[str, Any]:
    minutes = random.choice([5, 8, 10, 13, 15, 16, 20, 23, 30, 38, 45, None])
    start = 540 + 5 * random.randint(0, 20)
    by = random.choice(["therapist", "assistant", "both", ""])
    service = {"code": random.choice(codes), "minutes": minutes, "by": by}
    if minutes and by in ("assistant", "both"):
        service["assistant"] = random.choice([0, minutes, random.randint(0, minutes)])
    if clock and random.random() < 0.95:
        service |= {
            "start": _time(start),
            "end": _time(start + random.choice([minutes or 15, minutes or 15, 10, 30, 0])),
        }
    return service | {"mode": random.choice(["individual"] * 6 + ["group"])}


def _time(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _claim(random: Random, visit: dict[str, Any], codes: list[str], diagnoses: str | None) -> dict[str, Any]:
    own = {"PT": "GP", "OT": "GO", "SLP": "GN"}[visit["discipline"]]
    usual, heavy = random.choice([own, own, "GP:59", "GP:CQ", "GO"]), random.choice([4, 30, 90])
    done = {code: sum(row["minutes"] or 0 for row in visit["services"] if row["code"] == code) for code in codes}
    lines = [
        {
            "code": code, "units": random.choice([1, 1, 2, 3, 0, 7, heavy, *[(done[code] + 7) // 15] * 8]),
            "modifiers": usual if random.random() < 0.6 else random.choice(MODIFIERS),
            "pointers": random.choice(["1", "1", "1:2", "", "3", "x"]),
            "charge": random.choice([60000, 60000, 0, 1000, 5000]), "place": random.choice([*[None] * 8, "02", "10"]),
            "rendering": random.choice([None, None, *NPIS]),
        }
        for code in codes
    ]  # fmt: skip
    again = {"frequency": random.choice("78"), "original_reference": random.choice(["", "PC9"])}
    return {
        "id": visit["claim"], "day": visit["day"], "sent": _later(random, visit["day"]),
        "lines": lines, "payer_id": visit["payer"], "filing_code": FILING[visit["payer"]],
        "kind": random.choice(["837P", "837P", "837P", "837I"]), "diagnoses": diagnoses,
        "billing_npi": random.choice(["1999000007"] * 9 + ["1999000008"]),
        "rendering_npi": random.choice(["1999000015"] * 9 + ["19990000AB"]),
        "rendering_taxonomy": random.choice(["225100000X", "225X00000X", "235Z00000X", "261QP2000X", None]),
        "referring_npi": random.choice(["1999000247"] * 3 + [None]),
        **(again if random.random() < 0.1 else {}),
    }  # fmt: skip


def _later(random: Random, day: str) -> str:
    return iso(to_day(day) + random.choice([1, 1, 1, 1, 14, 15, 30, 31, 365, 366]))


def _plan(random: Random, patient: str, discipline: str, days: tuple[str, ...], number: int) -> dict[str, Any]:
    start, end = sorted(random.choices(days, k=2))
    signed, sent = (random.choice([None, None, *days]) for _ in range(2))
    return {"plan_id": f"L{patient}-{number}", "patient_id": patient, "discipline": discipline, "start_day": start,
            "end_day": random.choice([end, end, None]), "certified_day": signed, "sent_day": sent}  # fmt: skip


def _allowed(random: Random, days: tuple[str, ...], codes: list[str]) -> dict[str, Any]:
    start, end = sorted(random.choices(days, k=2))
    return {"start_day": start, "end_day": end, "visits": random.choice([None, 1, 2]),
            "units": random.choice([None, 3, 40]), "codes": random.choice([None, ":".join(codes[:3])])}  # fmt: skip

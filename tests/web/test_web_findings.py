"""The list of findings: what is asked is what is counted, summed, shown and downloaded."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import polars as pl
import pytest
from web_words import marked, text, whole

from everyunit.money import dollars
from everyunit.services.asked import Asked, cut_findings
from everyunit.services.held import held


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"way": "gain"},
        {"way": "back"},
        {"way": "document"},
        {"kind": "units_over"},
        {"kind": ["units_over", "not_billed"]},
        {"direction": "under"},
        {"gate": "earned"},
        {"gate": "charged", "sort": "day"},
        {"from": "2026-02", "to": "2026-05", "sort": "visit"},
    ],
)
def test_findings_count_and_sum_what_is_asked(client, home, asked):
    shown = text(client.get("/findings/", asked))
    kinds = asked.get("kind", ())
    found = cut_findings(
        held(home).findings,
        Asked(
            asked.get("from", ""), asked.get("to", ""), kinds=(kinds,) if isinstance(kinds, str) else tuple(kinds),
            direction=asked.get("direction", ""), gate=asked.get("gate", ""), way=asked.get("way", ""),
        ),
    )  # fmt: skip
    stakes = found["cents_at_stake"].fill_null(0)
    assert found.height and f"{found.height:,} finding" in shown
    assert f"Worth gaining {marked('+', stakes.filter(stakes > 0).sum())}" in re.sub(r"\s+", " ", shown)
    assert f"To give back {marked('−', -stakes.filter(stakes < 0).sum())}" in re.sub(r"\s+", " ", shown)


def test_findings_come_by_dollars_and_all_pages_hold_all(client, home):
    findings = held(home).findings
    seen, page = [], 1
    while True:
        body = client.get("/findings/", {"page": page}).content.decode()
        seen += re.findall(r"#f-([0-9a-f]{16})", body)
        if 'rel="next"' not in body:
            break
        page += 1
    of_visits = findings.filter(findings["visit_id"] != "")  # what is said of a clinician leads to its rule
    assert page > 1 and sorted(seen) == sorted(of_visits["finding_id"].to_list())
    size = {
        row["finding_id"]: max(abs(row["cents_at_stake"] or 0), row["at_risk_cents"] or 0)
        for row in of_visits.to_dicts()
    }
    assert [size[name] for name in seen] == sorted(size.values(), reverse=True)


def test_filters_stand_as_chips_that_come_off(client, home):
    clinic = held(home).clinics[0]
    page = client.get("/findings/", {"clinic": clinic, "kind": "units_over"}).content.decode()
    chips = re.findall(r'<li><a href="([^"]+)">(clinic|kind):', page)
    assert {name for _, name in chips} == {"clinic", "kind"}
    without = dict((name, unescape(link)) for link, name in chips)
    assert without["clinic"] == "?kind=units_over" and "kind" not in without["kind"]


def test_the_download_holds_the_list_and_no_formula(hostile_client, hostile):
    answer = hostile_client.get("/findings/findings.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="findings.csv"'
    assert len(rows) == held(hostile).findings.height > 0
    assert all(not (value or "x").startswith(("=", "+", "@")) for row in rows for value in row.values())
    assert rows[0]["payer_name"] == "'=cmd()"


def test_the_download_keeps_to_the_filters(client, home):
    answer = client.get("/findings/findings.csv", {"kind": "units_over"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    wanted = held(home).findings.filter(pl.col("kind") == "units_over")
    assert sorted(row["finding_id"] for row in rows) == sorted(wanted["finding_id"].to_list())
    assert "way" not in rows[0] and "service_day" not in rows[0]


def test_no_list_stands_one_sided(client, home):
    stakes = held(home).findings["cents_at_stake"].fill_null(0)
    shown = re.sub(r"\s+", " ", text(client.get("/findings/", {"way": "back"})))
    assert "0 findings; all kinds +" + whole(stakes.filter(stakes > 0).sum()) in shown
    assert "all kinds" not in text(client.get("/findings/"))


def test_a_gap_lists_its_visits_and_their_sum(client, home):
    visits = held(home).visits.filter(pl.col("gap") == "below")
    shown = re.sub(r"\s+", " ", text(client.get("/visits/", {"gap": "below"})))
    assert visits.height > 0 and f"{visits.height:,} visit" in shown
    assert f"paid below expected, {dollars(visits['gap_cents'].sum())} in all" in shown

"""Before signing: a draft is read at once and forgotten."""

from __future__ import annotations

import pytest
from django.test import override_settings

from everyunit.services.take_in import take_in

NOTE = (
    "S: Knee less stiff.\nO: Therapeutic exercise x 25 min: quad sets and SLR for strength, cues for form. "
    "Manual therapy x 12 min: patellar mobilization grade III.\nA: Flexion up 6 deg.\nP: Continue twice a week."
)


def send(client, note=NOTE, **more):
    given = {"discipline": "PT", "payer": "medicare_b", "codes": "97110=1 97140=1", "minutes": ""}
    return client.post("/note/", {"note": note, **given, **more})


def test_form_stands_empty(client):
    page = client.get("/note/")
    assert page.status_code == 200 and b"nothing is stored" in page.content


def test_units_by_the_payers_rule_beside_what_is_planned(client):
    page = send(client, codes="97110=3 97140=1").content.decode()
    assert '<mark class="done"' in page
    assert "(over)" in page and "the Medicare rule" in page
    assert "(over)" not in send(client).content.decode()


def test_an_unknown_payer_is_refused_by_name_of_those_known(client):
    page = send(client, payer="foobar")
    assert page.status_code == 422 and "is no payer that is known" in page.content.decode()
    assert "the Medicare rule" in send(client, payer="tricare").content.decode()


def test_the_answer_stands_first_and_speaks_of_what_is_planned(client):
    told = NOTE.replace(
        "patellar mobilization grade III", "patellar mobilization grade III, soft tissue mobilization"
    )
    page = send(client, told, codes="97110=2 97530=1").content.decode()
    first = page[page.index("At once") : page.index("What was read in the draft")]
    assert "97530 is planned; the words carry" in first and "late entry" not in first
    assert "97140</b> earns 1 unit and is not planned" in first


def test_expected_payment_stands_beside_no_draft_unless_the_practice_says_so(client, tmp_path):
    given = {"note": NOTE, "discipline": "PT", "payer": "medicare_b", "codes": "97110=1", "minutes": ""}

    def told():
        pages = [client.get("/note/"), send(client), client.post("/note/?show=payment", given)]
        return [
            "xpected payment" in pages[0].content.decode(),
            *("A unit brings" in page.content.decode() for page in pages[1:]),
        ]

    assert told() == [False, False, False]
    (tmp_path / "practice.toml").write_text("payment_before_signing = true\n[payers.A]\nrule = 'ama'\n")
    assert list(take_in([tmp_path], tmp_path / "home"))
    with override_settings(EVERYUNIT_HOME=str(tmp_path / "home")):
        assert told() == [True, False, True]


def test_minutes_by_hand_stand_in_for_the_text(client):
    page = send(client, minutes="97110=40").content.decode()
    assert "(under)" in page


@pytest.mark.parametrize(
    ("more", "status"),
    [({"note": " "}, 400), ({"codes": "97110=x"}, 422), ({"codes": "11111"}, 422), ({"discipline": "XX"}, 422),
     ({"note": "x" * 200_001}, 400)],
)  # fmt: skip
def test_what_cannot_be_read_is_told(client, more, status):
    page = send(client, **more)
    assert page.status_code == status and b'role="alert"' in page.content


def test_hostile_text_stays_text_and_is_not_logged(client, caplog):
    caplog.set_level("DEBUG")
    page = send(client, note="O: Therapeutic exercise x 20 min: <script>alert('zebrafish')</script> \u202e\x00 SLR")
    assert page.status_code == 200
    assert b"<script>alert" not in page.content
    assert "zebrafish" not in caplog.text


def test_a_draft_sent_from_another_page_is_refused(client):
    given = {"note": NOTE, "discipline": "PT", "payer": "medicare_b"}
    assert client.post("/note/", given, HTTP_SEC_FETCH_SITE="cross-site").status_code == 403


def test_a_form_that_brings_too_much_is_told_so(client):
    page = send(client, "x" * (27 << 20))
    assert page.status_code == 413 and b"This is too large" in page.content and b"not served" not in page.content
    page = client.post("/note/", {f"field{number}": "1" for number in range(1100)})
    assert page.status_code == 400 and b"Too many fields" in page.content and b"not served" not in page.content

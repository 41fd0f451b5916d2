"""Files as they come: encodings, line ends, zips, strangers, and the same file again."""

from __future__ import annotations

import codecs
import io
import zipfile
from pathlib import Path

import intake_kit as kit
import pytest

from everyunit.errors import UsageError
from everyunit.ledger import Ledger
from everyunit.services.home import open_home
from everyunit.services.take_in import TOGETHER, take_in

VISITS = "visit_id,date_of_service,clinic\nV1,2026-03-12,Café Süd\nV2,2026-03-13,Hill\n"


@pytest.mark.parametrize(
    "content",
    [
        VISITS.encode(),
        codecs.BOM_UTF8 + VISITS.encode(),
        VISITS.encode("utf-16"),
        VISITS.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + VISITS.encode("utf-16-be"),
        VISITS.encode("latin-1"),
        VISITS.replace("\n", "\r\n").encode(),
        VISITS.replace("\n", "\r").encode(),
        VISITS.replace(",", "\t").encode(),
        b"\n\n" + VISITS.encode(),
        VISITS.rstrip("\n").encode(),
    ],
    ids=["utf8", "bom", "utf16", "utf16 bare", "utf16 big", "latin", "crlf", "cr", "tabs", "blank first", "no end"],
)
def test_usual_ways_to_write_a_file(content: bytes, tmp_path: Path) -> None:
    ledger, receipt = kit.one(tmp_path, content)
    assert receipt["refused"] == 0
    assert ledger.scan("visits").collect()["clinic"].to_list() == ["Café Süd", "Hill"]


def test_a_zero_byte_spoils_its_row_only(tmp_path: Path) -> None:
    ledger, receipt = kit.one(tmp_path, VISITS.replace("V1", "V\x001"))
    assert ledger.scan("visits").collect()["visit_id"].to_list() == ["V2"]
    assert "zero byte" in receipt["refusals"][0]["message"]


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("empty.csv", b"", "empty"),
        ("spaces.csv", b" \r\n \n", "empty"),
        ("report.pdf", b"%PDF-1.7 ...", "PDF"),
        ("sheet.xlsx", b"PK\x03\x04 ...", "save the sheet as CSV"),
        ("truth.csv", b"visit_id,kind,code,cents\nV1,units_over,97110,-300\n", "findings"),
        ("other.csv", b"name,colour\nx,red\n", "heading"),
        ("line.csv", b"visit_id,date_of_service," + b"x" * (10 << 20), "too long"),
        ("noise.bin", bytes(range(128, 256)) * 50, "heading"),
        ("zeros.bin", bytes(5000), "read here"),
        ("odd.json", b'{"visit": 1}\n', "JSON"),
        ("other.toml", b"[tool]\nx = 1\n", "without payers"),
        ("photo.png", b"\x89PNG\r\n", "picture"),
    ],
)
def test_strangers_are_skipped_with_a_word(name: str, content: bytes, word: str, tmp_path: Path) -> None:
    ledger, receipt = kit.one(tmp_path, content, name)
    assert receipt["status"] == "skipped"
    assert word in " ".join(receipt["words"])
    assert ledger.receipts() == []


NOTE = '{"visit_id": "V%d", "text": "%s"}'


@pytest.mark.parametrize("name", ["notes.jsonl", "export.jsonl", "export.txt"])
@pytest.mark.parametrize(
    ("first", "taken"),
    [(NOTE % (1, "x" * (70 << 10)), ["V1", "V2", "V3"]), (f"{NOTE % (1, 'S')},", ["V2", "V3"]), ("{", ["V2", "V3"])],
    ids=["long", "comma", "torn"],
)
def test_the_first_note_does_not_decide_over_the_others(first: str, taken: list[str], name: str, tmp_path: Path):
    text = "\n".join([first, NOTE % (2, "S"), NOTE % (3, "S")])
    ledger, receipt = kit.one(tmp_path, text, name)
    assert ledger.scan("notes").collect()["visit_id"].to_list() == taken
    refused = [(one["row"], one["message"]) for one in receipt["refusals"]]
    assert refused == ([] if "V1" in taken else [(1, "is no JSON object")])


def test_notes_by_name_of_which_none_can_be_read_are_told_row_by_row(tmp_path: Path) -> None:
    _, receipt = kit.one(tmp_path, '{"visit": 1}\n[]\n', "notes_march.jsonl")
    assert (receipt["status"], [one["row"] for one in receipt["refusals"]]) == ("unread", [1, 2])


def test_a_file_without_one_good_row_is_not_taken_in(tmp_path: Path) -> None:
    ledger, receipt = kit.one(tmp_path, "visit_id,code\nV1,bad\n")
    assert (receipt["status"], receipt["refused"]) == ("unread", 1)
    assert ledger.receipts() == []


def test_a_toml_that_does_not_parse_is_unread_with_its_line(tmp_path: Path) -> None:
    content = '[clinics."Hill"]\nmac = 06102\n'
    ledger, receipt = kit.one(tmp_path, content, "practice.toml")
    assert receipt["status"] == "unread"
    assert "Line 2" in receipt["words"][0] and "import the file again" in receipt["words"][0]
    assert ledger.receipts() == []


@pytest.mark.parametrize(
    ("name", "heading", "lacking"),
    [
        ("visits.csv", "visit_id,dos,clinic", "date_of_service"),
        ("services.csv", "visit,cpt,minutes", "visit_id and code"),
        ("services_2026-03.csv", "a,b", "visit_id and code"),
        ("export.csv", "visit_id,minutes,mode", "code"),
        ("export.csv", "Visit ID;clinic;status", "date_of_service"),
        ("plans.csv", "plan_id,start,end", "patient_id"),
        ("authorizations.csv", "number,units", "patient_id"),
        ("deposits.csv", "date,amount", "trace or description"),
        ("fees_blue.csv", "code,price", "allowed"),
        ("visits.csv", "V1,2026-03-12,Hill", "visit_id and date_of_service"),
    ],
)
def test_a_heading_that_lacks_columns_is_told_which(name: str, heading: str, lacking: str, tmp_path: Path) -> None:
    ledger, receipt = kit.one(tmp_path, f"{heading}\n1,2,3\n", name)
    assert receipt["status"] == "unread"
    assert f"lacks {lacking}." in receipt["words"][0] and "import the file again" in receipt["words"][0]
    assert ledger.receipts() == []


@pytest.mark.parametrize(
    ("heading", "twice"),
    [
        ("visit_id,code,minutes,minutes", "minutes"),
        ("visit_id,code,Minutes;x,minutes ,Minutes", "minutes"),
        ("visit_id,date_of_service,Visit-ID", "visit_id"),
        ("plan_id,patient_id,start,end,start,end", "start and end"),
        ("code,allowed,Allowed", "allowed"),
        ("date,amount,trace,amount", "amount"),
        ("Posting Date,Description,Credit,Credit", "credit"),
        ("Posting Date,Amount,Description,Posting Date", "posting_date"),
    ],
)
def test_a_column_that_stands_twice_is_not_guessed(heading: str, twice: str, tmp_path: Path) -> None:
    ledger, receipt = kit.one(tmp_path, f"{heading}\n{heading}\n", "export.csv")
    assert receipt["status"] == "unread" and ledger.receipts() == []
    assert f"names {twice} more than once" in receipt["words"][0] and "import the file again" in receipt["words"][0]


def test_other_columns_and_a_banks_words_may_stand_twice(tmp_path: Path) -> None:
    ledger, receipt = kit.one(tmp_path, "visit_id,date_of_service,room,room\nV1,2026-03-12,3,4\n")
    assert receipt["status"] == "taken" and not receipt["words"]
    assert ledger.scan("visits").collect()["extra"].to_list() == ['{"room":"3","room_2":"4"}']
    _, receipt = kit.one(tmp_path, "Posting Date,Amount,Description,Description\n03/02/2026,5.00,EFT,A\n")
    assert receipt["rows"] == {"deposits": 1}


def test_ten_megabytes_in_one_cell_are_refused_alone(tmp_path: Path) -> None:
    content = VISITS.encode() + b"V3,2026-03-12," + b"x" * (10 << 20) + b"\n"
    ledger, receipt = kit.one(tmp_path, content)
    assert ledger.scan("visits").collect().height == 2
    assert "200 characters" in receipt["refusals"][0]["message"]


def test_the_same_file_again_under_another_name_is_held(tmp_path: Path) -> None:
    ledger, receipts = kit.bring(tmp_path, {"a.csv": VISITS, "b/copy of a.csv": VISITS})
    assert [one["status"] for one in receipts] == ["taken", "held"]
    assert "a.csv" in receipts[1]["words"][0]
    assert ledger.scan("visits").collect().height == 2
    assert len(ledger.receipts()) == 1


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_csv", ".csv"), data)
    return out.getvalue()


def test_members_of_a_zip_are_files_of_their_own(tmp_path: Path) -> None:
    services = b"visit_id,code,minutes\nV1,97110,15\n"
    content = zipped(in__visits_csv=VISITS.encode(), in__services_csv=services, readme=b"hello")
    ledger, receipts = kit.bring(tmp_path, {"all.zip": content, "visits.csv": VISITS})
    assert [(one["file"], one["status"]) for one in receipts] == [
        ("all.zip!in/visits.csv", "taken"),
        ("all.zip!in/services.csv", "taken"),
        ("all.zip!readme", "skipped"),
        ("visits.csv", "held"),
    ]
    assert ledger.scan("services").collect().height == 1


def test_a_damaged_zip_and_a_bomb_are_named(tmp_path: Path) -> None:
    damaged = bytearray(zipped(visits_csv=VISITS.encode() * 50))
    damaged[45] ^= 0xFF
    bomb = zipped(visits_csv=VISITS.encode() + bytes(150 << 20))
    _, receipts = kit.bring(tmp_path, {"bad.zip": bytes(damaged), "bomb.zip": bomb, "good.csv": VISITS})
    assert [one["status"] for one in receipts] == ["unread", "unread", "taken"]


def test_documents_are_kept_as_they_are(tmp_path: Path) -> None:
    toml = '[payers.P1]\nname = "Pinnacle"\nrule = "cms"\nfees = "own.csv"\n'
    fees = "code,allowed\n97110,30.00\n"
    ledger, receipts = kit.bring(tmp_path, {"practice.toml": toml, "fees/own.csv": fees})
    assert {one["status"] for one in receipts} == {"taken"}
    assert ledger.documents() == {"practice.toml": toml.encode(), "own.csv": fees.encode()}


def test_an_older_practice_file_does_not_come_back_unnoticed(tmp_path: Path) -> None:
    one, two = '[payers.P1]\nrule = "cms"\n', '[payers.P1]\nrule = "ama"\n'
    for text, words in ((one, 0), (two, 0), (two, 1), (one, 2)):
        ledger, receipts = kit.bring(tmp_path, {"practice.toml": text})
        assert len(receipts[0]["words"]) == words
    assert ledger.documents() == {"practice.toml": two.encode()}


def test_the_home_within_the_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "visits.csv").write_text(VISITS)
    for _ in range(2):
        assert len(list(take_in([tmp_path], tmp_path / "home"))) == 1


def test_a_path_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        take_in([tmp_path / "nowhere"], tmp_path / "home")
    assert not (tmp_path / "home").exists()


def test_the_order_of_files_changes_nothing(tmp_path: Path) -> None:
    other = VISITS.replace("V", "W")
    one, _ = kit.bring(tmp_path / "1", {"a.csv": VISITS, "b.csv": other})
    two, _ = kit.bring(tmp_path / "2", {"b.csv": VISITS, "a.csv": other})
    assert one.scan("visits").collect().equals(two.scan("visits").collect())
    assert one.fingerprint() == two.fingerprint()


def test_many_files_that_are_none_of_ours_wait_for_the_disk_together(tmp_path, monkeypatch):
    """Each write waits for the disk: 10,000 foreign members of a zip took 43 seconds one by one."""
    written = []
    kept = Ledger.turn_back
    monkeypatch.setattr(
        Ledger, "turn_back", lambda self, some: written.append(held := list(some)) or kept(self, held)
    )
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as packed:
        for at in range(TOGETHER + 50):
            packed.writestr(f"{at:04d}.txt", f"words {at}, and no heading of ours\n")
    told = take_in([tmp_path / "many.zip"], tmp_path / "home")
    first = next(told)
    held = {one["file"] for one in open_home(tmp_path / "home").turned_back()}
    assert first["file"] in held, "a receipt is told once it is safe"
    names = [first["file"], *(one["file"] for one in told)]
    assert names == [f"many.zip!{at:04d}.txt" for at in range(TOGETHER + 50)]
    assert [len(some) for some in written if some] == [TOGETHER, 50]
    assert {one["file"] for one in open_home(tmp_path / "home").turned_back()} == set(names)


@pytest.mark.parametrize(("first", "left"), [(" \n", []), (VISITS, ["a.csv"])])
def test_of_two_files_of_one_name_the_later_one_tells_what_became_of_it(first, left, tmp_path):
    for folder, text in (("1", first), ("2", " \n" if first == VISITS else VISITS)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.csv").write_text(text)
    told = [one["status"] for one in take_in([tmp_path / "1", tmp_path / "2"], tmp_path / "home")]
    assert sorted(told) == ["skipped", "taken"]
    assert [one["file"] for one in open_home(tmp_path / "home").turned_back()] == left

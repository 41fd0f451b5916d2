"""Before sending: the page takes an 837, judges it and forgets it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from everyunit.services.make_sample import make_sample


@pytest.fixture(scope="module")
def claims(tmp_path_factory):
    folder = tmp_path_factory.mktemp("send")
    make_sample(folder, visits=60, seed=11)
    return sorted((folder / "claims").iterdir())[0].read_bytes()


def send(client, content, **more):
    return client.post("/scrub/", {"file": SimpleUploadedFile("new.837", content)}, **more)


def test_form_stands(client):
    page = client.get("/scrub/")
    assert page.status_code == 200
    assert b"nothing is stored" in page.content


def test_faulty_claim_is_held_with_what_clears_it(bare_client, claims):
    wrong = claims.replace(b"*UN*1*", b"*UN*9*", 1)
    page = send(bare_client, wrong)
    assert page.status_code == 200
    assert b"Judge the claims" in page.content
    assert b"is wrong with the file itself" not in page.content


def test_what_is_no_claim_file_is_refused_with_words(client):
    for content in (b"", b"hello", b"\x00" * 300):
        page = send(client, content)
        assert page.status_code in (400, 422)
        assert b'role="alert"' in page.content


@pytest.mark.parametrize(
    "header", [{"HTTP_SEC_FETCH_SITE": "cross-site"}, {"HTTP_ORIGIN": "https://elsewhere.example"}]
)
def test_form_sent_from_another_page_is_refused(client, claims, header):
    assert send(client, claims, **header).status_code == 403


def test_only_the_forms_take_anything(client):
    assert client.post("/findings/").status_code == 405

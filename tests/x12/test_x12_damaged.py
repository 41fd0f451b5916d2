"""A zip whose packed bytes are damaged is refused in words, however it was packed."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from everyunit.errors import Unreadable
from everyunit.rulebook.sheets import sheets
from everyunit.x12.files import members


def damaged(how: int, name: str) -> list[bytes]:
    """Zips whose packed bytes were changed in one place each."""
    stream = random.Random(4)
    text = "".join(f"{stream.randrange(10**9)},{stream.randrange(10**9)}\n" for _ in range(400)).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", how) as made:
        made.writestr(name, text)
    whole = packed.getvalue()
    body = range(60, len(whole) - 200, len(whole) // 40)
    return [whole[:at] + bytes(255 - byte for byte in whole[at : at + 8]) + whole[at + 8 :] for at in body]


@pytest.mark.parametrize("how", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_STORED])
def test_damaged_bytes_are_unreadable_not_a_fault_of_the_program(tmp_path, how):
    path = tmp_path / "claims.zip"
    for raw in damaged(how, "claims.csv"):
        path.write_bytes(raw)
        with pytest.raises(Unreadable, match="packed data is broken"):
            read_all(path)
        with pytest.raises(Unreadable, match="cannot be unpacked"):
            list(sheets("book.zip", raw))


def read_all(path):
    for member in members(path):
        with member.opener() as stream:
            while stream.read(4096):
                pass

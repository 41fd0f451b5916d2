"""ANSI X12 in and out as columns. Knows nothing of therapy."""

from __future__ import annotations

from everyunit.x12.delimiters import looks_like_x12
from everyunit.x12.files import members, open_member
from everyunit.x12.reader import read_bytes, read_file, read_stream
from everyunit.x12.totals import Totals

__all__ = ["Totals", "looks_like_x12", "members", "open_member", "read_bytes", "read_file", "read_stream"]

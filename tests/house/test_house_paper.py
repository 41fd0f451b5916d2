"""The paper tells the truth: links lead somewhere, generated pages have not drifted, nothing private slipped in."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from house import ROOT, sources

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TEXT = (".py", ".md", ".toml", ".txt", ".sh", ".csv", ".html", ".js", ".css", "")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (page.parent / target).exists(), f"{target} is not there"


def test_generated_pages_have_not_drifted():
    ran = subprocess.run(
        [sys.executable, ROOT / "tools" / "docs.py", "--check"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def tracked() -> list[str]:
    found = subprocess.run(["git", "-C", ROOT, "ls-files"], capture_output=True, text=True, check=False)
    return found.stdout.splitlines()


def test_no_machine_path_or_download_address_in_the_tree():
    """A clone must not carry one machine's folders or a registry's address."""
    marks = (
        "/" + "root/",
        "/" + "home/",
        "files." + "python" + "hosted",
        "pypi" + ".org",
        "registry.npm" + "js",
        "index-" + "url",
    )
    for name in tracked():
        path = ROOT / name
        if (
            path.suffix in (".py", ".md", ".toml", ".txt", ".sh", ".csv", ".html", ".js", ".css", "")
            and path.is_file()
        ):
            text = path.read_text(encoding="utf-8", errors="replace")
            assert not [mark for mark in marks if mark in text], name


def test_requirements_are_pinned_with_hashes():
    for name in ("requirements.txt", "requirements-test.txt", "requirements-spark.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        pins = re.findall(r"^[a-z0-9][^\s#]*==", text, re.MULTILINE | re.IGNORECASE)
        assert pins and len(re.findall(r"--hash=sha256:", text)) >= len(pins)
        assert "://" not in text


def test_glossary_knows_the_words_of_the_tables():
    glossary = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8").lower()
    for word in ("visit", "charge", "claim", "remittance", "adjustment", "allowed amount", "unit", "modifier"):
        assert f"**{word}**" in glossary


def test_no_print_left_in_the_package():
    for path in sources():
        assert not re.search(r"^\s*print\(", path.read_text(encoding="utf-8"), re.MULTILINE), path.name

"""The pages in a real browser, served by the real server."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from web_homes import VISIT

from everyunit.services.held import held
from everyunit.services.remits_page import remits_page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PAGES = ["/", "/findings/", "/findings/?way=back&sort=day", "/visits/", "/visits/?gap=below", "/files/",
         "/remits/", "/remits/?show=reversals", "/deposits/", "/deposits/?show=matched",
         "/book/", "/book/?key=codes.97110&on=2026-03-12", "/learn/", "/learn/97530"]  # fmt: skip


def port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def serve(home: Path) -> Iterator[str]:
    number = port()
    command = [sys.executable, "-m", "everyunit.services.serve", str(home), str(number)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    base = f"http://localhost:{number}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(base, timeout=10).close()
                break
            except OSError:
                time.sleep(0.1)
        yield base
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="module")
def base(home: Path) -> Iterator[str]:
    yield from serve(home)


@pytest.fixture(scope="module")
def hostile_base(hostile: Path) -> Iterator[str]:
    yield from serve(hostile)


@pytest.fixture(scope="module")
def chromium():
    if CHROMIUM is None:
        pytest.skip("Chromium is not on this machine: the pages are not seen in a browser.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def look(chromium):
    """Opens pages; at the end no page has complained of anything, and nothing was asked of another machine."""
    complaints, opened = [], []

    def open_page(address: str, **how):
        how.setdefault("viewport", {"width": 1280, "height": 900})
        context = chromium.new_context(**how)
        opened.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda asked: asked.url.startswith("http://localhost:") or complaints.append(asked.url))
        page.goto(address)
        return page

    yield open_page
    for context in opened:
        context.close()
    assert complaints == []


def visit_address(home: Path) -> str:
    return f"/visits/{held(home).findings.sort('cents_at_stake')['visit_id'][0]}"


def all_pages(home: Path) -> list[str]:
    return [*PAGES, visit_address(home), f"/remits/{remits_page(home, 'reversals').rows[0]['remit']}"]


def test_every_page_opens_without_a_complaint(look, base, home):
    page = look(base)
    for path in all_pages(home):
        assert page.goto(base + path).status == 200
        assert page.locator("h1").count() == 1
        styled = page.evaluate("getComputedStyle(document.body).fontFamily")
        assert "system-ui" in styled


def test_hostile_texts_run_nothing(look, hostile_base):
    page = look(hostile_base)
    dialogs = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    for path in ("/", "/findings/", "/visits/", f"/visits/{quote(VISIT, safe='')}"):
        assert page.goto(hostile_base + path).status == 200
    assert "<script>alert(1)</script>" in page.locator(".note").inner_text()
    assert dialogs == []


def test_j_k_enter_and_slash(look, base):
    from playwright.sync_api import expect

    page = look(f"{base}/findings/")
    rows = page.locator("tr[data-row]")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(rows.nth(1)).to_have_attribute("aria-selected", "true")
    expect(page.locator("tr[aria-selected]")).to_have_count(1)
    wanted = rows.nth(1).locator("a[data-open]").get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{wanted.split('#')[0]}*")
    page.goto(f"{base}/findings/?kind=units_over")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("j/k")
    expect(page.locator("#q")).to_have_value("j/k")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"q=j"))


def test_the_picture_leads_to_its_lists(look, base):
    page = look(base)
    link = page.locator(".picture a[aria-label*='over-billed']")
    said = link.get_attribute("aria-label")
    rows = re.search(r"([\d,]+) findings", said).group(1)
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/findings/**")
    assert page.locator("main").inner_text().startswith("Findings")
    assert f"{rows} finding" in page.locator("main").inner_text()


def test_the_skip_link_comes_first(look, base):
    page = look(f"{base}/findings/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_all_is_read_without_scripts(look, base, home):
    page = look(base, java_script_enabled=False)
    page.locator("form.ask button").click()
    assert "Practice" in page.locator("h1").inner_text()
    page.goto(f"{base}/findings/")
    page.locator("select[name=kind]").select_option("units_over")
    page.locator("form.ask button").click()
    assert "kind=units_over" in page.url
    assert page.locator(".chips a").count() == 1
    page.locator("a[data-open]").first.click()
    assert "The proof" in page.locator("main").inner_text()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_narrow_pages_do_not_scroll_sideways(look, base, home, theme):
    page = look(base, viewport={"width": 360, "height": 740}, color_scheme=theme)
    for path in all_pages(home):
        page.goto(base + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
    page.goto(base)
    assert page.locator(".ladder").is_visible() and not page.locator(".picture").is_visible()


CONTRAST = """() => {
  const channel = v => { v /= 255; return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); };
  const light = c => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const ground = node => {
    for (; node; node = node.parentElement) {
      const c = parse(getComputedStyle(node).backgroundColor);
      if (c.length === 3 || (c.length === 4 && c[3] > 0)) return c;
    }
    return [255, 255, 255];
  };
  const bad = [];
  for (const node of document.querySelectorAll("main *, header *, footer *")) {
    const own = Array.from(node.childNodes).some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !node.getClientRects().length) continue;
    const style = getComputedStyle(node);
    const colour = node instanceof SVGElement ? style.fill : style.color;
    const [a, b] = [light(parse(colour)), light(ground(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) bad.push(node.className + ": " + node.textContent.trim().slice(0, 30) + " " + ratio.toFixed(2));
  }
  return bad;
}"""
TARGETS = """() => Array.from(document.querySelectorAll("a[href], button, select, input, summary"))
  .filter(node => node.getClientRects().length && !node.matches(".skip, [type=hidden]") && !node.closest("p, dd"))
  .filter(node => { const b = node.getBoundingClientRect(); return b.height < 23.5 || b.width < 23.5; })
  .map(node => node.outerHTML.slice(0, 80))"""
LABELS = """() => Array.from(document.querySelectorAll("select, input:not([type=hidden])"))
  .filter(node => !node.labels.length).map(node => node.name)"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast_targets_and_labels(look, base, home, theme):
    page = look(base, color_scheme=theme)
    for path in all_pages(home):
        page.goto(base + path)
        assert page.evaluate(CONTRAST) == [], path
        assert page.evaluate(TARGETS) == [], path
        assert page.evaluate(LABELS) == [], path
        tables = page.locator("table")
        for index in range(tables.count()):
            assert tables.nth(index).locator("caption").count() == 1, path
            assert tables.nth(index).locator("th[scope=col]").count() > 1, path


def test_the_two_ways_weigh_the_same(look, base):
    for theme in ("light", "dark"):
        page = look(f"{base}/findings/", color_scheme=theme)
        told = page.evaluate(
            """() => [".gain", ".back"].map(name => document.querySelector(".both .sum" + name)).map(node => {
            const s = getComputedStyle(node); return [s.fontSize, s.fontWeight, s.color]; })"""
        )
        assert told[0][:2] == told[1][:2] and told[0][2] != told[1][2]


def test_the_page_of_another_name_is_refused(base):
    asked = urllib.request.Request(base, headers={"Host": "clinic.example"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(asked, timeout=10)
    assert refused.value.code == 400

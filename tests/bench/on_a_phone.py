"""The first page on a mid phone over slow 3G, what it weighs, and how soon the screen answers to a touch.

The browser is slowed down as browsers are for such measures: 400 kbit/s down and up, 400 ms there and back, and a
processor four times as slow. The times hang on the machine; what a page weighs is also asserted in tests/looks.
"""

import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Page as Tab

from tests.bench.first_page import _until
from tests.looks.weighing import Weighed, weigh
from tests.plumbing.browser import ARGUMENTS, path_of_browser
from tests.web.conftest import free_port
from wijkteam.demo.town import PASSWORD

PHONE = {"width": 360, "height": 740}
LINE = {"offline": False, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8, "latency": 400}
SLOWER = 4
MOST_SECONDS, MOST_BYTES, MOST_MILLISECONDS = 3.0, 200_000, 100.0
EACH_TOUCH = """
    window.touches = [];
    new PerformanceObserver((list) => touches.push(...list.getEntries().map((it) => [it.name, it.duration])))
        .observe({type: "event", durationThreshold: 16, buffered: true});
"""


def run(profile: bool) -> bool:
    """Print what each page took; False when one came too late, weighed too much, or answered too slowly."""
    del profile
    with tempfile.TemporaryDirectory() as name, _served(Path(name)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path_of_browser(), args=ARGUMENTS)
        kept = [_first(browser, f"{address}{path}") for path in ("/inloggen", "/signaal/nl")]
        kept += _signed_in(browser, address)
        browser.close()
    return all(kept)


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-c", "from wijkteam.cli import main; main()", "demo", "--cases", "20"]
    environment = {**os.environ, "WIJKTEAM_DATABASE_URL": f"sqlite:///{folder}/demo.sqlite"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*command, "--port", str(port)], cwd=folder, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        _until(lambda: urllib.request.urlopen(f"{address}/inloggen", timeout=2).status == 200)
        yield address
    finally:
        process.terminate()
        process.wait(90)


def _slow(tab: Tab) -> Any:
    wire = tab.context.new_cdp_session(tab)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", LINE)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return wire


def _first(browser: Browser, address: str) -> bool:
    """Somebody's very first page: nothing of ours is in the browser yet."""
    context = browser.new_context(viewport=PHONE)
    tab = context.new_page()
    _slow(tab)
    found = weigh(tab, address)
    context.close()
    return _told(address, found)


def _signed_in(browser: Browser, address: str) -> Iterator[bool]:
    """My work and the page of a case, with an empty cache; and how soon the page of a case answers to a touch."""
    context = browser.new_context(viewport=PHONE)
    tab = context.new_page()
    tab.goto(f"{address}/inloggen")
    tab.get_by_label("E-mailadres").fill("fenna@voorbeeldstad.example")
    tab.get_by_label("Wachtwoord").fill(PASSWORD)
    with tab.expect_navigation():
        tab.get_by_role("main").get_by_role("button", name="Inloggen").click()
    case = tab.locator("a[href^='/casus/']:not([href$=openen])").first.get_attribute("href")
    signed_in = context.storage_state()
    context.close()
    for path in ("/", str(case)):
        context = browser.new_context(viewport=PHONE, storage_state=signed_in)
        tab = context.new_page()
        _slow(tab)
        yield _told(f"{address}{path}", weigh(tab, f"{address}{path}"))
        context.close()
    context = browser.new_context(viewport=PHONE, storage_state=signed_in, bypass_csp=True)
    tab = context.new_page()
    tab.context.new_cdp_session(tab).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    tab.add_init_script(EACH_TOUCH)
    tab.goto(f"{address}{case}")
    for summary in tab.locator("main summary:visible").all()[:6]:
        summary.click()
    tab.locator("textarea:visible").first.type("Gebeld.", delay=40)
    tab.wait_for_timeout(500)
    slowest = max((each[1] for each in tab.evaluate("touches")), default=0.0)
    print(f"  a touch on the page of a case: {slowest:.0f} ms at most until the next picture")
    context.close()
    yield bool(slowest < MOST_MILLISECONDS)


def _told(address: str, found: Weighed) -> bool:
    path = "/" + address.split("/", 3)[3]
    print(f"  {path}: {found.seconds:.2f} s, {found.bytes / 1000:.1f} KB in {found.requests} requests")
    return found.seconds < MOST_SECONDS and found.bytes < MOST_BYTES

"""What a browser fetched for a page, as it came over the line, and how long it took."""

from dataclasses import dataclass

from playwright.sync_api import Page as Tab


@dataclass(frozen=True)
class Weighed:
    """Bytes over the line with their headers, requests, and seconds until all of it was there."""

    bytes: int
    requests: int
    seconds: float


def weigh(tab: Tab, address: str) -> Weighed:
    """Let the browser fetch this page and what it needs, and weigh it."""
    wire = tab.context.new_cdp_session(tab)
    wire.send("Network.enable")
    sizes: list[int] = []
    wire.on("Network.loadingFinished", lambda it: sizes.append(int(it["encodedDataLength"])))
    tab.goto(address, wait_until="load")
    timing = tab.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd / 1000")
    wire.detach()
    return Weighed(sum(sizes), sum(size > 0 for size in sizes), float(timing))

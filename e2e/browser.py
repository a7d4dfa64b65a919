"""A real Chromium for tests: fixtures `phone` and `desk`, and the accessibility check."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

AXE = Path(__file__).with_name("vendor") / "axe.min.js"
WCAG_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A colour half-way through a change is nobody's colour; what has no end is cancelled.
SETTLE = """async () => {
  await document.fonts.ready;
  for (const animation of document.getAnimations()) {
    try { animation.finish(); } catch { animation.cancel(); }
   }
}"""
WIDTHS = {"phone": (390, 844), "desk": (1280, 900)}
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser():
    """One Chromium a test process. Missing: a skip with its name, in CI a failure."""
    chromium = os.environ.get("PIIRI_CHROMIUM") or shutil.which("chromium")
    if not chromium:
        say = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        say("chromium is not installed")
    # Playwright keeps an event loop in this thread, which Django would take for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield chrome
        chrome.close()


def open_page(browser: Browser, base_url: str, width: str, **context: Any) -> Page:
    """A page of a fresh visitor. `width` is a key of WIDTHS; `context` goes to Playwright."""
    across, down = WIDTHS[width]
    ours = {
        "locale": "en-GB",
        "timezone_id": "Europe/Helsinki",
        "reduced_motion": "reduce",
        "base_url": base_url,
    }
    page = browser.new_context(viewport={"width": across, "height": down}, **ours | context).new_page()
    page.set_default_timeout(10_000)
    return page


@pytest.fixture(params=list(WIDTHS))
def page(request, browser, live_server):
    """A page at 390 and once more at 1280 px; addresses may start with "/"."""
    page = open_page(browser, live_server.url, request.param)
    yield page
    page.context.close()


@pytest.fixture
def phone(browser, live_server):
    page = open_page(browser, live_server.url, "phone")
    yield page
    page.context.close()


@pytest.fixture
def desk(browser, live_server):
    page = open_page(browser, live_server.url, "desk")
    yield page
    page.context.close()


def sign_in(page: Page, client: Any, person: Any) -> None:
    """Give the browser a session of `person`, without the mail."""
    client.force_login(person)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "domain": "localhost", "path": "/"}])


def axe_violations(page: Page, *, but: tuple[str, ...] = (), only: tuple[str, ...] = ()) -> list[str]:
    """What axe finds against WCAG 2.2 AA, one line a finding: rule, help, elements.

    `but` names rules left out, e.g. ("color-contrast",) where the reader's system chooses the colours;
    `only` those asked for, where the rest has been asked of the same page already.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    page.evaluate(SETTLE)
    options = {
        "runOnly": {"type": "rule", "values": list(only)} if only else {"type": "tag", "values": WCAG_AA},
        "rules": {rule: {"enabled": False} for rule in but},
        "resultTypes": ["violations"],  # of what is well it need not find every element
    }
    found = page.evaluate("async options => (await axe.run(document, options)).violations", options)
    return [
        f"{one['id']}: {one['help']}: {[node['target'][0] for node in one['nodes'][:5]]}" for one in found
    ]


def assert_no_axe_violations(page: Page, *, but: tuple[str, ...] = ()) -> None:
    """Fail with one line a finding."""
    found = axe_violations(page, but=but)
    assert not found, f"{page.url}\n" + "\n".join(found)


@pytest.fixture(name="assert_no_axe_violations")
def _axe_for_rooms():
    """The same for tests inside a room, which import nothing from here."""
    return assert_no_axe_violations


def assert_no_sideways_scroll(page: Page) -> None:
    """Fail when the page is wider than its window."""
    over = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over <= 0, f"{page.url} is {over} px too wide"

"""A first visit on a poor network: at most 60 KB over the wire, and the door works without JavaScript and log-in."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

Enter = Callable[..., Page]
#: What a first visit may weigh, in bytes over the wire, headers included.
LIMIT = 60 * 1024


def _weight(browser: Browser, address: str) -> tuple[int, dict[str, int]]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="id-ID")
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    names: dict[str, str] = {}
    sizes: dict[str, int] = {}
    wire.on("Network.requestWillBeSent", lambda e: names.__setitem__(e["requestId"], e["request"]["url"]))
    wire.on(
        "Network.loadingFinished",
        lambda e: sizes.__setitem__(names.get(e["requestId"], "?"), int(e["encodedDataLength"])),
    )
    page.goto(address, wait_until="networkidle")
    context.close()
    return sum(sizes.values()), sizes


@pytest.mark.parametrize("path", ["/", "/help/", "/account/login/"])
def test_a_first_visit_is_light(server: str, browser: Browser, path: str) -> None:
    total, parts = _weight(browser, server + path)
    print(f"{path}: {total / 1024:.1f} KB over the wire")
    assert len(parts) >= 4, "the page, its styles and its script were measured"
    assert total <= LIMIT, parts


def test_the_door_and_the_help_page_work_without_javascript(server: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(server)
    expect(page.locator("a.choice")).to_have_count(3)
    page.locator("a.danger-link").click()
    page.wait_for_url("**/help/**")
    assert page.locator("a[href^='tel:']").count() >= 3
    page.goto(server)
    page.locator("a.choice").first.click()
    page.wait_for_url("**/account/login/**")
    context.close()


def test_a_student_asks_for_help_without_javascript(server: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(server)
    page.locator("button[name=as][value=bima]").click()
    page.goto(f"{server}/care/ask/?wish=counsellor")
    page.locator("label:has(input[name=topic][value=study])").click()
    page.locator(
        "main form button.btn--primary:visible, .page__actions button.btn--primary:visible"
    ).last.click()
    page.wait_for_url("**/care/sent/**")
    context.close()


def test_the_exit_button_blanks_leaves_and_signs_out(sign_in: Enter, server: str) -> None:
    page = sign_in("ayu")
    page.route("https://id.wikipedia.org/**", lambda route: route.fulfill(status=200, body="neutral"))
    page.locator("[data-exit-button]").first.click()
    page.wait_for_url("https://id.wikipedia.org/**")
    for _ in range(20):
        # The log-out travels as a beacon, after the page is gone.
        page.goto(f"{server}/today/")
        if "/account/login/" in page.url:
            return
        page.wait_for_timeout(250)
    raise AssertionError("the exit button did not sign out")


HOMES = ["ayu", "bima", "citra", "dewi", "gita", "joko", "eko", "indra"]


@pytest.mark.parametrize("who", HOMES)
def test_the_homes_have_no_accessibility_fault_and_do_not_scroll_sideways(sign_in: Enter, who: str) -> None:
    page = sign_in(who)
    found: Any = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    faults = [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found.response["violations"]]
    assert faults == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")


@pytest.mark.parametrize("who", ["ayu", "citra"])
def test_a_page_is_never_kept_in_the_browsers_cache(sign_in: Enter, server: str, who: str) -> None:
    page = sign_in(who)
    answer = page.goto(f"{server}/today/")
    assert answer is not None
    assert "no-store" in answer.headers["cache-control"]

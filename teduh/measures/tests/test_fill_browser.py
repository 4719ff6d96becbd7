"""The stepping page in Chromium: the keyboard suffices; a draft outlives a reload, not sending or exit."""

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from teduh.measures.models import Sheet
from teduh.measures.tests.helpers import CALM, assign, submit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
]
DRAFT = "Object.keys(sessionStorage).filter(key => key.startsWith('teduh-sheet-'))"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread; Django's own guard would then refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        yield chromium
        chromium.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


def open_sheet(cast: Any, live_server: Any, browser: Browser, sheet: Sheet, **how: Any) -> Page:
    """Open a sheet as Ayu, on a phone unless told otherwise."""
    context = browser.new_context(**{"viewport": {"width": 360, "height": 740}, "locale": "id-ID", **how})
    context.set_default_timeout(8000)
    cookie = cast.client("ayu").cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    tab = context.new_page()
    tab.goto(live_server.url + reverse("measures:fill", args=[sheet.public_id]))
    return tab


def test_the_keyboard_alone_fills_in_and_sends(cast: Any, live_server: Any, browser: Browser) -> None:
    sheet = assign(cast)
    tab = open_sheet(cast, live_server, browser, sheet)
    start = tab.locator("[data-screen=intro] [data-next]")
    start.focus()
    tab.keyboard.press("Enter")
    for answer in CALM:
        tab.keyboard.press(str(answer + 1))
        tab.keyboard.press("Enter")
    assert len(tab.evaluate(DRAFT)) == 1
    tab.locator("[data-nav] [data-send]").press("Enter")
    tab.wait_for_selector("[data-sheet-done]", state="attached")
    row = Sheet.objects.get()
    assert (row.state, json.loads(row.answers.open())) == ("submitted", list(CALM))
    assert tab.evaluate(DRAFT) == []


def test_one_question_stands_on_the_screen_at_a_time(cast: Any, live_server: Any, browser: Browser) -> None:
    tab = open_sheet(cast, live_server, browser, assign(cast))
    expect(tab.locator("fieldset:visible")).to_have_count(0)
    tab.click("[data-screen=intro] [data-next]")
    expect(tab.locator("fieldset:visible")).to_have_count(1)
    expect(tab.locator("#id_item_1 legend")).to_be_focused()
    tab.click("[data-nav] [data-next]")
    expect(tab.locator("#id_item_2")).to_be_visible()
    tab.click("[data-nav] [data-back]")
    expect(tab.locator("#id_item_1")).to_be_visible()


def test_a_draft_outlives_a_reload_but_not_the_exit(cast: Any, live_server: Any, browser: Browser) -> None:
    tab = open_sheet(cast, live_server, browser, assign(cast))
    tab.click("[data-screen=intro] [data-next]")
    tab.click("label:has(#id_item_1_2)")
    tab.click("[data-nav] [data-next]")
    tab.reload()
    expect(tab.locator("#id_item_2")).to_be_visible()
    expect(tab.locator("#id_item_1_2")).to_be_checked()

    def blank(route: Route) -> None:
        route.fulfill(status=200, content_type="text/html", body="<p>elsewhere</p>")

    exit_url = tab.evaluate("document.body.dataset.exit")
    tab.route(exit_url, blank)
    tab.click("[data-exit-button]")
    tab.wait_for_url(exit_url)
    tab.goto(live_server.url + reverse("help"))
    assert tab.evaluate(DRAFT) == []


def test_sending_asks_for_the_safety_item_and_shows_blanks_once(
    cast: Any, live_server: Any, browser: Browser
) -> None:
    sheet = assign(cast)
    tab = open_sheet(cast, live_server, browser, sheet)
    tab.click("[data-screen=intro] [data-next]")
    for _question in range(8):
        tab.click("[data-nav] [data-next]")
    tab.click("[data-nav] [data-next]")
    expect(tab.locator("[data-must]")).to_be_visible()
    tab.click("label:has(#id_item_9_4)")
    tab.click("[data-nav] [data-next]")
    expect(tab.locator("[data-blank-list]:visible")).to_contain_text("1, 2, 3, 4, 5, 6, 7, 8")
    tab.click("[data-nav] [data-send]")
    tab.wait_for_selector("[data-sheet-done]", state="attached")
    assert json.loads(Sheet.objects.get().answers.open()) == [None] * 9


def test_without_scripts_the_whole_list_is_sent(cast: Any, live_server: Any, browser: Browser) -> None:
    tab = open_sheet(cast, live_server, browser, assign(cast), java_script_enabled=False)
    for number, answer in enumerate(CALM, start=1):
        tab.check(f"#id_item_{number}_{answer}", force=True)
    tab.click("[data-plain] button")
    expect(tab.locator("[data-sheet-done]")).to_be_attached()
    assert json.loads(Sheet.objects.get().answers.open()) == list(CALM)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_each_screen_is_accessible_and_fits(
    cast: Any, live_server: Any, browser: Browser, width: int, scheme: str
) -> None:
    size = {"width": width, "height": 740}
    sheet = assign(cast)
    tab = open_sheet(cast, live_server, browser, sheet, viewport=size, color_scheme=scheme)
    faults = []

    def look(where: str) -> None:
        wide = tab.evaluate("document.documentElement.scrollWidth - innerWidth")
        found = Axe().run(tab).response["violations"]
        serious = [each["id"] for each in found if each["impact"] in {"serious", "critical"}]
        if wide > 0 or serious:
            faults.append((where, wide, serious))

    look("intro")
    tab.click("[data-screen=intro] [data-next]")
    look("question")
    for _question in range(8):
        tab.click("[data-nav] [data-next]")
    look("safety")
    tab.click("label:has(#id_item_9_0)")
    tab.click("[data-nav] [data-next]")
    look("end")
    submit(cast, sheet, CALM)
    tab.goto(tab.url)
    look("done")
    assert faults == []


def test_the_chosen_answer_never_lies_under_the_bars(cast: Any, live_server: Any, browser: Browser) -> None:
    tab = open_sheet(cast, live_server, browser, assign(cast))
    tab.click("[data-screen=intro] [data-next]")
    for _question in range(8):
        tab.click("[data-nav] [data-next]")
    tab.keyboard.press("5")
    chosen = tab.locator("label:has(#id_item_9_4)").bounding_box()
    bar = tab.locator("[data-nav]").bounding_box()
    assert chosen is not None
    assert bar is not None
    assert chosen["y"] + chosen["height"] <= bar["y"]

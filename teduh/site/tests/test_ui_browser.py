"""The frame in a real Chromium: accessible, never too wide, an exit that leaves nothing, safe forms."""

import gzip
import os
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from teduh.site.styleguide import sample_context

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
]
NAV = [
    {"url": "#", "label": label, "icon": "sun", "current": label == "Hari ini", "badge": 3}
    for label in ("Hari ini", "Permintaan", "Jadwal", "Pesan", "Peringatan", "Catatan")
]
TOUR = [("ayu", "Ayu", "siswa", "graduation-cap"), ("citra", "Citra", "guru BK", "ear")]
PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "landing": ("site/landing.html", {"demo": True, "tour": TOUR}),
    "help": ("site/help.html", {"school_contacts": [{"name": "Citra", "phone": "0812", "role": "BK"}]}),
    "parts": ("site/styleguide.html", {"nav": NAV, "me": {"name": "Citra", "role": "guru BK"}}),
    "missing": ("404.html", {}),
}
TOO_SMALL = """() => [...document.querySelectorAll(
  '.btn,.tool,.choice,.danger-link,.nav__link,.seg__btn,.tile,.slot__t,.tabs__link,.crisis__line,.tour__btn,.check')]
  .filter(e => e.checkVisibility()).map(e => [e.className, e.getBoundingClientRect()])
  .filter(([, r]) => r.height < 43.9 || r.width < 43.9).map(([c, r]) => `${c} ${r.width}x${r.height}`)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread; Django's own guard would then refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        yield chromium
        chromium.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


def show(tab: Page, live_server: Any, html: str, path: str = "/_shown/") -> None:
    """Show rendered HTML as if the server had sent it, so that its style and script load from there."""
    tab.route(f"**{path}", lambda route: route.fulfill(status=200, content_type="text/html", body=html))
    tab.goto(live_server.url + path)


def rendered(name: str) -> str:
    template, context = PAGES[name]
    if name == "parts":
        context = {**context, **sample_context()}
    with translation.override("id"):
        return render_to_string(template, {"request": RequestFactory().get("/"), **context})


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_pages_are_accessible_and_fit(
    browser: Browser, live_server: Any, name: str, width: int, scheme: Any
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce", locale="id-ID"
    )
    tab = context.new_page()
    show(tab, live_server, rendered(name))
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert tab.evaluate(TOO_SMALL) == []
    found = Axe().run(tab, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()
    context.close()


def test_the_first_visit_is_light(browser: Browser, live_server: Any) -> None:
    context = browser.new_context()
    tab = context.new_page()
    sizes: list[int] = []
    tab.on("response", lambda answer: sizes.append(len(gzip.compress(answer.body()))))
    show(tab, live_server, rendered("landing"))
    tab.wait_for_load_state("networkidle")
    assert len(sizes) >= 7
    assert sum(sizes) < 60 * 1024
    context.close()


BODY = """<!doctype html><html><head><title>Isi</title>
<script src="/static/teduh/teduh.js" defer></script></head>
<body data-exit="{url}/_away/" data-leave="/_leave/" data-csrf="tok" {extra}>{body}</body></html>"""


def shown_with_exit(tab: Page, live_server: Any, body: str, extra: str = "") -> list[str]:
    left: list[str] = []

    def leave(route: Route) -> None:
        left.append(route.request.post_data or "")
        route.fulfill(status=204)

    tab.route("**/_leave/", leave)
    tab.route(
        "**/_away/", lambda route: route.fulfill(status=200, content_type="text/html", body="<h1>Cuaca</h1>")
    )
    show(tab, live_server, BODY.format(url=live_server.url, body=body, extra=extra))
    return left


def test_the_exit_button_logs_out_and_leaves_no_way_back(browser: Browser, live_server: Any) -> None:
    tab = browser.new_page()
    left = shown_with_exit(
        tab, live_server, '<a href="/elsewhere/" data-exit-button>Keluar</a><p>rahasia</p>'
    )
    tab.click("[data-exit-button]")
    tab.wait_for_url("**/_away/")
    assert left == ["csrfmiddlewaretoken=tok"]
    tab.go_back()
    assert "rahasia" not in tab.content()
    tab.close()


def test_shift_three_times_leaves_but_escape_and_capitals_do_not(browser: Browser, live_server: Any) -> None:
    tab = browser.new_page()
    shown_with_exit(tab, live_server, "<textarea id=t></textarea>")
    tab.keyboard.press("Escape")
    tab.focus("#t")
    for letter in "ABCDE":
        tab.keyboard.press(f"Shift+{letter}")
    tab.wait_for_timeout(200)
    assert "/_shown/" in tab.url
    for _ in range(3):
        tab.keyboard.press("Shift")
    tab.wait_for_url("**/_away/")
    tab.close()


def test_a_form_is_sent_once_however_often_it_is_pressed(browser: Browser, live_server: Any) -> None:
    tab = browser.new_page()
    sent: list[str] = []

    def slow(route: Route) -> None:
        sent.append(route.request.post_data or "")

    tab.route("**/_post/", slow)
    shown_with_exit(
        tab,
        live_server,
        '<form method="post" action="/_post/"><button name="a" value="1">Kirim</button></form>',
    )
    tab.evaluate("for (let n = 0; n < 5; n++) document.querySelector('button').click()")
    tab.wait_for_timeout(400)
    assert sent == ["a=1"]
    tab.close()


STREAM = "retry: 60000\n\nevent: change\ndata: {}\n\n"


def show_live(tab: Page, live_server: Any, body: str) -> list[str]:
    asked: list[str] = []

    def piece(route: Route) -> None:
        asked.append(route.request.headers.get("x-fragment", ""))
        route.fulfill(status=200, content_type="text/html", body="<p>baru</p>")

    def stream(route: Route) -> None:
        route.fulfill(status=200, content_type="text/event-stream", body=STREAM)

    tab.route("**/_piece/", piece)
    tab.route("**/_stream/", stream)
    shown_with_exit(tab, live_server, body, extra='data-me-stream="/_stream/"')
    return asked


def test_a_live_piece_is_fetched_again_on_a_change(browser: Browser, live_server: Any) -> None:
    tab = browser.new_page()
    asked = show_live(tab, live_server, '<div id="live" data-live="/_piece/">lama</div>')
    expect(tab.locator("#live")).to_have_text("baru")
    assert set(asked) == {"1"}
    tab.close()


def test_a_live_piece_waits_while_someone_types_in_it(browser: Browser, live_server: Any) -> None:
    tab = browser.new_page()
    body = '<div id="live" data-live="/_piece/"><input id="t" autofocus></div>'
    show_live(tab, live_server, body)
    tab.keyboard.type("sedang menulis")
    tab.evaluate("dispatchEvent(new Event('online'))")
    tab.wait_for_timeout(300)
    assert tab.input_value("#t") == "sedang menulis"
    tab.close()


def test_a_session_that_ended_hides_live_pieces_but_keeps_what_is_being_written(
    browser: Browser, live_server: Any
) -> None:
    tab = browser.new_page()
    tab.route("**/_piece/", lambda route: route.fulfill(status=403, body="no"))
    body = '<div id="live" data-live="/_piece/">rahasia</div><textarea id="t"></textarea>'
    shown_with_exit(tab, live_server, body)
    tab.fill("#t", "belum terkirim")
    tab.evaluate("dispatchEvent(new Event('online'))")
    expect(tab.locator("#live")).to_have_text("")
    assert tab.input_value("#t") == "belum terkirim"
    tab.close()

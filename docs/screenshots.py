"""Take the pictures of docs/img anew from a running demo school.

`python docs/screenshots.py http://127.0.0.1:8000`. The first run lets Ayu ask and Bima answer, so that there
is a conversation to show; later runs find it. Pictures are reduced to 128 colours and stay below 150 KB.
"""

import argparse
import io
import shutil
import sys
from contextlib import closing
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as Late

OUT = Path(__file__).parent / "img"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: Width and height of the window, and how many dots a pixel has.
PHONE, DESK = (360, 780, 2), (1280, 820, 1)
LIMIT = 150_000
#: Who stands in the tour for which picture; Bima's home is the one where he listens.
HOMES = {
    "student": ("ayu", ""),
    "peer-supporter": ("bima", "?as=supporter"),
    "counsellor": ("citra", "?as=counsellor"),
    "caseworker": ("dewi", ""),
    "guardian": ("gita", ""),
    "homeroom-teacher": ("joko", ""),
    "principal": ("eko", ""),
    "technical-admin": ("indra", ""),
}
DARK = ("student", "counsellor")
TALK = (
    ("ayu", "Hai, aku bingung mulai dari mana. Teman-temanku menjauh sejak minggu lalu."),
    ("bima", "Hai, makasih sudah cerita. Pelan-pelan saja, aku dengarkan."),
    ("ayu", "Mereka bikin grup baru dan aku tidak diajak. Rasanya sendirian di kelas."),
    ("bima", "Pasti berat ya, melihat mereka kumpul tanpa kamu. Sejak kapan kamu merasa begitu?"),
    ("ayu", "Sejak lomba kelas. Aku sempat beda pendapat dengan ketua kelompok."),
    ("bima", "Aku paham. Menurutmu, siapa di antara mereka yang paling enak diajak bicara?"),
)


def main() -> int:
    """Take every picture; return 1 where one is larger than it may be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="where the demo school answers, such as http://127.0.0.1:8000")
    address = parser.parse_args().address.rstrip("/")
    OUT.mkdir(parents=True, exist_ok=True)
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with (
        sync_playwright() as playwright,
        closing(playwright.chromium.launch(executable_path=found, args=FLAGS)) as browser,
    ):
        room = conversation(browser, address)
        for name, (who, face) in HOMES.items():
            both(browser, address, who, f"{address}/today/{face}", f"home-{name}")
            if name in DARK:
                take(
                    browser,
                    address,
                    who,
                    f"{address}/today/{face}",
                    f"home-{name}-dark-360",
                    PHONE,
                    dark=True,
                )
        both(browser, address, "ayu", room, "chat")
        take(browser, address, "ayu", room, "chat-dark-360", PHONE, dark=True)
        both(browser, address, "", f"{address}/", "door")
        both(browser, address, "", f"{address}/help/", "help")
    large = [
        f"{file.name}: {file.stat().st_size} bytes"
        for file in OUT.glob("*.png")
        if file.stat().st_size > LIMIT
    ]
    sys.stdout.write("".join(f"too large: {line}\n" for line in large))
    return 1 if large else 0


def both(browser: Browser, address: str, who: str, url: str, name: str) -> None:
    """Take a page on a phone and on a desk."""
    take(browser, address, who, url, f"{name}-360", PHONE)
    take(browser, address, who, url, f"{name}-1280", DESK)


def take(
    browser: Browser,
    address: str,
    who: str,
    url: str,
    name: str,
    size: tuple[int, int, int],
    *,
    dark: bool = False,
) -> None:
    """Take one picture of what stands in the window."""
    page = enter(browser, address, who, size, dark=dark)
    page.goto(url)
    page.wait_for_timeout(900)
    page.evaluate("document.activeElement && document.activeElement.blur()")
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    # Without dithering: text keeps clean edges, and equal areas pack well.
    small = picture.convert("RGB").quantize(128, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    small.save(OUT / f"{name}.png", optimize=True)
    sys.stdout.write(f"{name}.png {(OUT / f'{name}.png').stat().st_size // 1024} KB\n")
    page.context.close()


def enter(
    browser: Browser, address: str, who: str, size: tuple[int, int, int], *, dark: bool = False
) -> Page:
    """Open a window and sign in through the tour."""
    width, height, dots = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=dots,
        locale="id-ID",
        timezone_id="Asia/Jakarta",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(f"{address}/")
    if who:
        page.locator(f"button[name=as][value={who}]").click()
        page.wait_for_url("**/today/**")
    return page


def conversation(browser: Browser, address: str) -> str:
    """Return the address of Ayu's open conversation with Bima, held first where there is none."""
    ayu, bima = enter(browser, address, "ayu", PHONE), enter(browser, address, "bima", PHONE)
    if not open_room(ayu):
        home(ayu, address, "student")
        if not ayu.locator("main a[href*='/peers/waiting/']").count():
            ask(ayu, address)
        listen(browser, bima, address)
        home(ayu, address, "student")
        if not open_room(ayu):
            raise SystemExit("Ayu has no open conversation; begin with a demo school that was just seeded.")
        talk(ayu, bima)
    room = ayu.url
    for page in (ayu, bima):
        page.context.close()
    return room


def home(page: Page, address: str, face: str) -> None:
    """Go to one of somebody's homes."""
    page.goto(f"{address}/today/?as={face}")


def open_room(page: Page) -> bool:
    """Go to the first conversation of the home that can still be written in; False where there is none."""
    links = page.locator("main a[href*='/conversation/']")
    for url in [links.nth(i).evaluate("link => link.href") for i in range(links.count())]:
        page.goto(url)
        if page.locator(".composer").count():
            return True
    return False


def ask(ayu: Page, address: str) -> None:
    """Ask for a friend of one's own age."""
    ayu.goto(f"{address}/care/ask/?wish=peer")
    ayu.locator("label:has(input[name=topic][value=friends])").first.click()
    ayu.locator(
        "main form button.btn--primary:visible, .page__actions button.btn--primary:visible"
    ).last.click()
    ayu.wait_for_url("**/care/sent/**")


def listen(browser: Browser, bima: Page, address: str) -> None:
    """Let Bima take the offer, given to him by his supervisor where somebody else was asked."""
    home(bima, address, "supporter")
    offer = bima.locator("a[href*='/peers/offers/']").first
    try:
        offer.wait_for(timeout=6_000)
    except Late:
        citra = enter(browser, address, "citra", DESK)
        citra.goto(f"{address}/peers/supervise/")
        citra.locator("main a[href*='/peers/requests/']").first.click()
        citra.locator("label.pick", has_text="Bima Saputra").click()
        citra.locator("main form.form button.btn--primary").click()
        citra.wait_for_load_state()
        citra.context.close()
        bima.reload()
        offer.wait_for()
    offer.click()
    bima.locator("form[action$='/accept/'] button").first.click()
    bima.wait_for_url("**/conversation/**")


def talk(ayu: Page, bima: Page) -> None:
    """Write to each other; both pages show the conversation."""
    for who, text in TALK:
        page, other = (ayu, bima) if who == "ayu" else (bima, ayu)
        page.locator(".composer textarea").fill(text)
        page.locator(".composer button").click()
        other.locator(".bubble__text", has_text=text).wait_for()
    # The pages say a moment later how far their reader has read.
    ayu.wait_for_timeout(2_500)


if __name__ == "__main__":
    sys.exit(main())

"""The whole journey in real browsers: asked, listened to, in danger, taken over, deeper, measured, stepped down, closed."""

import re
import time
from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Page, expect

Enter = Callable[..., Page]


def mark(page: Page) -> None:
    """Leave a mark that a reload would wipe."""
    page.evaluate("window.teduhMark = 1")


def not_reloaded(page: Page) -> bool:
    return bool(page.evaluate("window.teduhMark === 1"))


def send(page: Page, text: str) -> None:
    page.locator(".composer textarea").fill(text)
    page.locator(".composer button").click()


def bubble(page: Page, text: str) -> None:
    expect(page.locator(".bubble__text", has_text=text)).to_be_visible(timeout=5000)


def choose(page: Page, name: str, value: str) -> None:
    """Tap a tile or a number as a finger does: on its label."""
    page.locator(f"label:has(input[name={name}][value='{value}'])").first.click()


def home(page: Page, face: str) -> None:
    page.goto(re.sub(r"(https?://[^/]+).*", r"\1", page.url) + f"/today/?as={face}")


def press(page: Page, end_of_action: str) -> None:
    """Press the button of the form that posts to an address with this end."""
    page.locator(f"form[action$='{end_of_action}'] button").first.click()


def ask_in_three_taps(ayu: Page) -> None:
    taps = 0
    ayu.locator("a.choice[href*='wish=peer']").click()
    taps += 1
    choose(ayu, "topic", "friends")
    taps += 1
    ayu.locator(
        "main form button.btn--primary:visible, .page__actions button.btn--primary:visible"
    ).last.click()
    taps += 1
    ayu.wait_for_url("**/care/sent/**")
    assert taps == 3


def fill_questionnaire(page: Page, answers: list[int]) -> None:
    page.locator("a[href*='/forms/']").first.click()
    page.locator("[data-screen=intro] [data-next]").click()
    for number, answer in enumerate(answers, 1):
        screen = page.locator(f"[data-question='{number}']")
        expect(screen).to_be_visible()
        screen.locator(f"label:has(input[value='{answer}'])").first.click()
        page.wait_for_timeout(350)
        if screen.is_visible():
            page.locator("[data-nav] [data-next]").click()
    sender = page.locator("[data-send]:visible, [data-plain] button:visible").first
    sender.click()
    page.wait_for_load_state()


def give_questionnaire(page: Page, episode: str) -> None:
    page.goto(f"{episode}questionnaire/")
    choose(page, "instrument", "phq-9")
    page.locator("main form.form button.btn--primary").click()
    page.wait_for_url("**/results/")


def close_with_aftercare(page: Page, episode: str, owner: str) -> None:
    page.goto(f"{episode}close/")
    page.locator("select[name=reason]").select_option("goals_met")
    for box in page.locator("input[name=checks]").all():
        page.locator(f"label:has(#{box.get_attribute('id')})").first.click()
    page.locator("input[name=aftercare_on]").fill((date.today() + timedelta(days=21)).isoformat())
    page.locator("select[name=aftercare_owner]").select_option(label=owner)
    page.locator("main form.form button.btn--primary").click()
    page.wait_for_url(re.compile(r"/care/episode/[^/]+/$"))


def test_the_journey(sign_in: Enter) -> None:
    ayu, bima = sign_in("ayu"), sign_in("bima")
    citra, dewi = sign_in("citra", width=1280, height=860), sign_in("dewi", width=1280, height=860)
    home(bima, "supporter")
    home(citra, "counsellor")
    mark(bima)
    mark(citra)

    # Ayu asks for help in three taps; Bima gets the match on an open page.
    ask_in_three_taps(ayu)
    offer = bima.locator("a[href*='/peers/offers/']").first
    expect(offer).to_be_visible(timeout=8000)
    assert not_reloaded(bima)
    offer.click()
    press(bima, "/accept/")
    bima.wait_for_url("**/conversation/**")

    # They write to each other, both ways, without a reload.
    home(ayu, "student")
    ayu.locator("a[href*='/conversation/']").first.click()
    mark(ayu)
    mark(bima)
    send(ayu, "Halo, aku bingung harus mulai dari mana.")
    bubble(bima, "Halo, aku bingung")
    send(bima, "Hai, makasih sudah cerita. Pelan-pelan saja.")
    bubble(ayu, "Pelan-pelan saja")
    assert not_reloaded(ayu)
    assert not_reloaded(bima)
    assert "Ayu Lestari" not in bima.content(), "the supporter must see the nickname only"

    # A message of danger puts an alert on Citra's open screen within two seconds.
    started = time.monotonic()
    send(ayu, "kadang aku mau bunuh diri malam ini")
    alert = citra.locator("a[href*='/care/alert/']").first
    expect(alert).to_be_visible(timeout=2000)
    assert time.monotonic() - started < 2.5
    assert not_reloaded(citra)

    # Citra takes over and is in the conversation; she holds a session.
    alert.click()
    press(citra, "/acknowledge/")
    press(citra, "/take-over/")
    citra.wait_for_url(re.compile(r"/care/episode/[^/]+/$"))
    episode = citra.url
    citra.locator("a[href*='/conversation/']").first.click()
    send(citra, "Ayu, ini Bu Citra. Aku di sini bersamamu.")
    bubble(ayu, "ini Bu Citra")
    citra.goto(episode)
    citra.locator("main a[href*='/counselling/session/']").first.click()
    choose(citra, "field", "personal")
    citra.locator("textarea[name=note]").fill(
        "Bertemu di ruang BK. Aman hari ini, rencana aman dibuat bersama."
    )
    citra.locator("main form.form button.btn--primary").click()
    citra.wait_for_url(re.compile(r"/care/episode/[^/]+/$"))
    expect(citra.get_by_text("rencana aman dibuat bersama")).to_be_visible()

    # She refers to Dewi's service; it is sent with Ayu's consent only.
    citra.goto(f"{episode}refer/")
    citra.locator("label:has(input[name=target][value^='psychosocial:'])").first.click()
    citra.locator("textarea[name=reason]").fill("Butuh pendampingan yang lebih dalam.")
    citra.locator("textarea[name=summary]").fill(
        "Kehilangan ayah tiga bulan lalu, sering berpikir tentang kematian."
    )
    citra.locator("main form.form button.btn--primary").click()
    citra.wait_for_url("**/care/referral/**")
    home(dewi, "caseworker")
    mark(dewi)
    expect(dewi.locator("a[href*='/care/referral/']")).to_have_count(0)
    home(ayu, "student")
    ayu.locator("a[href*='/care/referral/']").first.click()
    press(ayu, "/consent/")
    arrived = dewi.locator("a[href*='/care/referral/']").first
    expect(arrived).to_be_visible(timeout=8000)
    assert not_reloaded(dewi)

    # Dewi accepts before the due date and makes a plan.
    arrived.click()
    dewi.locator("textarea[name=answer]").fill("Saya terima, kita bertemu besok.")
    press(dewi, "/accept/")
    dewi.wait_for_url(re.compile(r"/care/episode/[^/]+/$"))
    case = dewi.url
    number = case.rstrip("/").split("/")[-1]
    base = re.sub(r"(https?://[^/]+).*", r"\1", case)
    dewi.goto(f"{base}/psychosocial/cases/{number}/assess/")
    dewi.locator("textarea[name=situation]").fill("Tinggal bersama ibu. Sering menangis malam hari.")
    dewi.locator("textarea[name=needs]").fill("Ruang aman untuk berduka.")
    choose(dewi, "risk", "medium")
    dewi.locator("main form.form button.btn--primary").click()
    dewi.wait_for_load_state()
    dewi.goto(f"{base}/psychosocial/cases/{number}/plan/")
    dewi.locator("textarea[name=aim]").fill("Bisa tidur dan kembali bercerita.")
    dewi.locator("input[name$='-0-text']").fill("Pertemuan dukungan setiap minggu")
    dewi.locator("input[name$='-0-due_on']").fill((date.today() + timedelta(days=7)).isoformat())
    dewi.locator("input[name=follow_up_on]").fill((date.today() + timedelta(days=7)).isoformat())
    dewi.locator("main form.form button.btn--primary").click()
    dewi.wait_for_url(re.compile(r"/psychosocial/cases/[^/]+/$"))
    expect(dewi.get_by_text("Pertemuan dukungan setiap minggu")).to_be_visible()

    # PHQ-9 is taken twice, and the change is shown with its limits.
    for answers in ([2, 2, 2, 2, 2, 2, 2, 1, 0], [1, 0, 1, 1, 0, 1, 0, 0, 0]):
        give_questionnaire(dewi, case)
        home(ayu, "student")
        fill_questionnaire(ayu, answers)
    dewi.goto(f"{case}results/")
    expect(dewi.get_by_text("15 → 4")).to_be_visible()

    # Care steps down: Dewi closes with aftercare at the school, Citra goes on and closes as well.
    close_with_aftercare(dewi, case, "Citra Maharani")
    close_with_aftercare(citra, episode, "Citra Maharani")

    # Ayu reads who opened her record, and when.
    ayu.goto(f"{base}/care/record/")
    for name in ("Citra Maharani", "Dewi Anggraini"):
        expect(ayu.locator(".row", has_text=name).first).to_be_visible()
    expect(ayu.get_by_text(re.compile(r"\d{1,2}[.:]\d{2}")).first).to_be_visible()

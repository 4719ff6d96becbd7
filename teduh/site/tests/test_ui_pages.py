"""Templates and assets as a whole: light, free of inline code, icons that exist, texts in both languages."""

import gzip
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from lucide import IconDoesNotExist
from lucide.templatetags.lucide import lucide

from teduh.site.styleguide import sample_context
from teduh.site.ui.icons import RENAMED

SITE = Path(__file__).parents[1]
TEMPLATES = sorted((SITE / "templates").rglob("*.html"))
EVERY_TEMPLATE = sorted(SITE.parent.rglob("templates/**/*.html"))
STATIC = SITE / "static" / "teduh"
ICON_NAMES = re.compile(r"""\{%\s*(?:icon|glyph|empty)\s+["']([a-z0-9-]+)["']|\sicon=["']([a-z0-9-]+)["']""")


def packed(pattern: str) -> int:
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in STATIC.glob(pattern))


def page(name: str, language: str = "id", **context: object) -> str:
    request = RequestFactory().get("/")
    with translation.override(language):
        return render_to_string(name, {"request": request, **context})


def test_style_and_script_are_small() -> None:
    assert packed("*.css") < 14 * 1024
    assert packed("*.js") < 5 * 1024


@pytest.mark.parametrize("path", EVERY_TEMPLATE, ids=lambda path: str(path.relative_to(SITE.parent)))
def test_no_template_has_inline_code(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"\son[a-z]+=[\"']", text)
    assert "<style" not in text
    for opening in re.findall(r"<script[^>]*>", text):
        assert "src=" in opening or "application/json" in opening
    assert "javascript:" not in text


@pytest.mark.parametrize("path", EVERY_TEMPLATE, ids=lambda path: str(path.relative_to(SITE.parent)))
def test_every_icon_named_in_a_template_exists(path: Path) -> None:
    for first, second in ICON_NAMES.findall(path.read_text(encoding="utf-8")):
        try:
            lucide(RENAMED.get(first or second, first or second))
        except IconDoesNotExist:
            pytest.fail(f"{first or second} is not an icon")


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_text_of_the_site_has_its_translation(language: str) -> None:
    with (SITE / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    entries = [message for message in catalogue if message.id]
    assert len(entries) > 250
    for message in entries:
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(strings), message.id
        assert not message.fuzzy, message.id


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SITE)))
def test_every_literal_of_a_template_stands_in_the_catalogue(path: Path) -> None:
    with (SITE / "locale" / "id" / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file, locale="id")
    text = path.read_text(encoding="utf-8")
    for words, _, context in re.findall(r'\{% translate "([^"]+)"( context "([^"]+)")?', text):
        assert catalogue.get(words, context=context or None), words
    for words in re.findall(r'_\("([^"]+)"\)', text):
        assert catalogue.get(words), words


def test_the_landing_page_has_the_door_and_stays_neutral() -> None:
    html = page("site/landing.html")
    assert "<title>Teduh</title>" in html
    assert html.count('class="choice"') == 3
    assert "?wish=peer" in html
    assert "?wish=counsellor" in html
    assert html.count("<h1") == 1


def test_the_tour_appears_in_demo_mode_only() -> None:
    tour = [("ayu", "Ayu", "student", "graduation-cap")]
    assert 'value="ayu"' in page("site/landing.html", demo=True, tour=tour)
    assert 'value="ayu"' not in page("site/landing.html", demo=False, tour=tour)


def test_the_help_page_puts_the_own_school_first() -> None:
    contacts = [{"name": "Bu Citra", "phone": "0812-3456-7890", "role": "BK"}]
    html = page("site/help.html", school_contacts=contacts)
    assert html.index("Bu Citra") < html.index("tel:119,8")
    assert "tel:081234567890" in html
    assert "tel:112" in page("site/help.html", school_contacts=[])


def test_the_exit_and_the_skip_link_are_on_every_page() -> None:
    for name in ("site/landing.html", "site/help.html", "404.html", "403_csrf.html", "500.html"):
        html = page(name)
        assert "data-exit-button" in html
    assert 'class="skip" href="#content"' in page("site/help.html")


def test_the_error_page_of_the_server_needs_no_request() -> None:
    assert "<h1>" in render_to_string("500.html")


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_style_guide_shows_every_part(language: str) -> None:
    with translation.override(language):
        html = page("site/styleguide.html", language, **sample_context())
    assert f'<html lang="{language}"' in html
    for css in (
        "ribbon",
        "chart",
        "bubble--supervisor",
        "tile",
        "scale",
        "slot",
        "tl__item",
        "wf__step",
        "cell-hidden",
    ):
        assert css in html


def test_the_chosen_theme_is_set_by_the_server() -> None:
    assert 'data-theme="dark"' in page("site/help.html", theme="dark")
    assert "data-theme" not in page("site/help.html", theme="")


def test_ids_are_unique_on_the_style_guide() -> None:
    ids = re.findall(r'\sid="([^"]+)"', page("site/styleguide.html", **sample_context()))
    assert len(ids) == len(set(ids))

"""The frame of a page is drawn once and kept, and nothing of one visitor reaches another by it."""

import re
import uuid
from typing import Any

from django.template import Context, Template
from django.urls import reverse
from django.utils import translation

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def draw(source: str, **context: Any) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


class _Asked:
    def __init__(self, path: str) -> None:
        self.path = path

    def get_full_path(self) -> str:
        return self.path


def test_each_visitor_has_their_own_token_and_address_at_the_foot() -> None:
    first = draw("{% page_foot %}", request=_Asked("/one/"), csrf_token="a" * 64)
    second = draw("{% page_foot %}", request=_Asked('/two/?q="><b>'), csrf_token="b" * 64)
    assert set(TOKEN.findall(first)) == {"a" * 64}
    assert set(TOKEN.findall(second)) == {"b" * 64}
    assert "/one/" in first
    assert "/one/" not in second
    assert "<b>" not in second
    assert "\x00" not in first + second


def test_each_visitor_has_their_own_place_at_the_top() -> None:
    first, second, nobody = (
        draw("{% page_top %}", place=place) for place in ("SMA Satu", "<b>SMA Dua</b>", None)
    )
    assert "SMA Satu" in first
    assert "SMA Satu" not in second
    assert "<b>SMA" not in second
    assert "top__place" not in nobody


def test_the_way_in_and_the_way_out_follow_who_is_signed_in() -> None:
    class Somebody:
        is_authenticated = True

    out, back_in = f'action="{reverse("account_logout")}"', f'href="{reverse("account_login")}"'
    assert out in draw("{% page_foot %}", user=Somebody(), csrf_token="a")
    assert out not in draw("{% page_foot %}")
    assert back_in in draw("{% page_top %}{% page_foot %}")
    assert back_in not in draw("{% page_top %}{% page_foot %}", user=Somebody())


def test_the_navigation_speaks_the_language_of_the_page() -> None:
    item = {"url": "/x/", "label": "<Today>", "icon": "sun", "current": True}
    many = [item] * 6
    with translation.override("id"):
        indonesian = draw("{% nav_links nav %}", nav=many)
    with translation.override("en"):
        english = draw("{% nav_links nav %}", nav=many)
    assert "Lainnya" in indonesian
    assert "More" in english
    assert "&lt;Today&gt;" in english
    assert "<Today>" not in english
    assert "nav__more" not in draw("{% nav_links nav %}", nav=[item])


def test_the_address_of_an_object_is_what_the_address_table_says() -> None:
    public_id = uuid.uuid4()
    drawn = draw('{% object_url "care:episode" it %}', it=public_id)
    assert drawn == reverse("care:episode", args=[public_id])


def test_people_see_the_navigation_of_their_own_roles(cast: Any) -> None:
    pages = {
        name: cast.client(name).get(reverse("people:account")).content.decode()
        for name in ("citra", "ayu", "citra")
    }
    link = f'href="{reverse("care:requests")}"'
    assert link in pages["citra"]
    assert link not in pages["ayu"]
    assert "Citra Maharani" not in pages["ayu"]

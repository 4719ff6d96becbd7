"""The parts of the design system: safe with hostile text, honest with hidden figures, told in words."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from teduh.site.ui.charts import draw_ring, read_bands
from teduh.site.ui.icons import shapes

HOSTILE = '<img src=x onerror="alert(1)">'


def draw(source: str, **context: Any) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


class Story(forms.Form):
    nick = forms.CharField(label="Nick", min_length=3, help_text="Only this is seen.")
    text = forms.CharField(label="Story", widget=forms.Textarea, max_length=200, required=False)
    topic = forms.ChoiceField(label="Topic", choices=[("", "---"), ("a", "Ay"), ("b", "Bee")])
    times = forms.MultipleChoiceField(
        label="Times", choices=[(1, "One"), (2, "Two")], widget=forms.CheckboxSelectMultiple, required=False
    )
    mood = forms.IntegerField(label="Mood", min_value=0, max_value=10)
    agree = forms.BooleanField(label="I agree")


@pytest.mark.parametrize(
    "source",
    [
        "{% chip words %}",
        "{% count 2 words %}",
        "{% avatar words %}",
        "{% card title=words %}x{% endcard %}",
        "{% alert title=words %}x{% endalert %}",
        "{% row title=words meta=words %}{% endrow %}",
        "{% page_head title=words lead=words eyebrow=words %}{% endpage_head %}",
        "{% facts pairs %}",
        "{% timeline entries %}",
        "{% who_sees people note=words %}",
        "{% stat words words hint=words %}",
        "{% steps entries %}",
        "{% ribbon journey %}",
        "{% line_chart points label=words bands=bands %}",
        "{% bar_chart points label=words %}",
        "{% empty 'inbox' words href=words label=words %}",
        "{% ring 0.5 words label=words %}",
        "{% post_button words words extra=words %}",
        "{% tabs entries label=words %}",
        "{% slots days %}",
    ],
)
def test_hostile_text_stays_text(source: str) -> None:
    html = draw(
        source,
        words=HOSTILE,
        pairs=[(HOSTILE, HOSTILE)],
        entries=[
            {
                "title": HOSTILE,
                "text": HOSTILE,
                "at": HOSTILE,
                "label": HOSTILE,
                "who": HOSTILE,
                "url": HOSTILE,
            }
        ],
        people=[{"name": HOSTILE, "why": HOSTILE}],
        journey=[{"level": "peer", "label": HOSTILE, "start": date(2026, 1, 1), "href": HOSTILE}],
        points=[(HOSTILE, 3)],
        bands=[(0, 9, HOSTILE)],
        days=[{"label": HOSTILE, "slots": [{"value": HOSTILE, "label": HOSTILE, "note": HOSTILE}]}],
    )
    assert "<img" not in html
    assert "avatar" in source or "&lt;img" in html


def test_an_icon_is_silent_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in draw("{% icon 'heart' %}")
    assert 'role="img" aria-label="Saved"' in draw("{% icon 'heart' label='Saved' %}")


def test_an_unknown_icon_is_a_dot_and_not_a_broken_page() -> None:
    assert "<circle" in shapes("no-such-icon-anywhere")


def test_a_status_has_a_word_and_an_icon() -> None:
    html = draw("{% chip 'Overdue' tone='urgent' %}")
    assert "Overdue" in html
    assert "<svg" in html


def test_an_unknown_tone_does_not_break_the_page() -> None:
    assert "chip--muted" in draw("{% chip 'x' tone='sparkling' %}")


def test_a_count_of_nothing_is_nothing() -> None:
    assert draw("{% count 0 'new' %}") == ""


def test_a_field_keeps_what_was_typed_and_shows_its_error_beside_it() -> None:
    form = Story({"nick": "al"})
    html = draw("{% field form.nick %}", form=form)
    assert 'value="al"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_nick_help id_nick_error"' in html
    assert 'id="id_nick_help"' in html
    assert 'id="id_nick_error"' in html


def test_a_text_box_says_how_much_room_there_is() -> None:
    html = draw("{% field form.text %}", form=Story())
    assert 'data-counter="id_text_count"' in html
    assert 'maxlength="200"' in html
    assert 'id="id_text_count"' in html


def test_tiles_leave_out_the_empty_choice_and_keep_the_chosen_one() -> None:
    html = draw("{% tiles form.topic %}", form=Story({"topic": "b"}))
    assert "---" not in html
    assert re.search(r'value="b"[^>]* checked', html)
    assert not re.search(r'value="a"[^>]* checked', html)


def test_checkbox_tiles_keep_all_that_were_chosen() -> None:
    html = draw("{% tiles form.times %}", form=Story({"times": ["1", "2"]}))
    assert html.count(" checked") == 2
    assert 'type="checkbox"' in html


def test_a_scale_without_choices_runs_from_nought_to_ten() -> None:
    html = draw("{% scale form.mood low='Not' high='Very' %}", form=Story({"mood": "0"}))
    assert html.count('type="radio"') == 11
    assert re.search(r'value="0"[^>]* checked', html)


def test_the_error_summary_leads_to_each_field() -> None:
    html = draw(
        "{% form_errors form %}", form=Story({"nick": "al", "topic": "a", "mood": "3", "agree": "on"})
    )
    assert 'href="#id_nick"' in html
    assert 'role="alert"' in html
    assert draw("{% form_errors form %}", form=Story()).strip() == ""


def test_all_fields_of_a_form_can_be_drawn_at_once() -> None:
    html = draw("{% fields form %}", form=Story({}))
    for name in Story.base_fields:
        assert f'name="{name}"' in html


def test_a_post_button_carries_its_token_and_hidden_values() -> None:
    html = draw("{% post_button '/go/' 'Accept' key='k1' %}", csrf_token="tok")
    assert 'name="csrfmiddlewaretoken" value="tok"' in html
    assert 'name="key" value="k1"' in html
    assert 'method="post"' in html


def test_the_pager_keeps_the_other_values_and_hides_for_one_page() -> None:
    request = RequestFactory().get("/list/?q=ana&page=2")
    html = draw("{% pager page %}", page=Paginator(range(60), 20).page(2), request=request)
    assert "?q=ana&amp;page=1" in html
    assert "?q=ana&amp;page=3" in html
    assert draw("{% pager page %}", page=Paginator(range(3), 20).page(1), request=request).strip() == ""


def test_a_small_figure_stays_hidden_even_when_it_is_handed_over() -> None:
    html = draw("{% stat 'Safety' 3 suppressed=True %}")
    assert ">3<" not in html
    assert "cell-hidden" in html


def test_a_missing_bar_is_hidden_and_not_nought() -> None:
    html = draw("{% bar_chart points label='x' %}", points=[("A", 7), ("B", None)])
    assert "chart__hidden" in html
    assert "cell-hidden" in html


def test_pictures_keep_decimal_points_in_indonesian() -> None:
    with translation.override("id"):
        html = draw("{% line_chart points high=10 %}", points=[("a", 1.5), ("b", 7.25), ("c", 3)])
    for attribute in re.findall(r'(?:x|y|cx|cy|d|width|height)="([^"]*)"', html):
        assert not re.search(r"\d,\d", attribute), attribute


def test_the_table_behind_a_chart_tells_every_value() -> None:
    html = draw("{% line_chart points label='PHQ-9' high=27 %}", points=[("1 May", 19), ("2 June", 6)])
    assert "<caption>PHQ-9</caption>" in html
    for cell in ("1 May", ">19<", "2 June", ">6<"):
        assert cell in html


def test_a_chart_of_nothing_and_of_one_point_can_be_drawn() -> None:
    assert "<svg" in draw("{% line_chart points %}", points=[])
    assert draw("{% line_chart points %}", points=[("a", 2)]).count("chart__dot") == 2  # narrow and wide
    assert "<svg" in draw("{% bar_chart points %}", points=[])


def test_bands_run_from_calm_to_severe() -> None:
    assert [band.tone for band in read_bands([(0, 4, "a"), (5, 9, "b"), (10, 14, "c"), (15, 27, "d")])] == [
        1,
        2,
        3,
        4,
    ]


@pytest.mark.parametrize("fraction", [-1.0, 0.0, 0.5, 1.0, 7.0])
def test_a_ring_never_runs_over(fraction: float) -> None:
    found = re.search(r'stroke-dasharray="([\d.]+) ([\d.]+)"', draw_ring(fraction, "", ""))
    assert found is None if fraction <= 0 else found and float(found[1]) <= float(found[2])


def test_the_ribbon_tells_the_same_way_as_a_list() -> None:
    today = timezone.localdate()
    change = today - timedelta(days=20)
    journey = [
        {"level": "counselling", "label": "Citra", "start": change, "end": None},
        {
            "level": "peer",
            "label": "Bima",
            "start": today - timedelta(days=50),
            "end": today - timedelta(days=20),
        },
        {"level": "nowhere", "label": "Ghost", "start": today},
        {"level": "peer", "label": "Undated", "start": None},
    ]
    html = draw("{% ribbon journey %}", journey=journey)
    listed = html[html.index("<ol") :]
    assert listed.index("Bima") < listed.index("Citra")
    assert 'aria-current="step"' in listed
    assert "Ghost" not in html
    assert "Undated" not in html


def test_an_empty_ribbon_still_shows_the_three_levels() -> None:
    html = draw("{% ribbon journey %}", journey=[])
    assert html.count("ribbon__band--") >= 3


def test_who_sees_names_people_or_says_only_you() -> None:
    assert "Citra" in draw("{% who_sees people %}", people=[{"name": "Citra", "why": "counsellor"}])
    with translation.override("en"):
        assert "Only you" in draw("{% who_sees people %}", people=[])


def test_a_taken_time_cannot_be_chosen() -> None:
    days = [
        {
            "label": "Mon",
            "slots": [{"value": "1", "label": "08.00", "taken": True}, {"value": "2", "label": "09.00"}],
        }
    ]
    html = draw("{% slots days chosen='2' %}", days=days)
    assert re.search(r'value="1"[^>]* disabled', html)
    assert re.search(r'value="2"[^>]* checked', html)

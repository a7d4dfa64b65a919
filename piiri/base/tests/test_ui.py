"""The components: what they draw, what they refuse, what they say in each language."""

import re
from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from piiri.base import ring
from piiri.base.fields import Translations

START = datetime(2027, 1, 26, 12, 30, tzinfo=UTC)
END = datetime(2027, 1, 26, 14, 0, tzinfo=UTC)


def drawn(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


class WishForm(forms.Form):
    name = forms.CharField(help_text="As others see it.")
    more = forms.CharField(required=False, widget=forms.Textarea(attrs={"class": "textarea--line"}))
    how = forms.ChoiceField(choices=[("near", "Near"), ("far", "Far")], widget=forms.RadioSelect)
    sure = forms.BooleanField()


def test_seats_draws_one_dot_a_person_and_one_hole_a_mentor():
    glyph = drawn('{% seats seats="mppfa" label="2 of 4 places taken" %}')

    assert glyph.count('class="g-seat') == 5
    assert glyph.count("g-seat--free") == 1
    assert glyph.count("g-mentor") == 1
    assert 'role="img" aria-label="2 of 4 places taken"' in glyph


def test_seats_without_a_label_are_hidden_from_screen_readers():
    assert 'aria-hidden="true"' in drawn('{% seats seats="mpp" %}')


def test_seats_over_ten_are_only_the_ring_and_the_number():
    glyph = drawn('{% seats seats="mppppppppppp" num=11 %}')

    assert "g-seat" not in glyph
    assert ">11</text>" in glyph


def test_seats_escapes_what_it_is_given():
    glyph = drawn("{% seats seats='mp' num=evil label=evil %}", evil='"><script>')

    assert "<script>" not in glyph


def test_spot_puts_the_first_seat_at_twelve_and_goes_clockwise():
    top, right = ring.spot(0, 4), ring.spot(1, 4)

    assert top == pytest.approx((50, 12))
    assert right == pytest.approx((88, 50))


def test_letters_put_mentors_first_and_free_places_last():
    assert ring.letters(mentors=2, taken=3, free=1) == "mmpppf"


@pytest.mark.parametrize(
    "source",
    [
        '{% badge text="Good" colour="red" %}',
        '{% seats "mpp" %}',
        "{% notice loud=True %}Hello.{% endnotice %}",
        '{% icon nmae="check" %}',
    ],
)
def test_a_parameter_the_signature_does_not_know_is_a_template_error(source):
    with pytest.raises(TemplateSyntaxError):
        Template(source)


def test_icon_unknown_to_the_sprite_is_an_error():
    with pytest.raises(ValueError, match="unicorn"):
        drawn('{% icon name="unicorn" %}')


@pytest.mark.parametrize(("n", "as_list"), [(1, True), (2, False), (10, False), (11, True)])
def test_circle_lays_out_two_to_ten_people_and_lists_others(n, as_list):
    people = [ring.Seat(f"Person {i}") for i in range(n)]

    page = drawn('{% circle people=people label="Who comes" %}', people=people)

    assert ('class="rows"' in page) is as_list
    assert page.count("<li") == n


def test_circle_says_states_in_words():
    people = [ring.Seat("Aino"), ring.Seat("Elias", state="away", note="is away"), ring.Seat("You", you=True)]

    page = drawn('{% circle people=people label="Who comes" %}', people=people)

    assert 'data-state="away"' in page
    assert "Elias, is away" in text_of(page)
    assert "data-you" in page


def test_field_ties_hint_and_error_to_the_control():
    bound = WishForm({})["name"]

    page = drawn("{% field bound=bound %}", bound=bound)

    assert '<label class="label" for="id_name">' in page
    assert 'class="input"' in page
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert 'aria-invalid="true"' in page
    assert page.index('class="hint"') < page.index("<input") < page.index('class="error"')


def test_field_keeps_a_widgets_own_class_and_says_what_is_optional():
    page = drawn("{% field bound=bound %}", bound=WishForm()["more"])

    assert 'class="textarea textarea--line"' in page
    assert "(optional)" in page
    assert "(optional)" not in drawn("{% field bound=bound quiet=True %}", bound=WishForm()["more"])


def test_field_of_choices_is_a_fieldset_with_a_legend():
    page = drawn("{% field bound=bound %}", bound=WishForm()["how"])

    assert '<legend class="label">How</legend>' in page
    assert page.count('<label class="choice"') == 2


def test_a_form_rendered_by_django_uses_the_same_fields():
    assert 'class="check"' in str(WishForm())


def test_form_errors_link_to_the_fields():
    form = WishForm({})
    form.add_error(None, "Enrolment has closed.")

    page = drawn("{% form_errors form=form %}", form=form)

    assert "Enrolment has closed." in page
    assert 'href="#id_name"' in page
    assert 'href="#id_how"' in page
    assert 'id="id_how"' in drawn("{% field bound=form.how %}", form=form)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Tue 26 January, 14.30–16.00 · Tuesday 26 January 2027 · 7.5\xa0h"),
        ("fi", "ti 26.1. klo 14.30–16.00 · tiistai 26.1.2027 · 7,5\xa0h"),
        ("sv", "tis 26.1 kl. 14.30–16.00 · tisdag 26 januari 2027 · 7,5\xa0h"),
    ],
)
def test_days_times_and_hours_are_written_as_readers_write_them(language, said):
    source = "{% when start=start end=end zone='Europe/Helsinki' %} · {{ day|full_day }} · {{ 450|hours }}"

    with translation.override(language):
        page = drawn(source, start=START, end=END, day=date(2027, 1, 26))

    assert page.replace("</time>", "").split(">", 1)[1] == said


def test_hours_of_whole_and_odd_minutes():
    with translation.override("en"):
        assert drawn("{{ 60|hours }} {{ 50|hours }} {{ none|hours }}", none=None) == "1\xa0h 0.83\xa0h 0\xa0h"


def test_words_mark_a_fallback_with_its_language():
    with translation.override("sv"):
        own = drawn("{{ text|words }}", text=Translations(sv="Grupp", fi="Ryhmä"))
        fallback = drawn("{{ text|words }}", text=Translations(fi="Ryhmä & <b>"))

    assert own == "Grupp"
    assert fallback == '<span lang="fi">Ryhmä &amp; &lt;b&gt;</span>'


def test_notice_and_empty_escape_what_they_are_given():
    page = drawn(
        "{% notice %}{{ evil }}{% endnotice %}{% empty title=evil text=evil %}{% endempty %}", evil="<script>"
    )

    assert "<script>" not in page


def test_nav_link_of_a_room_not_there_is_nothing():
    assert drawn('{% nav_link url="" icon="house" label="Home" %}').strip() == ""


def test_nav_link_is_current_by_name_or_by_address(rf):
    source = '{% nav_link url="/desk/" icon="house" label="Office" name="desk" %}'
    here = rf.get("/desk/people/")

    assert 'aria-current="page"' in drawn(source, request=here)
    assert 'aria-current="page"' in drawn(source, request=rf.get("/"), nav="desk")
    assert "aria-current" not in drawn(source, request=here, nav="home")

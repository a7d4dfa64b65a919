"""What the programme page says: the state of the year, the words of the office, cards and the list."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse

from piiri.enrolments.models import Waiting
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups.tests.factories import (
    NOW,
    GroupFactory,
    MentorFactory,
    PersonFactory,
    ProgrammeFactory,
    ThemeFactory,
)
from piiri.programmes.models import Programme, Question

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def address(programme, name="programme"):
    return reverse(f"enrolments:{name}", args=[programme.organisation.slug, programme.slug])


def page(client, programme, query="", **headers):
    return client.get(address(programme) + query, **headers)


def text(answer):
    return " ".join(answer.content.decode().split())


def cards_in(answer):
    return answer.content.decode().count('<li class="card theme"')


def by_place(**more):
    return ProgrammeFactory(parameters={"enrol_way": "place"} | more)


# --- the state of the year ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        (datetime(2027, 1, 2, tzinfo=UTC), "Enrolment opens on Monday 4 January 2027 at 08.00."),
        (datetime(2027, 1, 10, tzinfo=UTC), "Choose your themes"),
        (
            datetime(2027, 2, 1, tzinfo=UTC),
            "Enrolment closed on Fri 29 January. Everybody who applied hears by",
        ),
        (datetime(2027, 7, 1, tzinfo=UTC), "This year is over."),
    ],
)
def test_the_page_says_where_the_year_stands(client, clock, moment, sentence):
    clock.move_to(moment)

    content = text(page(client, ProgrammeFactory()))

    assert sentence in content
    assert ("No groups yet" in content) is (sentence != "This year is over.")


def test_groups_that_meet_are_counted_and_not_listed(client, clock):
    clock.move_to(datetime(2027, 3, 1, tzinfo=UTC))
    programme = ProgrammeFactory()
    GroupFactory.create_batch(2, programme=programme, state="running")

    content = text(page(client, programme))

    assert "2 groups meet now" in content
    assert "None of them has room for somebody new at the moment." in content
    assert '<li class="card theme"' not in content


def test_a_draft_is_not_there_but_for_its_office(client):
    office = PersonFactory()
    programme = ProgrammeFactory(state=Programme.State.DRAFT, office=office)

    as_visitor = page(client, programme)
    client.force_login(office)
    as_office = page(client, programme)

    assert (as_visitor.status_code, as_office.status_code) == (404, 200)
    assert "no-store" in as_office.headers["Cache-Control"]


# --- words -------------------------------------------------------------------------------------


def test_the_office_s_words_are_told_and_empty_ones_are_not_there(client):
    quiet = ProgrammeFactory()
    said = ProgrammeFactory(
        what={"en": "A group of colleagues.\n\nIt is not therapy."},
        for_me={"en": "You are not alone."},
        for_employer={"fi": "Osaaminen liikkuu."},
        voice={"en": "I slept better."},
        voice_by={"en": "Noora, teacher"},
    )
    Question.objects.create(programme=said, question={"en": "What does it cost?"}, answer={"en": "Nothing."})

    with_words, without = text(page(client, said)), text(page(client, quiet))

    for words in (
        "<p>It is not therapy.</p>",
        "You are not alone.",
        'lang="fi"><p>Osaaminen liikkuu.</p>',
        "I slept better.",
        "Noora, teacher",
        "What does it cost?",
    ):
        assert words in with_words
    for heading in (
        "what it is not",
        "Why for me",
        "Why for my employer",
        "<blockquote",
        "Questions answered",
    ):
        assert heading in with_words
        assert heading not in without


def test_the_way_in_is_told_before_one_enrols(client, clock):
    programme = by_place()

    before = text(page(client, programme))
    clock.move_to(datetime(2027, 2, 1, tzinfo=UTC))

    assert "Places go in the order of pressing." in before
    assert "Places go in the order of pressing." not in text(page(client, programme))


# --- cards -------------------------------------------------------------------------------------


def test_a_card_tells_theme_time_area_language_and_no_unchosen_name(client):
    quiet, shown = PersonFactory(name="Quiet Mentor"), PersonFactory(name="Aino Lehtonen")
    theme = ThemeFactory(title={"en": "First years"}, text={"en": "Settling in."})
    MentorFactory(programme=theme.programme, person=shown, show_name=True)
    group = GroupFactory(
        programme=theme.programme,
        theme=theme,
        mentor=shown,
        area="Centre",
        weekday=1,
        local_time=time(14, 30),
    )
    GroupFactory(programme=theme.programme, theme=theme, mentor=quiet, times="3a", language="sv")

    content = page(client, theme.programme).content.decode()

    for words in (
        f'{address(theme.programme)}groups/{group.uid}/"',
        "First years",
        "Settling in.",
        "Tuesdays 14.30–16.30",
        "Thu in the afternoon",
        "Centre",
        "Svenska",
    ):
        assert words in content
    assert ("Aino Lehtonen" in content, "Quiet Mentor" in content) == (True, False)


@pytest.mark.parametrize(
    ("wishes", "words"), [(4, "A few wishes so far"), (5, ">5<"), (9, "a second group opens")]
)
def test_wishes_are_numbers_from_five_up(client, wishes, words):
    theme = ThemeFactory()
    GroupFactory(programme=theme.programme, theme=theme)
    for _number in range(wishes):
        ApplicationFactory(programme=theme.programme, wishes=[theme])

    content = page(client, theme.programme).content.decode()

    assert words in content
    assert (">4<" in content) is False


def test_cards_of_one_theme_say_that_they_share_its_wishes(client):
    theme = ThemeFactory()
    GroupFactory.create_batch(2, programme=theme.programme, theme=theme)
    for _number in range(6):
        ApplicationFactory(programme=theme.programme, wishes=[theme])

    content = text(page(client, theme.programme))

    places = sum(group.places.count() for group in theme.programme.groups.all())
    assert content.count(f"it has 2 groups with {places} places in all") == 2
    assert "More wishes than places" not in content


@pytest.mark.parametrize(
    ("members", "said"),
    [
        (0, "Starts when 4 participants are in."),
        (2, "2 more and it starts."),
        (3, "1 more and it starts."),
    ],
)
def test_where_places_are_taken_a_card_counts_them_and_what_a_start_needs(client, members, said):
    programme = by_place()
    GroupFactory(programme=programme, members=members)

    content = text(page(client, programme))

    assert f">{8 - members}<" in content
    assert "free of 8 places" in content
    assert said in content


def test_a_full_group_says_so_and_how_many_wait(client):
    programme = by_place()
    group = GroupFactory(programme=programme, members=2, places=2)
    for order in range(4):
        application = ApplicationFactory(programme=programme, state="waiting")
        Waiting.objects.create(application=application, group=group, order=order, since_at=NOW)

    content = text(page(client, programme))

    assert "Full: a waiting list of 4." in content
    assert "All places are taken for now." in content
    assert "See the waiting lists" in content


def test_where_the_office_decides_no_card_counts_anything(client):
    programme = ProgrammeFactory(parameters={"enrol_way": "office"})
    GroupFactory(programme=programme, members=3)

    content = text(page(client, programme))

    assert "8 places" in content
    assert not re.search(r"class=\"g-num\"|more and it starts|free of", content)


@pytest.mark.parametrize(
    ("newcomers", "agreed", "members", "shown"),
    [
        ("group", True, 3, True),
        ("group", False, 3, False),
        ("open", False, 3, True),
        ("open", True, 8, False),
        ("closed", True, 3, False),
    ],
)
def test_a_running_group_is_shown_while_it_takes_newcomers(client, newcomers, agreed, members, shown):
    programme = by_place(newcomers=newcomers)
    GroupFactory(
        programme=programme,
        state="running",
        takes_newcomers=agreed,
        members=members,
        next_at=NOW + timedelta(days=8),
    )

    content = text(page(client, programme))

    assert ("The group meets already and has room for somebody new." in content) is shown
    assert ("next Tue 26 January" in content) is shown


def test_a_meeting_that_is_over_is_not_told_as_the_next(client):
    programme = by_place(newcomers="open")
    GroupFactory(programme=programme, state="running", next_at=NOW - timedelta(days=1))

    assert "next Sun" not in text(page(client, programme))


def test_a_group_with_a_link_of_its_own_is_never_shown(client):
    programme = by_place()
    GroupFactory(programme=programme, by_link=True, text="In secret")

    content = text(page(client, programme))

    assert "In secret" not in content
    assert "No groups yet" in content


# --- the list ----------------------------------------------------------------------------------


def test_filters_are_links_and_keep_to_what_there_is(client):
    programme = ProgrammeFactory()
    GroupFactory.create_batch(3, programme=programme)
    GroupFactory(programme=programme, language="sv", form="online", text="På nätet")

    counts = [
        cards_in(page(client, programme, query))
        for query in ("", "?language=sv", "?online=1", "?language=en", "?language=xx", "?page=0", "?page=x")
    ]

    assert counts == [4, 1, 1, 4, 4, 4, 4]
    content = text(page(client, programme, "?lang=fi"))
    assert 'href="?language=sv&amp;lang=fi#groups"' in content


def test_the_list_comes_in_parts_of_fifty_and_keeps_its_filter(client):
    programme = ProgrammeFactory()
    theme = ThemeFactory(programme=programme)
    GroupFactory.create_batch(52, programme=programme, theme=theme, mentor=False)
    GroupFactory(programme=programme, theme=theme, language="sv")

    first, second = page(client, programme, "?language=fi"), page(client, programme, "?language=fi&page=2")

    assert (cards_in(first), cards_in(second)) == (50, 2)
    assert 'href="?language=fi&amp;page=2#groups"' in first.content.decode()
    assert page(client, programme, "?page=3").status_code == 404

"""The programme page in every state, and how many queries and milliseconds it takes."""

from datetime import UTC, datetime, time

import pytest
from django.urls import reverse

from piiri.enrolments.models import Application
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups.tests.factories import (
    NOW,
    GroupFactory,
    KeptApartFactory,
    MentorFactory,
    PersonFactory,
    ProgrammeFactory,
    ThemeFactory,
)
from piiri.networks.models import OrganisationAdmin
from piiri.programmes.models import Programme

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def page(client, programme, query=""):
    return client.get(
        reverse("enrolments:programme", args=[programme.organisation.slug, programme.slug]) + query
    )


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        (datetime(2027, 1, 2, tzinfo=UTC), "Enrolment opens on Monday 4 January 2027."),
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

    answer = page(client, ProgrammeFactory())

    assert sentence in answer.content.decode()
    assert "No groups yet" in answer.content.decode()


def test_a_draft_is_not_there_but_for_its_office(client):
    office = PersonFactory()
    programme = ProgrammeFactory(state=Programme.State.DRAFT, office=office)

    as_visitor = page(client, programme).status_code
    client.force_login(office)

    assert (as_visitor, page(client, programme).status_code) == (404, 200)


def test_a_card_tells_theme_time_area_language_and_no_unchosen_name(client):
    quiet, shown = PersonFactory(name="Quiet Mentor"), PersonFactory(name="Aino Lehtonen")
    theme = ThemeFactory(title={"en": "First years"}, text={"en": "Settling in."})
    MentorFactory(programme=theme.programme, person=shown, show_name=True)
    GroupFactory(
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
        "First years",
        "Settling in.",
        "Tuesdays 14.30–16.30",
        "Thu in the afternoon",
        "Centre",
        "Svenska",
    ):
        assert words in content
    assert ("Aino Lehtonen" in content, "Quiet Mentor" in content) == (True, False)


def test_filters_and_show_all_are_links(client):
    programme = ProgrammeFactory()
    GroupFactory.create_batch(13, programme=programme)
    GroupFactory(programme=programme, language="sv", form="online", text="På nätet")

    counts = [
        page(client, programme, query).content.decode().count('<li class="card theme"')
        for query in ("", "?all=1", "?language=sv", "?online=1", "?language=xx")
    ]

    assert counts == [12, 14, 1, 1, 12]
    assert "Show all 14 groups" in page(client, programme).content.decode()


def test_sensitive_themes_are_shown_after_sign_in(client):
    theme = ThemeFactory(title={"en": "Worn out"}, sensitive=True)
    GroupFactory(programme=theme.programme, theme=theme)

    as_visitor = page(client, theme.programme).content.decode()
    client.force_login(PersonFactory())

    assert "Worn out" not in as_visitor
    assert "Worn out" in page(client, theme.programme).content.decode()


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


def test_free_places_are_shown_where_the_programme_shows_them(client):
    programme = ProgrammeFactory(parameters={"numbers_shown": "free"})
    GroupFactory(programme=programme, members=3)

    content = page(client, programme).content.decode()

    assert ">5<" in content
    assert "free of 8 places" in content


def test_one_s_own_application_is_what_matters_now(client):
    application = ApplicationFactory()
    client.force_login(application.person)

    content = page(client, application.programme).content.decode()

    assert "Your application has been sent" in content
    assert "Choose your themes" not in content


@pytest.mark.parametrize("groups", [1, 3])
def test_the_page_needs_the_same_queries_for_any_number_of_groups(client, groups, django_assert_num_queries):
    programme = ProgrammeFactory()
    GroupFactory.create_batch(groups, programme=programme)

    with django_assert_num_queries(12):
        page(client, programme)


def test_cards_of_one_theme_say_that_they_share_its_wishes(client):
    theme = ThemeFactory()
    GroupFactory.create_batch(2, programme=theme.programme, theme=theme)
    for _number in range(6):
        ApplicationFactory(programme=theme.programme, wishes=[theme])

    content = " ".join(page(client, theme.programme).content.decode().split())

    places = sum(group.places.count() for group in theme.programme.groups.all())
    assert content.count(f"it has 2 groups with {places} places in all") == 2
    assert "More wishes than places" not in content


def own(client, application, name="application", **kwargs):
    return client.get(reverse(f"enrolments:{name}", args=[application.uid]), **kwargs)


def test_an_application_is_its_person_s_alone(client):
    office = PersonFactory()
    application = ApplicationFactory(programme=ProgrammeFactory(office=office))
    never = reverse("enrolments:application", args=["a" * 16])
    codes = {}
    for name, person in [("own", application.person), ("office", office), ("stranger", PersonFactory())]:
        client.force_login(person)
        codes[name] = own(client, application).status_code
    assert own(client, application).content == client.get(never).content
    assert codes == {"own": 200, "office": 404, "stranger": 404}


def test_withdrawing_asks_first(client):
    application = ApplicationFactory()
    client.force_login(application.person)
    assert "Take your application back?" in own(client, application, "withdraw").content.decode()

    client.post(reverse("enrolments:withdraw", args=[application.uid]))

    application.refresh_from_db()
    assert application.state == Application.State.WITHDRAWN


@pytest.mark.parametrize("count", [1, 3])
def test_the_office_s_list_needs_the_same_queries_for_any_number(client, count, django_assert_num_queries):
    office, theme = PersonFactory(), ThemeFactory()
    theme.programme.coordinators.create(person=office, since=datetime(2027, 1, 1, tzinfo=UTC))
    for _number in range(count):
        ApplicationFactory(programme=theme.programme, wishes=[theme])
    client.force_login(office)

    with django_assert_num_queries(8):
        answer = client.get(reverse("enrolments:applications", args=[theme.programme.uid]))

    assert f"{count} application" in answer.content.decode()


def test_the_office_searches_and_never_reads_the_wish(client):
    office, theme = PersonFactory(), ThemeFactory()
    theme.programme.coordinators.create(person=office, since=datetime(2027, 1, 1, tzinfo=UTC))
    noora = ApplicationFactory(
        programme=theme.programme, person__name="Noora Salmi", wish="canary", wishes=[theme]
    )
    ApplicationFactory(programme=theme.programme, person__name="Other Person", state="waiting")
    ApplicationFactory(programme=theme.programme, person__name="Draft Person", state="draft")
    client.force_login(office)
    list_page = reverse("enrolments:applications", args=[theme.programme.uid])

    everybody, *found = [
        client.get(list_page + query).content.decode()
        for query in ("", "?q=noora", "?state=sent", f"?wish={theme.uid}")
    ]

    assert "Other Person" in everybody
    assert "Draft Person" not in everybody
    assert all("Noora Salmi" in text and "Other Person" not in text for text in found)
    assert "canary" not in everybody
    decline = reverse("enrolments:decline", args=[theme.programme.uid, noora.uid])
    assert client.post(decline, {"reason": "no"}).status_code == 422
    assert client.post(decline, {"reason": "The groups are full this year."}).status_code == 302


def test_the_list_tells_an_administrator_names_workplaces_and_states_only(client):
    theme = ThemeFactory()
    administrator = PersonFactory()
    OrganisationAdmin.objects.create(
        person=administrator, organisation=theme.programme.organisation, since=NOW
    )
    noora = ApplicationFactory(
        programme=theme.programme, person__name="Noora Salmi", workplace="North School", wishes=[theme]
    )
    client.force_login(administrator)
    list_page = reverse("enrolments:applications", args=[theme.programme.uid])

    content = client.get(list_page).content.decode()
    by_address = client.get(list_page, {"q": noora.person.email}).content.decode()

    assert all(words in content for words in ("Noora Salmi", "North School", "Sent"))
    assert not any(words in content for words in (noora.person.email, str(theme), "Say no", "kept apart"))
    assert "Nobody fits" in by_address


def test_pairs_are_kept_apart_by_the_coordinator_among_the_programme_s_people(client):
    office = PersonFactory()
    programme = ProgrammeFactory(office=office)
    first, second = (ApplicationFactory(programme=programme).person for _number in range(2))
    stranger = PersonFactory()
    client.force_login(office)
    pairs = reverse("enrolments:kept-apart", args=[programme.uid])

    unknown = client.post(pairs, {"first": first.email, "second": stranger.email})
    client.post(pairs, {"first": first.email, "second": second.email})

    assert unknown.status_code == 422
    assert "Nobody with this address is in the programme." in unknown.content.decode()
    pair = programme.kept_apart.get()
    client.post(reverse("enrolments:decide-pair", args=[programme.uid, pair.uid]), {"op": "dismiss"})
    pair.refresh_from_db()
    assert pair.state == "dismissed"


def test_all_suggested_pairs_are_kept_apart_with_one_press(client):
    office = PersonFactory()
    programme = ProgrammeFactory(office=office)
    first, second, third = (PersonFactory() for _each in range(3))
    KeptApartFactory(programme=programme, first=first, second=second, state="suggested")
    KeptApartFactory(programme=programme, first=first, second=third, state="suggested")
    let_go = KeptApartFactory(programme=programme, first=second, second=third, state="dismissed")
    client.force_login(office)
    pairs = reverse("enrolments:kept-apart", args=[programme.uid])

    page = client.get(pairs)
    client.post(pairs, {"op": "keep-all"})

    assert "Keep all 2 suggested pairs apart" in " ".join(page.content.decode().split())
    let_go.refresh_from_db()
    assert let_go.state == "dismissed"
    assert programme.kept_apart.filter(state="kept").count() == 2

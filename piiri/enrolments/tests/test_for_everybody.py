"""The programme page as one page for everybody: its bytes, one's own part apart, what machines read of it."""

import gzip
import json
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from piiri.base import kept
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.enrolments.tests.test_public_page import address, by_place, cards_in, page, text
from piiri.groups.tests.factories import (
    NOW,
    GroupFactory,
    MentorFactory,
    OrganisationFactory,
    PersonFactory,
    ProgrammeFactory,
    ThemeFactory,
)
from piiri.programmes.models import Event, EventSession, Programme

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
FRAGMENT = {"HX-Request": "true"}


def own_part(client, programme, query=""):
    return client.get(address(programme, "mine") + query, headers=FRAGMENT)


# --- the same for everybody --------------------------------------------------------------------


def test_the_bytes_are_the_same_for_a_visitor_an_applicant_a_mentor_and_the_office(client):
    office, theme = PersonFactory(name="Olga Office"), ThemeFactory(sensitive=True, title={"en": "Worn out"})
    programme = theme.programme
    programme.coordinators.create(person=office, since=NOW)
    GroupFactory(programme=programme, theme=theme)
    mentor = MentorFactory(programme=programme, person__name="Mikael Mentor").person
    applicant = ApplicationFactory(programme=programme, person__name="Noora Salmi").person
    seen = {page(client, programme).content}
    for person in (office, mentor, applicant):
        client.force_login(person)
        seen.add(page(client, programme).content)

    (content,) = seen
    for told in (b"Olga", b"Mikael", b"Noora", b"Worn out", b"csrf", b"Your application has been sent"):
        assert told not in content
    assert not any(person.email.encode() in content for person in (office, mentor, applicant))


def test_the_page_asks_for_no_session_and_no_person(client, django_assert_num_queries):
    programme = GroupFactory().programme
    client.force_login(PersonFactory())

    with django_assert_num_queries(18) as asked:
        answer = page(client, programme)

    assert not [one for one in asked.captured_queries if "session" in one["sql"].replace("eventsession", "")]
    assert not [one for one in asked.captured_queries if 'FROM "people_person"' in one["sql"]]
    assert answer.headers["Cache-Control"] == "public, max-age=1"
    assert not answer.cookies


@pytest.mark.parametrize("groups", [1, 3])
def test_the_page_needs_the_same_queries_for_any_number_of_groups(client, groups, django_assert_num_queries):
    programme = ProgrammeFactory()
    GroupFactory.create_batch(groups, programme=programme)

    with django_assert_num_queries(18):
        page(client, programme)


def test_a_page_made_a_moment_ago_asks_nothing(client, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(kept, "shelf", kept.Shelf(lasts=60.0))
    programme = ProgrammeFactory()
    packed = {"accept-encoding": "gzip"}
    page(client, programme, "?page=1", headers=packed)

    with django_assert_num_queries(0):
        answers = [page(client, programme, query, headers=packed) for query in ("", "?page=1", "?new=1")]

    assert len({answer.content for answer in answers}) == 1
    assert b"Peer groups" in gzip.decompress(answers[0].content)
    assert answers[0].headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answers[0].headers["Content-Security-Policy"]


def test_five_hundred_groups_are_a_small_page(client):
    programme = by_place()
    theme = ThemeFactory(
        programme=programme, title={"en": "First years at work"}, text={"en": "Settling in."}
    )
    GroupFactory.create_batch(500, programme=programme, theme=theme, mentor=False, places=2)

    answer = page(client, programme, headers={"accept-encoding": "gzip"})

    assert cards_in(page(client, programme, "?page=10")) == 50
    assert len(answer.content) < 60_000


def test_the_page_speaks_what_the_address_the_cookie_or_the_browser_says(client):
    programme, fi = ProgrammeFactory(), {"accept-language": "fi"}
    by_browser = page(client, programme, headers=fi)
    by_address = page(client, programme, "?lang=sv", headers=fi)
    client.cookies["language"] = "en"
    by_cookie = page(client, programme, headers=fi)

    found = [answer.headers["Content-Language"] for answer in (by_browser, by_address, by_cookie)]

    assert found == ["fi", "sv", "en"]
    assert "Cookie" in by_browser.headers["Vary"]
    assert by_address.headers["Vary"] == "Accept-Encoding"
    assert f'{address(programme, "enrol")}?lang=sv"' in by_address.content.decode()


# --- one's own part ----------------------------------------------------------------------------


def test_a_browser_without_a_session_gets_no_part_of_its_own(client, django_assert_num_queries):
    programme = ProgrammeFactory()

    with django_assert_num_queries(0):
        answer = own_part(client, programme)

    assert (answer.status_code, answer.content) == (204, b"")
    assert "After sign-in you see here" in text(client.get(address(programme, "mine")))


def test_one_s_own_application_is_what_matters_now(client):
    application = ApplicationFactory(person__name="Noora Salmi")
    client.force_login(application.person)

    content = text(own_part(client, application.programme))

    assert "Your application has been sent" in content
    assert "Choose your themes" not in content
    assert "Your account: Noora Salmi" in content
    assert f'name="next" value="{address(application.programme)}"' in content


def test_a_draft_goes_on_where_it_was(client):
    application = ApplicationFactory(state="draft", sent_at=None)
    client.force_login(application.person)

    assert "Go on with your application" in text(own_part(client, application.programme))


def test_whoever_runs_the_programme_is_led_to_the_office_and_not_to_a_closed_door(client):
    office = PersonFactory()
    programme = ProgrammeFactory(office=office)
    client.force_login(office)

    content = text(own_part(client, programme))

    assert "Choose your themes" not in content
    assert "To the programme office" in content


def test_an_operator_is_not_sent_to_a_closed_door(client):
    client.force_login(PersonFactory(is_operator=True))

    content = text(own_part(client, ProgrammeFactory()))

    assert "Choose your themes" not in content
    assert "with an account of their own" in content


def test_sensitive_themes_are_shown_after_sign_in(client):
    theme = ThemeFactory(title={"en": "Worn out"}, sensitive=True)
    GroupFactory(programme=theme.programme, theme=theme)

    as_visitor = text(page(client, theme.programme))
    client.force_login(PersonFactory())

    assert "Worn out" not in as_visitor
    assert "Some themes are shown after sign-in only." in as_visitor
    assert "Worn out" in text(own_part(client, theme.programme))
    assert "Worn out" in text(client.get(address(theme.programme, "mine")))


def test_sensitive_themes_are_all_reached_fifty_at_a_time(client):
    theme = ThemeFactory(sensitive=True)
    GroupFactory.create_batch(51, programme=theme.programme, theme=theme, places=1, mentor=False)
    mine = address(theme.programme, "mine")
    client.force_login(PersonFactory())

    fragment, first = text(own_part(client, theme.programme)), text(client.get(mine))
    second = text(client.get(mine + "?page=2"))

    for part in (fragment, first):
        assert part.count('<li class="card theme"') == 50
        assert f'href="{mine}?page=2#hidden"' in part
    assert second.count('<li class="card theme"') == 1
    assert client.get(mine + "?page=3").status_code == 404


def test_one_s_own_part_speaks_the_language_of_the_page(client):
    application = ApplicationFactory(person__language="fi")
    client.force_login(application.person)

    assert "See your application" in text(own_part(client, application.programme, "?lang=en"))


def test_whoever_has_not_applied_is_told_of_free_places_too(client):
    programme = by_place()
    GroupFactory(programme=programme, members=3)
    client.force_login(PersonFactory())

    fragment, whole = text(own_part(client, programme)), text(client.get(address(programme, "mine")))

    assert 'id="call"' not in fragment  # what the page says already is right
    assert "Choose your group" in whole
    assert "5 places are free" in whole


@pytest.mark.parametrize("groups", [1, 3])
def test_one_s_own_part_needs_the_same_queries_for_any_number(client, groups, django_assert_num_queries):
    theme = ThemeFactory(sensitive=True)
    GroupFactory.create_batch(groups, programme=theme.programme, theme=theme)
    client.force_login(PersonFactory())

    with django_assert_num_queries(19):
        own_part(client, theme.programme)


def test_one_s_own_part_is_cheap_where_nothing_is_sensitive(client, django_assert_num_queries):
    programme = GroupFactory().programme
    client.force_login(PersonFactory())

    with django_assert_num_queries(11):
        own_part(client, programme)


# --- for search engines and other sites --------------------------------------------------------


def test_search_engines_read_what_it_is_when_and_whether_there_is_room(client):
    programme = ProgrammeFactory(lead={"en": "A </script> lead."}, parameters={"enrol_way": "place"})
    event = Event.objects.create(programme=programme, kind=Event.Kind.OPENING)
    EventSession.objects.create(event=event, starts_at=NOW + timedelta(days=20), place="Library")
    mentors = Event.objects.create(programme=programme, kind=Event.Kind.MENTORS)
    EventSession.objects.create(event=mentors, starts_at=NOW + timedelta(days=30))
    GroupFactory(programme=programme)

    content = text(page(client, programme))

    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', content, re.DOTALL)
    course, opening = json.loads(found.group(1))["@graph"]
    assert (course["@type"], course["description"]) == ("Course", "A </script> lead.")
    assert course["hasCourseInstance"]["startDate"] == "2027-02-01"
    assert course["offers"]["availability"] == "https://schema.org/InStock"
    assert opening["location"]["name"] == "Library"
    base = settings.ORIGIN + address(programme)
    assert f'<link rel="canonical" href="{base}">' in content
    for code in ("fi", "sv", "en"):
        assert f'<link rel="alternate" hreflang="{code}" href="{base}?lang={code}" >' in content


def test_a_full_programme_is_sold_out(client):
    programme = by_place()
    GroupFactory(programme=programme, members=2, places=2)

    assert "https://schema.org/SoldOut" in page(client, programme).content.decode()


def test_a_programme_that_shows_no_numbers_is_not_sold_out_while_there_is_room(client):
    programme = ProgrammeFactory(parameters={"enrol_way": "place", "numbers_shown": "none"})
    GroupFactory(programme=programme)

    assert "https://schema.org/InStock" in page(client, programme).content.decode()


def test_the_sitemap_names_published_programmes_only(client):
    shown, draft = ProgrammeFactory(), ProgrammeFactory(state=Programme.State.DRAFT)

    content = client.get("/sitemap.xml").content.decode()

    assert f"<loc>{settings.ORIGIN}{address(shown)}</loc>" in content
    assert address(draft) not in content
    assert "Sitemap: " in client.get("/robots.txt").content.decode()


def test_other_sites_may_show_the_groups_and_nothing_else(client):
    theme = ThemeFactory(title={"en": "First years"}, programme=by_place())
    GroupFactory(programme=theme.programme, theme=theme, members=3)
    client.force_login(PersonFactory())

    answer = client.get(address(theme.programme, "embed") + "?lang=en")

    content = text(answer)
    assert "X-Frame-Options" not in answer.headers
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "5 of 8 places are free" in content
    assert "<script" not in content
    assert content.count("<a ") == content.count('target="_top"') == 3


def test_a_programme_that_never_was_has_no_page_to_show_elsewhere(client):
    organisation = OrganisationFactory()
    never = reverse("enrolments:embed", args=[organisation.slug, "never"])

    assert client.get(never).status_code == 404

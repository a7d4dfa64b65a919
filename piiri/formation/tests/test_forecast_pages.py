"""The forecast's page: in sentences, without small numbers where they are not the reader's, and stopped."""

import pytest
from django.urls import reverse

from piiri.formation.models import Forecast
from piiri.formation.tests.factories import NOW, world
from piiri.formation.tests.years import two_years
from piiri.groups.tests.factories import PersonFactory

HX = {"HX-Request": "true"}
RESULT = {
    "people": 60, "left": 23, "strangers": 0, "tried": 12, "stopped": False,
    "seed": 1, "work": 9, "again": 9, "digest": "",
}  # fmt: skip


def page_of(client, here):
    return client.get(reverse("formation:forecast", args=[here.programme.uid])).content.decode()


def ready(here, before, *, places=(11, 3), **result):
    more = [
        {"part": [3, "a"], "theme": here.themes[0].uid, "language": "fi", "region": "online", "places": n}
        for n in places
    ]
    return Forecast.objects.create(
        programme=here.programme, of=before.programme, asked_at=NOW, finished_at=NOW, state="ready",
        result=RESULT | {"more": more} | result,
    )  # fmt: skip


@pytest.mark.django_db
def test_forecast_is_told_in_sentences(client, clock):
    here, before = two_years()
    ready(here, before, strangers=2)
    client.force_login(here.office)

    page = page_of(client, here)

    assert "With these mentors, themes and hours, last year’s wishes would leave 23 without a place." in page
    assert "These are the wishes of 60 people who applied to “Peer groups before”." in page
    assert "The last day of its enrolment was Friday 29 January 2027." in page
    assert page.count("Friday 29 January 2027") == 1
    assert "Thursdays in the afternoon: one more mentor for “Calm” places 11." in page
    assert "places 3." in page
    assert "The group speaks Finnish. It would meet online." in page
    assert "2 of them wished only for themes that are not there any more." in page


@pytest.mark.django_db
def test_numbers_under_five_are_not_told_to_whom_the_year_before_is_closed(client, clock):
    here, before = two_years(office_before=False)
    ready(here, before, left=4, people=4, strangers=1)
    client.force_login(here.office)

    page = page_of(client, here)

    assert "would leave fewer than five without a place." in page
    assert "fewer than five people who applied" in page
    assert "places 11." in page
    assert "places fewer than five." in page
    assert "A few of them wished only" in page
    assert "places 3" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("result", "said"),
    [
        ({"left": 0, "tried": 0}, "everybody would have a place."),
        ({"left": 6}, "One more mentor alone would not place more of them"),
        ({"left": 6, "stopped": True}, "was stopped before everything had been tried."),
    ],
)
def test_forecast_says_what_it_means(client, clock, result, said):
    here, before = two_years()
    ready(here, before, places=(), **result)
    client.force_login(here.office)

    assert said in page_of(client, here)


@pytest.mark.django_db
def test_a_first_year_can_use_its_enrolments_so_far(client, clock):
    here = world()
    client.force_login(here.office)

    empty = page_of(client, here)
    here.offer()
    here.apply(2)
    offered = page_of(client, here)
    address = reverse("formation:ask-for-forecast", args=[here.programme.uid])
    asked = client.post(address, {"own": "1"})
    waiting = client.get(asked.url).content.decode()

    assert "There is no year before this one" in empty
    assert "<button" not in empty.split("<main")[1]
    assert "The enrolments so far can be used instead." in offered
    assert Forecast.objects.get().of == here.programme
    assert "The forecast begins in a moment" in waiting


@pytest.mark.django_db
def test_forecast_polls_stops_and_reloads_when_it_is_over(client, clock):
    here, before = two_years()
    here.offer()
    before.apply(2)
    client.force_login(here.office)
    address = reverse("formation:forecast", args=[here.programme.uid])
    stop = reverse("formation:stop-forecast", args=[here.programme.uid])
    nothing = client.post(stop)
    client.post(reverse("formation:ask-for-forecast", args=[here.programme.uid]))
    Forecast.objects.update(state="running", progress={"percent": 40})

    moving = client.get(address, headers=HX).content.decode()
    stopping = client.post(stop, follow=True).content.decode()
    Forecast.objects.update(state="failed", failure="broke_off")
    over = client.get(address, headers=HX)
    twice = client.post(stop, follow=True).content.decode()

    assert nothing.url == address
    assert 'value="40"' in moving
    assert "<html" not in moving
    assert "The forecast is stopping" in stopping
    assert over.headers["HX-Refresh"] == "true"
    assert "taken back or finished already" in twice
    assert "broke off" in twice


@pytest.mark.django_db
def test_ask_for_forecast_says_why_not(client, clock):
    here = world()
    client.force_login(here.office)

    page = client.post(reverse("formation:ask-for-forecast", args=[here.programme.uid]), follow=True)

    assert "There are no wishes that a forecast could be made with." in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "status"), [("applicant", 403), ("stranger", 404)])
def test_only_the_office_makes_forecasts(client, clock, who, status):
    here, before = two_years()
    ready(here, before)
    client.force_login(here.apply(1)[0].person if who == "applicant" else PersonFactory())
    names = ("forecast", "ask-for-forecast", "stop-forecast")
    page, ask, stop = (reverse(f"formation:{name}", args=[here.programme.uid]) for name in names)

    assert {client.get(page).status_code, client.post(ask).status_code, client.post(stop).status_code} == {
        status
    }


@pytest.mark.django_db
@pytest.mark.parametrize("more", [1, 3])
def test_forecast_needs_as_many_queries_for_any_number(client, clock, more, django_assert_max_num_queries):
    here, before = two_years()
    ready(here, before, places=(11,) * more)
    before.apply(more)
    client.force_login(here.office)
    page_of(client, here)

    with django_assert_max_num_queries(14):
        page_of(client, here)

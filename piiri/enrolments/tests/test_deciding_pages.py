"""The pages of the office's decisions: who and the mail before, what became of it after."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from piiri.base.work import run_due
from piiri.enrolments.actions import bulk as bulk_actions
from piiri.enrolments.models import Application, Bulk
from piiri.enrolments.tests.deciding import WHY, applied, decide, kinds, states
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups import actions as group_actions
from piiri.groups.models import Offer
from piiri.groups.tests.factories import NOW, GroupFactory, PersonFactory, ThemeFactory

pytestmark = pytest.mark.django_db
State = Application.State


@pytest.fixture
def theme():
    row = ThemeFactory()
    row.refresh_from_db()
    return row


@pytest.fixture
def office(theme):
    person = PersonFactory()
    theme.programme.coordinators.create(person=person, since=datetime(2027, 1, 1, tzinfo=UTC))
    return person


def page_for(theme, *rows, **about):
    picked = [("pick", one.uid) for one in rows]
    return (
        f"{reverse('enrolments:decide', args=[theme.programme.uid])}?{urlencode([*about.items(), *picked])}"
    )


def press(client, address, **said):
    """Look at the page, then press what acts with what the page holds."""
    looked = client.post(address, said | {"op": "look"})
    hidden = {name: looked.context[name] for name in ("key",)} | {"seen": looked.context["choice"].seen}
    return client.post(address, said | hidden | {"op": "do"})


def test_a_look_shows_who_and_the_mail_and_changes_nothing(client, theme, office):
    rows = applied(theme, 2)
    client.force_login(office)
    address = page_for(theme, *rows, deed="decline")

    before = client.get(address)
    nothing_said = client.post(address, {"op": "look", "reason": "no"})
    looked = client.post(address, {"op": "look", "reason": WHY})

    assert (before.status_code, nothing_said.status_code, looked.status_code) == (200, 422, 200)
    content = looked.content.decode()
    assert all(str(one.person.name) in content for one in rows)
    assert WHY in content
    assert "There is no place for you this time" in content
    assert states(theme) == [State.SENT] * 2
    assert not Bulk.objects.exists()


def test_a_press_does_it_and_says_what_became_of_it(client, theme, office):
    group = GroupFactory(programme=theme.programme, theme=theme, places=1)
    first, second = applied(theme, 2)
    client.force_login(office)
    address = page_for(theme, second, first, deed="place", state="sent")

    answer = press(client, address, group=group.uid)
    page = client.get(answer["Location"]).content.decode()

    assert states(theme) == [State.PLACED, State.SENT]
    assert "1 person has a place now." in page
    assert "1 could not: the group is full." in page
    assert second.person.name in page
    assert "?state=sent" in page


def test_the_group_that_is_wished_for_is_chosen_already(client, theme, office):
    other = ThemeFactory(programme=theme.programme)
    GroupFactory(programme=theme.programme, theme=other)
    GroupFactory(programme=theme.programme, theme=theme, by_link=True)
    wished = GroupFactory(programme=theme.programme, theme=theme)
    elsewhere = ApplicationFactory(
        programme=theme.programme, wishes=[ThemeFactory(programme=theme.programme)]
    )
    client.force_login(office)

    told = [
        client.get(page_for(theme, one, deed="place")).context["form"].initial["group"]
        for one in (applied(theme), elsewhere)
    ]

    assert told == [wished.uid, ""]


def test_a_double_click_and_a_reload_lead_to_the_same_page(client, theme, office):
    mine = applied(theme)
    client.force_login(office)
    address = page_for(theme, mine, deed="wait")
    looked = client.get(address)
    sent = {"key": looked.context["key"], "seen": looked.context["choice"].seen, "op": "do", "reason": ""}

    answers = [client.post(address, sent) for _press in range(2)]

    assert answers[0]["Location"] == answers[1]["Location"]
    assert len(kinds()) == 1


def test_all_that_fit_are_those_that_were_looked_at(client, theme, office):
    applied(theme, 2)
    client.force_login(office)
    address = page_for(theme, deed="decline", all="1", state="sent")
    looked = client.post(address, {"op": "look", "reason": WHY})
    sent = {"key": looked.context["key"], "seen": looked.context["choice"].seen, "op": "do", "reason": WHY}
    applied(theme)

    late = client.post(address, sent)

    assert late.status_code == 422
    assert "has changed since you looked" in late.content.decode()
    assert states(theme) == [State.SENT] * 3
    press(client, address, reason=WHY)
    assert states(theme) == [State.DECLINED] * 3


def test_without_a_choice_or_with_nothing_to_do_the_table_says_so(client, theme, office):
    placed = applied(theme, state="placed")
    client.force_login(office)

    for address in (
        page_for(theme, deed="decline"),
        page_for(theme, placed),
        page_for(theme, placed, deed="off"),
    ):
        answer = client.get(address, follow=True)

        assert answer.redirect_chain
        assert len(answer.context["messages"]) == 1


def test_somebody_else_s_applications_cannot_be_picked(client, theme, office):
    elsewhere = ApplicationFactory()
    client.force_login(office)

    press_at = page_for(theme, elsewhere, deed="decline")

    assert client.post(press_at, {"op": "do", "reason": WHY, "key": "k"}).status_code == 302
    elsewhere.refresh_from_db()
    assert elsewhere.state == State.SENT


def test_the_progress_page_asks_for_itself_until_it_is_over(client, theme, office, monkeypatch):
    monkeypatch.setattr(bulk_actions, "AT_ONCE", 0)
    path = decide(theme, applied(theme, 2), by=office)
    client.force_login(office)

    under_way, part = client.get(path), client.get(path, headers={"HX-Request": "true"})
    table = client.get(reverse("enrolments:applications", args=[theme.programme.uid]))
    run_due(NOW + timedelta(seconds=1))
    over, refreshed = client.get(path), client.get(path, headers={"HX-Request": "true"})

    assert "0 of 2 people" in " ".join(under_way.content.decode().split())
    assert "<html" not in part.content.decode()
    assert path in table.content.decode()
    assert "2 people have been told" in over.content.decode()
    assert refreshed["HX-Refresh"] == "true"


def test_the_page_of_a_decision_needs_the_same_queries_for_any_number(
    client, theme, office, django_assert_num_queries
):
    client.force_login(office)
    group = GroupFactory(programme=theme.programme, theme=theme, places=1, members=1)
    for number, key in ((1, "a"), (3, "b")):
        rows = [applied(theme) for _each in range(number)]
        path = decide(theme, rows, by=office, deed="place", group=group, key=key)

        # One of them tells 403, near the office, from 404 elsewhere.
        with django_assert_num_queries(7):
            client.get(path)


def test_the_look_needs_the_same_queries_for_any_number(client, theme, office, django_assert_num_queries):
    client.force_login(office)
    for number in (1, 4):
        rows = [applied(theme) for _each in range(number)]

        with django_assert_num_queries(9):
            client.get(page_for(theme, *rows, deed="decline"))


def test_an_offer_that_stands_is_said_in_the_table(client, theme, office):
    group = GroupFactory(programme=theme.programme, theme=theme)
    mine = applied(theme, state="waiting")
    group_actions.offer_place(group, person=mine.person, by=None, now=NOW, hours=72)
    client.force_login(office)

    page = client.get(reverse("enrolments:applications", args=[theme.programme.uid]))

    assert Offer.objects.open().count() == 1
    assert "A place is offered now" in page.content.decode()

"""The pages of held places and waiting lists: by the mail's link, on one's own page, in the office."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from piiri.enrolments import actions, offer_link
from piiri.enrolments.models import Application, Waiting
from piiri.enrolments.tests.lists import first_come, free_a_place, full_group, stand, waiting
from piiri.groups import actions as group_actions
from piiri.groups.models import Offer
from piiri.groups.tests.factories import NOW, PersonFactory, ThemeFactory
from piiri.mail import letter
from piiri.mail.models import Message
from piiri.networks.models import OrganisationAdmin
from piiri.programmes.models import Coordinator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
State = Application.State


@pytest.fixture
def group(db):
    group = full_group(theme=None, title="Tuesdays in Kaleva", place="Kaleva library")
    free_a_place(group)
    return group


@pytest.fixture
def asked(group):
    """Somebody who is asked for a place."""
    person = waiting(group)
    actions.offer_free_places(now=NOW)
    return person


def the_offer():
    return Offer.objects.latest("pk")


def link():
    return offer_link.path(the_offer().uid)


def text(response):
    return " ".join(response.content.decode().split())


# --- by the link of the mail ------------------------------------------------------------------


def test_the_mails_link_asks_and_changes_nothing(client, asked):
    [mail] = Message.objects.filter(kind="enrolments/email/offer")

    response = client.get(mail.link)

    assert response.status_code == 200
    assert "Tuesdays in Kaleva" in text(response)
    assert "until Thursday 21 January 2027 at 09.00" in text(response)
    assert the_offer().state == Offer.State.OPEN


def test_a_visitor_takes_the_place_by_the_link(client, asked):
    response = client.post(link(), {"op": "accept"}, follow=True)

    asked.refresh_from_db()
    assert "You have a place" in text(response)
    assert asked.state == State.PLACED
    assert "You have a place" in text(client.post(link(), {"op": "accept"}, follow=True))
    assert "You have a place" in text(client.post(link(), {"op": "decline"}, follow=True))
    assert the_offer().state == Offer.State.ACCEPTED


def test_a_visitor_lets_the_place_go_by_the_link(client, asked):
    response = client.post(link(), {"op": "decline"}, follow=True)

    assert "You let this place go" in text(response)
    assert "You stand in no other list" in text(response)
    late = client.post(link(), {"op": "accept"})
    assert late.status_code == 409
    assert "not held for you any more" in text(late)


def test_the_link_says_kindly_that_the_time_is_over(client, clock, asked):
    clock.shift(timedelta(hours=72))

    assert "The time to answer is over" in text(client.get(link()))
    assert client.post(link(), {"op": "accept"}).status_code == 409
    assert the_offer().state == Offer.State.OPEN


def test_the_link_says_that_a_place_was_taken_back(client, asked):
    actions.withdraw_application(asked, by=asked.person, now=NOW)

    assert "not held for you any more" in text(client.get(link()))


@pytest.mark.parametrize("signature", ["a" * 16, "b" * 16])
def test_a_link_that_was_not_made_here_is_nothing(client, asked, signature):
    wrong = reverse("enrolments:offer-by-mail", args=[the_offer().uid, signature])
    never = reverse("enrolments:offer-by-mail", args=["a" * 16, signature])

    assert client.get(wrong).status_code == 404
    assert client.get(wrong).content == client.get(never).content
    assert client.post(wrong, {"op": "accept"}).status_code == 404


def test_a_sensitive_theme_is_named_to_the_person_only(client):
    programme = first_come()
    theme = ThemeFactory(programme=programme, title={"en": "Coming back from burnout"}, sensitive=True)
    group = full_group(programme, theme=theme)
    free_a_place(group)
    person = waiting(group).person
    actions.offer_free_places(now=NOW)

    assert "burnout" not in text(client.get(link()))
    client.force_login(person)
    assert "burnout" in text(client.get(link()))


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_the_mails_never_name_a_theme(asked, language):
    theme = ThemeFactory(programme=asked.programme, title={"en": "Secret", "fi": "Secret", "sv": "Secret"})
    group = full_group(asked.programme, theme=theme)
    free_a_place(group)
    waiting(theme)
    actions.offer_free_places(now=NOW)
    actions.accept_place(the_offer(), by=None, now=NOW)
    with translation.override(language):
        for mail in Message.objects.all():
            written = letter.write(mail.kind, words=mail.words, language=language, url="https://x.example/")
            assert "Secret" not in written.subject + written.text + written.html + mail.ics


# --- on one's own page ------------------------------------------------------------------------


def test_ones_own_page_shows_where_one_stands_and_leaves_by_one_press(client, group):
    other = full_group(group.programme, title="Mondays")
    waiting(other)
    me = waiting(other, minutes=5)
    stand(me, other.theme)
    client.force_login(me.person)
    page = reverse("enrolments:application", args=[me.uid])

    assert "number 2 of 2 on the list for <b>Mondays</b>" in text(client.get(page))
    assert "the only one on the list" in text(client.get(page))

    turn = me.turns.get(group=other)
    left = client.post(reverse("enrolments:leave-list", args=[turn.uid]), follow=True)
    assert left.redirect_chain == [(page, 302)]
    assert "Mondays" not in text(left)
    assert "If you leave your only list, your application ends." in text(left)


def test_ones_own_page_answers_an_offer(client, asked):
    client.force_login(asked.person)
    page = reverse("enrolments:application", args=[asked.uid])
    own = reverse("enrolments:offer", args=[the_offer().uid])

    assert f'action="{own}"' in text(client.get(page))
    assert "A place is free for you" in text(client.get(page))
    assert "You have a place" in text(client.post(own, {"op": "accept"}, follow=True))
    assert "You have a place in a group" in text(client.get(page))


def test_home_asks_for_an_answer_before_everything_else(client, asked):
    client.force_login(asked.person)

    page = text(client.get("/"))

    assert reverse("enrolments:offer", args=[the_offer().uid]) in page
    assert page.count('class="task__dot"') == 1


def test_an_offer_and_a_turn_are_nothing_to_others(client, asked):
    client.force_login(PersonFactory())

    assert client.get(reverse("enrolments:offer", args=[the_offer().uid])).status_code == 404
    assert client.post(reverse("enrolments:leave-list", args=[asked.turns.get().uid])).status_code == 404
    assert asked.turns.standing().count() == 1


def test_companions_are_named_once_they_have_named_each_other(client, group):
    friend = PersonFactory(name="Aino Aalto")
    other = full_group(group.programme)
    me = waiting(other, with_address=friend.email)
    client.force_login(me.person)
    page = reverse("enrolments:application", args=[me.uid])

    assert "once they have named you too" in text(client.get(page))
    waiting(other, person=friend, with_address=me.person.email)
    assert "Aino Aalto" in text(client.get(page))


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("declined", "You let the place go"),
        ("lapsed", "went on to the next"),
        ("left", "You have taken your application back"),
    ],
)
def test_who_stands_in_no_list_any_more_reads_why(client, end, words):
    me = waiting(full_group())
    Waiting.objects.update(end=end, ended_at=NOW)
    Application.objects.update(state=State.WITHDRAWN)
    client.force_login(me.person)

    assert words in text(client.get(reverse("enrolments:application", args=[me.uid])))


def test_who_has_left_their_group_reads_so(client, group):
    me = waiting(group)
    person = me.person
    group_actions.join(group, person=person, by=person, now=NOW)
    Waiting.objects.update(end="placed", ended_at=NOW)
    group.memberships.filter(person=person).update(ended_at=NOW + timedelta(days=30))
    Application.objects.update(state=State.WITHDRAWN)
    client.force_login(person)

    assert "You have left your group" in text(client.get(reverse("enrolments:application", args=[me.uid])))


# --- in the office ----------------------------------------------------------------------------


@pytest.fixture
def office(client, group):
    person = PersonFactory()
    Coordinator.objects.create(programme=group.programme, person=person, since=NOW)
    client.force_login(person)
    return person


def lists_of(group, **of):
    address = reverse("enrolments:lists", args=[group.programme.uid])
    return f"{address}?of={of['of'].uid}" if of else address


def test_the_office_sees_all_lists_and_one_in_its_order(client, office, asked, group):
    other = waiting(group, minutes=3)

    page = text(client.get(lists_of(group)))
    assert "Tuesdays in Kaleva" in page

    page = text(client.get(lists_of(group, of=group)))
    assert page.index(asked.person.name) < page.index(other.person.name)
    assert "until Thu 21 January, 09.00" in page


@pytest.mark.parametrize("people", [1, 3])
def test_the_lists_need_the_same_queries_for_any_number(
    client, office, group, people, django_assert_num_queries
):
    for minutes in range(people):
        stand(waiting(group, minutes=minutes), ThemeFactory(programme=group.programme))
    client.get(lists_of(group))

    with django_assert_num_queries(10):
        client.get(lists_of(group))
    with django_assert_num_queries(7):
        client.get(lists_of(group, of=group))


def test_the_office_moves_somebody_with_a_reason(client, office, group):
    first, second = waiting(group, minutes=1), waiting(group, minutes=2)
    turn = second.turns.get()
    address = reverse("enrolments:move-turn", args=[group.programme.uid, turn.uid])

    assert "Now number 2 of 2" in text(client.get(address))
    assert client.post(address, {"to": "1", "why": ""}).status_code == 422
    moved = client.post(address, {"to": "1", "why": "Their leave begins in May."}, follow=True)

    page = text(moved)
    assert page.index(second.person.name) < page.index(first.person.name)
    assert "Their leave begins in May." in page


def test_a_turn_that_has_ended_is_moved_no_more(client, office, group):
    turn = waiting(group).turns.get()
    actions.leave_list(turn, by=None, now=NOW)
    address = reverse("enrolments:move-turn", args=[group.programme.uid, turn.uid])

    assert "has ended already" in text(client.get(address))
    assert client.post(address, {"to": "1", "why": "Late."}).status_code == 422


def test_an_administrator_sees_numbers_only(client, group):
    person = waiting(group).person
    admin = PersonFactory()
    OrganisationAdmin.objects.create(organisation=group.programme.organisation, person=admin, since=NOW)
    client.force_login(admin)

    assert "Tuesdays in Kaleva" in text(client.get(lists_of(group)))
    assert person.name not in text(client.get(lists_of(group, of=group)))

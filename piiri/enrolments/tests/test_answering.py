"""An offered place is taken, let go, runs out of time, is taken back."""

from datetime import timedelta

import pytest

from piiri.audit.models import Entry
from piiri.base.errors import Refused
from piiri.enrolments import actions, queries
from piiri.enrolments.actions import offering
from piiri.enrolments.models import Application, Waiting
from piiri.enrolments.tests.lists import free_a_place, full_group, offers_of, stand, waiting
from piiri.groups.models import Offer, Place
from piiri.groups.rules import GroupRefusal
from piiri.groups.tests.factories import NOW, PersonFactory
from piiri.mail.models import Message

pytestmark = pytest.mark.django_db
State = Application.State
End = Waiting.End
HOUR = timedelta(hours=1)


def offer(now=NOW):
    return actions.offer_free_places(now=now)


def the_offer(application):
    return Offer.objects.open().get(person=application.person)


def end_of(application):
    return application.turns.get().end


@pytest.fixture
def group(db):
    """One of its two places is free."""
    group = full_group()
    free_a_place(group)
    return group


def test_accept_place_gives_the_place_and_ends_every_turn(group):
    person = waiting(group)
    stand(person, group.theme)
    offer()
    held = the_offer(person)

    membership = actions.accept_place(held, by=person.person, now=NOW)
    again = actions.accept_place(held, by=person.person, now=NOW)

    person.refresh_from_db()
    assert membership == again
    assert person.state == State.PLACED
    assert {turn.end for turn in person.turns.all()} == {End.PLACED}
    assert Place.objects.get(membership=membership).group == group
    assert Message.objects.filter(kind="enrolments/email/place", about_uid=person.uid).count() == 1
    assert Entry.objects.filter(deed="application_placed", about=person.uid).count() == 1


def test_accept_place_is_too_late_when_the_time_is_over_however_late_the_worker(group):
    person = waiting(group)
    offer()

    with pytest.raises(Refused) as refused:
        actions.accept_place(the_offer(person), by=person.person, now=NOW + 72 * HOUR)

    person.refresh_from_db()
    assert refused.value.reason == GroupRefusal.TOO_LATE
    assert person.state == State.WAITING


def test_decline_place_passes_the_place_on_and_is_never_asked_again(group):
    first, second = waiting(group, minutes=1), waiting(group, minutes=2)
    offer()

    assert actions.decline_place(the_offer(first), by=first.person, now=NOW)
    offer()

    first.refresh_from_db()
    assert offers_of(group) == [second.person]
    assert end_of(first) == End.DECLINED
    assert first.state == State.WITHDRAWN


def test_decline_place_leaves_the_turns_in_other_lists(group):
    person = waiting(group)
    stand(person, full_group(group.programme))
    offer()
    held = the_offer(person)

    actions.decline_place(held, by=person.person, now=NOW)

    person.refresh_from_db()
    assert person.state == State.WAITING
    assert [turn.end for turn in person.turns.order_by("pk")] == [End.DECLINED, ""]
    assert not actions.decline_place(held, by=person.person, now=NOW)


def test_lapse_place_passes_the_place_on_and_says_so_kindly(group):
    first, second = waiting(group, minutes=1), waiting(group, minutes=2)
    offer()
    Message.objects.update(state=Message.State.SENT, done_at=NOW)
    [due] = queries.offers_to_lapse(NOW + 72 * HOUR, 9)

    actions.lapse_place(due, now=NOW + 72 * HOUR)
    actions.lapse_place(due, now=NOW + 72 * HOUR)
    offer(NOW + 72 * HOUR)

    first.refresh_from_db()
    assert (first.state, end_of(first)) == (State.WITHDRAWN, End.LAPSED)
    assert offers_of(group) == [second.person]
    assert Message.objects.filter(kind="enrolments/email/lapsed").count() == 1
    assert not queries.offers_to_lapse(NOW + 72 * HOUR, 9)


def test_an_offer_whose_mail_never_left_is_made_again(group):
    person = waiting(group)
    offer()
    first = the_offer(person)

    actions.lapse_place(first, now=NOW + 72 * HOUR)
    offer(NOW + 72 * HOUR)

    first.refresh_from_db()
    assert first.state == Offer.State.WITHDRAWN
    assert the_offer(person).expires_at == NOW + 144 * HOUR
    assert Message.objects.filter(state=Message.State.WAITING).count() == 1


def test_who_left_the_list_waits_no_more_when_an_offer_whose_mail_never_left_runs_out(group):
    person = waiting(group)
    offer()
    actions.leave_list(person.turns.get(), by=person.person, now=NOW)

    actions.lapse_place(the_offer(person), now=NOW + 72 * HOUR)

    person.refresh_from_db()
    assert (person.state, offers_of(group)) == (State.WITHDRAWN, [])


def test_withdrawing_takes_the_offer_back_and_the_mail_that_has_not_left(group):
    first, second = waiting(group, minutes=1), waiting(group, minutes=2)
    offer()

    actions.withdraw_application(first, by=first.person, now=NOW)
    offer()

    assert offers_of(group) == [second.person]
    assert end_of(first) == End.LEFT
    assert Message.objects.filter(person_uid=first.person.uid).get().state == Message.State.WITHDRAWN


def test_declining_an_application_ends_its_turns(group):
    person, office = waiting(group), PersonFactory()

    actions.decline_application(person, reason="Not this year.", by=office, now=NOW)

    assert end_of(person) == End.OVER
    assert offer() == 0


def test_somebody_who_stops_waiting_while_they_are_asked_gets_no_offer(group):
    person = waiting(group)
    turn = queries.next_turn(group, but=[])
    Application.objects.filter(pk=person.pk).update(state=State.WITHDRAWN)

    with pytest.raises(Refused):
        offering.ask(group, turns=[turn], now=NOW)
    assert not Offer.objects.exists()

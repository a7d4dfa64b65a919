"""From a proposal to places that count, mails that go, and back again."""

from datetime import timedelta
from unittest import mock

import pytest
from django.db import transaction

from piiri.base.errors import Refused
from piiri.enrolments import actions as enrolment_actions
from piiri.formation import actions, queries, work
from piiri.formation.actions import steps
from piiri.formation.models import Publishing, Run
from piiri.formation.rules import FormationRefusal
from piiri.formation.tests.factories import NEVER, NOW, RunFactory, world
from piiri.groups import actions as group_actions
from piiri.groups.models import Group, Membership, PairClaim, Place
from piiri.groups.tests.factories import PersonFactory
from piiri.mail.models import Message

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=24)
A_MOMENT = timedelta(seconds=1)


def whole(publishing, now=NOW, *, until=Publishing.State.HOLDING):
    """Step after step, as a worker does."""
    for _ in range(50):
        publishing.refresh_from_db()
        if publishing.state == until:
            return publishing
        actions.carry_on(publishing, now=now)
    raise AssertionError(publishing.state)


def ready(here, *, groups=2, people=5, left=1):
    """A proposal: `people` in each of the groups, `left` without a place."""
    offered = [here.offer() for _ in range(groups)]
    seats = [(one, group) for group in offered for one in here.apply(people)]
    seats += [(one, None) for one in here.apply(left, mask=NEVER)]
    return RunFactory(programme=here.programme, seats=seats)


def states(here):
    return sorted((one.state, one.decided_at is None) for one in here.programme.applications.order_by("pk"))


def test_a_run_from_the_question_to_places_that_count():
    here = world()
    here.offer()
    here.offer(theme=1)
    here.apply(5, years=5)
    here.apply(5, theme=1)
    here.apply(1, mask=NEVER)

    run = actions.ask_for_groups(here.programme, by=here.office, now=NOW, seconds=2)
    work.find_groups(run, now=NOW)
    run.refresh_from_db()
    publishing = whole(actions.publish(run, by=here.office, now=NOW))

    assert run.state == Run.State.READY
    assert sorted(one.memberships.active().count() for one in here.groups) == [5, 5]
    assert here.programme.applications.filter(state="placed").count() == 10
    assert here.programme.applications.filter(state="waiting").count() == 1
    for group in Group.objects.all():
        assert group.state == Group.State.RUNNING
        assert (group.weekday in (1, 3), group.local_time.hour in (13, 14, 15)) == (True, True)
    assert publishing.hold_until == LATER
    assert not Message.objects.exists()
    told = queries.reason_for(here.applications[0].person, group=Group.objects.first())
    assert told.why[0].text == "This was the first wish."
    assert told.unmet == []


def test_mails_go_after_the_hold_to_whoever_is_still_in_and_say_no_theme():
    here = world()
    publishing = whole(actions.publish(ready(here), by=here.office, now=NOW))
    gone = here.groups[0].memberships.first()
    group_actions.leave(gone, by=here.office, now=NOW)

    actions.carry_on(publishing, now=LATER - A_MOMENT)
    assert not Message.objects.exists()
    whole(publishing, LATER, until=Publishing.State.DONE)

    kinds = list(Message.objects.order_by("kind").values_list("kind", flat=True))
    assert kinds == ["formation/email/group_formed"] * 2 + ["formation/email/placed"] * 9 + [
        "formation/email/waiting"
    ]
    assert not Message.objects.filter(person_uid=gone.person.uid).exists()
    placed = Message.objects.filter(kind="formation/email/placed").first()
    assert placed.words["at"]["en"] == "Tuesdays 14.00–16.00"
    assert "Theme" not in str(placed.words)


def test_undo_gives_everything_back():
    here = world()
    run = ready(here)
    pair = group_actions.keep_apart(
        here.programme, first=here.applications[0].person, second=PersonFactory(), by=here.office, now=NOW
    )
    before = states(here)
    publishing = whole(actions.publish(run, by=here.office, now=NOW))
    assert PairClaim.objects.filter(pair=pair).exists()

    actions.undo(publishing, by=here.office, now=NOW)

    assert states(here) == before
    assert not Membership.objects.exists()
    assert not Place.objects.taken().exists()
    assert not PairClaim.objects.exists()
    assert set(Group.objects.values_list("state", "weekday", "local_time", "started_at")) == {
        ("offered", None, None, None)
    }
    actions.carry_on(publishing, now=LATER)
    assert not Message.objects.exists()
    with pytest.raises(Refused) as again:
        actions.undo(publishing, by=here.office, now=NOW)
    assert again.value.reason == FormationRefusal.NOT_NOW
    whole(actions.publish(run, by=here.office, now=NOW))


def test_undo_works_until_the_first_mail_is_in_a_workers_hands():
    here = world()
    publishing = whole(actions.publish(ready(here), by=here.office, now=NOW))
    whole(publishing, LATER, until=Publishing.State.PUBLISHING)
    first = Message.objects.first()
    Message.objects.filter(pk=first.pk).update(leased_until=LATER + timedelta(minutes=2))

    with pytest.raises(Refused) as refusal, transaction.atomic():
        actions.undo(publishing, by=here.office, now=LATER)
    assert refusal.value.reason == FormationRefusal.MAILS_LEFT
    assert Membership.objects.active().count() == 10

    Message.objects.filter(pk=first.pk).update(leased_until=None)
    actions.undo(publishing, by=here.office, now=LATER)
    assert not Membership.objects.exists()
    assert not Message.objects.exclude(state=Message.State.WITHDRAWN).exists()


def test_undo_half_way_frees_what_is_held(monkeypatch):
    monkeypatch.setattr(steps, "HELD_AT_ONCE", 1)
    here = world()
    publishing = actions.publish(ready(here), by=here.office, now=NOW)
    actions.carry_on(publishing, now=NOW)
    assert Membership.objects.held().count() == 5

    actions.undo(publishing, by=here.office, now=NOW)

    assert not Place.objects.taken().exists()
    assert set(Group.objects.values_list("state", flat=True)) == {"offered"}


def test_carry_on_resumes_after_a_kill_at_any_group_and_never_doubles(monkeypatch):
    monkeypatch.setattr(steps, "HELD_AT_ONCE", 2)
    here = world()
    publishing = actions.publish(ready(here, groups=3, people=4), by=here.office, now=NOW)
    hold = group_actions.hold
    dies = mock.Mock(side_effect=[mock.DEFAULT, KeyboardInterrupt], wraps=hold)
    monkeypatch.setattr(group_actions, "hold", dies)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        actions.carry_on(publishing, now=NOW)
    assert not Membership.objects.exists()
    monkeypatch.setattr(group_actions, "hold", hold)

    actions.carry_on(publishing, now=NOW)
    assert (Membership.objects.held().count(), Membership.objects.active().count()) == (8, 0)
    whole(publishing)

    assert Membership.objects.active().count() == 12
    assert Place.objects.taken().count() == 12


def test_mails_resume_after_a_kill_and_never_double(monkeypatch):
    monkeypatch.setattr(steps, "MAILED_AT_ONCE", 1)
    here = world()
    publishing = whole(actions.publish(ready(here), by=here.office, now=NOW))
    actions.carry_on(publishing, now=LATER)
    sent = Message.objects.count()
    with monkeypatch.context() as dying:
        dying.setattr(steps, "_next", mock.Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            actions.carry_on(publishing, now=LATER)
    assert Message.objects.count() == sent == 6

    whole(publishing, LATER, until=Publishing.State.DONE)

    assert Message.objects.count() == 13
    assert Message.objects.values("person_uid").distinct().count() == 13


def test_a_proposal_is_published_once_and_one_at_a_time():
    here = world()
    run = ready(here)
    other = RunFactory(programme=here.programme, seats=[(one, None) for one in here.applications])
    publishing = actions.publish(run, by=here.office, now=NOW)

    for again, reason in ((run, FormationRefusal.PUBLISHED), (other, FormationRefusal.UNDER_WAY)):
        with pytest.raises(Refused) as refusal, transaction.atomic():
            actions.publish(again, by=here.office, now=NOW)
        assert refusal.value.reason == reason
    with pytest.raises(Refused) as refusal:
        actions.ask_for_groups(here.programme, by=here.office, now=NOW)
    assert refusal.value.reason == FormationRefusal.UNDER_WAY
    whole(publishing)
    whole(publishing, LATER, until=Publishing.State.DONE)
    with pytest.raises(Refused) as refusal, transaction.atomic():
        actions.publish(run, by=here.office, now=LATER)
    assert refusal.value.reason == FormationRefusal.PUBLISHED


def test_what_cannot_be_done_is_listed_and_nobody_is_lost():
    here = world()
    run = ready(here, groups=3, people=4, left=0)
    full, cancelled, third = here.groups
    publishing = actions.publish(run, by=here.office, now=NOW)
    for _ in range(5):  # eight places, four of the proposal, five others
        group_actions.join(full, person=PersonFactory(), by=None, now=NOW)
    group_actions.cancel_group(cancelled, by=here.office, now=NOW)
    back = here.applications[8]
    enrolment_actions.withdraw_application(back, by=back.person, now=NOW)

    whole(publishing)

    assert sorted(queries.left_out(publishing).values_list("left_out", flat=True)) == [
        "ended", "ended", "ended", "ended", "full", "withdrawn",
    ]  # fmt: skip
    assert full.memberships.active().count() == 8
    assert third.memberships.active().count() == 3
    third.refresh_from_db()
    assert third.state == Group.State.FORMING  # one more and it can start
    counts = {
        state: here.programme.applications.filter(state=state).count()
        for state in ("placed", "waiting", "withdrawn")
    }
    assert counts == {"placed": 6, "waiting": 5, "withdrawn": 1}


def test_who_takes_back_between_the_steps_gets_no_place(monkeypatch):
    here = world()
    publishing = actions.publish(ready(here, left=0), by=here.office, now=NOW)
    actions.carry_on(publishing, now=NOW)
    application = here.applications[0]
    # As on PostgreSQL, when both happen in the same moment: withdrawn, and the place held all the same.
    application.state = "withdrawn"
    application.save()

    whole(publishing)

    assert not Membership.objects.filter(person=application.person).exists()
    assert Place.objects.taken().count() == 9
    assert queries.left_out(publishing).get().left_out == "withdrawn"

"""Who has not signed is asked once and reminded once, in words that say nothing of the group."""

import threading

import pytest
from django.db import connections

from piiri.agreements import actions
from piiri.agreements.models import ASK_AFTER, REMIND_AFTER, Asking
from piiri.agreements.tests.factories import (
    CANARY,
    JOINED,
    a_goal,
    a_group,
    agreed,
    drafted,
    everybody,
    make_ready,
    members_of,
    mentor_of,
)
from piiri.groups.models import Group, Membership
from piiri.groups.tests.factories import PersonFactory
from piiri.mail import letter
from piiri.mail.models import Message

pytestmark = pytest.mark.django_db

SOON, A_WEEK = JOINED + ASK_AFTER, JOINED + ASK_AFTER + REMIND_AFTER


def posted():
    return [
        (message.kind.rpartition("/")[2], message.person_uid) for message in Message.objects.order_by("pk")
    ]


def test_who_was_away_is_asked_once_and_reminded_once():
    group = a_group()
    agreed(group, sign=False)
    member, away = members_of(group)
    assert actions.ask_unsigned(now=JOINED) == 0
    for person in (mentor_of(group), member):
        actions.sign(group, number=1, by=person, now=JOINED)

    told = [actions.ask_unsigned(now=now) for now in (SOON, SOON, A_WEEK, A_WEEK, A_WEEK + REMIND_AFTER)]

    assert told == [1, 0, 1, 0, 0]
    assert posted() == [("ready", away.uid), ("reminder", away.uid)]


def test_two_who_remind_at_once_remind_once():
    group = a_group()
    agreed(group, sign=False)
    actions.ask_unsigned(now=SOON)
    stale = Asking.objects.select_related("group", "person").first()

    assert [actions.remind(stale, now=A_WEEK) for _ in range(2)] == [True, False]


def test_who_signs_or_leaves_or_is_paused_in_time_is_not_reminded():
    group = a_group(members=3)
    agreed(group, sign=False)
    signs, leaves, paused = members_of(group)
    actions.sign(group, number=1, by=mentor_of(group), now=JOINED)
    assert actions.ask_unsigned(now=SOON) == 3
    actions.sign(group, number=1, by=signs, now=SOON)
    Membership.objects.filter(person=leaves).update(ended_at=SOON)
    Membership.objects.filter(person=paused).update(paused_at=SOON)

    assert actions.ask_unsigned(now=A_WEEK) == 0


def test_a_new_version_asks_anew_and_the_old_one_reminds_nobody():
    group = a_group()
    agreed(group, sign=False)
    actions.ask_unsigned(now=SOON)
    make_ready(drafted(group, now=SOON), now=SOON)

    assert actions.ask_unsigned(now=SOON + ASK_AFTER) == 3
    assert actions.ask_unsigned(now=SOON + REMIND_AFTER) == 0


def test_who_signs_again_because_somebody_joined_is_asked_at_once():
    group = a_group()
    agreed(group)
    Membership.objects.create(
        group=group, programme=group.programme, person=PersonFactory(), joined_at=SOON, confirmed_at=SOON
    )
    actions.renew_for_newcomers(now=SOON)

    assert actions.ask_unsigned(now=SOON) == 4
    assert {message.words["joined"] for message in Message.objects.all()} == {True}


def test_a_group_that_has_ended_is_asked_for_nothing():
    group = a_group()
    agreed(group, sign=False)
    Group.objects.update(state=Group.State.CLOSED)

    assert actions.ask_unsigned(now=SOON) == 0


def test_mails_carry_nothing_of_the_group():
    group = a_group()
    agreed(group, sign=False)
    a_goal(group)
    actions.ask_unsigned(now=SOON)
    actions.ask_unsigned(now=A_WEEK)

    everything = "".join(f"{message.words} {message.ics} {message.link}" for message in Message.objects.all())

    names = [str(person) for person in everybody(group)]
    assert not [word for word in [CANARY, "Kahvi", group.name, *names] if word in everything]
    assert Message.objects.count() == 6
    assert {message.link for message in Message.objects.all()} == {f"/groups/{group.uid}/agreement/"}


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
@pytest.mark.parametrize(
    ("kind", "words"), [("ready", {"joined": True}), ("ready", {"joined": False}), ("reminder", {})]
)
def test_mails_lead_to_the_page(kind, words, language):
    url = "https://x.example/groups/abc/agreement/"

    written = letter.write(f"agreements/email/{kind}", words=words, language=language, url=url)

    assert written.subject
    assert url in written.text


@pytest.mark.django_db(transaction=True)
def test_two_workers_renew_and_ask_once():
    group = a_group(members=4)
    agreed(group)
    Membership.objects.filter(person=members_of(group)[0]).update(confirmed_at=SOON)
    start = threading.Barrier(2)
    failed = []

    def sweep():
        try:
            start.wait()
            actions.renew_for_newcomers(now=SOON)
            actions.ask_unsigned(now=SOON)
        except Exception as error:  # noqa: BLE001
            failed.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=sweep) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert not failed
    told = [person for _kind, person in posted()]
    assert len(told) == len(set(told)) == Asking.objects.count() == 5
    assert group.agreements.filter(cause="joined").count() == 1

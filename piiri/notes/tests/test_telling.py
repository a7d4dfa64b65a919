"""One neutral mail a morning, and none to who has looked."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from piiri.audit.models import Entry
from piiri.base.work import run_due
from piiri.groups.models import Group, Membership
from piiri.groups.tests.factories import NOW
from piiri.mail import queries as mail_queries
from piiri.mail.models import Message
from piiri.meetings.tests.factories import RunningGroupFactory, members_of, mentor_of
from piiri.notes import actions, queries
from piiri.notes.models import Look
from piiri.notes.tests.factories import CANARY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

MONDAY = NOW  # nine in the morning in Helsinki
TUESDAY = datetime(2027, 1, 19, 8, 0, tzinfo=ZoneInfo("Europe/Helsinki"))


@pytest.fixture
def group():
    return RunningGroupFactory(title="Leaving work at work")


@pytest.fixture
def people(group):
    return [*members_of(group), mentor_of(group)]


def write(group, person, *, now=MONDAY, kind="post"):
    return actions.write(group, kind=kind, text=CANARY, by=person, now=now)


def mailed():
    """Who has a mail about something new, by address, in order."""
    return sorted(Message.objects.filter(kind="notes/email/news").values_list("address", flat=True))


def test_everybody_else_gets_one_mail_the_next_morning(group, people):
    for kind in ("post", "topic", "post"):
        write(group, people[0], kind=kind)
    write(group, people[1])

    run_due(TUESDAY - timedelta(seconds=1))
    assert mailed() == []
    for _round in range(3):
        run_due(TUESDAY)

    assert mailed() == sorted(person.email for person in people)
    run_due(TUESDAY + timedelta(days=9))
    assert len(mailed()) == 4


def test_who_wrote_alone_is_told_nothing(group, people):
    write(group, people[0])
    run_due(TUESDAY)

    assert mailed() == sorted(person.email for person in people[1:])


def test_what_comes_after_todays_mail_waits_for_the_next_morning(group, people):
    write(group, people[0])
    run_due(TUESDAY)
    write(group, people[0], now=TUESDAY)
    # Whatever moved the row: a second one on the same day does not go.
    Look.objects.update(due_at=TUESDAY)
    run_due(TUESDAY + timedelta(hours=3))
    assert len(mailed()) == 3

    run_due(TUESDAY + timedelta(days=1))
    assert len(mailed()) == 6


def test_who_has_looked_gets_no_mail(client, group, people):
    write(group, people[0])
    client.force_login(people[1])
    assert queries.news(people[1], group)

    client.get(reverse("notes:board", args=[group.uid]))

    assert not queries.news(people[1], group)
    run_due(TUESDAY)
    assert mailed() == sorted(person.email for person in people[2:])


def test_a_mail_that_waits_for_a_server_is_taken_back_when_its_reader_looks(client, group, people):
    write(group, people[0])
    run_due(TUESDAY)
    client.force_login(people[1])
    client.get(reverse("notes:topics", args=[group.uid]))

    standing = mail_queries.messages_to_deliver  # without a way out nothing is delivered
    assert standing(TUESDAY, 10) == []
    states = dict(Message.objects.values_list("person_uid", "state"))
    assert states[people[1].uid] == Message.State.WITHDRAWN
    assert states[people[2].uid] == Message.State.WAITING


@pytest.mark.parametrize("gone", ["paused_at", "ended_at"])
def test_who_left_or_is_paused_meanwhile_gets_none(group, people, gone):
    write(group, people[0])
    Membership.objects.filter(person=people[1]).update(**{gone: NOW})

    run_due(TUESDAY)

    assert mailed() == sorted(person.email for person in people[2:])


def test_what_was_taken_away_again_is_no_reason(group, people):
    actions.take_away(write(group, people[0]), by=people[0], now=NOW)

    run_due(TUESDAY)

    assert mailed() == []


def test_a_worker_that_comes_in_the_evening_waits_for_the_morning(group, people):
    write(group, people[0])

    run_due(TUESDAY + timedelta(hours=12))
    assert mailed() == []
    run_due(TUESDAY + timedelta(hours=24))
    assert len(mailed()) == 3


def test_mails_can_be_switched_off_and_on(client, group, people):
    write(group, people[0])
    client.force_login(people[1])
    client.post(reverse("notes:mail", args=[group.uid]), {"wanted": "no"})
    write(group, people[0])
    run_due(TUESDAY)
    assert people[1].email not in mailed()
    assert not queries.is_mailed(people[1], group)

    client.post(reverse("notes:mail", args=[group.uid]), {"wanted": "yes"})
    assert queries.is_mailed(people[1], group)
    write(group, people[0], now=TUESDAY)
    run_due(TUESDAY + timedelta(days=1))
    assert people[1].email in mailed()


def test_no_mail_no_address_and_no_trail_carries_what_was_written(group, people):
    line = write(group, people[0])
    actions.answer(line, text=CANARY, by=people[1], now=NOW)
    actions.write(
        group, kind="link", text=CANARY, address=f"https://a.example/{CANARY}", by=people[0], now=NOW
    )
    actions.put_file(group, name=CANARY, content=CANARY.encode(), by=people[0], now=NOW)
    run_due(TUESDAY)

    for message in Message.objects.all():
        letter = mail_queries.preview(message.kind, words=message.words, language=message.language)
        whole = f"{message.words} {message.link} {letter.subject} {letter.text} {letter.html}"
        for word in (CANARY, group.name, str(people[0]), "board"):
            assert word not in whole.replace("below the board", "")
    assert CANARY not in str(list(Entry.objects.values_list("facts", flat=True)))
    assert Group.objects.get().looks.count() == 4

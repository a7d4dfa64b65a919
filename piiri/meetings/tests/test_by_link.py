"""Answering by the link of an invitation's mail, and being late."""

from datetime import timedelta

import pytest
from django.urls import reverse

from piiri.audit.models import Entry
from piiri.base.errors import Refused
from piiri.mail.models import Message
from piiri.meetings import actions, links
from piiri.meetings.models import Answer
from piiri.meetings.rules import MeetingRefusal
from piiri.meetings.tests.factories import JOINED, STARTS, MeetingFactory, members_of, mentor_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
SOON = STARTS - timedelta(hours=2)
END = STARTS + timedelta(minutes=90)


@pytest.fixture
def meeting():
    return MeetingFactory(title="Canary", group__title="Canary")


@pytest.fixture
def person(meeting):
    return members_of(meeting.group)[0]


@pytest.fixture
def link(meeting, person):
    return links.reply_path(meeting.uid, person.uid)


def said(meeting):
    return list(Answer.objects.filter(meeting=meeting).values_list("coming", "late_minutes"))


def test_the_mail_of_an_invitation_and_of_a_change_carries_the_same_link(meeting, person, link):
    actions.invite_due(now=JOINED)
    place = {"minutes": 90, "form": "onsite", "place": "Elsewhere"}
    actions.change(
        meeting,
        on=meeting.local_date,
        at=meeting.local_time,
        by=mentor_of(meeting.group),
        now=JOINED,
        **place,
    )
    actions.invite_due(now=JOINED)
    actions.cancel(meeting, by=mentor_of(meeting.group), now=JOINED)
    actions.invite_due(now=JOINED)

    got = list(Message.objects.filter(person_uid=person.uid).order_by("pk").values_list("link", flat=True))
    assert got == [link, link, ""]


def test_looking_changes_nothing_and_says_nothing_of_the_group(client, meeting, person, link):
    page = client.get(link)
    client.head(link)

    shown = page.content.decode()
    assert said(meeting) == []
    assert not Entry.objects.filter(deed="meeting_answered").exists()
    assert "Library" in shown
    assert "Are you running late?" not in shown
    assert page["X-Robots-Tag"].startswith("noindex")
    names = [word for one in members_of(meeting.group) for word in (one.name, one.email) if word]
    assert not [word for word in ("Canary", *names) if word in shown]


def test_a_press_answers_and_the_last_one_counts(client, meeting, person, link):
    assert client.post(link, {"coming": "no"}).url == link
    assert said(meeting) == [(False, 0)]
    assert "You have said that you cannot come." in client.get(link).content.decode()
    client.post(link, {"coming": "yes"})

    assert said(meeting) == [(True, 0)]
    assert Entry.objects.filter(deed="meeting_answered", by=person.uid).count() == 2
    assert not Message.objects.exists()


def test_being_late_shows_to_the_group_and_is_told_to_nobody_by_mail(client, clock, meeting, person, link):
    clock.move_to(SOON)
    assert "Are you running late?" in client.get(link).content.decode()
    client.post(link, {"coming": "yes", "late": "10"})
    client.force_login(mentor_of(meeting.group))

    page = client.get(reverse("meetings:meeting", args=[meeting.uid])).content.decode()

    assert said(meeting) == [(True, 10)]
    assert "10 min late" in page
    assert not Message.objects.exists()


def test_one_can_say_it_on_the_page_of_the_meeting_too_and_take_it_back(client, clock, meeting, person):
    clock.move_to(SOON)
    client.force_login(person)
    assert (
        "Are you running late?"
        in client.get(reverse("meetings:meeting", args=[meeting.uid])).content.decode()
    )

    client.post(reverse("meetings:answer", args=[meeting.uid]), {"coming": "yes", "late": "30"})
    assert said(meeting) == [(True, 30)]
    client.post(reverse("meetings:answer", args=[meeting.uid]), {"coming": "yes"})

    assert said(meeting) == [(True, 0)]


@pytest.mark.parametrize("posted", [{}, {"coming": "perhaps"}, {"coming": "yes", "late": "7"}, {"late": "5"}])
def test_a_press_that_makes_no_sense_does_nothing(client, clock, meeting, link, posted):
    clock.move_to(SOON)

    assert client.post(link, posted).status_code == 200
    assert said(meeting) == []


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (STARTS - timedelta(hours=3, seconds=1), MeetingRefusal.LATE_EARLY),
        (STARTS - timedelta(hours=3), None),
        (END - timedelta(seconds=1), None),
        (END, MeetingRefusal.PAST),
    ],
)
def test_late_is_from_three_hours_before_the_start_until_the_end(meeting, person, now, reason):
    def be_late():
        return actions.answer(meeting, person=person, coming=True, late=5, by=person, now=now)

    if reason is None:
        assert be_late().late_minutes == 5
        return
    with pytest.raises(Refused) as refused:
        be_late()
    assert refused.value.reason == reason


def test_the_link_ends_with_the_meeting(client, clock, meeting, link):
    clock.move_to(END)

    shown, pressed = client.get(link), client.post(link, {"coming": "yes"})

    assert "The meeting is over." in shown.content.decode()
    assert "<button" not in shown.content.decode().partition("<main")[2].partition("</main>")[0]
    assert pressed.status_code == 409
    assert said(meeting) == []


def test_the_link_ends_when_the_person_leaves_and_answers_as_one_that_never_was(
    client, meeting, person, link
):
    never = client.get(f"/meetings/{'a' * 16}/coming/{'b' * 16}/{'c' * 16}/")
    meeting.group.memberships.filter(person=person).update(ended_at=JOINED)

    for answer in (client.get(link), client.post(link, {"coming": "yes"})):
        assert answer.status_code == 404
    assert client.get(link).content == never.content
    assert said(meeting) == []


def test_the_link_of_one_person_or_meeting_opens_no_other(client, meeting, person):
    other, second = members_of(meeting.group)[1], MeetingFactory(group=meeting.group, starts_at=END)
    for uid, whom in ((meeting.uid, other.uid), (second.uid, person.uid)):
        signature = links.reply_signature(meeting.uid, person.uid)
        assert client.get(f"/meetings/{uid}/coming/{whom}/{signature}/").status_code == 404

"""Finding a time: who sees it, what is counted, one booking, quiet mails."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from piiri.base.errors import Refused
from piiri.groups.tests.factories import NOW, PersonFactory, ProgrammeFactory
from piiri.meetings import actions
from piiri.meetings.models import Meeting, Poll, PollAnswer
from piiri.meetings.rules import MeetingRefusal, PollRefusal
from piiri.meetings.tests.factories import (
    STARTS,
    MeetingFactory,
    RunningGroupFactory,
    members_of,
    mentor_of,
)
from piiri.networks.models import OrganisationAdmin
from piiri.people.models import Person
from piiri.programmes.models import Break

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

MONDAY, FRIDAY = date(2027, 2, 8), date(2027, 2, 12)
ANSWER_BY = datetime(2027, 1, 25, 21, 59, tzinfo=UTC)
HOURS = {"day_from": 13, "day_to": 18}


@pytest.fixture
def office():
    return PersonFactory()


@pytest.fixture
def group(office):
    return RunningGroupFactory(programme=ProgrammeFactory(office=office, parameters=HOURS))


def ask(group, **changes):
    words = {"first_on": MONDAY, "last_on": FRIDAY, "minutes": 90, "form": "onsite", "answer_by": ANSWER_BY}
    return actions.ask_for_time(group, by=mentor_of(group), now=NOW, **words | changes)


@pytest.fixture
def poll(group):
    return ask(group, place="Library")


def at(day, hour, until):
    """Marks *works* of a day from hour to hour."""
    first = (day - MONDAY).days * 48
    return dict.fromkeys(range(first + int(hour * 2), first + int(until * 2)), "2")


def mark(poll, person, marks, **words):
    return actions.mark_times(poll, person=person, marks=marks, by=person, now=NOW, **words)


def everybody(group):
    return [mentor_of(group), *members_of(group)]


def address(poll, name="poll", **query):
    args = [poll.group.uid] if name == "new-poll" else [poll.group.uid, poll.uid]
    return reverse(f"meetings:{name}", args=args, query=query or None)


# --- doors ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "method", "expected"),
    [
        ("poll", "get", {"mentor": 200, "member": 200, "office": 403, "admin": 403}),
        ("new-poll", "get", {"mentor": 200, "member": 409, "office": 403, "admin": 403}),
        ("book", "post", {"mentor": 409, "member": 409, "office": 403, "admin": 403}),
        ("stop-poll", "post", {"mentor": 302, "member": 409, "office": 403, "admin": 403}),
    ],
)
def test_only_the_group_sees_times_and_only_its_mentor_asks_and_books(
    client, group, poll, office, name, method, expected
):
    admin = PersonFactory()
    OrganisationAdmin.objects.create(person=admin, organisation=group.programme.organisation, since=STARTS)
    cast = {
        "member": members_of(group)[0],
        "office": office,
        "admin": admin,
        "other_mentor": mentor_of(RunningGroupFactory(programme=group.programme)),
        "stranger": PersonFactory(),
        "mentor": mentor_of(group),
    }
    for who, person in cast.items():
        client.force_login(person)

        answer = getattr(client, method)(address(poll, name))

        assert (who, answer.status_code) == (who, expected.get(who, 404))


def test_any_member_of_a_group_that_runs_itself_asks_and_books(client, office):
    group = RunningGroupFactory(
        programme=ProgrammeFactory(office=office, parameters=HOURS), self_run=True, mentor=False
    )
    member = members_of(group)[1]
    client.force_login(member)
    said = {"first_on": MONDAY, "last_on": FRIDAY, "minutes": 90, "form": "onsite", "answer_on": "2027-01-25"}

    asked = client.post(reverse("meetings:new-poll", args=[group.uid]), said)
    poll = Poll.objects.get()
    booked = client.post(address(poll, "book"), {"on": "2027-02-09", "at": "14:30"})

    assert asked["Location"] == address(poll)
    assert (poll.asked_by, poll.minutes) == (member, 90)
    meeting = Meeting.objects.get()
    assert booked["Location"] == reverse("meetings:meeting", args=[meeting.uid])
    assert meeting.starts_at == STARTS


def test_the_form_begins_with_next_month_and_says_why_not(client, group):
    client.force_login(mentor_of(group))
    page = client.get(reverse("meetings:new-poll", args=[group.uid]))
    first = page.context["form"].initial

    refused = client.post(
        reverse("meetings:new-poll", args=[group.uid]),
        {**first, "first_on": "2027-02-08", "last_on": "2027-02-07", "answer_on": "2027-01-25"},
    )

    assert (first["first_on"], first["last_on"]) == (date(2027, 2, 1), date(2027, 2, 28))
    assert (first["minutes"], first["answer_on"]) == (120, date(2027, 1, 25))
    assert refused.status_code == 422
    assert "The last day lies before the first one." in refused.content.decode()


def test_marks_of_one_week_are_saved_from_the_plain_form_and_the_rest_stays(client, group, poll):
    person = members_of(group)[0]
    client.force_login(person)
    marks = {f"h{number}": mark for number, mark in at(date(2027, 2, 9), 14, 16).items()}

    client.post(address(poll), {"week": "1", **marks})
    again = client.post(address(poll), {"week": "1", "h28": "1", "go": "everyone"})

    answer = PollAnswer.objects.get()
    assert answer.person == person
    assert answer.marks[48 + 28 : 48 + 32] == "2222"
    assert (answer.marks[28], answer.marks.count("2")) == ("1", 4)
    assert again["Location"].endswith("?show=everyone")


@pytest.mark.parametrize("sent", [{"h9999": "2"}, {"h3": "7"}])
def test_what_is_no_mark_is_not_saved(client, group, poll, sent):
    client.force_login(members_of(group)[0])

    client.post(address(poll), sent)

    assert not PollAnswer.objects.exists()


def test_the_page_shows_counts_the_best_and_who_cannot_to_the_group(client, group, poll):
    mentor, ann, bo, cy = everybody(group)
    for person, name in ((mentor, "Aino Aalto"), (ann, "Ann Aho"), (bo, "Bo Berg"), (cy, "Cy Corell")):
        Person.objects.filter(pk=person.pk).update(name=name)
    tuesday = date(2027, 2, 9)
    mark(poll, mentor, at(tuesday, 14, 17))
    mark(poll, ann, at(tuesday, 14.5, 17))
    mark(poll, bo, {}, none_work=True)
    client.force_login(ann)

    page = client.get(address(poll))
    text = " ".join(page.content.decode().split())

    best = page.context["best"][0]
    assert (best.day, best.hours, best.seats) == ("Tuesday 9 February", "14.30–16.00", "mpaw")
    assert best.note == "Bo can’t; Cy has not answered"
    assert "3 of 4 answered" in text
    assert "waiting for Cy" in text
    assert "Aino confirms the time" in text
    assert "Find a time for February" in text
    assert 'aria-label="Tuesday 14.30, 2 of 4 can, you: works"' in text
    assert 'value="2" selected' in text
    assert "Book this time" not in text


def test_times_that_have_passed_are_not_among_the_best(client, group, poll, clock):
    clock.move_to(datetime(2027, 2, 10, 14, 30, tzinfo=group.programme.tz))
    client.force_login(mentor_of(group))

    best = client.get(address(poll)).context["best"]

    assert [(time.on, time.at) for time in best] == [
        ("2027-02-10", "15:00"),
        ("2027-02-10", "16:30"),
        ("2027-02-11", "13:00"),
    ]


def test_everybodys_page_says_who_can_at_one_time_and_lets_the_mentor_book_it(client, group, poll):
    mentor, ann, *_rest = everybody(group)
    mark(poll, ann, at(FRIDAY, 13, 15))
    client.force_login(mentor)

    page = client.get(address(poll, show="everyone", at=4 * 48 + 26))
    odd = [client.get(address(poll, show="everyone", at=what)).status_code for what in ("99999", "x", "0")]

    assert (page.context["looked_at"].day, page.context["looked_at"].seats) == ("Friday 12 February", "wpww")
    assert "Book this time" in page.content.decode()
    assert odd == [200] * 3


@pytest.mark.parametrize("answers", [False, True])
def test_queries_do_not_grow_with_the_people(client, office, answers):
    counted = []
    for size in (3, 1, 4):
        group = RunningGroupFactory(programme=ProgrammeFactory(office=office, parameters=HOURS), members=size)
        poll = ask(group)
        if answers:
            for person in everybody(group):
                mark(poll, person, at(MONDAY, 13, 15))
        client.force_login(mentor_of(group))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address(poll)).status_code == 200
        counted.append(len(queries))

    assert counted[1] == counted[2] <= 12


# --- deeds ------------------------------------------------------------------------------------


def test_asked_twice_it_is_one_search_and_an_old_one_makes_room(group):
    first = ask(group)

    assert ask(group) == first
    Poll.objects.update(first_on=date(2027, 1, 4), last_on=date(2027, 1, 8))
    assert ask(group) != first
    assert Poll.objects.open().count() == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"last_on": MONDAY - timedelta(days=1)}, PollRefusal.DAYS_TURNED),
        ({"last_on": MONDAY + timedelta(days=90)}, PollRefusal.TOO_MANY_DAYS),
        ({"first_on": date(2027, 1, 4), "last_on": date(2027, 1, 8)}, PollRefusal.OVER),
        ({"answer_by": NOW}, PollRefusal.TOO_LATE),
        ({"first_on": date(2027, 2, 13), "last_on": date(2027, 2, 14)}, PollRefusal.NO_DAYS),
        ({"first_on": date(2030, 2, 11), "last_on": date(2030, 2, 12)}, MeetingRefusal.OUTSIDE_YEAR),
    ],
)
def test_days_that_cannot_be_asked_for_are_refused(group, changes, reason):
    with pytest.raises(Refused) as refused:
        ask(group, **changes)

    assert refused.value.reason == reason


def test_a_cancelled_meeting_cannot_be_moved_and_cancelling_ends_the_search_for_another_time(group):
    meeting = MeetingFactory(group=group)
    poll = ask(group, moves=meeting)

    actions.cancel(meeting, by=mentor_of(group), now=NOW)

    poll.refresh_from_db()
    assert poll.ended_at == NOW
    with pytest.raises(Refused):
        ask(group, moves=meeting)


def test_booking_sets_the_meeting_and_ends_the_search_in_one(group, poll):
    mentor = mentor_of(group)

    meeting = actions.book_time(poll, on=date(2027, 2, 9), at=time(14, 30), by=mentor, now=NOW)

    poll.refresh_from_db()
    assert (meeting.starts_at, meeting.minutes, meeting.place) == (STARTS, 90, "Library")
    assert (poll.booked, poll.ended_at) == (meeting, NOW)
    with pytest.raises(Refused) as refused:
        mark(poll, mentor, {})
    assert refused.value.reason == PollRefusal.ENDED


def test_a_booking_that_fails_leaves_the_search_open(group, poll):
    MeetingFactory(group=group)
    with pytest.raises(Refused) as refused:
        actions.book_time(poll, on=date(2027, 2, 9), at=time(14, 30), by=mentor_of(group), now=NOW)

    poll.refresh_from_db()
    assert refused.value.reason == MeetingRefusal.ALREADY_THEN
    assert poll.ended_at is None


@pytest.mark.parametrize(("on", "at"), [(date(2027, 3, 9), time(14)), (date(2027, 2, 9), time(14, 10))])
def test_a_time_that_was_not_asked_for_is_not_booked(group, poll, on, at):
    with pytest.raises(Refused) as refused:
        actions.book_time(poll, on=on, at=at, by=mentor_of(group), now=NOW)

    assert refused.value.reason == PollRefusal.NOT_A_TIME


def test_moving_keeps_the_meeting_with_its_title_and_tells_calendars_of_a_change(group):
    meeting = MeetingFactory(group=group, link="https://meet.example/secret")
    poll = ask(group, moves=meeting)

    actions.book_time(poll, on=date(2027, 2, 11), at=time(15), by=mentor_of(group), now=NOW)

    moved = Meeting.objects.get()
    assert (moved.uid, moved.local_date, moved.sequence) == (meeting.uid, date(2027, 2, 11), 1)
    assert (moved.title, moved.link) == ("Messages from parents", "https://meet.example/secret")


def test_the_same_marks_twice_are_one_deed(group, poll):
    person = members_of(group)[0]
    first = mark(poll, person, at(MONDAY, 13, 15))

    again = actions.mark_times(
        poll, person=person, marks=at(MONDAY, 13, 15), by=person, now=NOW + timedelta(hours=1)
    )

    assert again.answered_at == first.answered_at
    assert mark(poll, person, {}, none_work=True).marks == "0" * 240


@pytest.mark.parametrize("marks", [{240: "2"}, {-1: "2"}, {3: "9"}])
def test_what_is_no_mark_is_an_error(group, poll, marks):
    with pytest.raises(ValueError, match="no mark"):
        mark(poll, mentor_of(group), marks)


def test_a_meeting_is_moved_from_its_own_address(client, group):
    meeting = MeetingFactory(group=group)
    client.force_login(mentor_of(group))
    page = reverse("meetings:new-poll", args=[group.uid], query={"moves": meeting.uid})

    first = client.get(page).context["form"].initial
    asked = client.post(page, {**first, "form": "onsite"})
    poll = Poll.objects.get()

    assert (first["minutes"], first["place"], first["first_on"]) == (90, "Library", date(2027, 1, 19))
    assert poll.moves == meeting
    assert "which stays where it is" in " ".join(client.get(asked["Location"]).content.decode().split())
    actions.cancel(meeting, by=mentor_of(group), now=NOW)
    assert client.get(page).status_code == 409


def test_days_without_any_open_one_still_show_a_page(client, group, poll):
    Break.objects.create(programme=group.programme, title={"en": "Fair"}, starts_on=MONDAY, ends_on=FRIDAY)
    client.force_login(members_of(group)[0])

    page = client.get(address(poll, week="7"))
    assert client.get(address(poll, week="7" * 5000)).status_code == 200

    assert page.status_code == 200
    assert "No time on these days is long enough." in page.content.decode()

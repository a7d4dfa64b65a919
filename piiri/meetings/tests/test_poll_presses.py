"""Two press at the same moment: one booking, one search, one reminder, one last answer."""

from datetime import date, time, timedelta

import pytest

from piiri.base.tests.at_once import at_once
from piiri.groups.tests.factories import NOW
from piiri.mail.models import Message
from piiri.meetings import actions
from piiri.meetings.models import Meeting, Poll, PollAnswer
from piiri.meetings.tests.factories import MeetingFactory, RunningGroupFactory, members_of, mentor_of
from piiri.meetings.tests.test_polls import ANSWER_BY, FRIDAY, MONDAY, ask

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]


def fresh(poll):
    return Poll.objects.select_related("group__programme", "moves__group__programme", "asked_by").get(
        pk=poll.pk
    )


@pytest.mark.parametrize("moved", [False, True])
def test_of_two_who_book_at_once_one_wins(moved):
    group = RunningGroupFactory()
    poll = ask(group, moves=MeetingFactory(group=group) if moved else None)
    mentor = mentor_of(group)

    def book(hour):
        actions.book_time(fresh(poll), on=date(2027, 2, 10), at=time(hour), by=mentor, now=NOW)

    assert sum(at_once(book, [9, 11, 13, 15])) == 1
    assert Meeting.objects.count() == 1
    assert Poll.objects.get().booked == Meeting.objects.get()


def test_of_one_who_books_and_one_who_moves_by_hand_at_once_one_wins():
    group = RunningGroupFactory()
    poll, mentor = ask(group, moves=MeetingFactory(group=group)), mentor_of(group)
    search, here = fresh(poll), Meeting.objects.get()
    facts = {"by": mentor, "now": NOW}

    def press(way):
        if way == "book":
            actions.book_time(search, on=date(2027, 2, 10), at=time(9), **facts)
        else:
            actions.change(here, on=date(2027, 2, 11), at=time(15), minutes=90, form="onsite", **facts)

    assert at_once(press, ["book", "move"]).count(True) == 1
    assert Poll.objects.get().booked == Meeting.objects.get(sequence=1)


def test_asked_for_twice_at_once_it_is_one_search():
    group = RunningGroupFactory()

    assert all(at_once(lambda _n: ask(group), range(4)))
    assert Poll.objects.count() == 1


def test_workers_that_sweep_together_ask_and_remind_everybody_once():
    group = RunningGroupFactory()
    ask(group)

    at_once(lambda _n: actions.ask_due(now=NOW), range(3))
    at_once(lambda _n: actions.ask_due(now=ANSWER_BY - timedelta(hours=2)), range(3))

    kinds = list(Message.objects.values_list("kind", flat=True))
    assert kinds.count("meetings/email/asked_for_times") == 3
    assert kinds.count("meetings/email/times_reminder") == 4


def test_when_the_last_ones_answer_together_the_mentor_hears_once():
    group = RunningGroupFactory()
    poll = ask(group)

    def answer(person):
        actions.mark_times(fresh(poll), person=person, marks={30: "2"}, by=person, now=NOW)

    people = [mentor_of(group), *members_of(group)]
    assert all(at_once(answer, people))
    assert Message.objects.filter(kind="meetings/email/all_answered").count() == 1
    assert all(at_once(answer, [people[0]] * 3))
    assert PollAnswer.objects.count() == 4


def test_the_year_set_twice_at_once_is_set_once():
    group = RunningGroupFactory()
    mentor = mentor_of(group)

    def set_all(_number):
        actions.schedule_year(
            group, days=[MONDAY, FRIDAY], at=time(14), minutes=90, form="onsite", by=mentor, now=NOW
        )

    assert all(at_once(set_all, range(3)))
    assert Meeting.objects.count() == 2

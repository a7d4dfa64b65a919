"""A group looks for a time: somebody asks, everybody marks, one books. Mails: one to ask, one to remind."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.groups.models import Group
from piiri.mail import actions as mail
from piiri.meetings import rules
from piiri.meetings.actions.scheduling import change, end_search, moment, schedule
from piiri.meetings.finder import NO
from piiri.meetings.models import Asked, Meeting, Poll, PollAnswer
from piiri.meetings.queries import polls
from piiri.meetings.rules import PollRefusal
from piiri.people.models import Person

A_SWEEP = 200


@transaction.atomic
def ask_for_time(
    group: Group,
    *,
    first_on: date,
    last_on: date,
    minutes: int,
    form: str,
    answer_by: datetime,
    by: Person,
    now: datetime,
    place: str = "",
    moves: Meeting | None = None,
) -> Poll:
    """Ask the group for times on these days, for a new meeting or for one to be moved.

    The mails are sent by the sweep (`ask_due`). An open poll for the same is returned as it is: pressed
    twice is once. One whose days are over ends. A meeting that is to be moved stands until a time is booked.

    Raises Refused with a PollRefusal or a MeetingRefusal.
    """
    moment(group, on=first_on, at=time(12))
    if moves and (reason := rules.why_not_move(moves)):
        raise Refused(reason)
    dates: dict[str, Any] = {"first_on": first_on, "last_on": last_on, "answer_by": answer_by}
    if why := rules.why_not_ask(group.programme, **dates, now=now):
        raise Refused(why)
    if not polls.frame_of(group, first_on, last_on).days:
        raise Refused(PollRefusal.NO_DAYS)
    same = Poll.objects.open().filter(group=group, moves=moves)
    same.filter(last_on__lt=now.astimezone(group.programme.tz).date()).update(ended_at=now)
    facts: dict[str, Any] = {"minutes": minutes, "form": form, "place": place}
    poll = Poll(group=group, moves=moves, asked_by=by, asked_at=now, **dates, **facts)
    try:
        with transaction.atomic():
            poll.save()
    except IntegrityError:
        return same.get()
    audit.record("time_asked", by=by, about=poll, now=now, place=group.uid)
    return poll


@transaction.atomic
def mark_times(
    poll: Poll,
    *,
    person: Person,
    marks: Mapping[int, str],
    by: Person,
    now: datetime,
    none_work: bool = False,
) -> PollAnswer:
    """Save what the person marked: digits (0 no, 1 if needed, 2 works) by half hour; others stay as they are.

    `none_work`: no time within these days does. The same twice is once. When the last one has answered,
    whoever asked hears of it; the lock on the poll lets only one be the last.

    Raises Refused with a PollRefusal; ValueError for what is no mark.
    """
    here = Poll.objects.select_for_update().get(pk=poll.pk)
    poll.ended_at = here.ended_at
    if reason := rules.why_not_answer_poll(poll, now=now):
        raise Refused(reason)
    before = PollAnswer.objects.filter(poll=poll, person=person).first()
    line = list(before.marks if before else known_before(poll, person))
    for number, mark in marks.items():
        if mark not in ("0", "1", "2") or not 0 <= number < len(line):
            raise ValueError("no mark of this poll")
        line[number] = mark
    said = NO * len(line) if none_work else "".join(line)
    if before and (before.marks, before.none_work) == (said, none_work):
        return before
    values = {"marks": said, "none_work": none_work, "answered_at": now}
    answer, new = PollAnswer.objects.update_or_create(poll=poll, person=person, defaults=values)
    audit.record("times_marked", by=by, about=poll, now=now, place=poll.group.uid)
    if new:
        tell_when_all_have(poll, now=now)
    return answer


def known_before(poll: Poll, person: Person) -> str:
    """What stands in the days that the person has not looked at yet: their usual times."""
    me = [sitter for sitter in polls.sitting(poll.group, you=person) if sitter.you]
    table = polls.table_of(poll.group, me, poll.first_on, poll.last_on, said={}, without=poll.moves_id)
    return table.mine


def tell_when_all_have(poll: Poll, *, now: datetime) -> None:
    """Mail whoever asked, once nobody is waited for any more."""
    sitting = {sitter.key for sitter in polls.sitting(poll.group)}
    answered = set(PollAnswer.objects.filter(poll=poll).values_list("person", flat=True))
    if poll.asked_by and poll.asked_by_id in sitting and sitting <= answered:
        mail.post("meetings/email/all_answered", to=poll.asked_by, about=poll, now=now, link=page_of(poll))


@transaction.atomic
def book_time(poll: Poll, *, on: date, at: time, by: Person, now: datetime) -> Meeting:
    """End the poll by a meeting at this time: a new one, or the one to be moved. All or nothing.

    Of two who book at once one wins; the other is refused with ENDED. Calendars are told by the sweep.

    Raises Refused with a PollRefusal or a MeetingRefusal.
    """
    if reason := rules.why_not_book(poll, on=on, at=at):
        raise Refused(reason)
    end(poll, now=now)
    facts: dict[str, Any] = {"on": on, "at": at, "minutes": poll.minutes, "form": poll.form}
    facts |= {"place": poll.place, "by": by, "now": now}
    if poll.moves:
        poll.booked = change(poll.moves, title=poll.moves.title, link=poll.moves.link, **facts)
    else:
        poll.booked = schedule(poll.group, **facts)
    Poll.objects.filter(pk=poll.pk).update(booked=poll.booked)
    audit.record("time_booked", by=by, about=poll, now=now, place=poll.group.uid, meeting=poll.booked.uid)
    return poll.booked


@transaction.atomic
def stop_asking(poll: Poll, *, by: Person, now: datetime) -> None:
    """End the poll without a meeting; one that was to be moved stays where it is. Raises Refused: ENDED."""
    end(poll, now=now)
    audit.record("time_not_found", by=by, about=poll, now=now, place=poll.group.uid)


def end(poll: Poll, *, now: datetime) -> None:
    """End an open poll, or say that somebody else has: Refused with ENDED."""
    if not end_search(poll, now=now):
        raise Refused(PollRefusal.ENDED)


# --- mails ------------------------------------------------------------------------------------


def ask_due(*, now: datetime) -> int:
    """Tell up to 200 people that their group looks for a time, or remind them; how many mails. A sweep."""
    pairs = polls.to_ask(now, A_SWEEP)
    rows = Poll.objects.select_related("group__programme", "moves").in_bulk({poll for poll, _person in pairs})
    people = Person.objects.in_bulk({person for _poll, person in pairs})
    told = sum(ask(rows[poll], person=people[person], now=now) for poll, person in pairs)
    told += sum(remind(asked, now=now) for asked in polls.to_remind(now, A_SWEEP))
    if told:
        audit.record("times_asked_for", by=None, about=None, now=now, number=told)
    return told


@transaction.atomic
def ask(poll: Poll, *, person: Person, now: datetime) -> bool:
    """Claim and post the one mail that asks; False when somebody already did. Whoever asks gets none.

    A poll that has ended since it was read is left alone: the lock keeps it from ending in between.
    """
    if not Poll.objects.select_for_update().filter(pk=poll.pk, ended_at=None):
        return False
    _row, new = Asked.objects.get_or_create(poll=poll, person=person, defaults={"asked_at": now})
    if not new or person.pk == poll.asked_by_id:
        return False
    post("asked_for_times", poll, person=person, now=now)
    return True


@transaction.atomic
def remind(asked: Asked, *, now: datetime) -> bool:
    """Claim and post the one reminder; False when somebody did, or the person has answered meanwhile."""
    said = PollAnswer.objects.filter(poll=OuterRef("poll"), person=OuterRef("person"))
    still = Asked.objects.filter(~Exists(said), Q(poll__ended_at=None), pk=asked.pk, reminded_at=None)
    if Asked.objects.filter(pk__in=still.values("pk"), reminded_at=None).update(reminded_at=now) != 1:
        return False
    sits = any(sitter.key == asked.person_id for sitter in polls.sitting(asked.poll.group))
    if sits:
        post("times_reminder", asked.poll, person=asked.person, now=now)
    return sits


def post(kind: str, poll: Poll, *, person: Person, now: datetime) -> None:
    """One mail in neutral words: which days, how long, until when. Nothing of what the group is about."""
    zone = poll.group.programme.zone
    mail.post(
        f"meetings/email/{kind}",
        to=person,
        about=poll,
        now=now,
        link=page_of(poll),
        first=poll.first_on.isoformat(),
        last=poll.last_on.isoformat(),
        minutes=poll.minutes,
        answer_by=poll.answer_by.isoformat(),
        zone=zone,
        moves_at=poll.moves.starts_at.isoformat() if poll.moves else "",
    )


def page_of(poll: Poll) -> str:
    """Where one marks and books."""
    return f"/groups/{poll.group.uid}/times/{poll.uid}/"

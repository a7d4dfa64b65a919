"""Signs become nudges: mentors hear first, the office later; and the office gets one mail on Mondays."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.desk import queries, rules, signs
from piiri.desk.models import Nudge, RollUp
from piiri.desk.queries import nudging
from piiri.desk.signs import Sign
from piiri.groups.models import Group
from piiri.mail import actions as mail
from piiri.people.models import Person
from piiri.programmes.models import Programme

NUDGE_MAIL, MONDAY_MAIL = "desk/email/nudge", "desk/email/monday"


def look_for_signs(*, now: datetime) -> int:
    """Look once a working day into every running programme; return how many were looked into.

    Never in the evening, at night, at weekends, on holidays and in breaks. What holds is counted before
    the transaction begins, so that nobody waits for it.
    """
    done = 0
    for row in nudging.to_look_into(now):
        standings = queries.standings(row.programme, now=now)
        done += look_into(row, held=nudging.signs_in(row.programme, standings, now=now), now=now)
    return done


@transaction.atomic
def look_into(row: RollUp, *, held: dict[int, list[Sign]], now: datetime) -> bool:
    """End the nudges whose sign is gone, begin new ones, tell mentors and the office what is due.

    False when another worker has looked today.
    """
    programme, today = row.programme, now.astimezone(row.programme.tz).date()
    if RollUp.objects.filter(pk=row.pk).exclude(looked_on=today).update(looked_on=today) != 1:
        return False
    counts = {
        "ended": end_nudges(programme, held, now=now),
        "begun": begin_nudges(programme, held, now=now),
        "mentors": tell_mentors(programme, now=now),
        "office": tell_office(programme, now=now),
    }
    if any(counts.values()):
        audit.record("signs_looked_for", by=None, about=programme, now=now, place=programme.uid, **counts)
    return True


def end_nudges(programme: Programme, held: dict[int, list[Sign]], *, now: datetime) -> int:
    """A part of looking: what holds no more ends, and nobody hears of it."""
    rows = Nudge.objects.open().filter(group__programme=programme)
    gone = [
        pk for pk, group, sign in rows.values_list("pk", "group", "sign") if sign not in held.get(group, ())
    ]
    return Nudge.objects.open().filter(pk__in=gone).update(ended_at=now)


def begin_nudges(programme: Programme, held: dict[int, list[Sign]], *, now: datetime) -> int:
    """A part of looking: a row for each sign that has none."""
    rows = Nudge.objects.open().filter(group__programme=programme)
    known = set(rows.values_list("group", "sign"))
    new = [
        Nudge(group_id=group, sign=sign, opened_at=now)
        for group, found in held.items()
        for sign in found
        if (group, sign) not in known
    ]
    Nudge.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    return len(new)


def tell_mentors(programme: Programme, *, now: datetime) -> int:
    """A part of looking: one mail for all that is new in a group, at most one a week; how many groups.

    Where nobody sees to the meetings there is nobody to hear first: then the office does at once.
    """
    here = Nudge.objects.filter(group__programme=programme)
    lately = here.filter(told_mentor_at__gt=now - signs.OFFICE_AFTER).values("group")
    due = here.open().filter(told_mentor_at=None).exclude(group__in=lately)
    found: dict[Group, list[Nudge]] = {}
    for nudge in due.select_related("group__programme").order_by("group", "pk"):
        found.setdefault(nudge.group, []).append(nudge)
    people = nudging.mentors_to_tell(group.pk for group in found)
    for group, nudges in found.items():
        told = people.get(group.pk, [])
        office = None if told else now
        keys = [nudge.pk for nudge in nudges]
        Nudge.objects.filter(pk__in=keys).update(told_mentor_at=now, told_office_at=office)
        for person in told:
            post_nudge(group, person=person, held=[nudge.sign for nudge in nudges], now=now)
    return len(found)


def post_nudge(group: Group, *, person: Person, held: Collection[str], now: datetime) -> None:
    """A part of looking: the mail says which signs, and nothing of what the group is about."""
    link = f"/groups/{group.uid}/signs/"
    mail.post(
        NUDGE_MAIL,
        to=person,
        about=group,
        of=group.programme,
        now=now,
        again=False,
        link=link,
        signs=list(held),
    )


def tell_office(programme: Programme, *, now: datetime) -> int:
    """A part of looking: what mentors have heard of for a week, and nobody has silenced."""
    rows = Nudge.objects.open().filter(group__programme=programme, told_office_at=None)
    due = rows.filter(told_mentor_at__lte=now - signs.OFFICE_AFTER).exclude(silenced_until__gt=now)
    return due.update(told_office_at=now)


@transaction.atomic
def silence_nudge(nudge: Nudge, *, why: str, word: str = "", by: Person, now: datetime) -> Nudge:
    """Put a nudge aside for 30 days, with a reason the office reads. Raises Refused when it has ended."""
    here = Nudge.objects.open().filter(pk=nudge.pk)
    until = now + signs.SILENT_FOR
    if here.update(silenced_until=until, silenced_why=why, silenced_word=word) != 1:
        raise Refused(rules.NudgeRefusal.ENDED)
    nudge.refresh_from_db()
    audit.record("nudge_silenced", by=by, about=nudge, now=now, place=nudge.group.uid, sign=nudge.sign)
    return nudge


# --- Mondays ----------------------------------------------------------------------------------


def write_on_mondays(*, now: datetime) -> int:
    """Write to the offices on Mondays from eight o'clock on; return to how many programmes' offices."""
    done = 0
    for row in nudging.roll_ups_of_running():
        monday = signs.monday_of(now, tz=row.programme.tz)
        if monday and row.monday_on != monday:
            done += write_to_office(row, now=now)
    return done


@transaction.atomic
def write_to_office(row: RollUp, *, now: datetime) -> bool:
    """One mail to each coordinator with at most three things to do; none when there is nothing.

    False when another worker has written, when nothing needs the office, and in breaks.
    """
    programme, monday = row.programme, now.astimezone(row.programme.tz).date()
    if RollUp.objects.filter(pk=row.pk).exclude(monday_on=monday).update(monday_on=monday) != 1:
        return False
    if nudging.rests(programme, monday):
        return False
    survey = queries.current_survey(programme, now=now)
    todo = rules.three_actions(survey.reasons, stopped=survey.figures.stopped)
    if not todo:
        return False
    link, title = f"/office/{programme.uid}/", programme.title
    for person in nudging.coordinators(programme):
        mail.post(
            MONDAY_MAIL,
            to=person,
            about=programme,
            of=programme,
            now=now,
            again=False,
            link=link,
            programme=title,
            todo=todo,
        )
    audit.record(
        "office_written_to", by=None, about=programme, now=now, place=programme.uid, things=len(todo)
    )
    return True

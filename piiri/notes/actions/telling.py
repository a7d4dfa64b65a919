"""Telling people that there is something new: one neutral mail a morning, and none to who has looked."""

from datetime import datetime

from django.db import transaction

from piiri.audit import actions as audit
from piiri.groups.models import Group
from piiri.mail import actions as mail
from piiri.notes import queries, rules
from piiri.notes.models import Look
from piiri.people.models import Person


def note_news(group: Group, *, by: Person, now: datetime) -> None:
    """Let the next morning's mail be due for everybody else of the group who wants one and waits for none."""
    others = queries.readers_of(group) - {by.pk}
    Look.objects.bulk_create(
        [Look(group=group, person_id=person) for person in sorted(others)], ignore_conflicts=True
    )
    idle = Look.objects.filter(group=group, person__in=others, wants_mail=True, due_at=None)
    due_at = rules.next_morning(now, zone=group.programme.tz)
    idle.update(due_at=due_at, done_at=None, attempts=0, leased_until=None)


@transaction.atomic
def look(group: Group, *, person: Person, by: Person, now: datetime) -> None:
    """Remember that the person has read what is new, and take back the mail that would have told of it."""
    row, _made = Look.objects.get_or_create(group=group, person=person)
    Look.objects.filter(pk=row.pk).update(looked_at=now, due_at=None)
    mail.withdraw(row, now=now)


@transaction.atomic
def choose_mail(group: Group, *, wanted: bool, by: Person, now: datetime) -> None:
    """Switch one's own mails about the group on or off. Twice is once."""
    Look.objects.get_or_create(group=group, person=by)
    Look.objects.filter(group=group, person=by).update(wants_mail=wanted, due_at=None)
    audit.record("news_mail_chosen", by=by, about=by, now=now, place=group.uid, wanted=int(wanted))


def tell(row: Look, *, now: datetime) -> None:
    """Post the mail that is due, unless its reason has gone: the person has looked, left or is paused.

    At most one a day: what came after today's mail waits for the next morning.
    """
    zone = row.group.programme.tz
    today = now.astimezone(zone).date()
    wanted = row.wants_mail and row.person_id in queries.readers_of(row.group)
    if not wanted or not queries.has_news(row.group, row.person_id):
        Look.objects.filter(pk=row.pk).update(due_at=None)
        return
    if row.mailed_on == today or rules.is_quiet(now, zone=zone):
        Look.objects.filter(pk=row.pk).update(due_at=rules.next_morning(now, zone=zone))
        return
    Look.objects.filter(pk=row.pk).update(due_at=None, mailed_on=today)
    mail.post("notes/email/news", to=row.person, about=row, now=now, link=f"/groups/{row.group.uid}/between/")

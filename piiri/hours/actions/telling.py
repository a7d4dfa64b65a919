"""Line managers hear of dates that are new, moved or off: one mail a working morning at most."""

from datetime import datetime, timedelta

from django.db import transaction

from piiri.audit import actions as audit
from piiri.enrolments import links
from piiri.enrolments import rules as enrolment_rules
from piiri.hours import queries, rules
from piiri.hours.models import DateDigest, ToldDate
from piiri.mail import actions as mail
from piiri.programmes import queries as programme_queries
from piiri.programmes.models import Programme

A_SWEEP = 500
TOLD = ["starts_at", "minutes", "before_at", "before_minutes", "sequence", "cancelled_at", "told_at"]


def morning_after(programme: Programme, *, now: datetime) -> datetime:
    """Seven o'clock of the next working day in the programme's zone."""
    today = now.astimezone(programme.tz).date()
    holidays = programme_queries.holidays_between(programme, today, today + timedelta(days=21))
    return rules.next_morning(now, tz=programme.tz, closed={holiday.day for holiday in holidays})


@transaction.atomic
def begin_digests(*, now: datetime) -> int:
    """Give every new line manager their first morning; how many those were."""
    managers = queries.undigested(A_SWEEP)
    if not managers:
        return 0
    DateDigest.objects.bulk_create(
        (DateDigest(manager=one, due_at=morning_after(one.programme, now=now)) for one in managers),
        ignore_conflicts=True,
    )
    audit.record("digests_begun", by=None, about=None, now=now, number=len(managers))
    return len(managers)


@transaction.atomic
def tell_dates(digest: DateDigest, *, now: datetime) -> bool:
    """Tell a line manager in one mail what is new about the dates of their staff; False when nothing is.

    The digest is due again on the next working morning, and never again once the year is over. Whoever
    was slower than another worker does nothing: the moment it was due decides.
    """
    programme = digest.manager.programme
    over = enrolment_rules.stage(programme, now=now) == enrolment_rules.Stage.OVER
    following = None if over else morning_after(programme, now=now)
    here = DateDigest.objects.filter(pk=digest.pk, due_at=digest.due_at, done_at=None)
    if here.update(due_at=following, attempts=0) != 1:
        return False
    news = [] if over else queries.news_for(digest.manager, now=now)
    if not news:
        return False
    remember(news, now=now)
    DateDigest.objects.filter(pk=digest.pk).update(told_at=now)
    post(digest, news, now=now)
    audit.record("dates_told", by=None, about=digest.manager, now=now, place=programme.uid, people=len(news))
    return True


def remember(news: list[queries.News], *, now: datetime) -> None:
    """Keep what is being told, and what it was before; one statement for any number of dates."""
    rows = [
        ToldDate(
            approval=one.approval,
            thing=change.thing,
            starts_at=change.starts_at,
            minutes=change.minutes,
            before_at=change.before_at,
            before_minutes=change.before_minutes or None,
            sequence=change.sequence,
            cancelled_at=now if change.kind == "off" else None,
            told_at=now,
        )
        for one in news
        for change in one.changes
    ]
    ToldDate.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["approval", "thing"], update_fields=TOLD, batch_size=500
    )


def post(digest: DateDigest, news: list[queries.News], *, now: datetime) -> None:
    """The mail: people, days and hours, in the manager's language; nothing of groups."""
    manager = digest.manager
    mail.post(
        "hours/email/manager_dates",
        to=manager,
        about=manager,
        now=now,
        link=links.manager_path(manager),
        programme=manager.programme.title,
        zone=manager.programme.zone,
        changes=sum(len(one.changes) for one in news),
        staff=[[one.name, one.ended, [words_of(change) for change in one.changes]] for one in news],
    )


def words_of(change: queries.Change) -> list[str]:
    """Kind, start, end, and start and end as they were (or nothing)."""
    before = change.before_at
    ends_at = change.starts_at + timedelta(minutes=change.minutes)
    was_to = before + timedelta(minutes=change.before_minutes) if before else None
    moments = (change.starts_at, ends_at, before, was_to)
    return [change.kind, *(moment.isoformat() if moment else "" for moment in moments)]


@transaction.atomic
def put_off_digest(digest: DateDigest, *, now: datetime) -> None:
    """After its last try: the next morning tells what this one could not."""
    programme = digest.manager.programme
    DateDigest.objects.filter(pk=digest.pk).update(due_at=morning_after(programme, now=now), attempts=0)
    audit.record("dates_put_off", by=None, about=digest.manager, now=now, place=programme.uid)

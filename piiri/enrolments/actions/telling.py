"""Telling somebody that they have a place, and when to come."""

from datetime import datetime
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation

from piiri.base import ics
from piiri.enrolments import queries
from piiri.enrolments.models import Application
from piiri.enrolments.queries import NextDate
from piiri.groups.models import Group
from piiri.mail import actions as mail
from piiri.people.models import Person
from piiri.programmes.models import Programme


def tell_placed(application: Application, *, group: Group, now: datetime) -> None:
    """A part of the deed that gives a place: one mail with the next date as a calendar file.

    Late joiners are told the next date, not the first. Costs the mail's INSERT and at most one query more,
    when `application` has its person and its programme with the organisation.
    """
    programme, person = application.programme, application.person
    date = queries.next_date(group, programme=programme, now=now, kept=queries.KEPT_FOR_DEEDS)
    mail.post(
        queries.PLACE_MAIL,
        to=person,
        about=application,
        now=now,
        link=f"/groups/{group.uid}/",
        ics=ics_of(date, group=group, programme=programme, person=person, now=now) if date else None,
        **queries.place_words(group, programme=programme, date=date),
    )


def ics_of(date: NextDate, *, group: Group, programme: Programme, person: Person, now: datetime) -> str:
    """The calendar file in the person's language: what calendars show others is neutral."""
    with translation.override(person.language):
        summary, organiser = str(date.title) or queries.own_meeting(), str(programme.organisation)
    told = ics.Entry(
        uid=f"{date.uid}@{urlsplit(settings.ORIGIN).hostname or 'localhost'}",
        starts_at=date.starts_at,
        ends_at=date.ends_at,
        zone=programme.zone,
        summary=summary,
        place=date.place,
        url=f"{settings.ORIGIN}/groups/{group.uid}/",
        organiser=(parseaddr(settings.MAIL_FROM)[1], organiser),
        reader=person.email,
        sequence=0,
        stamp=now,
    )
    return ics.calendar_text([told], method=ics.REQUEST)


def tell_received(application: Application, *, now: datetime) -> None:
    """The mail that says that it is here, and where it stands."""
    programme = application.programme
    mail.post(
        "enrolments/email/received",
        to=application.person,
        about=application,
        now=now,
        again=True,
        link=f"/applications/{application.uid}/",
        programme=programme.title,
        closes_at=programme.enrol_closes_at.isoformat(),
        answers_by=programme.answers_by.isoformat(),
        state=str(application.state),
    )

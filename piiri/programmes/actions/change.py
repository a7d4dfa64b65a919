"""Words, parameters, themes, days and joint events of a programme are changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.base.fields import Translations
from piiri.networks import rules as network_rules
from piiri.people.models import Person
from piiri.programmes import queries, rules
from piiri.programmes.models import Break, Employer, Event, EventSession, Programme, Question, Theme
from piiri.programmes.parameters import Rules
from piiri.programmes.rules import StateRefusal
from piiri.programmes.written import (
    About,
    BreakText,
    Dates,
    PageText,
    QuestionText,
    SessionText,
    ThemeText,
)

LAST_MINUTE = time(23, 59)


def refuse_change(programme: Programme) -> None:
    """Raise Refused when the programme is closed or its organisation suspended."""
    if reason := rules.why_not_edit(programme) or network_rules.why_not_change(programme.organisation):
        raise Refused(reason)


def moments(programme: Programme, *, opens: date, closes: date) -> tuple[datetime, datetime]:
    """The moments enrolment opens and closes: midnight, and the last minute of the day, local time."""
    zone = programme.tz
    return (
        datetime.combine(opens, time(0), zone).astimezone(UTC),
        datetime.combine(closes, LAST_MINUTE, zone).astimezone(UTC),
    )


def write_about(programme: Programme, *, about: About) -> None:
    """Put the words onto the row and save it, a new one too."""
    programme.title, programme.lead = about.title, about.lead
    programme.languages = list(about.languages)
    programme.contact_name, programme.contact_address = about.contact_name, about.contact_address
    programme.takes_private = about.takes_private
    programme.takes_without_employer = about.takes_without_employer
    programme.save()
    Employer.objects.filter(programme=programme).exclude(organisation__in=about.employers).delete()
    for pk in about.employers:
        Employer.objects.get_or_create(programme=programme, organisation_id=pk)


@transaction.atomic
def describe_programme(programme: Programme, *, about: About, by: Person, now: datetime) -> None:
    """Change the words of a programme and whose staff it serves. Raises Refused when closed."""
    refuse_change(programme)
    write_about(programme, about=about)
    audit.record("programme_described", by=by, about=programme, now=now, place=programme.uid)


@transaction.atomic
def set_parameters(programme: Programme, *, values: Mapping[str, Any], by: Person, now: datetime) -> None:
    """Set parameters; those not named keep their value. Only what differs from the default is stored.

    Raises Refused with a ParameterRefusal when they do not go together, with a StateRefusal when the
    programme is closed, or published as groups and now pairs.
    """
    wanted = Rules.of(programme.parameters | dict(values))
    if reason := rules.why_not_set(programme, wanted):
        raise Refused(reason)
    refuse_change(programme)
    defaults = asdict(Rules())
    programme.parameters = {name: value for name, value in asdict(wanted).items() if value != defaults[name]}
    programme.save(update_fields=["parameters"])
    audit.record("parameters_set", by=by, about=programme, now=now, place=programme.uid)


@transaction.atomic
def write_themes(programme: Programme, *, themes: Iterable[ThemeText], by: Person, now: datetime) -> None:
    """Make the programme's themes these, in this order; one that is left out is removed.

    Raises Refused with THEME_IN_USE when groups or wishes stand under a removed one.
    """
    refuse_change(programme)
    existing = {theme.uid: theme for theme in queries.themes(programme)}
    kept: set[str] = set()
    for order, written in enumerate(themes):
        theme = existing.get(written.uid) or Theme(programme=programme)
        theme.title, theme.text, theme.hue = written.title, written.text, written.hue
        theme.sensitive, theme.order = written.sensitive, order
        theme.save()
        kept.add(theme.uid)
    try:
        for uid in existing.keys() - kept:
            existing[uid].delete()
    except ProtectedError:
        raise Refused(StateRefusal.THEME_IN_USE) from None
    audit.record("themes_written", by=by, about=programme, now=now, place=programme.uid, themes=len(kept))


@transaction.atomic
def write_words(
    programme: Programme, *, page: PageText, questions: Iterable[QuestionText], by: Person, now: datetime
) -> None:
    """Set the page's own words, and make its questions these, in this order. Raises Refused when closed."""
    refuse_change(programme)
    for name, text in vars(page).items():
        setattr(programme, name, text)
    programme.save(update_fields=list(vars(page)))
    existing = {question.uid: question for question in queries.questions(programme)}
    kept: set[str] = set()
    for order, written in enumerate(questions):
        question = existing.get(written.uid) or Question(programme=programme)
        question.question, question.answer, question.order = written.question, written.answer, order
        question.save()
        kept.add(question.uid)
    queries.questions(programme).exclude(uid__in=kept).delete()
    audit.record("words_written", by=by, about=programme, now=now, place=programme.uid, questions=len(kept))


@transaction.atomic
def write_dates(
    programme: Programme, *, dates: Dates, breaks: Iterable[BreakText], by: Person, now: datetime
) -> None:
    """Set the days of the year, and make its breaks these. Raises Refused when closed."""
    refuse_change(programme)
    programme.starts_on, programme.ends_on, programme.answers_by = (
        dates.starts_on,
        dates.ends_on,
        dates.answers_by,
    )
    programme.enrol_opens_at, programme.enrol_closes_at = moments(
        programme, opens=dates.enrol_opens, closes=dates.enrol_closes
    )
    programme.save(update_fields=["starts_on", "ends_on", "answers_by", "enrol_opens_at", "enrol_closes_at"])
    queries.breaks(programme).delete()
    Break.objects.bulk_create(
        Break(programme=programme, title=each.title, starts_on=each.starts_on, ends_on=each.ends_on)
        for each in breaks
    )
    audit.record("dates_written", by=by, about=programme, now=now, place=programme.uid)


@transaction.atomic
def write_event(
    programme: Programme,
    *,
    kind: str,
    title: Translations,
    text: Translations,
    counts_hours: bool,
    sessions: Sequence[SessionText],
    by: Person,
    now: datetime,
    event: Event | None = None,
) -> Event:
    """Make a joint event, or change `event`, with exactly these sessions.

    Raises Refused with EVENT_IN_USE when somebody has been at a session that is left out.
    """
    refuse_change(programme)
    event = event or Event(programme=programme)
    event.kind, event.title, event.text, event.counts_hours = kind, title, text, counts_hours
    event.save()
    existing = {session.uid: session for session in event.sessions.all()}
    kept = set()
    for written in sessions:
        session = existing.get(written.uid) or EventSession(event=event)
        session.starts_at, session.minutes = written.starts_at, written.minutes
        session.place, session.link = written.place, written.link
        session.save()
        kept.add(session.uid)
    _remove(existing[uid] for uid in existing.keys() - kept)
    audit.record("event_written", by=by, about=event, now=now, place=programme.uid, kind=kind)
    return event


@transaction.atomic
def remove_event(event: Event, *, by: Person, now: datetime) -> None:
    """Take a joint event out of the year. Raises Refused with EVENT_IN_USE when somebody has been there."""
    refuse_change(event.programme)
    audit.record("event_removed", by=by, about=event, now=now, place=event.programme.uid)
    _remove([event])


def _remove(rows: Iterable[Event | EventSession]) -> None:
    try:
        for row in rows:
            row.delete()
    except ProtectedError:
        raise Refused(StateRefusal.EVENT_IN_USE) from None

"""A programme is made from a preset, published, closed, and copied to the next year."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.utils.text import slugify

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.base.fields import Translations
from piiri.mail import actions as mail
from piiri.networks import rules as network_rules
from piiri.networks.models import Organisation
from piiri.people.models import Person
from piiri.programmes import queries, rules
from piiri.programmes.actions.change import moments, refuse_change, write_about
from piiri.programmes.models import (
    Break,
    Coordinator,
    Employer,
    Event,
    EventSession,
    Programme,
    Question,
    Theme,
)
from piiri.programmes.presets import (
    EventIdea,
    Preset,
    YearPlan,
    a_year_later,
    break_a_year_later,
    year_plan,
    years,
)
from piiri.programmes.rules import StateRefusal
from piiri.programmes.written import About

State = Programme.State


def _free_slug(organisation: Organisation, wanted: str) -> str:
    # Holds the organisation's row, so that two presses are counted one after the other.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    slug, number = wanted[:56], 1
    taken = set(Programme.objects.filter(organisation=organisation).values_list("slug", flat=True))
    while slug in taken:
        number += 1
        slug = f"{wanted[:56]}-{number}"
    return slug


@transaction.atomic
def create_programme(
    organisation: Organisation, *, preset: Preset, year: int, about: About, by: Person, now: datetime
) -> Programme:
    """Make a draft from a preset, with its words, parameters, themes, dates, breaks and joint events.

    `year` is the one in which enrolment opens. Whoever already coordinates a programme of the
    organisation coordinates the new one too; an administrator needs no role in it.

    Raises Refused when the organisation is suspended.
    """
    if reason := network_rules.why_not_change(organisation):
        raise Refused(reason)
    plan = year_plan(preset, year)
    programme = Programme(
        organisation=organisation,
        preset=preset.code,
        slug=_free_slug(organisation, slugify(f"{preset.slug}-{plan.years}".replace("–", "-"))),
        parameters=dict(preset.parameters),
        starts_on=plan.starts,
        ends_on=plan.ends,
        answers_by=plan.answers_by,
        created_at=now,
    )
    programme.enrol_opens_at, programme.enrol_closes_at = moments(
        programme, opens=plan.enrol_opens, closes=plan.enrol_closes
    )
    programme.what = preset.page.what
    programme.for_me, programme.for_employer = preset.page.for_me, preset.page.for_employer
    write_about(programme, about=about)
    _furnish(programme, preset, plan)
    if Coordinator.objects.filter(programme__organisation=organisation, person=by).exists():
        Coordinator.objects.create(programme=programme, person=by, since=now)
    audit.record(
        "programme_created", by=by, about=programme, now=now, place=programme.uid, preset=preset.code
    )
    return programme


def _furnish(programme: Programme, preset: Preset, plan: YearPlan) -> None:
    """Give a new draft the questions, themes, breaks and events of its preset."""
    _ask(programme, preset.page.questions)
    Theme.objects.bulk_create(
        Theme(
            programme=programme,
            title=idea.title,
            text=idea.text,
            hue=idea.hue,
            order=order,
            sensitive=idea.sensitive,
        )
        for order, idea in enumerate(preset.themes)
    )
    Break.objects.bulk_create(
        Break(programme=programme, title=idea.title, starts_on=first, ends_on=last)
        for idea, first, last in plan.breaks
    )
    for idea, day in plan.events:
        _furnish_event(programme, idea, day)


def _ask(programme: Programme, questions: Iterable[tuple[Translations, Translations]]) -> None:
    """Put questions and answers on the page of a programme that has none."""
    Question.objects.bulk_create(
        Question(programme=programme, question=question, answer=answer, order=order)
        for order, (question, answer) in enumerate(questions)
    )


def _furnish_event(programme: Programme, idea: EventIdea, day: date) -> None:
    event = Event.objects.create(
        programme=programme, kind=idea.kind, counts_hours=programme.rules.events_count
    )
    minutes = idea.minutes or programme.rules.event_minutes
    for number in range(idea.sessions):
        starts = datetime.combine(day + timedelta(days=7 * number), idea.at, programme.tz)
        EventSession.objects.create(event=event, starts_at=starts.astimezone(UTC), minutes=minutes)


@transaction.atomic
def publish_programme(programme: Programme, *, by: Person, now: datetime) -> None:
    """Open the programme to the world. Raises Refused with the first PublishRefusal there is."""
    refuse_change(programme)
    reason = rules.why_not_publish(
        programme,
        themes=list(queries.themes(programme)),
        sessions=list(queries.sessions(programme)),
        employers=queries.employers(programme).count(),
    )
    drafts = Programme.objects.filter(pk=programme.pk, state=State.DRAFT)
    if reason or not drafts.update(state=State.PUBLISHED, published_at=now):
        raise Refused(reason or rules.PublishRefusal.NOT_A_DRAFT)
    programme.state, programme.published_at = State.PUBLISHED, now
    audit.record("programme_published", by=by, about=programme, now=now, place=programme.uid)


@transaction.atomic
def close_programme(programme: Programme, *, by: Person, now: datetime) -> None:
    """End the year: nothing is changed any more. Raises Refused with NOT_RUNNING."""
    running = Programme.objects.filter(pk=programme.pk, state=State.PUBLISHED)
    if not running.update(state=State.CLOSED, closed_at=now):
        raise Refused(StateRefusal.NOT_RUNNING)
    programme.state, programme.closed_at = State.CLOSED, now
    audit.record("programme_closed", by=by, about=programme, now=now, place=programme.uid)


@transaction.atomic
def copy_to_next_year(programme: Programme, *, by: Person, now: datetime) -> Programme:
    """Make a draft of the same programme a year later, and return it.

    Days move to the same weekday nearest to their date, whole weeks of holiday to the same week of
    the year, times of day stay as the clock on the wall shows them. The words of the page, parameters,
    themes, breaks, joint events (with places, without links), employers, the programme’s own words for its
    mails and coordinators come along, nobody else does.

    Raises Refused with ALREADY_COPIED, or when the organisation is suspended.
    """
    if reason := network_rules.why_not_change(programme.organisation):
        raise Refused(reason)
    Programme.objects.select_for_update().get(pk=programme.pk)
    if programme.following.exists():
        raise Refused(StateRefusal.ALREADY_COPIED)
    copy = _later(programme, now=now)
    copy.save()
    _copy_words(programme, to=copy)
    mail.copy_texts(programme, to=copy, now=now)
    for event in queries.events(programme):
        _copy_event(event, to=copy)
    Coordinator.objects.bulk_create(
        Coordinator(programme=copy, person_id=person, since=now)
        for person in programme.coordinators.values_list("person", flat=True)
    )
    audit.record("programme_copied", by=by, about=copy, now=now, place=copy.uid, previous=programme.uid)
    return copy


def _later(programme: Programme, *, now: datetime) -> Programme:
    """The row of the next year, not saved yet."""
    copy = Programme(
        organisation=programme.organisation,
        previous=programme,
        preset=programme.preset,
        lead=programme.lead,
        what=programme.what,
        for_me=programme.for_me,
        for_employer=programme.for_employer,
        voice=programme.voice,
        voice_by=programme.voice_by,
        languages=programme.languages,
        zone=programme.zone,
        contact_name=programme.contact_name,
        contact_address=programme.contact_address,
        contact_person_id=programme.contact_person_id,
        second_contact_id=programme.second_contact_id,
        takes_private=programme.takes_private,
        takes_without_employer=programme.takes_without_employer,
        parameters=programme.parameters,
        starts_on=a_year_later(programme.starts_on),
        ends_on=a_year_later(programme.ends_on),
        answers_by=a_year_later(programme.answers_by),
        enrol_opens_at=_moment_a_year_later(programme.enrol_opens_at, programme),
        enrol_closes_at=_moment_a_year_later(programme.enrol_closes_at, programme),
        created_at=now,
    )
    before, after = _years_of(programme), _years_of(copy)
    copy.title = Translations({code: text.replace(before, after) for code, text in programme.title.items()})
    slug = programme.slug.replace(before.replace("–", "-"), after.replace("–", "-"))
    copy.slug = _free_slug(programme.organisation, slug)
    return copy


def _years_of(programme: Programme) -> str:
    return years(programme.enrol_opens_at.astimezone(programme.tz).date(), programme.ends_on)


def _moment_a_year_later(moment: datetime, programme: Programme) -> datetime:
    """The same time on the wall on the same weekday a year later."""
    local = moment.astimezone(programme.tz)
    return datetime.combine(a_year_later(local.date()), local.time(), programme.tz).astimezone(UTC)


def _copy_words(programme: Programme, *, to: Programme) -> None:
    _ask(to, [(each.question, each.answer) for each in queries.questions(programme)])
    Theme.objects.bulk_create(
        Theme(
            programme=to,
            title=theme.title,
            text=theme.text,
            hue=theme.hue,
            order=theme.order,
            sensitive=theme.sensitive,
        )
        for theme in queries.themes(programme)
    )
    spans = [
        (each.title, *break_a_year_later(each.starts_on, each.ends_on)) for each in queries.breaks(programme)
    ]
    Break.objects.bulk_create(
        Break(programme=to, title=title, starts_on=first, ends_on=last) for title, first, last in spans
    )
    Employer.objects.bulk_create(
        Employer(programme=to, organisation=organisation) for organisation in queries.employers(programme)
    )


def _copy_event(event: Event, *, to: Programme) -> None:
    copy = Event.objects.create(
        programme=to, kind=event.kind, title=event.title, text=event.text, counts_hours=event.counts_hours
    )
    EventSession.objects.bulk_create(
        EventSession(
            event=copy,
            starts_at=_moment_a_year_later(session.starts_at, to),
            minutes=session.minutes,
            place=session.place,
        )
        for session in event.sessions.all()
    )

"""One programme of a world: its dates lie around now, so that it is mid-year whenever it is made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from piiri.base.fields import Translations
from piiri.desk.actions import (
    seeded_agreements,
    seeded_between,
    seeded_groups,
    seeded_lists,
    seeded_managers,
    seeded_meetings,
    seeded_nudges,
    seeded_office,
    seeded_seats,
    seeded_times,
)
from piiri.desk.actions.seeded import World, keep
from piiri.desk.actions.seeded_people import affiliate, cast_name, new_person
from piiri.desk.worlds import Year, catalogue
from piiri.networks.models import Affiliation, Organisation, Unit
from piiri.people.models import Person
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
from piiri.programmes.presets import HUES, Preset, YearPlan, preset, year_plan, years

State = Programme.State
# Weeks from now to the first and the last day, and to the end of enrolment.
WEEKS = {"running": (-15, 24, -17), "enrolling": (5, 44, 2), "draft": (40, 76, 36)}
ENROLMENT = timedelta(weeks=5)
JOINT = {"opening": 1, "midpoint": 17, "encounter": 18, "mentors": 20, "closing": 38}


@dataclass
class Cohort:
    """A programme while it is being made, with its people."""

    year: Year
    programme: Programme
    organisation: Organisation
    units: Sequence[Unit]
    themes: list[Theme] = field(default_factory=list)
    breaks: list[Break] = field(default_factory=list)
    sessions: list[EventSession] = field(default_factory=list)
    coordinator: Person | None = None
    mentors: list[Person] = field(default_factory=list)
    participants: list[Person] = field(default_factory=list)
    waiting: list[Person] = field(default_factory=list)
    past: list[Person] = field(default_factory=list)
    known: dict[int, Affiliation] = field(default_factory=dict)


def make_year(world: World, year: Year, *, organisation: Organisation, units: Sequence[Unit]) -> None:
    """A programme with everything in it that its phase has seen."""
    idea = preset(year.preset)
    cohort = Cohort(year, _programme(world, year, idea, organisation), organisation, units)
    _furnish(world, cohort, idea)
    _office(world, cohort)
    if year.phase == "draft":
        return
    _people(world, cohort)
    groups = seeded_groups.make_groups(world, cohort)
    if year.phase == "running":
        seeded_meetings.make_meetings(world, cohort, groups)
        seeded_between.make_between(world, cohort, groups)
    seeded_lists.make_lists(world, cohort, groups)
    seeded_office.make_office(world, cohort, groups)
    seeded_managers.make_managers(world, cohort, groups)
    seeded_seats.make_seats(world, cohort, groups)
    if year.phase == "running":
        seeded_agreements.make_agreements(world, cohort, groups)
    if year.phase == "running":
        seeded_times.make_times(world, cohort, groups)
        seeded_nudges.make_nudges(world, cohort)


def _monday(now: datetime, weeks: int) -> date:
    day = now.date() + timedelta(weeks=weeks)
    return day - timedelta(days=day.weekday())


def _programme(world: World, year: Year, idea: Preset, organisation: Organisation) -> Programme:
    first, last, closes = (_monday(world.now, weeks) for weeks in WEEKS[year.phase])
    closes_at = datetime.combine(closes + timedelta(days=4), time(20), UTC)
    span = years(first, last)
    words = {code: text.replace("{years}", span) for code, text in idea.title.items()}
    programme = Programme.objects.create(
        uid=world.dice.uid(),
        organisation=organisation,
        slug=f"{idea.slug}-{span.replace('–', '-')}",
        preset=idea.code,
        title=Translations(words),
        lead=idea.lead,
        what=idea.page.what,
        for_me=idea.page.for_me,
        for_employer=idea.page.for_employer,
        voice=Translations(catalogue()["voice"]["said"]),
        voice_by=Translations(catalogue()["voice"]["by"]),
        languages=list(idea.languages),
        contact_name="Helena Rautio" if idea.code == "city" else "",
        contact_address=organisation.contact_address,
        starts_on=first,
        ends_on=last,
        enrol_opens_at=closes_at - ENROLMENT,
        enrol_closes_at=closes_at,
        answers_by=closes + timedelta(days=11),
        takes_private=idea.takes_private,
        state=State.DRAFT if year.phase == "draft" else State.PUBLISHED,
        parameters=dict(idea.parameters),
        created_at=closes_at - ENROLMENT - timedelta(weeks=4) if year.phase != "draft" else world.now,
        published_at=None if year.phase == "draft" else closes_at - ENROLMENT - timedelta(weeks=1),
    )
    Employer.objects.create(programme=programme, organisation=organisation)
    world.tell("programme", programme.uid, organisation, programme, state=programme.state)
    world.tell("programme_slug", programme.slug, organisation, programme, state=programme.state)
    for step in ("name", "rules", "themes", "dates", "words", "check"):
        world.tell("step", step, organisation, programme)
    world.tell("mail_code", "invitation", organisation, programme)
    world.tell("mail_language", "fi", organisation, programme)
    return programme


def _furnish(world: World, cohort: Cohort, idea: Preset) -> None:
    """Themes, questions answered on the page, breaks and joint events."""
    programme, uid = cohort.programme, world.dice.uid
    more = catalogue()["themes"] if idea.code == "city" else []
    texts = [(theme.title, theme.text, theme.hue, theme.sensitive) for theme in idea.themes]
    texts += [
        (
            Translations(raw["title"]),
            Translations(raw["text"]),
            HUES[(len(texts) + number) % len(HUES)],
            False,
        )
        for number, raw in enumerate(more)
    ]
    cohort.themes = keep(
        Theme,
        (
            Theme(
                uid=uid(),
                programme=programme,
                title=title,
                text=text,
                hue=hue,
                order=order,
                sensitive=sensitive,
            )
            for order, (title, text, hue, sensitive) in enumerate(texts)
        ),
    )
    keep(
        Question,
        (
            Question(uid=uid(), programme=programme, question=question, answer=answer, order=order)
            for order, (question, answer) in enumerate(idea.page.questions)
        ),
    )
    cohort.breaks = keep(Break, _breaks(world, programme, year_plan(idea, programme.starts_on.year)))
    _events(world, cohort, idea)


def _breaks(world: World, programme: Programme, plan: YearPlan) -> Iterable[Break]:
    for idea, first, last in plan.breaks:
        if first <= programme.ends_on and last >= programme.starts_on:
            yield Break(
                uid=world.dice.uid(), programme=programme, title=idea.title, starts_on=first, ends_on=last
            )


def _events(world: World, cohort: Cohort, idea: Preset) -> None:
    programme = cohort.programme
    for event_idea in idea.events:
        event = Event.objects.create(
            uid=world.dice.uid(),
            programme=programme,
            kind=event_idea.kind,
            counts_hours=programme.rules.events_count,
        )
        day = programme.starts_on + timedelta(weeks=JOINT[event_idea.kind], days=3)
        while any(pause.holds(day) for pause in cohort.breaks):
            day += timedelta(weeks=1)
        starts = datetime.combine(day, event_idea.at, programme.tz).astimezone(UTC)
        session = EventSession.objects.create(
            uid=world.dice.uid(),
            event=event,
            starts_at=starts,
            minutes=event_idea.minutes or programme.rules.event_minutes,
            place="Kaupungintalo, valtuustosali" if event_idea.kind != "encounter" else "",
        )
        cohort.sessions.append(session)
        world.tell("event", event.uid, cohort.organisation, programme)
        world.tell("session", session.uid, cohort.organisation, programme)


def _office(world: World, cohort: Cohort) -> None:
    """The coordinator of a new programme; the draft of the next year has that of this year."""
    programme, organisation = cohort.programme, cohort.organisation
    before = Coordinator.objects.filter(
        programme__organisation=organisation, programme__preset=cohort.year.preset
    )
    if cohort.year.phase == "draft" and (first := before.first()):
        cohort.coordinator = first.person
    else:
        [cohort.coordinator] = keep(
            Person, [new_person(world, organisation, cast_name(world, "coordinator"))]
        )
        affiliate(world, organisation, [cohort.coordinator], units=cohort.units)
        world.tell_account("coordinator", cohort.coordinator, organisation, programme)
    Coordinator.objects.create(programme=programme, person=cohort.coordinator, since=programme.created_at)


def _people(world: World, cohort: Cohort) -> None:
    """Mentors, participants, those who wait and those who left: so many as the year has people."""
    year = cohort.year
    first = "participant" not in world.cast_used
    least = 1 if first and year.phase == "running" else 0
    mentors = year.groups
    waiting = max(least, year.people * 5 // 100)
    past = max(least, year.people * 2 // 100)
    rest = year.people - mentors - waiting - past
    # Nobody sits where there is no place: who is too many waits.
    too_many = max(0, rest - year.groups * cohort.programme.rules.places)
    waiting, rest = waiting + too_many, rest - too_many
    if year.phase == "enrolling":
        waiting, past, rest = waiting + past + rest, 0, 0
    names = _names(world, first=bool(least))
    cohort.mentors = _some(world, cohort, mentors, [*names["mentor"], *names["other_mentor"]])
    cohort.participants = _some(world, cohort, rest, [*names["participant"], *names["members"]])
    cohort.waiting = _some(world, cohort, waiting, names["applicant"])
    cohort.past = _some(world, cohort, past, names["past_participant"])
    everybody = [*cohort.mentors, *cohort.participants, *cohort.waiting, *cohort.past]
    affiliations = affiliate(world, cohort.organisation, everybody, units=cohort.units)
    cohort.known = {affiliation.person_id: affiliation for affiliation in affiliations}


def _names(world: World, *, first: bool) -> dict[str, list[str]]:
    """The cast's names for the first running programme of a world, nobody's for the others."""
    roles = ("mentor", "other_mentor", "participant", "applicant", "past_participant")
    if not first:
        return {role: [] for role in (*roles, "members")}
    return {role: [cast_name(world, role)] for role in roles} | {"members": catalogue()["cast"]["members"]}


def _some(world: World, cohort: Cohort, count: int, names: Sequence[str]) -> list[Person]:
    wanted = [*names[:count], *(world.dice.name() for _ in range(count - len(names)))]
    return keep(Person, [new_person(world, cohort.organisation, name) for name in wanted])

"""Groups of a made-up programme: offers, mentors, places, members, applications with wishes, free times."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from piiri.desk.actions.seeded import World, keep
from piiri.enrolments.models import Application, Wish
from piiri.groups.models import Group, Membership, Mentor, Mentorship, Place
from piiri.people.models import Person
from piiri.programmes.models import Availability, Theme
from piiri.programmes.windows import HALF_HOURS_A_DAY, NOTHING, Window, windows

if TYPE_CHECKING:
    from piiri.desk.actions.seeded_years import Cohort

FREE_WINDOWS = 9
# When groups like to meet: minutes after midnight at which they begin.
DAY_FROM, DAY_TO = 12 * 60, 16 * 60
PARTS = ("1a 3a", "0a 2a", "1m 3m", "2a 4m")
# Of every so many groups one has dwindled to so few.
EVERY, DWINDLED, FEW = 16, 14, 3
SIZES_OFF = (0, 0, 1, -1, 0, 1, 0, -1)


@dataclass
class Peopled:
    """A group with the people in it."""

    group: Group
    window: Window
    mentor: Person
    members: list[Person] = field(default_factory=list)
    left: list[Person] = field(default_factory=list)


def make_groups(world: World, cohort: "Cohort") -> list[Peopled]:
    """Offers of the mentors; in a running programme also who is in which group."""
    peopled = _offers(world, cohort)
    if cohort.year.phase == "running":
        _fill(cohort, peopled)
        _memberships(world, cohort, peopled)
    _applications(world, cohort, peopled)
    _availabilities(world, cohort, peopled)
    _tell(world, cohort, peopled)
    return peopled


def _offers(world: World, cohort: "Cohort") -> list[Peopled]:
    """A group of each mentor, with its places."""
    programme, rules = cohort.programme, cohort.programme.rules
    weekly = windows(rules)
    running = cohort.year.phase == "running"
    liked = [window for window in weekly if DAY_FROM <= window.start <= DAY_TO] or weekly
    picked = [world.dice.rng.choice(liked) for _ in cohort.mentors]
    groups = keep(
        Group,
        (_offer(world, cohort, number, window if running else None) for number, window in enumerate(picked)),
    )
    accepted = programme.enrol_opens_at - timedelta(days=20)
    keep(
        Mentor,
        (
            Mentor(
                programme=programme,
                person=person,
                groups_at_most=1,
                show_name=world.dice.some(0.7),
                accepted_at=accepted,
            )
            for person in cohort.mentors
        ),
    )
    keep(
        Mentorship,
        (
            Mentorship(uid=world.dice.uid(), group=group, person=person, started_at=accepted)
            for group, person in zip(groups, cohort.mentors, strict=True)
        ),
    )
    return [
        Peopled(group, window, person)
        for group, window, person in zip(groups, picked, cohort.mentors, strict=True)
    ]


def _offer(world: World, cohort: "Cohort", number: int, window: Window | None) -> Group:
    programme, rules, dice = cohort.programme, cohort.programme.rules, world.dice
    theme = cohort.themes[number % len(cohort.themes)]
    online = dice.some(0.25) and number > 0
    began = datetime.combine(programme.starts_on, time(9), programme.tz)
    return Group(
        uid=dice.uid(),
        programme=programme,
        theme=theme,
        text=str(theme.text.words("fi")),
        language="sv" if dice.some(0.06) and number > 0 else "fi",
        form=Group.Form.ONLINE if online else Group.Form.ONSITE,
        area="" if online else dice.of("areas"),
        place="" if online else dice.of("places"),
        guidance=rules.guidance,
        min_to_start=min(rules.min_to_start, rules.places),
        state=Group.State.RUNNING if window else Group.State.OFFERED,
        weekday=window.weekday if window else None,
        local_time=time(window.start // 60, window.start % 60) if window else None,
        times="" if window else dice.rng.choice(PARTS),
        created_at=programme.enrol_opens_at - timedelta(days=10),
        started_at=began if window else None,
    )


def _fill(cohort: "Cohort", peopled: list[Peopled]) -> None:
    """Participants in the order of their groups, a little uneven, never above the places."""
    left = iter(cohort.participants)
    counts = sizes(len(cohort.participants), cohort)
    for number, (each, count) in enumerate(zip(peopled, counts, strict=True)):
        each.members = list(islice(left, count))
        if number % EVERY == DWINDLED and len(each.members) > FEW:
            each.members, each.left = each.members[:FEW], each.members[FEW:]
    for number, person in enumerate(cohort.past):
        peopled[number % len(peopled)].left.append(person)


def sizes(people: int, cohort: "Cohort") -> list[int]:
    """How many each group gets: as even as possible, then one moved here and there."""
    groups = cohort.year.groups
    even, more = divmod(people, groups)
    counts = [even + (number < more) for number in range(groups)]
    low, high = cohort.programme.rules.min_to_start, cohort.programme.rules.places
    for number in range(1, groups - 1, 2):
        step = SIZES_OFF[number // 2 % len(SIZES_OFF)]
        pair = counts[number] + step, counts[number + 1] - step
        if all(low <= count <= high for count in pair):
            counts[number], counts[number + 1] = pair
    return counts


def _memberships(world: World, cohort: "Cohort", peopled: list[Peopled]) -> None:
    """Members with a place each, those who left without one, and the places that stay free."""
    joined = cohort.programme.enrol_closes_at + timedelta(days=5)

    def membership(each: Peopled, person: Person, ended_at: datetime | None = None) -> Membership:
        return Membership(
            uid=world.dice.uid(),
            group=each.group,
            programme=cohort.programme,
            person=person,
            joined_at=joined,
            confirmed_at=joined,
            ended_at=ended_at,
        )

    gone = world.now - timedelta(weeks=6)
    keep(Membership, (membership(each, person, gone) for each in peopled for person in each.left))
    made = keep(Membership, (membership(each, person) for each in peopled for person in each.members))
    by_group: dict[int, list[Membership]] = {}
    for row in made:
        by_group.setdefault(row.group_id, []).append(row)
    keep(Place, _places(cohort, peopled, by_group))


def _places(cohort: "Cohort", peopled: list[Peopled], held: dict[int, list[Membership]]) -> Iterator[Place]:
    for each in peopled:
        here = held.get(each.group.pk, [])
        for number in range(cohort.programme.rules.places):
            membership = here[number] if number < len(here) else None
            yield Place(group=each.group, number=number + 1, membership=membership)


def _applications(world: World, cohort: "Cohort", peopled: list[Peopled]) -> None:
    """Everybody who is or was in a group applied for it first; those who wait have been told nothing yet."""
    placed = [(person, each.group) for each in peopled for person in (*each.members, *each.left)]
    rows = [_application(world, cohort, person, Application.State.PLACED) for person, _group in placed]
    state = Application.State.WAITING if cohort.year.phase == "running" else Application.State.SENT
    rows += [_application(world, cohort, person, state) for person in cohort.waiting]
    made = keep(Application, rows)
    dearest = [group.theme for _person, group in placed]
    keep(Wish, _wishes(world, cohort, made, dearest))
    if cohort.year.phase == "enrolling":
        keep(Place, _places(cohort, peopled, {}))


def _application(world: World, cohort: "Cohort", person: Person, state: str) -> Application:
    dice, known = world.dice, cohort.known[person.pk]
    opens, closes = cohort.programme.enrol_opens_at, min(cohort.programme.enrol_closes_at, world.now)
    sent = opens + (closes - opens) * dice.rng.random()
    return Application(
        uid=dice.uid(),
        programme=cohort.programme,
        person=person,
        state=state,
        name_as_written=person.name,
        employer=cohort.organisation,
        unit_id=known.unit_id,
        workplace=known.workplace,
        job=known.job,
        years=known.years,
        languages=["fi", "sv"] if dice.some(0.1) else ["fi"],
        any_theme=dice.some(0.2),
        contact_ok=dice.some(0.8),
        wish=dice.of("wishes") if dice.some(world.plan.talkative) else "",
        answered_at=sent,
        saved_at=sent,
        sent_at=sent,
        order=int(sent.timestamp() * 1_000_000),
        decided_at=cohort.programme.enrol_closes_at if state == Application.State.PLACED else None,
    )


def _wishes(
    world: World, cohort: "Cohort", applications: list[Application], dearest: Sequence[Theme | None]
) -> Iterator[Wish]:
    """One to three themes; whoever was placed wished for the theme of the group."""
    for number, application in enumerate(applications):
        first = dearest[number] if number < len(dearest) else None
        count = min(world.dice.rng.randint(1, 3), len(cohort.themes))
        picked = [theme for theme in world.dice.rng.sample(cohort.themes, count) if theme != first]
        themes = [first, *picked][:count] if first else picked
        for rank, theme in enumerate(themes, start=1):
            yield Wish(application=application, rank=rank, theme=theme)


def _availabilities(world: World, cohort: "Cohort", peopled: list[Peopled]) -> None:
    """Who is in a group can meet when it meets; otherwise a handful of windows by chance."""
    weekly = windows(cohort.programme.rules)
    meets = {
        person.pk: each.window for each in peopled for person in (each.mentor, *each.members, *each.left)
    }
    people = [*cohort.mentors, *cohort.participants, *cohort.waiting, *cohort.past]

    def mask(person: Person) -> str:
        picked = world.dice.rng.sample(weekly, min(FREE_WINDOWS, len(weekly)))
        return mask_of([*picked, meets[person.pk]] if person.pk in meets else picked)

    keep(
        Availability,
        (
            Availability(
                programme=cohort.programme,
                person=person,
                mask=mask(person),
                updated_at=cohort.programme.enrol_opens_at,
            )
            for person in people
        ),
    )


def mask_of(free: Iterable[Window]) -> str:
    """The half hours of these windows work, all others do not."""
    mask = list(NOTHING)
    for window in free:
        first = window.weekday * HALF_HOURS_A_DAY + window.start // 30
        for half_hour in range(first, first - (-window.minutes // 30)):
            mask[half_hour] = "2"
    return "".join(mask)


def _tell(world: World, cohort: "Cohort", peopled: list[Peopled]) -> None:
    """Groups, applications and the accounts of the programme's roles."""
    organisation, programme = cohort.organisation, cohort.programme
    for each in peopled:
        world.tell("group", each.group.uid, organisation, programme, each.group)
        for person in (each.mentor, *each.members):
            world.tell("person", person.uid, organisation, programme, each.group)
    if not peopled or cohort.year.phase != "running":
        _tell_applications(world, cohort, {})
        return
    first, second = peopled[0], peopled[1 % len(peopled)]
    world.tell_account("mentor", first.mentor, organisation, programme, first.group)
    if first.members:
        world.tell_account("participant", first.members[0], organisation, programme, first.group)
    if second is not first:
        world.tell_account("other_mentor", second.mentor, organisation, programme, second.group)
    for person in cohort.waiting[:1]:
        world.tell_account("applicant", person, organisation, programme)
    for person in first.left[:1]:
        world.tell_account("past_participant", person, organisation, programme, first.group)
    group_of = {person.pk: each.group for each in peopled for person in (*each.members, *each.left)}
    _tell_applications(world, cohort, group_of)


def _tell_applications(world: World, cohort: "Cohort", group_of: dict[int, Group]) -> None:
    for row in Application.objects.filter(programme=cohort.programme).select_related("person")[:200]:
        group = group_of.get(row.person_id)
        world.tell(
            "application", row.uid, cohort.organisation, cohort.programme, group, person=row.person.uid
        )

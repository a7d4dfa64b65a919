"""Agreements that made-up groups have signed, their goals, and what two people wrote for themselves."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from piiri.agreements import clauses
from piiri.agreements.models import Agreement, Asking, Clause, Goal, OwnGoal, Signature, Yes
from piiri.desk.actions.seeded import World, keep
from piiri.desk.actions.seeded_groups import Peopled
from piiri.desk.worlds import catalogue
from piiri.people.models import Person

if TYPE_CHECKING:
    from piiri.desk.actions.seeded_years import Cohort

# A country has thousands of groups; so many of each programme have an agreement.
MOST = 100
FIRST_MEETING = timedelta(weeks=3)
A_DAY, RENEWED = timedelta(days=1), timedelta(days=4)
# Of every so many groups one waits for the name of its last member.
EVERY = 4


def make_agreements(world: World, cohort: "Cohort", peopled: list[Peopled]) -> None:
    """A version in force, its signatures and goals for the first groups of a running programme."""
    some = [each for each in peopled if each.members][:MOST]
    versions = keep(Agreement, (_version(world, each) for each in some))
    both = list(zip(versions, some, strict=True))
    made = keep(
        Clause, (clause for at, (version, _) in enumerate(both) for clause in _clauses(world, version, at))
    )
    keep(Signature, (row for at, (version, each) in enumerate(both) for row in _signed(version, each, at)))
    keep(Asking, (row for at, (version, each) in enumerate(both) for row in _asked(version, each, at)))
    for version, each in both[1:2]:
        _renew(world, version, each)
    goals = keep(Goal, (goal for version, each in both for goal in _goals(world, version, each)))
    people = {each.group.pk: _sitting(each) for each in some}
    keep(Yes, (row for goal in goals for row in _yeses(goal, people[goal.group_id])))
    _suggest(world, some[:1])
    _own(world, some[:1])
    _tell(world, cohort, made, goals)


def _sitting(each: Peopled) -> list[Person]:
    return [each.mentor, *each.members]


def _version(world: World, each: Peopled) -> Agreement:
    assert each.group.started_at
    ready = min(each.group.started_at + FIRST_MEETING, world.now - A_DAY)
    return Agreement(
        uid=world.dice.uid(),
        group=each.group,
        state=Agreement.State.STANDING,
        number=1,
        cause=Agreement.Cause.FIRST,
        began_at=ready,
        ready_at=ready,
        numbered_at=ready,
    )


def _clauses(world: World, version: Agreement, at: int) -> Iterator[Clause]:
    """The ready clauses; the first group has added one of its own."""
    for order, code in enumerate(clauses.catalogue(), start=1):
        yield Clause(uid=world.dice.uid(), agreement=version, order=order, code=code)
    if at == 0:
        words = catalogue()["own_clause"]
        order = len(clauses.catalogue()) + 1
        yield Clause(uid=world.dice.uid(), agreement=version, order=order, language="fi", **words)


def _unsigned(each: Peopled, at: int) -> list[Person]:
    return each.members[-1:] if at % EVERY == 1 else []


def _renew(world: World, version: Agreement, each: Peopled) -> None:
    """Somebody has joined the group meanwhile: the text is the same, and half of it have signed again."""
    since = world.now - RENEWED
    Agreement.objects.filter(pk=version.pk).update(state=Agreement.State.PAST)
    Agreement.objects.create(
        uid=world.dice.uid(),
        group=each.group,
        state=Agreement.State.STANDING,
        number=2,
        cause=Agreement.Cause.JOINED,
        same_text_as=version,
        began_at=since,
        ready_at=since,
        numbered_at=since,
    )
    half = each.members[: len(each.members) // 2]
    waiting = [person for person in _sitting(each) if person not in half]
    keep(Signature, (Signature(group=each.group, number=2, person=one, signed_at=since) for one in half))
    keep(Asking, (Asking(group=each.group, number=2, person=one, asked_at=since) for one in waiting))


def _moment(version: Agreement) -> datetime:
    assert version.ready_at
    return version.ready_at


def _signed(version: Agreement, each: Peopled, at: int) -> Iterator[Signature]:
    """All at the table, and in the first group also who left it later."""
    late = _unsigned(each, at)
    people = [person for person in _sitting(each) if person not in late] + (each.left[:1] if at == 0 else [])
    for person in people:
        yield Signature(group=each.group, number=1, person=person, signed_at=_moment(version))


def _asked(version: Agreement, each: Peopled, at: int) -> Iterator[Asking]:
    moment = _moment(version)
    for person in _unsigned(each, at):
        yield Asking(group=each.group, number=1, person=person, asked_at=moment, reminded_at=moment)


def _goals(world: World, version: Agreement, each: Peopled) -> Iterator[Goal]:
    sentences = catalogue()["goals"]
    first = world.dice.rng.randrange(len(sentences))
    for place in (1, 2):
        yield Goal(
            uid=world.dice.uid(),
            group=each.group,
            place=place,
            state=Goal.State.AGREED,
            sentence=sentences[(first + place) % len(sentences)],
            suggested_by=each.mentor,
            suggested_at=_moment(version),
            agreed_at=_moment(version),
        )


def _yeses(goal: Goal, people: Iterable[Person]) -> Iterator[Yes]:
    for person in people:
        yield Yes(goal=goal, person=person, said_at=goal.suggested_at)


def _suggest(world: World, first: list[Peopled]) -> None:
    """A third goal of the first group, which waits for some of its people."""
    for each in first:
        by = each.members[-1]
        goal = Goal.objects.create(
            uid=world.dice.uid(),
            group=each.group,
            place=3,
            sentence=catalogue()["suggested_goal"],
            suggested_by=by,
            suggested_at=world.now - A_DAY,
        )
        keep(Yes, _yeses(goal, dict.fromkeys([by, each.mentor])))


def _own(world: World, first: list[Peopled]) -> None:
    """What a participant of the first group, and one who has left it, wrote for themselves."""
    keep(
        OwnGoal,
        (
            OwnGoal(
                uid=world.dice.uid(),
                person=person,
                group=each.group,
                sentence=catalogue()["own_goal"],
                scale=4,
                written_at=world.now - timedelta(weeks=8),
                changed_at=world.now - timedelta(weeks=2),
            )
            for each in first
            for person in (*each.members[:1], *each.left[:1])
        ),
    )


def _tell(world: World, cohort: "Cohort", made: list[Clause], goals: list[Goal]) -> None:
    """One clause and one goal of each group."""
    told = {clause.agreement.group: clause.uid for clause in made}
    for group, uid in told.items():
        world.tell("clause", uid, cohort.organisation, cohort.programme, group)
    for goal in goals:
        if goal.place == 1:
            world.tell("goal", goal.uid, cohort.organisation, cohort.programme, goal.group)

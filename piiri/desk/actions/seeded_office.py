"""What the office of a made-up programme has on its table: pairs, a formation, a file, a statement."""

from datetime import timedelta
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from piiri.desk.actions.seeded import World, keep
from piiri.desk.actions.seeded_groups import Peopled
from piiri.enrolments.models import Application, ImportFile
from piiri.formation.models import Publishing, Run
from piiri.groups.models import KeptApart, PairClaim
from piiri.hours import actions as hours
from piiri.hours.models import Statement

if TYPE_CHECKING:
    from piiri.desk.actions.seeded_years import Cohort


def make_office(world: World, cohort: "Cohort", peopled: list[Peopled]) -> None:
    """Pairs who are kept apart; in a running programme the formation it came from and a statement."""
    _pairs(world, cohort, peopled)
    _file(world, cohort)
    if cohort.year.phase == "running":
        _formation(world, cohort, peopled)
        _statement(world, cohort)


def _pairs(world: World, cohort: "Cohort", peopled: list[Peopled]) -> None:
    """One pair that is kept apart and one that a file has suggested."""
    people = [(each.group, person) for each in peopled for person in each.members[-1:]]
    everybody = [(None, person) for person in cohort.waiting]
    couples = [*islice(pairwise(people), 1), *islice(pairwise(everybody), 1)]
    states = (KeptApart.State.KEPT, KeptApart.State.SUGGESTED)
    for (one, other), state in zip(couples, states, strict=False):
        first, second = sorted((one[1], other[1]), key=lambda person: person.pk)
        pair = KeptApart.objects.create(
            uid=world.dice.uid(),
            programme=cohort.programme,
            first=first,
            second=second,
            state=state,
            made_at=cohort.programme.enrol_closes_at,
        )
        world.tell("pair", pair.uid, cohort.organisation, cohort.programme)
        if state == KeptApart.State.KEPT:
            keep(
                PairClaim,
                (
                    PairClaim(group=group, pair=pair, person=person, claimed_at=pair.made_at)
                    for group, person in (one, other)
                    if group
                ),
            )


def _file(world: World, cohort: "Cohort") -> None:
    """A file that was brought and put away again."""
    file = ImportFile.objects.create(
        uid=world.dice.uid(),
        programme=cohort.programme,
        kind=ImportFile.Kind.ENROLMENTS,
        name="ilmoittautumiset.csv",
        state=ImportFile.State.DISCARDED,
        brought_by=cohort.coordinator,
        brought_at=cohort.programme.enrol_opens_at,
        done_at=cohort.programme.enrol_opens_at,
    )
    world.tell("import_file", file.uid, cohort.organisation, cohort.programme)


def _formation(world: World, cohort: "Cohort", peopled: list[Peopled]) -> None:
    """The run that proposed these groups, and its publishing, long done."""
    asked = cohort.programme.enrol_closes_at + timedelta(days=3)
    done = asked + timedelta(days=2)
    group_of = {person.pk: each.group.uid for each in peopled for person in each.members}
    rows = Application.objects.filter(programme=cohort.programme).values_list("uid", "person")
    run = Run.objects.create(
        uid=world.dice.uid(),
        programme=cohort.programme,
        state=Run.State.READY,
        seed=world.dice.seed,
        asked_by=cohort.coordinator,
        asked_at=asked,
        finished_at=asked + timedelta(seconds=10),
        done_at=asked + timedelta(seconds=10),
        proposal={"assignment": {uid: group_of.get(person) for uid, person in rows}},
    )
    publishing = Publishing.objects.create(
        uid=world.dice.uid(),
        run=run,
        programme=cohort.programme,
        state=Publishing.State.DONE,
        hold_until=done,
        asked_by=cohort.coordinator,
        asked_at=asked + timedelta(days=1),
        done_at=done,
    )
    world.tell("run", run.uid, cohort.organisation, cohort.programme)
    world.tell("publishing", publishing.uid, cohort.organisation, cohort.programme)


def _statement(world: World, cohort: "Cohort") -> None:
    """The hours of the organisation's people, frozen by the office."""
    assert cohort.coordinator
    statement = hours.freeze_statement(
        cohort.programme, employer=cohort.organisation, by=cohort.coordinator, now=world.now
    )
    Statement.objects.filter(pk=statement.pk).update(uid=(uid := world.dice.uid()))
    world.tell("statement", uid, cohort.organisation, cohort.programme)

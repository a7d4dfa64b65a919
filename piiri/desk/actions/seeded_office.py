"""What the office of a made-up programme has on its table: pairs, a formation, a file, a statement."""

from collections import Counter
from datetime import timedelta
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

from piiri.desk.actions.seeded import World, keep
from piiri.desk.actions.seeded_groups import Peopled
from piiri.enrolments import confirm_link
from piiri.enrolments.models import Application, Bulk, BulkLine, ImportFile, Unconfirmed, Wish
from piiri.formation.models import Publishing, Reason, Run
from piiri.groups.models import Group, KeptApart, Membership, PairClaim
from piiri.hours import actions as hours
from piiri.hours.models import Statement

if TYPE_CHECKING:
    from piiri.desk.actions.seeded_years import Cohort


def make_office(world: World, cohort: "Cohort", peopled: list[Peopled]) -> None:
    """Pairs who are kept apart; in a running programme the formation it came from and a statement."""
    _pairs(world, cohort, peopled)
    _file(world, cohort)
    _decision(world, cohort)
    _unconfirmed(world, cohort)
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


def _decision(world: World, cohort: "Cohort") -> None:
    """Many applications that were put on the waiting list at once, long done."""
    closed = cohort.programme.enrol_closes_at
    bulk = Bulk.objects.create(
        uid=world.dice.uid(),
        programme=cohort.programme,
        deed=Bulk.Deed.WAIT,
        ordered_by=cohort.coordinator,
        ordered_at=closed,
        due_at=closed,
        done_at=closed,
    )
    waiting = Application.objects.filter(programme=cohort.programme, state=Application.State.WAITING)
    keep(
        BulkLine,
        (
            BulkLine(bulk=bulk, application=row, outcome=BulkLine.Outcome.DONE)
            for row in waiting.defer("wish")
        ),
    )
    world.tell("bulk", bulk.uid, cohort.organisation, cohort.programme)


def _unconfirmed(world: World, cohort: "Cohort") -> None:
    """What a visitor wrote an hour ago whose address is not confirmed yet."""
    written = world.now - timedelta(hours=1)
    row = Unconfirmed.objects.create(
        uid=world.dice.uid(),
        programme=cohort.programme,
        email=world.dice.address(world.dice.name(), cohort.organisation.slug),
        language="fi",
        answers="",
        browser=world.dice.uid(),
        network_hash="",
        made_at=written,
        expires_at=written + timedelta(days=1),
    )
    world.tell("unconfirmed", row.uid, cohort.organisation, cohort.programme)
    world.tell("signature", confirm_link.signature(row.uid), cohort.organisation, cohort.programme)


def _formation(world: World, cohort: "Cohort", peopled: list[Peopled]) -> None:
    """The run that proposed these groups, and its publishing, long done."""
    asked = cohort.programme.enrol_closes_at + timedelta(days=3)
    done = asked + timedelta(days=2)
    sits = {person.pk: each for each in peopled for person in each.members}
    rows = list(Application.objects.filter(programme=cohort.programme).defer("wish"))
    codes = _codes(rows, sits)
    run = Run.objects.create(
        uid=world.dice.uid(),
        programme=cohort.programme,
        state=Run.State.READY,
        seed=world.dice.seed,
        asked_by=cohort.coordinator,
        asked_at=asked,
        finished_at=asked + timedelta(seconds=10),
        done_at=asked + timedelta(seconds=10),
        proposal={
            "assignment": {
                row.uid: sits[row.person_id].group.uid if row.person_id in sits else None for row in rows
            },
            "reasons": {row.uid: codes[row.pk] for row in rows if row.pk in codes},
        },
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
    seats = dict(Membership.objects.active().filter(programme=cohort.programme).values_list("person", "pk"))
    keep(
        Reason,
        (
            Reason(
                publishing=publishing,
                application=row,
                group=sits[row.person_id].group if row.person_id in sits else None,
                codes=codes.get(row.pk, {}),
                membership_id=seats.get(row.person_id),
                state_before=Application.State.SENT,
                mailed_at=done,
            )
            for row in rows
        ),
    )
    world.tell("run", run.uid, cohort.organisation, cohort.programme)
    world.tell("publishing", publishing.uid, cohort.organisation, cohort.programme)


def _codes(rows: list[Application], sits: dict[int, Peopled]) -> dict[int, dict[str, Any]]:
    """Why each of those in a group sits there, by the key of the application, as formation keeps it."""
    wishes = Wish.objects.filter(application__in=[row.pk for row in rows]).order_by("-rank")
    ranks = {
        (one.application_id, *what): one.rank
        for one in wishes
        for what in (("theme", one.theme_id), ("group", one.group_id))
        if what[1]
    }
    works = Counter(
        (sits[row.person_id].group.pk, row.unit_id) for row in rows if row.person_id in sits and row.unit_id
    )
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        if row.person_id not in sits:
            continue
        group = sits[row.person_id].group
        by_theme = ranks.get((row.pk, "theme", group.theme_id))
        found[row.pk] = {
            "rank": ranks.get((row.pk, "group", group.pk), by_theme),
            "slots": 1,
            "language": group.language,
            "region": "online" if group.form == Group.Form.ONLINE else f"{group.form}:{group.area}",
            "size": len(sits[row.person_id].members),
            "experienced": None,
            "colleagues": works[group.pk, row.unit_id] - 1 if row.unit_id else 0,
            "unmet": [],
        }
    return found


def _statement(world: World, cohort: "Cohort") -> None:
    """The hours of the organisation's people, frozen by the office."""
    assert cohort.coordinator
    statement = hours.freeze_statement(
        cohort.programme, employer=cohort.organisation, by=cohort.coordinator, now=world.now
    )
    Statement.objects.filter(pk=statement.pk).update(uid=(uid := world.dice.uid()))
    world.tell("statement", uid, cohort.organisation, cohort.programme)

"""Line managers of a made-up programme: one of some of the first group's people, told, asked and answered."""

from datetime import timedelta
from typing import TYPE_CHECKING

from piiri.desk.actions.seeded import World, keep
from piiri.desk.actions.seeded_groups import Peopled
from piiri.enrolments import links
from piiri.enrolments.models import Application, Approval, LineManager
from piiri.hours.models import DateDigest

if TYPE_CHECKING:
    from piiri.desk.actions.seeded_years import Cohort

State = Approval.State
STATES = (State.APPROVED, State.ASKED, State.TOLD, State.DECLINED)


def make_managers(world: World, cohort: "Cohort", peopled: list[Peopled]) -> None:
    """One line manager and what is known of their staff; the digest of dates is left to a worker, at once."""
    if cohort.programme.rules.manager == "off":
        return
    members = [person.pk for person in peopled[0].members] or [person.pk for person in cohort.waiting]
    applied = Application.objects.filter(programme=cohort.programme, person__in=members[: len(STATES)])
    by_person = {application.person_id: application for application in applied.defer("wish")}
    staff = [by_person[key] for key in members if key in by_person]
    if not staff:
        return
    manager = _manager(world, cohort)
    Application.objects.filter(pk__in=[one.pk for one in staff]).update(
        manager_name=manager.name, manager_email=manager.email
    )
    asked = [_approval(world, one, manager, state) for one, state in zip(staff, STATES, strict=False)]
    for approval in keep(Approval, asked):
        world.tell("approval", approval.uid, cohort.organisation, cohort.programme)


def _manager(world: World, cohort: "Cohort") -> LineManager:
    name = world.dice.name()
    manager = LineManager.objects.create(
        uid=world.dice.uid(),
        programme=cohort.programme,
        email=world.dice.address(name, cohort.organisation.slug),
        name=name,
        language="fi",
        made_at=cohort.programme.enrol_opens_at,
    )
    if cohort.year.phase == "running":
        DateDigest.objects.create(manager=manager, due_at=world.now)
    world.tell("manager", manager.uid, cohort.organisation, cohort.programme)
    signature = links.manager_signature(manager)
    world.tell("manager_signature", signature, cohort.organisation, cohort.programme)
    return manager


def _approval(world: World, application: Application, manager: LineManager, state: str) -> Approval:
    asked_at = application.sent_at or world.now
    answered = state in (State.APPROVED, State.DECLINED)
    reminded_at = asked_at + timedelta(days=7)
    return Approval(
        uid=world.dice.uid(),
        application=application,
        manager=manager,
        state=state,
        asked_at=asked_at,
        reminded_at=reminded_at if state == State.ASKED and reminded_at < world.now else None,
        answered_at=min(asked_at + timedelta(days=2), world.now) if answered else None,
        reason=Approval.Reason.COVER if state == State.DECLINED else "",
    )

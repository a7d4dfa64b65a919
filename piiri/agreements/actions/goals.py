"""A group's goals: suggested by one, agreed by all, and in the end what became of them."""

from datetime import datetime

from django.db import IntegrityError, transaction

from piiri.agreements import queries, rules
from piiri.agreements.models import Goal, Outcome, Yes
from piiri.agreements.rules import AgreementRefusal
from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.groups.models import Group
from piiri.people.models import Person

State = Goal.State
A_SWEEP = 200


@transaction.atomic
def suggest_goal(
    group: Group,
    *,
    sentence: str,
    by: Person,
    now: datetime,
    why: str = "",
    sign: str = "",
    step: str = "",
    instead_of: Goal | None = None,
) -> Goal:
    """Suggest a goal, or a change of one (`instead_of`); whoever suggests says yes with it.

    Where the suggester sits alone it is agreed at once. Raises Refused: GROUP_NOT_LIVING, TOO_MANY_GOALS;
    NOT_AGREED or ASKED_ALREADY for a change.
    """
    if reason := rules.why_not_write(group):
        raise Refused(reason)
    goal = Goal(
        group=group,
        place=place_for(group, instead_of=instead_of),
        sentence=sentence,
        why=why,
        sign=sign,
        step=step,
        instead_of=instead_of,
        suggested_by=by,
        suggested_at=now,
    )
    save_at_a_free_place(goal)
    Yes.objects.create(goal=goal, person=by, said_at=now)
    settle(goal, now=now)
    audit.record("goal_suggested", by=by, about=goal, now=now, place=group.uid, instead=bool(instead_of))
    return goal


def place_for(group: Group, *, instead_of: Goal | None) -> int:
    """The place a suggestion takes: the lowest free one, or that of the goal it would change."""
    if instead_of is not None:
        if instead_of.state != State.AGREED:
            raise Refused(AgreementRefusal.NOT_AGREED)
        return instead_of.place
    taken = Goal.objects.filter(group=group, state__in=(State.AGREED, State.SUGGESTED))
    places = set(taken.values_list("place", flat=True))
    place = rules.free_place(places, most=group.programme.rules.goals_most)
    if place is None:
        raise Refused(AgreementRefusal.TOO_MANY_GOALS)
    return place


def save_at_a_free_place(goal: Goal) -> None:
    """Save, or say that somebody else's suggestion is there already; the constraint decides."""
    try:
        with transaction.atomic():
            goal.save()
    except IntegrityError as error:
        raise Refused(AgreementRefusal.ASKED_ALREADY) from error


def is_still_open(goal: Goal) -> bool:
    """Whether the suggestion waits for an answer; others who answer it wait until this is done.

    So of two last yeses the later one counts both.
    """
    return Goal.objects.filter(pk=goal.pk, state=State.SUGGESTED).update(state=State.SUGGESTED) == 1


@transaction.atomic
def agree_to_goal(goal: Goal, *, by: Person, now: datetime) -> Goal:
    """Say yes to a suggestion; twice is once. With the last yes of the table it is agreed.

    Raises Refused with NOT_OPEN where it was decided or taken back.
    """
    if not is_still_open(goal):
        raise Refused(AgreementRefusal.NOT_OPEN)
    Yes.objects.get_or_create(goal=goal, person=by, defaults={"said_at": now})
    agreed = settle(goal, now=now)
    audit.record("goal_agreed_to", by=by, about=goal, now=now, place=goal.group.uid, agreed=agreed)
    return goal


def settle(goal: Goal, *, now: datetime) -> bool:
    """Make an open suggestion a goal where everybody at the table has said yes; whether that was so."""
    if not queries.has_everybody_said_yes(goal):
        return False
    if goal.instead_of is not None:
        before = Goal.objects.filter(pk=goal.instead_of.pk, state=State.AGREED)
        before.update(state=State.ENDED, outcome=goal.instead_of.outcome or Outcome.CHANGED, ended_at=now)
    Goal.objects.filter(pk=goal.pk).update(state=State.AGREED, agreed_at=now)
    goal.state, goal.agreed_at = State.AGREED, now
    return True


def settle_suggestions(*, now: datetime) -> int:
    """Agree on suggestions that wait for nobody any more, since somebody left; how many. A sweep."""
    return sum(settle_left(goal, now=now) for goal in queries.settled_suggestions(A_SWEEP))


@transaction.atomic
def settle_left(goal: Goal, *, now: datetime) -> bool:
    """The same for one suggestion, noted as nobody's deed; False where it was decided meanwhile."""
    if not is_still_open(goal):
        return False
    agreed = settle(goal, now=now)
    audit.record("goal_settled", by=None, about=goal, now=now, place=goal.group.uid, agreed=agreed)
    return agreed


@transaction.atomic
def take_back_suggestion(goal: Goal, *, by: Person, now: datetime) -> Goal:
    """Take a suggestion back. Raises Refused with NOT_OPEN where it was decided meanwhile."""
    if Goal.objects.filter(pk=goal.pk, state=State.SUGGESTED).update(state=State.WITHDRAWN) != 1:
        raise Refused(AgreementRefusal.NOT_OPEN)
    goal.state = State.WITHDRAWN
    audit.record("suggestion_taken_back", by=by, about=goal, now=now, place=goal.group.uid)
    return goal


@transaction.atomic
def end_goal(goal: Goal, *, outcome: str, by: Person, now: datetime) -> Goal:
    """Say what became of a goal; changed and dropped ones free their place, and with it open changes of them.

    May be said again while the goal is there. Raises Refused with NOT_AGREED.
    """
    if reason := rules.why_not_end(goal):
        raise Refused(reason)
    values: dict[str, object] = {"outcome": outcome}
    if outcome in rules.ENDING:
        values |= {"state": State.ENDED, "ended_at": now}
        Goal.objects.suggested().filter(instead_of=goal).update(state=State.WITHDRAWN)
    if Goal.objects.filter(pk=goal.pk, state=State.AGREED).update(**values) != 1:
        raise Refused(AgreementRefusal.NOT_AGREED)
    for name, value in values.items():
        setattr(goal, name, value)
    audit.record("goal_ended", by=by, about=goal, now=now, place=goal.group.uid, outcome=outcome)
    return goal

"""A person's own goals: written and put away by nobody else."""

from datetime import datetime

from django.db import transaction

from piiri.agreements import rules
from piiri.agreements.models import OwnGoal
from piiri.agreements.rules import AgreementRefusal
from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.groups.models import Group
from piiri.people.models import Person


@transaction.atomic
def write_own_goal(
    group: Group,
    *,
    sentence: str,
    by: Person,
    now: datetime,
    why: str = "",
    sign: str = "",
    step: str = "",
    scale: int | None = None,
    outcome: str = "",
    goal: OwnGoal | None = None,
) -> OwnGoal:
    """Write down a goal for oneself, or write `goal` anew. `scale` is 0–10 now, or nothing.

    Raises Refused with TOO_MANY_OWN.
    """
    if goal is None:
        if OwnGoal.objects.filter(person=by, group=group).count() >= rules.MOST_OWN_GOALS:
            raise Refused(AgreementRefusal.TOO_MANY_OWN)
        goal = OwnGoal(person=by, group=group, written_at=now)
    goal.sentence, goal.why, goal.sign, goal.step = sentence, why, sign, step
    goal.scale, goal.outcome, goal.changed_at = scale, outcome, now
    goal.save()
    audit.record("own_goal_written", by=by, about=goal, now=now, place=group.uid)
    return goal


@transaction.atomic
def delete_own_goal(goal: OwnGoal, *, by: Person, now: datetime) -> None:
    """Delete a goal of one's own for good."""
    audit.record("own_goal_deleted", by=by, about=goal, now=now, place=goal.group.uid)
    goal.delete()

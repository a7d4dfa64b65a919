"""Groups with an agreement and goals for tests."""

from piiri.agreements import actions
from piiri.agreements.models import Goal
from piiri.groups.models import Group
from piiri.groups.tests.factories import NOW, GroupFactory

JOINED = NOW
CANARY = "Kanarialintu laulaa"


def members_of(group):
    """The participants as they joined."""
    return [one.person for one in group.memberships.order_by("pk").select_related("person")]


def mentor_of(group):
    return group.mentorships.get().person


def everybody(group):
    """Mentor first, then the participants."""
    return [*[one.person for one in group.mentorships.order_by("pk")], *members_of(group)]


def a_group(**words):
    """A running group with a mentor and two participants."""
    return GroupFactory(**{"members": 2, "state": Group.State.RUNNING} | words)


def drafted(group, *, now=JOINED):
    """Its draft, begun by the mentor."""
    return actions.begin(group, by=everybody(group)[0], now=now)


def make_ready(draft, *, meaning=True, now=JOINED):
    draft.refresh_from_db()
    return actions.make_ready(
        draft, edits=draft.edits, meaning=meaning, by=everybody(draft.group)[0], now=now
    )


def agreed(group, *, now=JOINED, own=CANARY, sign=True):
    """A version in force with one clause of the group's own, signed by all."""
    draft = drafted(group, now=now)
    person = everybody(group)[0]
    actions.add_clause(draft, title="Kahvi", text=own, language="fi", by=person, now=now)
    version = make_ready(draft, now=now)
    for person in everybody(group) if sign else []:
        actions.sign(group, number=version.number, by=person, now=now)
    return version


def a_goal(group, sentence=CANARY, *, now=JOINED, **words):
    """A goal that all have agreed on."""
    first, *others = everybody(group)
    goal = actions.suggest_goal(group, sentence=sentence, by=first, now=now, **words)
    for person in others:
        actions.agree_to_goal(goal, by=person, now=now)
    return Goal.objects.get(pk=goal.pk)

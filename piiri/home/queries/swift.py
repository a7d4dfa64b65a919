"""What every look at a group's page, or at one's own, reads: queries put together once, see base.prepared."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Value

from piiri.agreements.models import Agreement, Goal, Signature, Yes
from piiri.base.prepared import Prepared, PreparedRows
from piiri.groups.models import Group, Membership, Mentorship
from piiri.meetings.models import Answer, Attendance, Meeting, Poll, PollAnswer
from piiri.people.models import Person

Visible = Callable[[Any], QuerySet[Group]]


def visible_group(visible: Visible, *, person: Person, uid: str) -> Group | None:
    """The group of this uid among those visible to the person, with programme, organisation and theme."""
    found: list[Group] = groups(visible).rows(person=person.pk, uid=uid)
    return found[0] if found else None


@lru_cache(maxsize=4)
def groups(visible: Visible) -> PreparedRows:
    """The query for one way of being visible."""
    along = ("programme", "programme__organisation", "theme")

    def build(*, person: int, uid: str) -> QuerySet[Group]:
        return visible(Person(pk=person)).filter(uid=uid)

    return PreparedRows(Group, build, numbers=["person"], texts=["uid"], along=along)


def led(group: Group) -> list[Mentorship]:
    """Whoever leads or led the group, with their people, in the order they began. One query."""
    return mentorships().rows(group=group.pk)


@lru_cache(maxsize=1)
def mentorships() -> PreparedRows:
    """The query of `led`."""

    def build(*, group: int) -> QuerySet[Mentorship]:
        return Mentorship.objects.filter(group=group).order_by("started_at", "pk")

    return PreparedRows(Mentorship, build, numbers=["group"], along=["person"])


def sat(group: Group) -> list[Membership]:
    """Whoever is or was a participant, with their people, in the order they joined. One query."""
    return memberships().rows(group=group.pk)


@lru_cache(maxsize=1)
def memberships() -> PreparedRows:
    """The query of `sat`; the last words of those who left are read elsewhere, by those inside."""

    def build(*, group: int) -> QuerySet[Membership]:
        rows = Membership.objects.filter(group=group, confirmed_at__isnull=False)
        return rows.order_by("joined_at", "pk")

    return PreparedRows(Membership, build, numbers=["group"], along=["person"], without=["goodbye"])


def meetings(group: Group) -> list[Meeting]:
    """The group's meetings that stand, in time order; titles stay sealed until they are read. One query."""
    found: list[Meeting] = standing().rows(group=group.pk)
    for meeting in found:
        meeting.group = group
    return found


@lru_cache(maxsize=1)
def standing() -> PreparedRows:
    """The query of `meetings`."""

    def build(*, group: int) -> QuerySet[Meeting]:
        return Meeting.objects.standing().filter(group=group).order_by("starts_at")

    return PreparedRows(Meeting, build, numbers=["group"])


# --- one's own page ---------------------------------------------------------------------------

SHOWN = (*Group.LIVING, Group.State.CLOSED)
WHO = ("group", "person", "person__name", "person__email", "pk")
VERSION = ("group", "number", "who", "at")
ATTENDED = (
    "role",
    "minutes",
    "meeting__group__programme",
    "session__event__programme",
    "session__event__counts_hours",
)
GOAL = ("group", "state", "said", "suggested_at", "agreed_at")


def entered(person: int) -> Q:
    """Rows of groups that are open to the person (their key); paused ones are not."""
    joined = Membership.objects.entering().filter(person=person).values("group")
    led = Mentorship.objects.entering().filter(person=person).values("group")
    return Q(group__in=joined) | Q(group__in=led)


@lru_cache(maxsize=1)
def own_groups() -> PreparedRows:
    """Groups in which a `person` sits, newest first, each with `waits`: whether it waits for them, paused."""

    def build(*, person: int) -> QuerySet[Group]:
        joined = Membership.objects.active().filter(person=person)
        mentored = Mentorship.objects.active().filter(person=person)
        mine = Q(pk__in=joined.values("group")) | Q(pk__in=mentored.values("group"))
        waits: Any = Exists(joined.filter(group=OuterRef("pk"), paused_at__isnull=False))
        waits |= Exists(mentored.filter(group=OuterRef("pk"), paused_at__isnull=False))
        return Group.objects.filter(mine, state__in=SHOWN).annotate(waits=waits).order_by("-pk")

    return PreparedRows(Group, build, numbers=["person"], more=["waits"], along=["programme", "theme"])


@lru_cache(maxsize=1)
def round_tables() -> Prepared:
    """Who sits in the groups of a `person`: `kind` 1 leads, 2 participates, and `since` when."""

    def build(*, person: int) -> Any:
        leading = Mentorship.objects.active().filter(entered(person), person__isnull=False)
        joined = Membership.objects.active().filter(entered(person), person__isnull=False)
        first = leading.annotate(kind=Value(1), since=F("started_at")).values("kind", "since", *WHO)
        second = joined.annotate(kind=Value(2), since=F("joined_at")).values("kind", "since", *WHO)
        return first.union(second, all=True)

    return Prepared(build, numbers=["person"])


@lru_cache(maxsize=1)
def own_meetings() -> PreparedRows:
    """Meetings that stand in the groups of a `person`, in time order."""

    def build(*, person: int) -> QuerySet[Meeting]:
        return Meeting.objects.standing().filter(entered(person)).order_by("starts_at")

    return PreparedRows(Meeting, build, numbers=["person"])


@lru_cache(maxsize=1)
def own_versions() -> Prepared:
    """Agreements in force in the groups of a `person` (`who` is nobody), and signatures of any version."""

    def build(*, person: int) -> Any:
        nobody = Value(None, output_field=IntegerField(null=True))
        versions = Agreement.objects.standing().filter(entered(person)).order_by()
        names = Signature.objects.filter(entered(person)).order_by()
        standing = versions.annotate(who=nobody, at=F("numbered_at")).values(*VERSION)
        signed = names.annotate(who=F("person"), at=F("signed_at")).values(*VERSION)
        return standing.union(signed, all=True)

    return Prepared(build, numbers=["person"])


@lru_cache(maxsize=1)
def own_goals() -> Prepared:
    """Goals agreed and suggested in the groups of a `person`, with whether they have said yes."""

    def build(*, person: int) -> Any:
        mine = Yes.objects.filter(goal=OuterRef("pk"), person=person)
        states = (Goal.State.AGREED, Goal.State.SUGGESTED)
        rows = Goal.objects.filter(entered(person), state__in=states).annotate(said=Exists(mine))
        return rows.order_by("pk").values(*GOAL)

    return Prepared(build, numbers=["person"])


@lru_cache(maxsize=1)
def own_polls() -> PreparedRows:
    """Open polls in the groups of a `person` that they have not answered, what ends first first."""

    def build(*, person: int) -> QuerySet[Poll]:
        said = PollAnswer.objects.filter(poll=OuterRef("pk"), person=person)
        return Poll.objects.open().filter(entered(person), ~Exists(said)).order_by("answer_by", "pk")

    return PreparedRows(Poll, build, numbers=["person"])


@lru_cache(maxsize=1)
def own_attendances() -> Prepared:
    """When a `person` came to a meeting or a joint event: role, minutes, in which programme."""

    def build(*, person: int) -> Any:
        return Attendance.objects.filter(person=person).order_by().values(*ATTENDED)

    return Prepared(build, numbers=["person"])


@lru_cache(maxsize=1)
def own_answers() -> Prepared:
    """What everybody has said to the planned meetings in the groups of a `person`."""

    def build(*, person: int) -> Any:
        planned = Meeting.objects.filter(entered(person), state=Meeting.State.PLANNED).values("pk")
        return Answer.objects.filter(meeting__in=planned).order_by().values("meeting", "person", "coming")

    return Prepared(build, numbers=["person"])

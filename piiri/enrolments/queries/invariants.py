"""What must hold in every committed state of places, offers, applications and lists; see docs/operating.md.

Each check returns what is broken, and nothing when all is sound. They read and never write.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from piiri.enrolments.models import Application, Approval, Waiting, Wish
from piiri.enrolments.queries import moments
from piiri.groups.models import Group, KeptApart, Membership, Mentorship, Offer, PairClaim, Place

SITTING = Membership.objects.filter(ended_at=None)


class Broken(NamedTuple):
    """A row, or a person in a programme, with which something is wrong: uids only."""

    invariant: str
    what: str
    of: str
    uid: str


Check = Callable[[datetime], Iterator[Broken]]


def broken(now: datetime) -> Iterator[Broken]:
    """Everything that does not hold."""
    for check in CHECKS:
        yield from check(now)
    for invariant, what, rows in moments.broken(now):
        yield from named(invariant, what, rows)


def named(invariant: str, what: str, rows: QuerySet[Any]) -> Iterator[Broken]:
    """The rows of a query, each by its uid; by its key where it has none."""
    of = str(rows.model._meta)  # noqa: SLF001
    fields = {field.name for field in rows.model._meta.get_fields()}  # noqa: SLF001
    name = "uid" if "uid" in fields else "pk"
    for uid in rows.order_by("pk").values_list(name, flat=True):
        yield Broken(invariant, what, of, str(uid))


def counted(rows: QuerySet[Any], of: str) -> Subquery:
    """How many rows there are of one group, as a column."""
    found = rows.filter(**{of: OuterRef("pk")}).order_by().values(of).annotate(n=Count("pk"))
    return Subquery(found.values("n")[:1])


def no_group_is_overbooked(now: datetime) -> Iterator[Broken]:
    """I1: participants and open offers of a group are no more than its places."""
    groups = Group.objects.annotate(
        sitting=counted(SITTING, "group"),
        asked=counted(Offer.objects.open(), "group"),
        seats=counted(Place.objects.all(), "group"),
    )
    for uid, sitting, asked, seats in groups.values_list("uid", "sitting", "asked", "seats").order_by("pk"):
        if (sitting or 0) + (asked or 0) > (seats or 0):
            yield Broken("I1", "more_people_than_places", str(Group._meta), uid)  # noqa: SLF001


def a_place_is_held_once(now: datetime) -> Iterator[Broken]:
    """I2: a place belongs to one participant or one open offer, and each of these has one place."""
    places = Place.objects.all()
    yield from named("I2", "held_and_offered", places.exclude(membership=None).exclude(offer=None))
    yield from named("I2", "held_by_who_left", places.filter(membership__ended_at__isnull=False))
    closed = places.filter(offer__isnull=False).exclude(offer__state=Offer.State.OPEN)
    yield from named("I2", "held_for_an_answered_offer", closed)
    elsewhere = ~Q(membership__group=F("group")) & Q(membership__isnull=False)
    elsewhere |= ~Q(offer__group=F("group")) & Q(offer__isnull=False)
    yield from named("I2", "held_from_another_group", places.filter(elsewhere))
    yield from named("I2", "participant_without_a_place", SITTING.filter(held_place=None))
    yield from named("I2", "offer_without_a_place", Offer.objects.open().filter(held_place=None))


def one_of_each_a_person(now: datetime) -> Iterator[Broken]:
    """I3: one membership, one open application and one open offer a person and programme."""
    standing: dict[str, QuerySet[Any]] = {
        "two_memberships": SITTING,
        "two_applications": Application.objects.filter(state__in=Application.OPEN),
        "two_offers": Offer.objects.open(),
    }
    for what, rows in standing.items():
        doubled = rows.filter(person__isnull=False).order_by().values("programme__uid", "person__uid")
        for row in doubled.annotate(n=Count("pk")).filter(n__gt=1):
            yield Broken("I3", what, "people.person", f"{row['person__uid']}@{row['programme__uid']}")


def kept_pairs_are_apart(now: datetime) -> Iterator[Broken]:
    """I7: nobody came into a living group after they were to be kept apart from a participant of it."""
    pairs = KeptApart.objects.filter(state=KeptApart.State.KEPT, consented_at=None)
    inside: dict[str, tuple[QuerySet[Any], str]] = {
        "participant": (SITTING, "joined_at"),
        "mentor": (Mentorship.objects.active(), "started_at"),
        "asked": (Offer.objects.open(), "made_at"),
    }
    for what, (rows, moment) in inside.items():
        for one, other in (("first", "second"), ("second", "first")):
            there = SITTING.filter(group=OuterRef("group"), person=OuterRef(OuterRef(other)))
            late = rows.filter(
                Exists(there),
                group__state__in=Group.LIVING,
                group__programme=OuterRef("programme"),
                person=OuterRef(one),
                **{f"{moment}__gt": OuterRef("made_at")},
            )
            yield from named("I7", f"{what}_beside_participant", pairs.filter(Exists(late)))


def groups_have_mentors(now: datetime) -> Iterator[Broken]:
    """I8: a group that started had a mentor then, and its mentor is not its participant."""
    led = Mentorship.objects.filter(group=OuterRef("pk"), started_at__lte=OuterRef("started_at"))
    led = led.filter(Q(ended_at=None) | Q(ended_at__gt=OuterRef("started_at")))
    running = Group.objects.running().filter(self_run=False)
    yield from named("I8", "started_without_a_mentor", running.filter(~Exists(led)))
    both = SITTING.filter(group=OuterRef("group"), person=OuterRef("person"))
    yield from named("I8", "mentor_takes_part", Mentorship.objects.active().filter(Exists(both)))


def ended_groups_are_empty(now: datetime) -> Iterator[Broken]:
    """I13: a minute after a group was called off or merged nobody sits in it or is asked into it."""
    ended = {"group__state__in": Group.EMPTIED, "group__ended_at__lt": now - moments.A_MINUTE}
    yield from named("I13", "sits_in_an_ended_group", SITTING.filter(**ended))
    yield from named("I13", "asked_into_an_ended_group", Offer.objects.open().filter(**ended))
    yield from named("I13", "held_in_an_ended_group", Place.objects.taken().filter(**ended))


def children_are_of_their_programme(now: datetime) -> Iterator[Broken]:
    """I10: whatever hangs on a row is of the same programme as the row."""
    rows: dict[str, QuerySet[Any]] = {
        "membership": Membership.objects.exclude(programme=F("group__programme")),
        "offer": Offer.objects.exclude(programme=F("group__programme")),
        "theme": Group.objects.filter(theme__isnull=False).exclude(theme__programme=F("programme")),
        "merged": Group.objects.filter(merged_into__isnull=False).exclude(
            merged_into__programme=F("programme")
        ),
        "claim": PairClaim.objects.exclude(pair__programme=F("group__programme")),
        "approval": Approval.objects.exclude(manager__programme=F("application__programme")),
    }
    for kind, model in (("wish", Wish), ("turn", Waiting)):
        for to in ("theme", "group"):
            told = model._default_manager.filter(**{f"{to}__isnull": False})  # noqa: SLF001
            rows[f"{kind}_{to}"] = told.exclude(**{f"{to}__programme": F("application__programme")})
    for what, found in rows.items():
        yield from named("I10", f"{what}_of_another_programme", found)


CHECKS: tuple[Check, ...] = (
    no_group_is_overbooked,
    a_place_is_held_once,
    one_of_each_a_person,
    kept_pairs_are_apart,
    groups_have_mentors,
    ended_groups_are_empty,
    children_are_of_their_programme,
)

"""Waiting lists: who stands where, which groups have a free place for whom, what lapses."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from piiri.base.models import free
from piiri.enrolments import taking as lists
from piiri.enrolments.models import Application, Waiting
from piiri.groups.models import Group, KeptApart, Membership, Mentorship, Offer, PairClaim, Place
from piiri.people.models import Person
from piiri.programmes.models import Programme

Reference = Any  # a value, or a reference to the query around this one

# --- who is asked next ------------------------------------------------------------------------


def groups_to_fill(now: datetime) -> list[Group]:
    """Groups with a free place and somebody in a list who may be asked for it.

    One query while nobody waits, two for any number of groups.
    """
    waited_for = list(programmes_with_lists())
    if not waited_for:
        return []
    at_groups = Group.objects.filter(taking(waited_for, now=now)).filter(Exists(free_place()), asked_about())
    return list(at_groups.select_related("programme", "theme").order_by("pk"))


def programmes_with_lists() -> QuerySet[Programme]:
    """Programmes whose year goes on and in which somebody waits."""
    standing = Waiting.objects.standing().filter(
        application__programme=OuterRef("pk"), application__state=Application.State.WAITING
    )
    return Programme.objects.running().filter(Exists(standing)).order_by("pk")


def taking(programmes: Iterable[Programme], *, now: datetime) -> Q:
    """Groups of these programmes that take people from lists now; see taking.py for which and why."""
    found = Q(pk__in=[])
    for programme in programmes:
        terms, today = programme.rules, now.astimezone(programme.tz).date()
        if today > programme.ends_on:
            continue
        states = lists.states_that_take(
            way=terms.enrol_way, newcomers=terms.newcomers, answered=today > programme.answers_by
        )
        here = Q(state__in=states)
        if lists.asks_group(newcomers=terms.newcomers):
            here |= Q(state=Group.State.RUNNING, takes_newcomers=True)
        found |= Q(programme=programme.pk) & here
    return found


def free_place() -> QuerySet[Place]:
    """A free place of the group of the query around this one."""
    return Place.objects.free().filter(group=OuterRef("pk"))


def asked_about() -> Q:
    """Groups that somebody waits for who may be asked."""
    own = may_be_asked(group=OuterRef("pk")).filter(group=OuterRef("pk"))
    of_theme = may_be_asked(group=OuterRef("pk")).filter(theme=OuterRef("theme"))
    suits = suited(of_theme, language=OuterRef("language"), form=OuterRef("form"))
    return Q(Exists(own)) | (Q(by_link=False) & Q(Exists(suits)))


def may_be_asked(*, group: Reference) -> QuerySet[Waiting]:
    """Standing turns of people who could take a place in the group.

    They wait, have no place and no other offer in the programme, do not lead the group, have not let an
    offer of it go or left it, and are not kept apart from anybody in it.
    """
    inner = OuterRef(group) if isinstance(group, OuterRef) else group
    mine = {"person": OuterRef("application__person")}
    here = mine | {"programme": OuterRef("application__programme")}
    let_go = (Offer.State.DECLINED, Offer.State.LAPSED)
    of_pair = Q(pair__first=OuterRef("application__person")) | Q(pair__second=OuterRef("application__person"))
    claims = PairClaim.objects.filter(of_pair, group=inner, pair__state=KeptApart.State.KEPT)
    return Waiting.objects.standing().filter(
        ~Exists(Membership.objects.filter(**here, ended_at=None)),
        ~Exists(Offer.objects.open().filter(**here)),
        ~Exists(Offer.objects.filter(**mine, group=inner, state__in=let_go)),
        ~Exists(Membership.objects.filter(**mine, group=inner, ended_at__isnull=False)),
        ~Exists(Mentorship.objects.active().filter(**mine, group=inner)),
        ~Exists(claims.exclude(person=OuterRef("application__person"))),
        application__state=Application.State.WAITING,
    )


def suited(turns: QuerySet[Waiting], *, language: Reference, form: Reference) -> QuerySet[Waiting]:
    """Of those who wait for a theme, whoever speaks the group's language and can meet its way.

    Whoever waits for one group has chosen both.
    """
    either = Group.Form.EITHER
    told = turns.alias(
        spoken=Cast("application__languages", TextField()),
        wanted=ExpressionWrapper(form, output_field=CharField())
        if isinstance(form, OuterRef)
        else Value(form, output_field=CharField()),
    )
    code = language if isinstance(language, OuterRef) else Value(language)
    speaks = Q(spoken="[]") | Q(spoken__contains=Concat(Value('"'), code, Value('"')))
    meets = Q(wanted=either) | Q(application__form=either) | Q(application__form=F("wanted"))
    return told.filter(speaks, meets)


def turns_for(group: Group) -> QuerySet[Waiting]:
    """Those who may be asked for a place of the group, in their order."""
    own = Q(pk__in=may_be_asked(group=group.pk).filter(group=group).values("pk"))
    if group.theme_id and not group.by_link:
        of_theme = may_be_asked(group=group.pk).filter(theme=group.theme_id)
        own |= Q(pk__in=suited(of_theme, language=group.language, form=group.form).values("pk"))
    return Waiting.objects.filter(own).select_related("application__person").in_order()


def next_turn(group: Group, *, but: Collection[int]) -> Waiting | None:
    """Whose turn it is for a place of the group, leaving out these turns (their keys)."""
    return turns_for(group).exclude(pk__in=but).first()


def companion_of(turn: Waiting, *, group: Group) -> Waiting | None:
    """Whoever waits in the same list for the same group and named the person as they named them."""
    application = turn.application
    if not application.with_address:
        return None
    named = {
        "application__person__email": application.with_address,
        "application__with_address": application.person.email,
    }
    same = turns_for(group).filter(group=turn.group_id, theme=turn.theme_id, **named)
    return same.exclude(application=application).first()


# --- what is due ------------------------------------------------------------------------------


def offers_to_lapse(now: datetime, limit: int) -> Sequence[Offer]:
    """Open offers whose time is over, oldest first."""
    due = Offer.objects.filter(free(now), done_at=None, due_at__lte=now, state=Offer.State.OPEN)
    return list(due.select_related("group__programme", "person").order_by("due_at", "pk")[:limit])


# --- where one stands -------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One's own turn in one list: third of seven."""

    turn: Waiting
    position: int
    people: int

    @property
    def name(self) -> str:
        """What the list is for, in the reader's language."""
        return str(self.turn.group or self.turn.theme)


def lines_of(application: Application) -> list[Line]:
    """The lists the application stands in, as they were joined, with the place in each. Two queries."""
    mine = list(
        application.turns.standing().select_related("group__theme", "theme").order_by("since_at", "pk")
    )
    if not mine:
        return []
    lists = Q(group__in=[one.group_id for one in mine if one.group_id])
    lists |= Q(theme__in=[one.theme_id for one in mine if one.theme_id])
    standing = Waiting.objects.standing().filter(lists, application__state=Application.State.WAITING)
    keys: dict[tuple[int | None, int | None], list[int]] = {}
    for pk, group, theme in standing.in_order().values_list("pk", "group", "theme"):
        keys.setdefault((group, theme), []).append(pk)
    return [line_of(turn, keys.get((turn.group_id, turn.theme_id), [])) for turn in mine]


def line_of(turn: Waiting, keys: Sequence[int]) -> Line:
    """The place of the turn among the keys of its list; alone where the list says nothing of it."""
    return Line(turn, keys.index(turn.pk) + 1 if turn.pk in keys else 1, max(1, len(keys)))


def list_lengths(programme: Programme) -> tuple[dict[int, int], dict[int, int]]:
    """How many wait, by group and by theme. One query."""
    rows = Waiting.objects.standing().filter(
        application__programme=programme, application__state=Application.State.WAITING
    )
    groups, themes = dict[int, int](), dict[int, int]()
    for group, theme in rows.values_list("group", "theme"):
        counted, key = (groups, group) if group else (themes, theme)
        counted[key] = counted.get(key, 0) + 1
    return groups, themes


def is_awaited(group: Group) -> bool:
    """Whether somebody in a list may be asked for a place of the group; then nobody else takes it first."""
    return turns_for(group).order_by().exists()


def offers_open_to(person: Person, *, now: datetime) -> Sequence[Offer]:
    """Places held for the person now in any programme, the one that ends first at the head. One query."""
    held = Offer.objects.standing(now).filter(person=person)
    return list(held.select_related("group__theme", "group__programme").order_by("expires_at", "pk"))


def offer_open_to(application: Application) -> Offer | None:
    """The place held for the applicant in the programme, answered by nobody yet."""
    held = Offer.objects.open().filter(person=application.person_id, programme=application.programme_id)
    return held.select_related("group__theme", "group__programme").first()

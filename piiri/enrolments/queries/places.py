"""Groups with a free place: among what somebody wished for, and the next best where one is full."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time
from functools import lru_cache

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language

from piiri.enrolments.models import Application, Waiting
from piiri.groups.models import Group, Place
from piiri.groups.queries import joinable, mentor_names
from piiri.programmes.models import Programme, Theme

NEXT_BEST = 3


def with_places(programme: Programme) -> QuerySet[Group]:
    """Groups of the public list that somebody could come to now, in their order: no list goes first there."""
    waiting = Waiting.objects.standing().filter(application__state=Application.State.WAITING)
    turns = waiting.filter(Q(group=OuterRef("pk")) | Q(theme=OuterRef("theme")))
    free = Place.objects.free().filter(group=OuterRef("pk"))
    shown = Group.objects.filter(joinable(programme), programme=programme, by_link=False, merged_into=None)
    return shown.filter(Exists(free), ~Exists(turns)).order_by("theme__order", "pk")


def free_by_group(programme: Programme) -> dict[int, int]:
    """Free places by group, 0 where none is; empty where people do not wish for groups that they take."""
    terms = programme.rules
    if terms.enrol_way != "place" or terms.wish_for != "group":
        return {}
    places = Place.objects.filter(group__programme=programme, group__state__in=Group.LIVING).order_by()
    free = Count("pk", filter=Q(membership=None, offer=None))
    return dict(places.values_list("group").annotate(n=free))


def names_of_mentors(programme: Programme, *, choices: Sequence[Theme | Group]) -> dict[int, list[str]]:
    """The mentors of these groups who chose to show their names, by group. Two queries; none for themes."""
    groups = [one.pk for one in choices if isinstance(one, Group)]
    return mentor_names(programme, only=groups) if groups else {}


@dataclass(frozen=True)
class Profile:
    """A mentor of a pair as their offer shows them; the name only where they chose so."""

    uid: str
    title: str
    text: str
    name: str


def profiles(programme: Programme, *, groups: Sequence[Group | Theme]) -> list[Profile]:
    """The offers of these pairs. Two queries."""
    offers = [one for one in groups if isinstance(one, Group)]
    names = names_of_mentors(programme, choices=offers)
    return [
        Profile(one.uid, one.name, one.text, ", ".join(filter(None, names.get(one.pk, [])))) for one in offers
    ]


def groups_wished(application: Application) -> list[Group]:
    """Groups that may have a place for the applicant, dearest wish first; of a theme those that suit.

    With `any_theme` every other group comes after them. One query, and one for the wishes.
    """
    programme = application.programme
    free = list(with_places(programme).select_related("theme"))
    for group in free:
        group.programme = programme
    found: dict[int, Group] = {}
    for wish in application.wishes.all():
        own = [group for group in free if group.pk == wish.group_id]
        of_theme = [group for group in free if wish.theme_id and group.theme_id == wish.theme_id]
        found |= {
            group.pk: group for group in [*own, *suiting(of_theme, application)] if group.pk not in found
        }
    if application.any_theme:
        found |= {group.pk: group for group in suiting(free, application) if group.pk not in found}
    return list(found.values())


def suiting(groups: Iterable[Group], application: Application) -> list[Group]:
    """Those in a language the applicant speaks, and that meet the way they can."""
    either = Group.Form.EITHER
    return [
        group
        for group in groups
        if (not application.languages or group.language in application.languages)
        and (either in (group.form, application.form) or group.form == application.form)
    ]


def stands_in_list(application: Application, *, group: Group) -> bool:
    """Whether the applicant waits for the group, or for its theme."""
    turns = application.turns.standing()
    here = Q(group=group.pk) | Q(theme=group.theme_id) if group.theme_id else Q(group=group.pk)
    return turns.filter(here).exists()


@dataclass(frozen=True)
class Nearby:
    """A group with a free place that is much like another."""

    uid: str
    title: str
    hue: str
    free: int
    weekday: int | None
    local_time: time | None
    times: str
    language: str
    area: str
    form: str


def next_best(group: Group, *, programme: Programme, sensitive: bool, second: int) -> Sequence[Nearby]:
    """Up to three groups with free places that are most like this one; kept while `second` is the same.

    The same theme counts most, then the language, the times, the area.
    """
    theme = group.theme_id
    here = Like(group.pk, theme, group.language, group.times, group.weekday, group.area)
    return _next_best(programme, here, sensitive=sensitive, spoken=get_language() or "en", second=second)


@dataclass(frozen=True)
class Like:
    """What others are compared with."""

    pk: int
    theme: int | None
    language: str
    times: str
    weekday: int | None
    area: str

    def score(self, group: Group) -> int:
        """How much the group is like this one."""
        parts = set(self.times.split()) & set(group.times.split())
        same_times = bool(parts) or (self.weekday is not None and self.weekday == group.weekday)
        return (
            8 * (self.theme is not None and group.theme_id == self.theme)
            + 4 * (group.language == self.language)
            + 2 * same_times
            + (bool(self.area) and group.area == self.area)
        )


@lru_cache(maxsize=256)
def _next_best(
    programme: Programme, here: Like, *, sensitive: bool, spoken: str, second: int
) -> Sequence[Nearby]:
    """`spoken` is the language of the titles."""
    rows = with_places(programme).exclude(pk=here.pk).select_related("theme")
    rows = rows if sensitive else rows.exclude(theme__sensitive=True)
    ranked = sorted(rows, key=lambda group: (-here.score(group), group.pk))[:NEXT_BEST]
    counted = Place.objects.free().filter(group__in=[group.pk for group in ranked]).order_by()
    free = dict(counted.values_list("group").annotate(n=Count("pk")))
    return tuple(
        Nearby(
            uid=one.uid,
            title=one.name,
            hue=one.theme.hue if one.theme else "spruce",
            free=free.get(one.pk, 0),
            weekday=one.weekday,
            local_time=one.local_time,
            times=one.times,
            language=one.language,
            area=one.area,
            form=one.form,
        )
        for one in ranked
    )

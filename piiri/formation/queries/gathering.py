"""What a formation looks at, gathered from the tables of people, wishes, groups and times."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from piiri.enrolments.models import Application, Wish
from piiri.formation import mapping, weighing
from piiri.formation.mapping import Facts, Leading, Offered, Wanting
from piiri.formation.problem import Problem
from piiri.groups import queries as group_queries
from piiri.groups.models import Group, KeptApart, Membership, Mentor, Mentorship
from piiri.networks.models import Affiliation
from piiri.programmes import windows as weekly
from piiri.programmes.models import Availability, Programme
from piiri.programmes.parameters import Rules
from piiri.programmes.windows import Window


def problem_of(programme: Programme, *, seed: int = 1) -> Problem:
    """The question to the solver: those without a place, the groups with free places, what holds for all.

    Raises ProblemError when nobody is left to place.
    """
    return mapping.problem_of(facts_of(programme), seed=seed, name=programme.slug)


def facts_of(programme: Programme, *, wishes: Mapping[str, int] | None = None) -> Facts:
    """Everything a formation of the programme looks at, in a fixed number of queries.

    `wishes` of the office count as weighing.py says; without them all is as usual.
    """
    rules = programme.rules
    windows = weekly.windows(rules)
    masks = dict(Availability.objects.filter(programme=programme).values_list("person", "mask"))
    offered = _offered(programme)
    sitting = {person for group in offered for person in group.sitting}
    return Facts(
        windows=[(window.weekday, window.start) for window in windows],
        minutes=rules.meeting_minutes,
        least=rules.common_windows,
        weights=weighing.weights_for(rules, wishes),
        wanting=_wanting(_unplaced(programme), rules=rules, masks=masks, windows=windows),
        leading=_leading(programme, offered=offered, masks=masks, windows=windows),
        offered=offered,
        apart=apart(programme),
        sitting={person: weekly.to_bits(masks.get(person, ""), windows) for person in sitting},
    )


def applied_to(programme: Programme) -> QuerySet[Application]:
    """What was sent and not taken back, whatever became of it."""
    return Application.objects.filter(programme=programme).exclude(
        state__in=(Application.State.DRAFT, Application.State.WITHDRAWN)
    )


def wished_before(programme: Programme, *, of: Programme) -> list[Wanting]:
    """Those who applied to `of` and did not take it back, with the wishes and times they had, placed or not.

    Of somebody who applied more than once the last application counts. Times are read as windows of
    `programme`; themes and groups are those of `of`.
    """
    rules = programme.rules
    masks = dict(Availability.objects.filter(programme=of).values_list("person", "mask"))
    found = _wanting(applied_to(of), rules=rules, masks=masks, windows=weekly.windows(rules))
    return list({one.person: one for one in found}.values())


def levels(mask: str, windows: Sequence[Window]) -> tuple[int, int]:
    """The windows that are possible, and those that work without an *if needed*."""
    return weekly.to_bits(mask, windows), weekly.to_bits(mask.replace("1", "0"), windows)


def org_of(unit: int | None, workplace: str) -> str:
    """Where somebody works: the unit, else the workplace as written; "" when nothing is known."""
    return f"unit:{unit}" if unit else " ".join(workplace.casefold().split())


def _unplaced(programme: Programme) -> QuerySet[Application]:
    placed = Membership.objects.filter(programme=programme, ended_at=None, person__isnull=False)
    unplaced = Application.objects.unplaced().filter(programme=programme)
    return unplaced.exclude(person__in=placed.values("person"))


def _wanting(
    rows: QuerySet[Application], *, rules: Rules, masks: Mapping[int, str], windows: Sequence[Window]
) -> list[Wanting]:
    themes, groups = _wishes(rows)
    found = []
    for row in rows.order_by("pk").values_list(
        "pk",
        "uid",
        "person",
        "languages",
        "form",
        "any_theme",
        "years",
        "unit",
        "workplace",
        "person__language",
    ):
        pk, uid, person, languages, form, any_theme, years, unit, workplace, speaks = row
        free, works = levels(masks.get(person, ""), windows)
        found.append(
            Wanting(
                uid=uid,
                person=person,
                free=free,
                works=works,
                languages=tuple(languages) or (speaks,),
                form=form,
                themes=tuple(themes.get(pk, ())),
                groups=tuple(groups.get(pk, ())),
                any_theme=any_theme,
                experienced=years is not None and years >= rules.mentor_min_years,
                org=org_of(unit, workplace),
            )
        )
    return found


def _wishes(applications: QuerySet[Application]) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """Ranked themes and ranked groups by application."""
    rows = Wish.objects.filter(application__in=applications.values("pk")).order_by("application", "rank")
    themes: dict[int, list[str]] = {}
    groups: dict[int, list[str]] = {}
    for application, theme, group in rows.values_list("application", "theme__uid", "group__uid"):
        if theme:
            themes.setdefault(application, []).append(theme)
        elif group:
            groups.setdefault(application, []).append(group)
    return themes, groups


def _offered(programme: Programme) -> list[Offered]:
    living = Group.objects.living().listed().filter(programme=programme)
    places = group_queries.place_counts(programme)
    mentors = _by_group(
        Mentorship.objects.active()
        .filter(group__in=living.values("pk"), person__isnull=False)
        .values_list("group", "person")
    )
    sitting = _by_group(
        Membership.objects.filter(
            group__in=living.values("pk"), ended_at=None, person__isnull=False
        ).values_list("group", "person")
    )
    rows = living.order_by("pk").values_list(
        "pk", "uid", "theme__uid", "language", "form", "area", "min_to_start", "weekday", "local_time"
    )
    return [
        Offered(
            uid=uid,
            theme=theme or "",
            language=language,
            form=form,
            area=area,
            min_to_start=least,
            places=places.get(pk, 0),
            mentors=tuple(mentors.get(pk, ())),
            sitting=tuple(sitting.get(pk, ())),
            at=None if weekday is None or time is None else (weekday, time.hour * 60 + time.minute),
        )
        for pk, uid, theme, language, form, area, least, weekday, time in rows
    ]


def _by_group(rows: Iterable[tuple[int, int | None]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for group, person in rows:
        if person is not None:
            found.setdefault(group, []).append(person)
    return found


def _leading(
    programme: Programme, *, offered: Sequence[Offered], masks: Mapping[int, str], windows: Sequence[Window]
) -> list[Leading]:
    """Everybody who leads a living group that formation fills. Without a role they keep what they lead.

    A group that is reached by its link only counts among those they lead at most.
    """
    led: dict[int, int] = {}
    for group in offered:
        for person in group.mentors:
            led[person] = led.get(person, 0) + 1
    roles = Mentor.objects.filter(programme=programme, ended_at=None).values_list("person", "groups_at_most")
    most = dict(roles)
    here = Mentorship.objects.active().filter(group__programme=programme, group__state__in=Group.LIVING)
    mentors, aside = here.filter(group__by_link=False), here.filter(group__by_link=True)
    by_link = Counter(aside.values_list("person", flat=True))
    orgs = _orgs(programme, people=mentors.values("person"))
    found = []
    for person, uid in mentors.order_by("person").values_list("person", "person__uid").distinct():
        if person is None or uid is None:  # erased
            continue
        free, works = levels(masks.get(person, ""), windows)
        at_most = max(0, most[person] - by_link[person]) if person in most else led[person]
        found.append(Leading(uid, person, free, works, orgs.get(person, ""), at_most))
    return found


def _orgs(programme: Programme, *, people: QuerySet[Any]) -> dict[int, str]:
    """Where mentors work, as the organisations of the programme know it."""
    known = Q(organisation=programme.organisation_id) | Q(
        organisation__in=programme.employers.values("organisation")
    )
    rows = Affiliation.objects.filter(known, person__in=people).order_by("pk")
    found: dict[int, str] = {}
    for person, unit, workplace in rows.values_list("person", "unit", "workplace"):
        found[person] = found.get(person) or org_of(unit, workplace)
    return found


def apart(programme: Programme) -> list[tuple[int, int]]:
    """Pairs of people who must not sit in one group."""
    kept = KeptApart.objects.filter(programme=programme, state=KeptApart.State.KEPT)
    return list(kept.order_by("pk").values_list("first", "second"))

"""Applications as the person, the office and the public page see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext

from piiri.base import dates
from piiri.enrolments.models import Application, Wish
from piiri.groups.models import Group
from piiri.networks.models import Unit
from piiri.people.models import Person
from piiri.programmes import windows
from piiri.programmes.models import Availability, Event, Programme, Theme
from piiri.programmes.queries import sessions

State = Application.State


def wishes_of(application: Application) -> list[Theme | Group]:
    """What was wished for, dearest first."""
    found = application.wishes.select_related("theme", "group__theme")
    return [one for wish in found if (one := wish.theme or wish.group)]


def wish_choices(programme: Programme, *, sensitive: bool) -> list[Theme] | list[Group]:
    """What one may wish for: the programme's themes, or its living groups; sensitive ones after sign-in."""
    if programme.rules.wish_for == "group":
        offered = Group.objects.living().filter(programme=programme).select_related("theme")
        shown = offered if sensitive else offered.exclude(theme__sensitive=True)
        return list(shown.order_by("theme__order", "pk"))
    themes = programme.themes.all()
    return list(themes if sensitive else themes.filter(sensitive=False))


def unit_choices(programme: Programme) -> QuerySet[Unit]:
    """Workplaces of the employers whose staff the programme serves."""
    employers = programme.employers.values("organisation")
    return Unit.objects.filter(organisation__in=employers).select_related("organisation")


def wish_counts(programme: Programme) -> dict[int, int]:
    """How many standing applications wish for each theme, or for each group, by primary key. One query."""
    field = "group" if programme.rules.wish_for == "group" else "theme"
    wishes = Wish.objects.filter(
        application__programme=programme,
        application__state__in=Application.STANDING,
        **{f"{field}__isnull": False},
    )
    return dict(wishes.order_by().values_list(field).annotate(n=Count("application", distinct=True)))


@dataclass(frozen=True)
class Sharing:
    """How many of those who wish for the same share at least one time of a whole meeting."""

    sharing: int
    people: int


def sharing(programme: Programme, *, wish: Theme | Group, mask: str, person: Person) -> Sharing:
    """Count, among the others with a standing application for the same, those who share a time with `mask`.

    Two numbers only; say them from `rules.FEW` people up.
    """
    field = "theme" if isinstance(wish, Theme) else "group"
    wishing = Wish.objects.filter(
        application__programme=programme, application__state__in=Application.STANDING, **{field: wish}
    ).exclude(application__person=person)
    people = wishing.values("application__person")
    masks = Availability.objects.filter(programme=programme, person__in=people).values_list("mask", flat=True)
    slots = windows.windows(programme.rules)
    mine = windows.to_bits(mask, slots)
    told = list(masks)
    return Sharing(sum(bool(mine & windows.to_bits(other, slots)) for other in told), len(told))


@dataclass(frozen=True)
class MyState:
    """Where one's application stands: for home and for the application's own page."""

    application: Application
    headline: str
    next: str
    next_on: date | None


def my_states(person: Person) -> list[MyState]:
    """The person's applications that are open or were decided, newest first; two queries."""
    rows = Application.objects.filter(person=person).exclude(state=State.WITHDRAWN)
    found = rows.select_related("programme__organisation").order_by("-saved_at")
    return [state_of(application) for application in found]


def state_of(application: Application) -> MyState:
    """The state in a sentence, what comes next, and when."""
    programme = application.programme
    closes = programme.enrol_closes_at.astimezone(programme.tz).date()
    answers = gettext("Groups are formed from all wishes. You hear from us at the latest on this day.")
    told: dict[str, tuple[str, str, date | None]] = {
        State.DRAFT: (
            gettext("Your application is not sent yet"),
            gettext("Send it before enrolment closes."),
            closes,
        ),
        State.SENT: (gettext("Your application has been sent"), answers, programme.answers_by),
        State.PLACED: (
            gettext("You have a place in a group"),
            gettext("The programme begins."),
            programme.starts_on,
        ),
        State.WAITING: (
            gettext("You are on the waiting list"),
            gettext("We look for a place as soon as one is free. You hear from us in any case."),
            programme.answers_by,
        ),
        State.DECLINED: (
            gettext("There is no place for you this time"),
            gettext("The reason came by mail. You can apply again next year."),
            None,
        ),
        State.WITHDRAWN: (
            gettext("You have taken your application back"),
            gettext("While enrolment is open, you can apply again."),
            None,
        ),
    }
    return MyState(application, *told[application.state])


@dataclass(frozen=True)
class Coming:
    """One line of what comes after an application has been sent; `state` is "done", "now" or ""."""

    title: str
    when: str
    text: str = ""
    state: str = ""


def coming(application: Application, *, now: datetime) -> list[Coming]:
    """What happens next, day by day, while an application waits for its answer; else nothing. One query."""
    programme = application.programme
    if application.state != State.SENT or application.sent_at is None:
        return []
    zone, closed = programme.zone, now > programme.enrol_closes_at
    lines = [
        Coming(gettext("Your wish was sent"), dates.day(application.sent_at, zone), state="done"),
        Coming(
            gettext("Enrolment closes"),
            dates.day(programme.enrol_closes_at, zone),
            "" if closed else gettext("Until then you can change your answers or take them back."),
            "done" if closed else "now",
        ),
        Coming(
            gettext("You hear from us at the latest"),
            dates.day(programme.answers_by),
            gettext(
                "Groups are formed from all wishes and times. You get the reasons for your place by mail."
            ),
            "now" if closed else "",
        ),
    ]
    opening = sessions(programme).filter(event__kind=Event.Kind.OPENING).first()
    if opening:
        lines.append(Coming(str(opening.event), dates.day(opening.starts_at, zone), opening.place))
    return lines


def listed(
    programme: Programme, *, words: str = "", state: str = "", wish: str = "", addresses: bool = True
) -> QuerySet[Application]:
    """Applications as the office lists them: sent ones by name, with wishes; never the wish text.

    `words` look for a name, a workplace and, with `addresses`, an address; `wish` is the uid of a theme or
    a group.
    """
    rows = Application.objects.filter(programme=programme).exclude(state=State.DRAFT)
    if state:
        rows = rows.filter(state=state)
    if words:
        fields = ["person__name", "name_as_written", "workplace", "unit__name"]
        fields += ["person__email"] if addresses else []
        rows = rows.filter(any_of(Q(**{f"{field}__icontains": words}) for field in fields))
    if wish:
        rows = rows.filter(pk__in=wishing_for(wish).values("application"))
    ranked = Prefetch("wishes", Wish.objects.select_related("theme", "group__theme"), to_attr="ranked")
    return (
        rows.defer("wish")
        .select_related("person", "unit")
        .prefetch_related(ranked)
        .order_by("person__name", "pk")
    )


def any_of(conditions: Iterable[Q]) -> Q:
    """Rows that fulfil at least one of the conditions; with none of them, no row."""
    return reduce(or_, conditions, Q(pk__in=[]))


def wishing_for(uid: str) -> QuerySet[Wish]:
    """Wishes for one theme or one group."""
    return Wish.objects.filter(Q(theme__uid=uid) | Q(group__uid=uid))


def people_known(programme: Programme, *, addresses: Sequence[str]) -> dict[str, Person]:
    """People of the programme by address: who applied, mentors or sits in a group; nobody else."""
    known = Person.objects.filter(email__in=addresses).filter(
        Q(applications__programme=programme)
        | Q(mentor_roles__programme=programme)
        | Q(memberships__programme=programme)
    )
    return {person.email: person for person in known.distinct()}

"""Applications as the person, the office and the public page see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache, reduce
from operator import or_

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext

from piiri.base import dates
from piiri.base.prepared import PreparedRows
from piiri.enrolments.models import Application, Waiting, Wish
from piiri.enrolments.queries.dates import KEPT_FOR_DEEDS, next_date
from piiri.groups.models import Group
from piiri.networks.models import Affiliation, Unit
from piiri.people.models import Person
from piiri.programmes import windows
from piiri.programmes.models import Availability, Event, Programme, Theme
from piiri.programmes.queries import sessions

State = Application.State
LEFT_GROUP = "left_group"  # beside the ends of a turn in a list
# Suggested beside a field; a network with more of them lets people write.
MOST_UNITS = 400


def wishes_of(application: Application) -> list[Theme | Group]:
    """What was wished for, dearest first."""
    found = application.wishes.select_related("theme", "group__theme")
    return [one for wish in found if (one := wish.theme or wish.group)]


def wish_choices(programme: Programme, *, sensitive: bool) -> list[Theme] | list[Group]:
    """What one may wish for: the programme's themes, or its living groups; sensitive ones after sign-in."""
    if programme.rules.wish_for == "group":
        offered = Group.objects.living().listed().filter(programme=programme).select_related("theme")
        shown = offered if sensitive else offered.exclude(theme__sensitive=True)
        return list(shown.order_by("theme__order", "pk"))
    themes = programme.themes.all()
    return list(themes if sensitive else themes.filter(sensitive=False))


def unit_choices(programme: Programme) -> QuerySet[Unit]:
    """Workplaces of the employers whose staff the programme serves."""
    employers = programme.employers.values("organisation")
    return Unit.objects.filter(organisation__in=employers).select_related("organisation")


def known_work(programme: Programme, *, person: Person) -> Affiliation | None:
    """What the organiser knows of the person's work, or None."""
    known = Affiliation.objects.filter(person=person, organisation=programme.organisation_id)
    return known.select_related("unit").first()


@lru_cache(maxsize=64)
def unit_names(programme: Programme, *, minute: int) -> tuple[str, ...]:
    """What the workplaces are called, to be suggested while somebody writes theirs; asked once a `minute`."""
    return tuple(unit_choices(programme).values_list("name", flat=True)[:MOST_UNITS])


def wish_counts(programme: Programme) -> dict[int, int]:
    """How many standing applications wish for each theme, or for each group, by primary key. One query."""
    field = "group" if programme.rules.wish_for == "group" else "theme"
    wishes = Wish.objects.filter(
        application__programme=programme,
        application__state__in=Application.STANDING,
        **{f"{field}__isnull": False},
    )
    return dict(wishes.order_by().values_list(field).annotate(n=Count("application", distinct=True)))


def wished_for(group: Group, *, programme: Programme) -> int:
    """How many standing applications wish for the group, or for its theme where people wish for themes."""
    by_group = programme.rules.wish_for == "group" or group.theme_id is None
    wishes = Wish.objects.filter(
        application__state__in=Application.STANDING,
        **({"group": group.pk} if by_group else {"theme": group.theme_id}),
    )
    return wishes.values("application").distinct().count()


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
    return [state_of(application) for application in standing().rows(person=person.pk)]


@lru_cache(maxsize=1)
def standing() -> PreparedRows:
    """The query of `my_states`: every look at one's own page asks it."""

    def build(*, person: int) -> QuerySet[Application]:
        rows = Application.objects.filter(person=person).exclude(state=State.WITHDRAWN)
        return rows.order_by("-saved_at")

    return PreparedRows(
        Application, build, numbers=["person"], along=["programme", "programme__organisation"]
    )


def state_of(
    application: Application, *, asked: bool = False, lists: int | None = None, ended: str = ""
) -> MyState:
    """The state in a sentence, what comes next, and when.

    `asked`: a place is held for the person now. `lists`: in how many lists they stand, where that is known.
    `ended`: how their last turn in a list ended, for somebody who is withdrawn.
    """
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
            gettext("The programme begins on this day."),
            programme.starts_on,
        ),
        State.WAITING: waiting_words(programme, asked=asked, lists=lists),
        State.DECLINED: (
            gettext("There is no place for you this time"),
            gettext("The reason came by mail. You can apply again next year."),
            None,
        ),
        State.WITHDRAWN: withdrawn_words(ended),
    }
    return MyState(application, *told[application.state])


def with_next_date(state: MyState, *, group: Group, now: datetime) -> MyState:
    """The state of somebody with a place, with the date they come to next in the place of the programme's."""
    programme = state.application.programme
    coming = next_date(group, programme=programme, now=now, kept=KEPT_FOR_DEEDS)
    if coming is None:
        return state
    day = coming.starts_at.astimezone(programme.tz).date()
    return replace(state, next=gettext("Your next date is this day."), next_on=day)


def waiting_words(programme: Programme, *, asked: bool, lists: int | None) -> tuple[str, str, date | None]:
    """Somebody who waits: asked for a place now, in lists, or in none since theirs ended."""
    # Where places go by pressing, nobody was promised an answer by a day.
    by = None if programme.rules.enrol_way == "place" else programme.answers_by
    if asked:
        return gettext("A place is free for you"), gettext("Take it, or let it go on to the next."), None
    if lists == 0:
        return (
            gettext("You wait for a place"),
            gettext("The programme office looks for a place for you. You hear from us in any case."),
            by,
        )
    return (
        gettext("You are on the waiting list"),
        gettext("We look for a place as soon as one is free. You hear from us in any case."),
        by,
    )


def withdrawn_words(ended: str) -> tuple[str, str, date | None]:
    """Somebody who takes no part: by their own wish, or since they stand in no list any more."""
    again = gettext("While enrolment is open, you can apply again.")
    if ended == Waiting.End.DECLINED:
        return gettext("You let the place go"), again, None
    if ended == Waiting.End.LAPSED:
        late = gettext("If you would still like to take part, write to the programme office.")
        return gettext("The place that was held for you went on to the next"), late, None
    if ended == LEFT_GROUP:
        return gettext("You have left your group"), again, None
    return gettext("You have taken your application back"), again, None


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


def any_of(conditions: Iterable[Q]) -> Q:
    """Rows that fulfil at least one of the conditions; with none of them, no row."""
    return reduce(or_, conditions, Q(pk__in=[]))


def people_known(programme: Programme, *, addresses: Sequence[str]) -> dict[str, Person]:
    """People of the programme by address: who applied, mentors or sits in a group; nobody else."""
    known = Person.objects.filter(email__in=addresses).filter(
        Q(applications__programme=programme)
        | Q(mentor_roles__programme=programme)
        | Q(memberships__programme=programme)
    )
    return {person.email: person for person in known.distinct()}

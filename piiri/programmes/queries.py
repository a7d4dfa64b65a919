"""What pages and other rooms need to know of a programme year."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from piiri.base import dates
from piiri.networks import queries as network_queries
from piiri.networks.models import Organisation
from piiri.people.models import Person
from piiri.programmes import windows as weekly
from piiri.programmes.models import (
    Availability,
    Break,
    Coordinator,
    Event,
    EventSession,
    Programme,
    Question,
    Theme,
)
from piiri.programmes.publicdays import public_holidays


class Holiday(NamedTuple):
    """A public holiday; its name in the reader's language."""

    day: date
    name: str


@dataclass(frozen=True)
class CalendarEntry:
    """One line of the programme's year. `first` and `last` are local days, both included.

    kind: enrolment, answers, event, break or holiday. Only events have a start, an end, a place, a link.
    """

    kind: str
    title: str
    first: date
    last: date
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: str = ""
    link: str = ""
    event: str = ""
    event_kind: str = ""


def sessions(programme: Programme) -> QuerySet[EventSession]:
    """Sessions of all joint events in time order, with their events."""
    return (
        EventSession.objects.filter(event__programme=programme).select_related("event").order_by("starts_at")
    )


def events(programme: Programme) -> list[Event]:
    """Joint events with their sessions, in the order of their first session. Two queries."""
    found = Event.objects.filter(programme=programme).prefetch_related("sessions")

    def first(event: Event) -> tuple[bool, float, int]:
        starts = [session.starts_at.timestamp() for session in event.sessions.all()]
        return not starts, min(starts, default=0.0), event.pk

    return sorted(found, key=first)


def themes(programme: Programme) -> QuerySet[Theme]:
    """Themes in the order the office gave them."""
    return Theme.objects.filter(programme=programme)


def questions(programme: Programme) -> QuerySet[Question]:
    """Questions answered on the programme's page, in the order the office gave them."""
    return Question.objects.filter(programme=programme)


def breaks(programme: Programme) -> QuerySet[Break]:
    """School holidays and other days without meetings, in time order."""
    return Break.objects.filter(programme=programme)


def employers(programme: Programme) -> QuerySet[Organisation]:
    """Organisations whose staff the programme serves."""
    return Organisation.objects.filter(pk__in=programme.employers.values("organisation"))


def possible_employers(organisation: Organisation) -> QuerySet[Organisation]:
    """Whose staff a programme of this organisation may serve: the organisations of its network."""
    return Organisation.objects.filter(network=organisation.network_id, suspended_at=None)


def holidays_between(
    programme: Programme, first: date | None = None, last: date | None = None
) -> list[Holiday]:
    """Public holidays of the programme's year, or of the days given (both included). No query."""
    found = public_holidays(
        first or programme.starts_on, last or programme.ends_on, language=(get_language() or "en")[:2]
    )
    return [Holiday(day, name) for day, name in found.items()]


def why_no_meeting_on(programme: Programme, day: date) -> str | None:
    """The name of the holiday or break a local day falls on, or None on an ordinary day. One query."""
    return closed_days(programme, day, day).get(day)


def closed_days(programme: Programme, first: date, last: date) -> dict[date, str]:
    """Days without meetings, with the reason; public holidays before breaks. One query for any span."""
    found: dict[date, str] = {}
    for each in breaks(programme).filter(starts_on__lte=last, ends_on__gte=first):
        start, end = max(first, each.starts_on), min(last, each.ends_on)
        found |= {start + timedelta(days=n): str(each.title) for n in range((end - start).days + 1)}
    found |= {holiday.day: holiday.name for holiday in holidays_between(programme, first, last)}
    return dict(sorted(found.items()))


def calendar(programme: Programme) -> list[CalendarEntry]:
    """The year in order: enrolment, answers, joint events, breaks, public holidays. Two queries."""
    local = programme.tz
    entries = [
        CalendarEntry(
            "enrolment",
            _("Enrolment"),
            programme.enrol_opens_at.astimezone(local).date(),
            programme.enrol_closes_at.astimezone(local).date(),
            programme.enrol_opens_at,
            programme.enrol_closes_at,
        ),
        CalendarEntry("answers", _("Answers by"), programme.answers_by, programme.answers_by),
    ]
    entries += [_event_entry(programme, session) for session in sessions(programme)]
    entries += [
        CalendarEntry("break", str(each.title), each.starts_on, each.ends_on) for each in breaks(programme)
    ]
    entries += [CalendarEntry("holiday", name, day, day) for day, name in holidays_between(programme)]
    return sorted(entries, key=lambda entry: (entry.first, entry.last))


def _event_entry(programme: Programme, session: EventSession) -> CalendarEntry:
    day = session.starts_at.astimezone(programme.tz).date()
    return CalendarEntry(
        "event",
        str(session.event),
        day,
        day,
        session.starts_at,
        session.ends_at,
        session.place,
        session.link,
        session.event.uid,
        session.event.kind,
    )


def facts(programme: Programme) -> list[tuple[str, str]]:
    """What the programme page says in large: (label, value) in the reader's language. One query."""
    rules = programme.rules
    lines = [
        (_("In a group"), _size_words(programme)),
        (_("Meetings"), _rhythm_words(programme)),
        (_("In total"), _("%(hours)s at most") % {"hours": dates.hours(rules.cap_hours * 60)}),
    ]
    joint = {Event.Kind.OPENING: _("Opening, together"), Event.Kind.CLOSING: _("Closing, together")}
    told: set[str] = set()
    for session in sessions(programme).filter(event__kind__in=joint):
        kind = session.event.kind
        if kind not in told:
            told.add(kind)
            lines.append((joint[Event.Kind(kind)], dates.day(session.starts_at, programme.zone)))
    return lines


def _size_words(programme: Programme) -> str:
    rules = programme.rules
    if rules.guidance == "pair":
        return _("a mentor and you")
    sizes = {"least": rules.min_to_start, "most": rules.places}
    if rules.mentors == 0:
        return _("%(least)s–%(most)s people") % sizes
    return _("%(least)s–%(most)s and a mentor") % sizes


def _rhythm_words(programme: Programme) -> str:
    rules = programme.rules
    words = {
        "fortnightly": _("every two weeks, %(length)s"),
        "monthly": _("about monthly, %(length)s"),
        "group": _("as the group decides, %(length)s"),
    }
    return words[rules.rhythm] % {"length": dates.hours(rules.meeting_minutes)}


def programmes_listed(programmes: QuerySet[Programme]) -> QuerySet[Programme]:
    """Programmes for a list: newest year first, with organisation and theme count."""
    return (
        programmes.select_related("organisation")
        .annotate(theme_count=Count("themes"))
        .order_by("-starts_on", "pk")
    )


def addresses(programmes: QuerySet[Programme]) -> list[tuple[str, str]]:
    """The slugs of organisation and programme, by which the pages are reached."""
    return list(programmes.order_by("pk").values_list("organisation__slug", "slug"))


def coordinators(programme: Programme, *, reader: Person) -> list[network_queries.Holder]:
    """The office's people in the order they came; names as the organisation wrote them. Two queries."""
    rows = Coordinator.objects.filter(programme=programme).select_related("person").order_by("since", "pk")
    people = [row.person for row in rows]
    return network_queries.holders(people, organisation_id=programme.organisation_id, reader=reader)


def coordinator(programme: Programme, person_uid: str) -> Person | None:
    """The coordinator of the programme with this uid, or None."""
    row = (
        Coordinator.objects.filter(programme=programme, person__uid=person_uid)
        .select_related("person")
        .first()
    )
    return row.person if row else None


def times_of(programme: Programme, *, person: Person) -> str:
    """When the person can meet, as a mask: what they told this programme, else the last they told any.

    Nothing told anywhere is a week of *no*. One query.
    """
    rows = Availability.objects.filter(person=person)
    own_first = rows.order_by("-updated_at")
    found = list(own_first.values_list("programme", "mask"))
    told = dict(found)
    return told.get(programme.pk) or (found[0][1] if found else weekly.NOTHING)


def events_on_closed_days(programme: Programme) -> list[tuple[EventSession, str]]:
    """Sessions of joint events that fall on a holiday or in a break, with its name. Two queries."""
    closed = closed_days(programme, programme.starts_on, programme.ends_on)
    found = []
    for session in sessions(programme):
        day = session.starts_at.astimezone(programme.tz).date()
        if day in closed:
            found.append((session, closed[day]))
    return found


def contacts(programme: Programme) -> list[Person]:
    """Whom people of groups can talk to in confidence: one in the office, then one outside the line.

    As long as the office has named nobody, its coordinator of longest standing is the one.
    """
    first = programme.contact_person
    if first is None:
        role = programme.coordinators.select_related("person").order_by("since", "pk").first()
        first = role.person if role else None
    # Whoever was named as the second may have become the first of the office since.
    return list(dict.fromkeys(person for person in (first, programme.second_contact) if person))


def office_people(programme: Programme) -> QuerySet[Person]:
    """Who works in the programme's office, by name."""
    return Person.objects.filter(coordinates__programme=programme).order_by("name", "pk")

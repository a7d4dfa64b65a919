"""Why somebody sits where they sit, for that person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from piiri.enrolments.models import Application
from piiri.formation import sentences
from piiri.formation.models import Publishing, Reason
from piiri.formation.sentences import Why
from piiri.groups.models import Group
from piiri.people.models import Person
from piiri.programmes import windows as weekly
from piiri.programmes.models import Theme

State = Publishing.State


@dataclass(frozen=True)
class Told:
    """What speaks for the place, why no better wish could be met, what one more free time would have changed.

    Whole sentences, naming nobody.
    """

    why: list[Why]
    unmet: list[str]
    more_time: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Without:
    """Why an application led to no place."""

    application: Application
    told: Told


def reason_for(person: Person, *, group: Group) -> Told | None:
    """Why this person sits in this group, or None when no formation placed them there.

    For the person's own eyes: it tells their wishes.
    """
    rows = Reason.objects.filter(
        application__person=person,
        group=group,
        membership__ended_at=None,
        membership__confirmed_at__isnull=False,
        publishing__state__in=Publishing.STANDING,
    )
    row = rows.order_by("-publishing__asked_at").first()
    if row is None:
        return None
    return _told(row, titles=titles_of(sentences.wished([row.codes])), at=weekly_time(group))


def reasons_without(applications: Sequence[Application]) -> list[Without]:
    """Why these applications of the reader led to no place, once the mails of the publishing go out.

    For the person's own eyes. Whose place was lost between proposal and publishing is left out: the mail says
    so. Three queries for any number of applications, none for none.
    """
    if not applications:
        return []
    rows = Reason.objects.filter(
        application__in=applications, group=None, publishing__state__in=(State.PUBLISHING, State.DONE)
    )
    last = {row.application_id: row for row in rows.order_by("publishing__asked_at", "pk")}
    titles = titles_of(sentences.wished([row.codes for row in last.values()]))
    found = [(one, _told(last[one.pk], titles=titles)) for one in applications if one.pk in last]
    return [Without(one, told) for one, told in found if told.unmet or told.more_time]


def _told(row: Reason, *, titles: Mapping[str, str], at: str = "") -> Told:
    return Told(
        sentences.why(row.codes, at=at),
        sentences.why_not(row.codes, titles=titles),
        sentences.more_time(row.codes, titles=titles),
    )


def weekly_time(group: Group) -> str:
    """The group's weekly time in words; "" when it has none."""
    if group.weekday is None or group.local_time is None:
        return ""
    start = group.local_time.hour * 60 + group.local_time.minute
    return weekly.words(group.weekday, start, start + group.programme.rules.meeting_minutes)


def titles_of(uids: Iterable[str]) -> dict[str, str]:
    """Titles of themes and names of groups by uid, in the reader's language; two queries."""
    wanted = list(uids)
    if not wanted:
        return {}
    titles = {theme.uid: str(theme) for theme in Theme.objects.filter(uid__in=wanted)}
    groups = Group.objects.filter(uid__in=wanted).select_related("theme")
    return titles | {group.uid: group.name for group in groups}

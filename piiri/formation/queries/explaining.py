"""Why somebody sits where they sit, for that person."""

from collections.abc import Iterable
from dataclasses import dataclass

from piiri.formation import sentences
from piiri.formation.models import Publishing, Reason
from piiri.formation.sentences import Why
from piiri.groups.models import Group
from piiri.people.models import Person
from piiri.programmes import windows as weekly
from piiri.programmes.models import Theme


@dataclass(frozen=True)
class Told:
    """What speaks for the place, and why no dearer wish could be met; whole sentences, naming nobody."""

    why: list[Why]
    unmet: list[str]


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
    titles = titles_of(sentences.wished([row.codes]))
    return Told(sentences.why(row.codes, at=weekly_time(group)), sentences.why_not(row.codes, titles=titles))


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

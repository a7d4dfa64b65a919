"""When somebody with a new place comes for the first time: the next date, never one that has been."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from piiri.base.fields import Translations
from piiri.groups.models import Group
from piiri.programmes import windows
from piiri.programmes.models import Event, EventSession, Programme

LANGUAGES = ("fi", "sv", "en")
# For so long the joint events of a programme are not looked up again; the later number is for deeds, which
# come from a page that has just shown the date.
KEPT, KEPT_FOR_DEEDS = timedelta(seconds=5), timedelta(seconds=60)


@dataclass(frozen=True)
class NextDate:
    """A date to come to. `titles` say what it is in every language; empty for the group's own meeting."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    place: str
    titles: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> Translations:
        return Translations(dict(self.titles))


def next_date(
    group: Group, *, programme: Programme, now: datetime, kept: timedelta = KEPT
) -> NextDate | None:
    """The group's next meeting, else the next joint event of the programme. At most one query in a while."""
    if group.next_at and group.next_at > now:
        ends_at = group.next_at + timedelta(minutes=programme.rules.meeting_minutes)
        place = "" if group.form == Group.Form.ONLINE else group.place
        return NextDate(group.next_uid or f"next-{group.uid}", group.next_at, ends_at, place)
    looked_up, ahead = LOOKED_UP.get(programme.uid, (None, ()))
    if looked_up is None or not timedelta(0) <= now - looked_up < kept:
        ahead = joint_events(programme)
        LOOKED_UP[programme.uid] = now, ahead
    return next((one for one in ahead if one.starts_at > now), None)


# The joint events of each programme and when they were looked up.
LOOKED_UP: dict[str, tuple[datetime, tuple[NextDate, ...]]] = {}


def joint_events(programme: Programme) -> tuple[NextDate, ...]:
    """The sessions of joint events in time order, without the mentors' own."""
    rows = EventSession.objects.filter(event__programme=programme).exclude(event__kind=Event.Kind.MENTORS)
    return tuple(
        NextDate(one.uid, one.starts_at, one.ends_at, one.place, titles_of(one.event))
        for one in rows.select_related("event").order_by("starts_at", "pk")
    )


def titles_of(event: Event) -> tuple[tuple[str, str], ...]:
    """What the event is called, in every language."""
    said = []
    for language in LANGUAGES:
        with translation.override(language):
            said.append((language, str(event)))
    return tuple(said)


def weekly_time(group: Group, *, programme: Programme) -> dict[str, str]:
    """The group's weekly time in every language, e.g. "Tuesdays 14.30–16.00"; empty when there is none."""
    if group.weekday is None or group.local_time is None:
        return {}
    start, said = group.local_time.hour * 60 + group.local_time.minute, {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = windows.words(group.weekday, start, start + programme.rules.meeting_minutes)
    return said


def own_meeting() -> str:
    """What calendars call a meeting of a group, in the reader's language: nothing of what it is about."""
    return _("Your group meets")

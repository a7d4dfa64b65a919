"""When a meeting may be set, moved, recorded, checked in to; what a wall clock means."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import SplitResult
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from piiri.groups.models import Group
from piiri.meetings.models import CHECK_IN_AFTER, CHECK_IN_BEFORE, Meeting, Poll
from piiri.programmes.models import EventSession, Programme

MEETING_STATES = (Group.State.FORMING, Group.State.RUNNING)
AROUND_THE_YEAR = timedelta(days=60)
OPEN_FOR = timedelta(days=14)
LENGTHS = (45, 60, 75, 90, 105, 120, 150, 180, 240)
LONGEST = 480
# How late one can say to be, in minutes, and from how long before the start on.
LATE = (5, 10, 15, 30)
LATE_BEFORE = timedelta(hours=3)


class MeetingRefusal(TextChoices):
    GROUP_NOT_RUNNING = "group_not_running", _("The group does not meet: it has not started or has ended.")
    NO_SUCH_TIME = "no_such_time", _("The clocks are moved forward that night: that time does not exist.")
    OUTSIDE_YEAR = "outside_year", _("That day is far outside the programme’s year. Look at the date again.")
    ALREADY_THEN = "already_then", _("The group already has a meeting at that time.")
    CANCELLED = "cancelled", _("The meeting has been cancelled.")
    RECORDED = "recorded", _("The meeting has been recorded, so it cannot be moved or cancelled any more.")
    CHANGED = "changed", _("Somebody else changed the meeting meanwhile. Load the page again to see it.")
    NOT_YET = "not_yet", _("The meeting has not begun yet. It can be recorded once it has.")
    LOCKED = "locked", _("The record is locked 14 days after the meeting. The office can correct hours.")
    STRANGER = "stranger", _("Only people who were in the group then can be marked as present.")
    MENTOR_RUNS = "mentor_runs", _("The mentor of your group sets its meetings and saves their records.")
    PAST = "past", _("The meeting is over.")
    LATE_EARLY = "late_early", _("From three hours before the start you can say that you will be late.")
    CHECK_IN_EARLY = "check_in_early", _("Checking in opens half an hour before the start.")
    CHECK_IN_LATE = (
        "check_in_late",
        _("Checking in closed two hours after the end. Ask the office."),
    )
    REASON_NEEDED = "reason_needed", _("Write why you correct this. The person reads it.")
    NOTHING_CHANGES = "nothing_changes", _("That is what stands there already.")
    RUN_BY_MENTOR = "run_by_mentor", _("The mentor sees to the meetings of this group.")
    ONESELF = "oneself", _("Nobody corrects their own hours. Ask a colleague in the office.")


def moment_of(day: date, at: time, *, zone: str) -> datetime | None:
    """The moment in UTC of a wall-clock time; None for one that the clocks skip in spring.

    A time that comes twice in autumn is its first.
    """
    local = ZoneInfo(zone)
    moment = datetime.combine(day, at, local).astimezone(UTC)
    there_again = moment.astimezone(local)
    return moment if (there_again.date(), there_again.time()) == (day, at) else None


def why_not_meet(group: Group, programme: Programme, *, day: date) -> MeetingRefusal | None:
    """Return the reason against a meeting of the group on a local day. Holidays are no reason."""
    if group.state not in MEETING_STATES or programme.state != Programme.State.PUBLISHED:
        return MeetingRefusal.GROUP_NOT_RUNNING
    if not programme.starts_on - AROUND_THE_YEAR <= day <= programme.ends_on + AROUND_THE_YEAR:
        return MeetingRefusal.OUTSIDE_YEAR
    return None


def why_not_move(meeting: Meeting) -> MeetingRefusal | None:
    """Return the reason against another time, and against cancelling: only planned meetings can."""
    if meeting.state == Meeting.State.CANCELLED:
        return MeetingRefusal.CANCELLED
    return MeetingRefusal.RECORDED if meeting.state == Meeting.State.HELD else None


def locks_at(meeting: Meeting) -> datetime:
    """From when on the record stays as it is: 14 days after the meeting."""
    return meeting.ends_at + OPEN_FOR


def is_locked(meeting: Meeting, *, now: datetime) -> bool:
    """Whether the record can no longer be changed. A first record may come later than that."""
    return meeting.state == Meeting.State.HELD and now > locks_at(meeting)


def why_not_record(meeting: Meeting, *, now: datetime) -> MeetingRefusal | None:
    """Return the reason against saving the record, from the meeting's start on."""
    if meeting.state == Meeting.State.CANCELLED:
        return MeetingRefusal.CANCELLED
    if now < meeting.starts_at:
        return MeetingRefusal.NOT_YET
    return MeetingRefusal.LOCKED if is_locked(meeting, now=now) else None


def why_not_answer(meeting: Meeting, *, now: datetime) -> MeetingRefusal | None:
    """Return the reason against saying yes or no: it is over or cancelled."""
    if meeting.state == Meeting.State.CANCELLED:
        return MeetingRefusal.CANCELLED
    return MeetingRefusal.PAST if now >= meeting.ends_at else None


def why_not_be_late(meeting: Meeting, *, now: datetime) -> MeetingRefusal | None:
    """Return the reason against saying that one comes later: long before the start, or no more."""
    if now < meeting.starts_at - LATE_BEFORE:
        return why_not_answer(meeting, now=now) or MeetingRefusal.LATE_EARLY
    return why_not_answer(meeting, now=now)


def why_not_check_in(what: Meeting | EventSession, *, now: datetime) -> MeetingRefusal | None:
    """Return the reason against checking oneself in: too early or too late. Both ends count as open."""
    if isinstance(what, Meeting) and what.state == Meeting.State.CANCELLED:
        return MeetingRefusal.CANCELLED
    if now < what.starts_at - CHECK_IN_BEFORE:
        return MeetingRefusal.CHECK_IN_EARLY
    return MeetingRefusal.CHECK_IN_LATE if now > what.ends_at + CHECK_IN_AFTER else None


def lengths(*, usual: int) -> list[int]:
    """Minutes to choose from, in order, with the usual ones of this programme or meeting."""
    return sorted({*LENGTHS, usual})


def why_not_convene(meeting: Meeting, group: Group, *, now: datetime) -> MeetingRefusal | None:
    """Return the reason against seeing to a meeting: its group has a mentor, or it is over or cancelled."""
    if not group.self_run:
        return MeetingRefusal.RUN_BY_MENTOR
    return why_not_move(meeting) or (MeetingRefusal.PAST if now >= meeting.ends_at else None)


def next_convener(order: Sequence[int], *, had: Mapping[int, int]) -> int | None:
    """Whose turn is next: who has had the fewest turns, then who comes first in the order; keys of people."""
    return min(order, key=lambda key: had.get(key, 0), default=None)


# --- finding a time ---------------------------------------------------------------------------

LONGEST_POLL = timedelta(days=62)


class PollRefusal(TextChoices):
    ENDED = "ended", _("This search for a time has ended: a time is booked, or somebody stopped it.")
    TOO_MANY_DAYS = "too_many_days", _("Choose at most two months at a time.")
    DAYS_TURNED = "days_turned", _("The last day lies before the first one.")
    OVER = "over", _("These days are over. Choose days to come.")
    TOO_LATE = "too_late", _("The day to answer by has passed already. Choose a later one.")
    NO_DAYS = "no_days", _("All these days are holidays or in a break. Choose others.")
    NO_DATES = "no_dates", _("Tick at least one date.")
    NOT_A_TIME = "not_a_time", _("That time is not among those asked for. Choose one from the list.")


def why_not_ask(
    programme: Programme, *, first_on: date, last_on: date, answer_by: datetime, now: datetime
) -> PollRefusal | None:
    """Return the reason against asking a group for times on these days (both included)."""
    if last_on < first_on:
        return PollRefusal.DAYS_TURNED
    if last_on - first_on > LONGEST_POLL:
        return PollRefusal.TOO_MANY_DAYS
    if last_on <= now.astimezone(programme.tz).date():
        return PollRefusal.OVER
    return PollRefusal.TOO_LATE if answer_by <= now else None


def why_not_answer_poll(poll: Poll, *, now: datetime) -> PollRefusal | None:
    """Return the reason against marking times: it has ended, or its days are over. Late answers count."""
    if poll.ended_at:
        return PollRefusal.ENDED
    return PollRefusal.OVER if poll.last_on < now.astimezone(poll.group.programme.tz).date() else None


def why_not_book(poll: Poll, *, on: date, at: time) -> PollRefusal | None:
    """Return the reason against ending the poll by a meeting then."""
    if poll.ended_at:
        return PollRefusal.ENDED
    return None if poll.first_on <= on <= poll.last_on and at.minute % 30 == 0 else PollRefusal.NOT_A_TIME


# --- busy times -------------------------------------------------------------------------------

LONGEST_ADDRESS = 2000


class BusyRefusal(TextChoices):
    NO_ADDRESS = (
        "no_address",
        _("That is no address of a calendar. It begins with https:// or webcal://; copy it whole."),
    )
    TURNED = "turned", _("The end lies before the beginning.")
    PAST = "past", _("That time is over.")
    TOO_MUCH = "too_much", _("That is more than can be kept. Take back times that you do not need.")


class CalendarTrouble(TextChoices):
    """Why a calendar could not be read, as the page tells its owner."""

    NO_ADDRESS = "no_address", _("The address is not one of a calendar. Copy it again from your calendar.")
    NOT_HTTPS = "not_https", _("The address leads to a place without encryption. Only https is read.")
    INTERNAL = (
        "internal",
        _("The address leads into a closed network. Only calendars open to the internet are read."),
    )
    NOT_FOUND = (
        "not_found",
        _("Nothing answered at the address, or it said no. Look whether the calendar is still shared."),
    )
    NO_CALENDAR = (
        "no_calendar",
        _("What stands at the address is no calendar. Copy the address that ends in .ics."),
    )
    TOO_LARGE = "too_large", _("The calendar is larger than two megabytes. Share a smaller one.")
    TOO_SLOW = "too_slow", _("The calendar took more than ten seconds to answer. It is tried again.")
    TOO_MANY_HOPS = "too_many_hops", _("The address leads on and on. Copy the last address it leads to.")


def why_not_read(parts: SplitResult) -> BusyRefusal | None:
    """Return the reason against keeping an address: it is none of https. Where it leads is judged later."""
    whole = parts.scheme == "https" and parts.hostname and parts.username is None
    return None if whole and len(parts.geturl()) <= LONGEST_ADDRESS else BusyRefusal.NO_ADDRESS

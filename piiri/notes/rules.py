"""What may be written, put in and let out; when a mail about something new goes."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from piiri.groups.models import Group
from piiri.notes.models import Line

MEGABYTE = 1024 * 1024
MOST_OF_A_FILE = 10 * MEGABYTE
MOST_OF_A_GROUP = 200 * MEGABYTE
LONGEST_NAME = 150
MORNING, EVENING = time(8), time(18)
SATURDAY = 5


class NotesRefusal(TextChoices):
    ENDED = (
        "ended",
        _("The group has ended, so nothing new is written. Your own lines can still be taken away."),
    )
    NO_DEEPER = "no_deeper", _("One answers to a post, not to an answer.")
    GONE = "gone", _("Its author took this away, so nobody answers to it any more.")
    EMPTY = "empty", _("Write something first.")
    NO_FILE = "no_file", _("The file is empty. Choose another one.")
    TOO_LARGE = "too_large", _("The file is larger than 10 MB. Make it smaller, or put in a link to it.")
    GROUP_FULL = (
        "group_full",
        _("Your group’s files have reached 200 MB. Take away one that is not needed any more."),
    )
    CHANGED = "changed", _("Somebody changed the text meanwhile. Read it again first.")
    ANSWERS_STAY = "answers_stay", _("An answer stays in the group.")
    AUTHOR_GONE = (
        "author_gone",
        _("Whoever wrote this has left the group and cannot say yes, so it stays here."),
    )


def why_not_write(group: Group) -> NotesRefusal | None:
    """Return the reason against anything new in the group."""
    return None if group.state in Group.LIVING else NotesRefusal.ENDED


def why_not_answer(line: Line) -> NotesRefusal | None:
    """Return the reason against an answer: to an answer, to what is no post, or to what was taken away."""
    if line.kind != Line.Kind.POST or line.answers_id:
        return NotesRefusal.NO_DEEPER
    return None if line.text else NotesRefusal.GONE


def why_not_put(*, size: int, used: int) -> NotesRefusal | None:
    """Return the reason against a file of `size` bytes beside those of the group, `used` bytes so far."""
    if size == 0:
        return NotesRefusal.NO_FILE
    if size > MOST_OF_A_FILE:
        return NotesRefusal.TOO_LARGE
    return NotesRefusal.GROUP_FULL if used + size > MOST_OF_A_GROUP else None


def why_not_leave(line: Line, *, author_sits: bool) -> NotesRefusal | None:
    """Return the reason against letting a line out, before anybody is asked."""
    if line.answers_id:
        return NotesRefusal.ANSWERS_STAY
    if not line.text:
        return NotesRefusal.GONE
    return None if author_sits else NotesRefusal.AUTHOR_GONE


def all_agree(words: set[int], *, seats: set[int]) -> bool:
    """Whether everybody who sits in the group now has said yes (people by their keys)."""
    return bool(seats) and seats <= words


def tidy_name(name: str, *, own: str) -> str:
    """The name of a file: the one written, with the ending of the file's `own` name, else that name.

    No path and no control character stays in it.
    """
    last = "".join(letter for letter in own.replace("\\", "/").rsplit("/", 1)[-1] if letter.isprintable())
    stem, dot, ending = last.rpartition(".")
    tail = f".{ending}" if dot and stem and len(ending) <= 10 else ""
    written = "".join(letter for letter in name if letter.isprintable()).replace("/", "-").strip()
    whole = written.removesuffix(tail) if written else last.removesuffix(tail)
    return f"{whole[: LONGEST_NAME - len(tail)] or 'file'}{tail}"


def next_morning(now: datetime, *, zone: ZoneInfo) -> datetime:
    """Eight o'clock on the next working day, in the zone: never in the evening, at night or at a weekend."""
    day = now.astimezone(zone).date() + timedelta(days=now.astimezone(zone).time() >= MORNING)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return datetime.combine(day, MORNING, zone)


def is_quiet(now: datetime, *, zone: ZoneInfo) -> bool:
    """Whether no mail goes now: in the evening, at night, at a weekend, also where a worker comes late."""
    local = now.astimezone(zone)
    return local.weekday() >= SATURDAY or not MORNING <= local.time() < EVENING

"""Where a programme stands for those who enrol, what an application still lacks, who may change it."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from piiri.enrolments.models import Application, ImportFile
from piiri.programmes.models import Programme

State = Application.State

# Fewer wishes or people than this are not told as a number.
FEW = 5


class Stage(TextChoices):
    """Where a programme stands. A draft is `before`."""

    BEFORE = "before", _("Enrolment has not opened yet.")
    OPEN = "open", _("Enrolment is open.")
    CLOSED = "closed", _("Enrolment has closed.")
    OVER = "over", _("This year is over.")


class EnrolRefusal(TextChoices):
    BEFORE = "before", _("Enrolment has not opened yet.")
    CLOSED = "closed", _("Enrolment has closed.")
    OVER = "over", _("This year is over.")
    PLACED = "placed", _("You have a place already. To change groups, write to the programme office.")
    DECIDED = "decided", _("This application has been decided already.")
    ENDED = "ended", _("This application has ended already.")
    SENT = "sent", _("This application has been sent already.")
    UNFINISHED = "unfinished", _("Something is still missing in this application.")


class ImportRefusal(TextChoices):
    OVER = "over", _("This year is over, so nobody can be brought in any more.")
    NO_MENTORS = "no_mentors", _("Groups of this programme run themselves, so there are no mentors to bring.")
    COLUMNS = "columns", _("Say first which column holds the names, the addresses and the themes.")
    MOVED_ON = "moved_on", _("This file has moved on meanwhile. Load the page again to see where it is.")


class Missing(TextChoices):
    """What a form lacks before it can be sent; the value is the field."""

    WISHES = "wishes", _("Choose at least one, or open the last part and tick that anything is fine.")
    TIMES = "times", _("Tick at least one time that works for a whole meeting.")
    WORKPLACE = "unit", _("Choose your workplace, or “Not in the list”.")
    WORKPLACE_NAME = "workplace", _("Write the name of your workplace.")
    LANGUAGES = "languages", _("Tick at least one language.")
    NAME = "name", _("Write the name others call you by.")
    EMAIL = "email", _("Write the whole address, for example firstname.lastname@city.example.")


def order_of(programme: Programme, *, person_uid: str, sent_at: datetime) -> int:
    """The ordering key within one priority class: the smaller goes first.

    By time the microseconds since 1970; by lottery a number drawn from the programme and the person, so that
    sending twice draws the same lot, and the office can show the draw to anybody who asks.
    """
    if programme.rules.order == "time":
        return int(sent_at.timestamp() * 1_000_000)
    drawn = sha256(f"{programme.uid} {person_uid}".encode()).digest()
    return int.from_bytes(drawn[:7])


def priority_of(programme: Programme, *, beginning: str) -> int:
    """0 for those who go first: new in the job or back from leave, where the programme says so; else 1."""
    return 0 if beginning and programme.rules.new_first else 1


def stage(programme: Programme, *, now: datetime) -> Stage:
    """Where the programme stands. Both ends of the enrolment window count as open."""
    if programme.state == Programme.State.CLOSED or now.astimezone(programme.tz).date() > programme.ends_on:
        return Stage.OVER
    if programme.state == Programme.State.DRAFT or now < programme.enrol_opens_at:
        return Stage.BEFORE
    return Stage.OPEN if now <= programme.enrol_closes_at else Stage.CLOSED


def why_not_apply(programme: Programme, *, now: datetime) -> EnrolRefusal | None:
    """Return the reason against a new application or a change, or None while enrolment is open."""
    at = stage(programme, now=now)
    return None if at == Stage.OPEN else EnrolRefusal(at.value)


def why_not_change(application: Application, *, now: datetime) -> EnrolRefusal | None:
    """Return the reason against changing the answers: a place, an end, or enrolment that is not open."""
    if application.state == State.PLACED:
        return EnrolRefusal.PLACED
    if application.state not in Application.OPEN:
        return EnrolRefusal.ENDED
    return why_not_apply(application.programme, now=now)


def why_not_withdraw(application: Application) -> EnrolRefusal | None:
    """Return the reason against taking an application back: only what has ended stays."""
    return None if application.state in Application.OPEN else EnrolRefusal.ENDED


def why_not_import(programme: Programme, *, kind: str) -> ImportRefusal | None:
    """Return the reason against bringing people from a file. Before and after enrolment the office may."""
    if programme.state == Programme.State.CLOSED:
        return ImportRefusal.OVER
    if kind == ImportFile.Kind.MENTORS and programme.rules.mentors == 0:
        return ImportRefusal.NO_MENTORS
    return None


def moved(wishes: Sequence[str], *, deed: str, uid: str, most: int) -> list[str]:
    """The ranked uids after one press: add, remove, up or down. Whatever makes no sense changes nothing."""
    ranked = list(wishes)
    if deed == "add" and uid not in ranked:
        return [*ranked, uid][:most] if len(ranked) < most else ranked
    if uid not in ranked:
        return ranked
    at = ranked.index(uid)
    if deed == "remove":
        return ranked[:at] + ranked[at + 1 :]
    to = {"up": at - 1, "down": at + 1}.get(deed, at)
    if 0 <= to < len(ranked):
        ranked[at], ranked[to] = ranked[to], ranked[at]
    return ranked


def is_told(number: int) -> bool:
    """Whether a number of wishes or people is large enough to be said."""
    return number >= FEW

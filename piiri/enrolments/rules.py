"""Where a programme stands for those who enrol, what an application still lacks, who may change it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from piiri.enrolments.models import Application, Approval, ImportFile
from piiri.enrolments.situations import Situation
from piiri.groups.models import Group
from piiri.groups.rules import GroupRefusal, why_not_newcomer
from piiri.programmes.models import Programme
from piiri.programmes.parameters import Rules

State = Application.State

# Fewer wishes or people than this are not told as a number.
FEW = 5
# What a visitor wrote waits so long for the press in the mail.
UNCONFIRMED_LASTS = timedelta(days=1)
# A line manager who does not answer is reminded once.
REMINDED_AFTER = timedelta(days=7)
REMINDED_AGAIN_AFTER = timedelta(hours=20)
# So many addresses one application may name in turn: a mail goes to each.
MOST_MANAGERS = 5


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
    NOT_AT_ONCE = "not_at_once", _("Places of this programme are not taken by pressing. Send your wishes.")


class ListRefusal(TextChoices):
    NO_LISTS = "no_lists", _("This programme has no waiting lists.")
    NOT_WAITING = "not_waiting", _("This application does not wait for a place any more.")
    LEFT = "left", _("This turn in the list has ended already.")
    WAITS = "waits", _("This application waits already.")
    NOTHING = "nothing", _("There is no wish in this application that one could wait for.")


class StartRefusal(TextChoices):
    NOT_YET = "not_yet", _("The day of decision has not come yet. You can set an earlier day first.")
    NO_DAY = "no_day", _("Choose a day from today to the end of the year.")
    WHY = "why", _("Say why, so that those whom it concerns hear it.")
    NO_ROOM = "no_room", _("There is not a free place for everybody any more. Nobody has been asked.")
    CANNOT_MOVE = "cannot_move", _("Not everybody can move to that group. Nobody has been asked.")
    NOBODY = "nobody", _("Nobody is in this group, so there is nobody to ask.")


class ImportRefusal(TextChoices):
    OVER = "over", _("This year is over, so nobody can be brought in any more.")
    NO_MENTORS = "no_mentors", _("Groups of this programme run themselves, so there are no mentors to bring.")
    COLUMNS = "columns", _("Say first which column holds the names, the addresses and the themes.")
    MOVED_ON = "moved_on", _("This file has moved on meanwhile. Load the page again to see where it is.")


class ManagerRefusal(TextChoices):
    OWN_ADDRESS = (
        "own_address",
        _("That is your own address. Write the one of your line manager, or leave it empty."),
    )
    TOO_MANY = (
        "too_many",
        _("You have named several line managers already. Ask the programme office for help."),
    )
    ENDED = "ended", _("This is not asked any more.")
    NOT_ASKED = "not_asked", _("You have been told, and nothing is asked of you.")
    BEGUN = "begun", _("The year has begun, so the answer stays. The programme office can change it.")
    OVER = "over", _("This year is over.")
    ANSWERED = "answered", _("There is an answer already.")
    JUST_REMINDED = "just_reminded", _("A reminder has gone out within the last day.")


class ConfirmRefusal(TextChoices):
    USED = "used", _("This link has done its work already. Sign in to see your application.")
    TOO_LATE = (
        "too_late",
        _("This link is over a day old. Fill in the form again."),
    )


class Missing(TextChoices):
    """What a form lacks before it can be sent; the value is the field."""

    WISHES = "wishes", _("Choose at least one, or open the last part and tick that anything is fine.")
    TIMES = "times", _("Tick at least one time that works for a whole meeting.")
    WORKPLACE = "unit", _("Choose your workplace, or “Not in the list”.")
    WORKPLACE_NAME = "workplace", _("Write the name of your workplace.")
    LANGUAGES = "languages", _("Tick at least one language.")
    NAME = "name", _("Write the name others call you by.")
    EMAIL = "email", _("Write the whole address, for example firstname.lastname@city.example.")
    OWN_ADDRESS = "manager_email", _("That is your own address. Write the one of your line manager.")


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


def is_over(programme: Programme, *, now: datetime) -> bool:
    """Whether the programme's year is over, so that no place of it is given any more."""
    return stage(programme, now=now) == Stage.OVER


def why_not_wait(application: Application) -> ListRefusal | None:
    """Return the reason against a turn in a list."""
    if not application.programme.rules.waiting_list:
        return ListRefusal.NO_LISTS
    if application.state not in (State.SENT, State.WAITING):
        return ListRefusal.NOT_WAITING
    return None


def why_not_apply(programme: Programme, *, now: datetime) -> EnrolRefusal | None:
    """Return the reason against a new application or a change, or None while enrolment is open."""
    at = stage(programme, now=now)
    return None if at == Stage.OPEN else EnrolRefusal(at.value)


def takes_at_once(group: Group, *, terms: Rules) -> bool:
    """Whether one press gives a place: first come first served, or a running group that takes newcomers."""
    return terms.enrol_way == "place" or group.state == Group.State.RUNNING


def why_not_take(
    group: Group, *, mine: Application | None, terms: Rules, now: datetime
) -> EnrolRefusal | GroupRefusal | None:
    """Return the reason against taking a place by a press, but for whether one is free.

    A running group that takes newcomers does so until the year is over.
    """
    if mine and mine.state == State.PLACED:
        return EnrolRefusal.PLACED
    if group.state == Group.State.RUNNING:
        over = is_over(group.programme, now=now)
        return EnrolRefusal.OVER if over else why_not_newcomer(group, policy=terms.newcomers)
    if not takes_at_once(group, terms=terms):
        return EnrolRefusal.NOT_AT_ONCE
    return why_not_apply(group.programme, now=now)


def why_not_change(application: Application, *, now: datetime) -> EnrolRefusal | None:
    """Return the reason against changing the answers: a place, an end, or enrolment that is not open.

    A draft may be written before enrolment opens.
    """
    if application.state == State.PLACED:
        return EnrolRefusal.PLACED
    if application.state not in Application.OPEN:
        return EnrolRefusal.ENDED
    if application.state == State.DRAFT:
        return why_not_draft(application.programme, now=now)
    return why_not_apply(application.programme, now=now)


def why_not_draft(programme: Programme, *, now: datetime) -> EnrolRefusal | None:
    """Return the reason against writing a draft: it may be ready before enrolment opens."""
    if programme.state == Programme.State.PUBLISHED and now < programme.enrol_opens_at:
        return None
    return why_not_apply(programme, now=now)


def why_not_withdraw(application: Application) -> EnrolRefusal | None:
    """Return the reason against taking an application back: only what has ended stays."""
    return None if application.state in Application.OPEN else EnrolRefusal.ENDED


def why_not_name_manager(application: Application, *, own_address: str, named: int) -> ManagerRefusal | None:
    """Return the reason against the line manager named; `named` counts those who were told before."""
    if application.manager_email.strip().lower() == own_address:
        return ManagerRefusal.OWN_ADDRESS
    return ManagerRefusal.TOO_MANY if named >= MOST_MANAGERS else None


def why_not_answer(approval: Approval, programme: Programme, *, now: datetime) -> ManagerRefusal | None:
    """Return the reason against a line manager's answer: an answer may change until the first day.

    A first answer may come until the last.
    """
    if approval.state == Approval.State.ENDED:
        return ManagerRefusal.ENDED
    if approval.state == Approval.State.TOLD:
        return ManagerRefusal.NOT_ASKED
    if stage(programme, now=now) == Stage.OVER:
        return ManagerRefusal.OVER
    begun = now.astimezone(programme.tz).date() >= programme.starts_on
    return ManagerRefusal.BEGUN if begun and approval.state != Approval.State.ASKED else None


def why_not_remind(approval: Approval, *, now: datetime) -> ManagerRefusal | None:
    """Return the reason against another reminder: an answer, or one that has just gone out."""
    if approval.state != Approval.State.ASKED:
        return ManagerRefusal.ANSWERED
    last = approval.reminded_at or approval.asked_at
    return ManagerRefusal.JUST_REMINDED if now < last + REMINDED_AGAIN_AFTER else None


def silence_at(approval: Approval, programme: Programme) -> datetime | None:
    """When a line manager's silence means yes; None where silence stays silence."""
    days = programme.rules.silence_days
    return approval.asked_at + timedelta(days=days) if days else None


def next_step_at(approval: Approval, programme: Programme) -> datetime | None:
    """When something is to be done about an unanswered approval: the one reminder, or silence as a yes."""
    silence, reminder = silence_at(approval, programme), approval.asked_at + REMINDED_AFTER
    if approval.reminded_at or (silence and silence <= reminder):
        return silence
    return reminder


def why_not_decide(group: Group, *, programme: Programme, now: datetime) -> StartRefusal | None:
    """Return the reason against starting or merging now: the day of decision lies ahead."""
    is_early = now.astimezone(programme.tz).date() < (group.decide_on or programme.answers_by)
    return StartRefusal.NOT_YET if is_early else None


def why_not_set_day(day: date, *, programme: Programme, now: datetime) -> StartRefusal | None:
    """Return the reason against a day of decision; both ends are allowed."""
    fits = now.astimezone(programme.tz).date() <= day <= programme.ends_on
    return None if fits else StartRefusal.NO_DAY


def must_say_why(situation: Situation) -> bool:
    """Whether calling the group off needs a reason: that too few came explains itself."""
    return situation not in (Situation.SHORT, Situation.EMPTY)


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

"""When groups may be looked for, a proposal published, a publishing taken back."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from piiri.formation.models import Publishing, Run, Search
from piiri.programmes.models import Programme

SECONDS = 10
LONGEST_REASON = 200  # characters
# Above so many people the search gets more time: see seconds_for.
MANY, VERY_MANY = 500, 5000


class FormationRefusal(TextChoices):
    NOT_RUNNING = "not_running", _("Groups are formed in a published programme whose year has not ended.")
    NOBODY = "nobody", _("There is nobody to place: no application waits for a group.")
    NO_GROUPS = "no_groups", _("There is no group with a free place. Mentors first have to offer groups.")
    NO_WISHES = "no_wishes", _("There are no wishes that a forecast could be made with.")
    NO_SUCH_HOLD = (
        "no_such_hold",
        _("Mails can be held for two weeks at most, and go out at a time that is still to come."),
    )
    THREE = "three", _("Set one of the three proposals aside first.")
    UNDER_WAY = (
        "under_way",
        _("A proposal is being published. Wait until its mails are out, or take it back."),
    )
    NOT_READY = "not_ready", _("This proposal is not ready yet.")
    PUBLISHED = "published", _("This proposal has been published already.")
    NOBODY_LEFT = (
        "nobody_left",
        _("Everybody in this proposal has been placed or has left. Look for groups anew."),
    )
    MAILS_LEFT = "mails_left", _("The first mails are out, so this cannot be taken back any more.")
    NOT_NOW = "not_now", _("This has been taken back or finished already.")
    STALE = "stale", _("Somebody else has changed this proposal meanwhile. Here it is as it stands now.")
    LOCKED = "locked", _("The place of somebody who would move is locked.")
    BREAKS = "breaks", _("Nobody was moved: it does not fit.")
    NOTHING = "nothing", _("There is nothing to change.")


LONGEST_HOLD = timedelta(days=14)
LETTERS = ("A", "B", "C")


def why_not_ask(
    programme: Programme, *, people: int, groups: int, letter: str, publishing: bool
) -> FormationRefusal | None:
    """Return the reason against a new search: `people` wait for a place, `groups` have one.

    `letter` is the one that the new proposal would have, "" when there is none for it.
    """
    if programme.state != Programme.State.PUBLISHED:
        return FormationRefusal.NOT_RUNNING
    if publishing:
        return FormationRefusal.UNDER_WAY
    if not people:
        return FormationRefusal.NOBODY
    if not groups:
        return FormationRefusal.NO_GROUPS
    return None if letter else FormationRefusal.THREE


def why_not_forecast(programme: Programme, *, people: int, groups: int) -> FormationRefusal | None:
    """Return the reason against a forecast: so many `people` have wishes, so many `groups` have room."""
    if programme.state == Programme.State.CLOSED:
        return FormationRefusal.NOT_RUNNING
    if not people:
        return FormationRefusal.NO_WISHES
    return None if groups else FormationRefusal.NO_GROUPS


def why_not_stop(run: Search) -> FormationRefusal | None:
    """Return the reason against stopping a search: it is over."""
    return None if is_busy([run]) else FormationRefusal.NOT_NOW


def why_not_set_aside(run: Run, *, under_way: bool) -> FormationRefusal | None:
    """Return the reason against setting a proposal aside; `under_way`: it is being published."""
    if not run.letter:
        return FormationRefusal.NOT_NOW
    return FormationRefusal.UNDER_WAY if under_way else None


def letter_for(taken: Mapping[str, bool], *, kept: str = "") -> str:
    """The letter of a new proposal; "" when there is none.

    `taken`: the letters that are given, and whether each is one to hand over (failed, or published and
    done). First the free ones, then those, then the one of the proposal that is kept.
    """
    free = [letter for letter in LETTERS if letter not in taken]
    over = [letter for letter in LETTERS if taken.get(letter)]
    return next(iter([*free, *over]), kept)


def why_not_publish(run: Run, *, published: bool, people: int) -> FormationRefusal | None:
    """Return the reason against publishing: `people` of the proposal can still be placed."""
    if run.programme.state != Programme.State.PUBLISHED:
        return FormationRefusal.NOT_RUNNING
    if run.state != Run.State.READY:
        return FormationRefusal.NOT_READY
    if published:
        return FormationRefusal.PUBLISHED
    return None if people else FormationRefusal.NOBODY_LEFT


def why_not_hold(*, wait: timedelta) -> FormationRefusal | None:
    """Return the reason against holding mails for so long from now on."""
    return None if timedelta(0) <= wait <= LONGEST_HOLD else FormationRefusal.NO_SUCH_HOLD


def why_not_hold_longer(publishing: Publishing, *, wait: timedelta) -> FormationRefusal | None:
    """Return the reason against another time for the mails of a publishing: they are on their way."""
    if publishing.state not in (Publishing.State.PREPARING, Publishing.State.HOLDING):
        return FormationRefusal.NOT_NOW
    return why_not_hold(wait=wait)


def why_not_change(run: Run, *, seen: int, published: bool) -> FormationRefusal | None:
    """Return the reason against changing a proposal by hand; `seen` is the version somebody looked at."""
    if run.state != Run.State.READY:
        return FormationRefusal.NOT_READY
    if published:
        return FormationRefusal.PUBLISHED
    return None if run.version == seen else FormationRefusal.STALE


def why_not_move(rule: str) -> FormationRefusal | None:
    """Return the reason against moving people, from the rule that stands against it; "": none does."""
    if not rule:
        return None
    named = {"nothing": FormationRefusal.NOTHING, "locked": FormationRefusal.LOCKED}
    return named.get(rule, FormationRefusal.BREAKS)


def may_undo(publishing: Publishing) -> bool:
    """Whether it is not over yet; the mails have the last word."""
    return publishing.state in Publishing.UNDER_WAY


def seconds_for(people: int) -> int:
    """How long to search, in seconds: a few for a school, minutes for a country."""
    if people > VERY_MANY:
        return 120
    return 30 if people > MANY else SECONDS


def is_busy(runs: Collection[Search]) -> bool:
    """Whether one of the runs is still to be done."""
    return any(run.state in (Search.State.QUEUED, Search.State.RUNNING) for run in runs)

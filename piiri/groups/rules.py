"""When a place may be taken, a group offered, its state moved on."""

from datetime import date, datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from piiri.groups.models import Group, JoinLink, KeptApart, Membership

State = Group.State

ARROWS: dict[str, tuple[str, ...]] = {
    State.FORMING: (State.OFFERED,),
    State.RUNNING: (State.OFFERED, State.FORMING),
    State.CLOSED: (State.RUNNING,),
    State.CANCELLED: (State.OFFERED, State.FORMING, State.RUNNING),
    State.MERGED: (State.OFFERED, State.FORMING),
}
# Whether they start is still to be decided.
DECIDING = (State.OFFERED, State.FORMING)
MOST_PLACES = 12
# For so long a newcomer's page begins with what a newcomer needs, and a goodbye stands on the group's page.
FIRST_WEEKS = timedelta(weeks=4)
LINK_LASTS = timedelta(days=60)


class GroupRefusal(TextChoices):
    FULL = "full", _("The group is full.")
    ALREADY_IN = "already_in", _("You already have a place in a group of this programme.")
    IS_MENTOR = "is_mentor", _("A mentor of the group does not take a place in it.")
    # Says nothing of a pair: neither may learn that the other is in.
    KEPT_APART = "kept_apart", _("This group does not fit. The programme office can tell you more.")
    ENDED = "ended", _("The group has ended, so nobody can join it any more.")
    NOT_NOW = "not_now", _("The group has moved on meanwhile. Load the page again to see where it is.")
    ASKED = "asked", _("Another place is held for this person. Once it is answered, you can go on.")
    MERGING = "merging", _("The group is being merged with another, so nobody joins it now.")
    NO_MERGE = "no_merge", _("These two groups cannot be merged.")
    NO_MENTOR = "no_mentor", _("The group has no mentor. Find one first.")
    TOO_LATE = "too_late", _("This place is not held for you any more.")
    NOT_IN = "not_in", _("This place has been given back already.")
    NOT_A_MENTOR = "not_a_mentor", _("Only people accepted as mentors of this programme can lead a group.")
    ENOUGH_GROUPS = "enough_groups", _("A mentor of this group already has as many groups as agreed.")
    TOO_MANY_MENTORS = "too_many_mentors", _("That is more mentors than a group of this programme has.")
    MENTOR_NEEDED = "mentor_needed", _("A group of this programme needs a mentor.")
    PLACES_TAKEN = "places_taken", _("More places are taken than that. People first have to leave.")
    PLACES_BOUNDS = "places_bounds", _("A group has between 1 and 12 places, and a pair has one.")
    ONESELF = "oneself", _("Nobody gives a role to themselves. Ask a colleague in the office.")
    SAME_PERSON = "same_person", _("These are the same person.")
    COMPLETE = "complete", _("The group is running and takes nobody new for now.")
    LINK_OVER = "link_over", _("This link has ended. Whoever gave it to you can make a new one.")
    NOT_BY_LINK = "not_by_link", _("The programme office decides when this group starts.")
    TOO_FEW = "too_few", _("Too few participants are in to start yet.")
    NO_SWAP = "no_swap", _("In this programme the two of a pair keep their roles.")
    SWAP_LATER = "swap_later", _("Roles can change once half of the year is over.")
    NOT_ASKED = "not_asked", _("Nothing is to be opened here: nobody new leads your group.")
    LEADS_GROUPS = "leads_groups", _("This mentor still leads groups. Find them another mentor first.")


def why_not_join(group: Group, *, is_mentor: bool) -> GroupRefusal | None:
    """Return the reason against a place, as far as it can be known before asking for one."""
    if group.state not in Group.LIVING:
        return GroupRefusal.ENDED
    if group.merged_into_id:
        return GroupRefusal.MERGING
    return GroupRefusal.IS_MENTOR if is_mentor else None


def why_not_start(group: Group, *, taken: int, mentors: int = 1) -> GroupRefusal | None:
    """Return the reason against starting with so many participants and mentors; a mentor is none of them.

    A pair starts with one, and nothing starts while its members are asked to move.
    """
    if group.state not in DECIDING or group.merged_into_id:
        return GroupRefusal.NOT_NOW
    if taken < group.min_to_start:
        return GroupRefusal.TOO_FEW
    return None if mentors or group.self_run else GroupRefusal.NO_MENTOR


def why_not_merge(group: Group, *, into: Group, is_target: bool) -> GroupRefusal | None:
    """Return the reason against asking a group's members to move. `is_target`: others move into it now."""
    if group.state not in DECIDING or group.merged_into_id or is_target:
        return GroupRefusal.NOT_NOW
    if into.state not in Group.LIVING or into.merged_into_id:
        return GroupRefusal.NOT_NOW
    is_same = group.pk == into.pk or group.programme_id != into.programme_id
    return GroupRefusal.NO_MERGE if is_same else None


def why_not_newcomer(group: Group, *, policy: str) -> GroupRefusal | None:
    """Return the reason against somebody new in a running group; `policy` is the programme's `newcomers`.

    With "group" the group itself has said whether it takes newcomers. Before the start nobody is new.
    """
    if group.state != State.RUNNING or policy == "open":
        return None
    return None if policy == "group" and group.takes_newcomers else GroupRefusal.COMPLETE


def why_not_use(link: JoinLink, *, now: datetime) -> GroupRefusal | None:
    """Return the reason against joining by the link: revoked, too old or used up."""
    over = link.revoked_at is not None or link.expires_at <= now or link.uses >= link.uses_at_most
    return GroupRefusal.LINK_OVER if over else None


def is_newcomer(membership: Membership, group: Group, *, now: datetime) -> bool:
    """Whether somebody came into the running group within the last weeks."""
    if group.guidance == Group.Guidance.PAIR or membership.ended_at is not None:
        return False
    return came_later(group, seated_at=membership.joined_at) and now - membership.joined_at < FIRST_WEEKS


def why_not_offer(
    *, mentors: int, most_mentors: int, self_run: bool, may_run_itself: bool
) -> GroupRefusal | None:
    """Return the reason against a group led like this. A self-run group has no mentor."""
    if mentors > most_mentors:
        return GroupRefusal.TOO_MANY_MENTORS
    if mentors == 0 and not (self_run and may_run_itself):
        return GroupRefusal.MENTOR_NEEDED
    return None


def why_not_places(places: int, *, guidance: str, taken: int = 0) -> GroupRefusal | None:
    """Return the reason against this number of places. A pair has one place, a group 1 to 12."""
    most = 1 if guidance == Group.Guidance.PAIR else MOST_PLACES
    if not 1 <= places <= most:
        return GroupRefusal.PLACES_BOUNDS
    return GroupRefusal.PLACES_TAKEN if places < taken else None


def why_not_lead(*, accepted: bool, leads: int, at_most: int) -> GroupRefusal | None:
    """Return the reason against one more group for a mentor who `leads` so many."""
    if not accepted:
        return GroupRefusal.NOT_A_MENTOR
    return GroupRefusal.ENOUGH_GROUPS if leads >= at_most else None


def why_not_swap(group: Group, *, allowed: bool, half_over: bool) -> GroupRefusal | None:
    """Return the reason against the two of a pair changing roles; `allowed` by the programme."""
    if group.guidance != Group.Guidance.PAIR or not allowed:
        return GroupRefusal.NO_SWAP
    if group.state != State.RUNNING:
        return GroupRefusal.NOT_NOW
    return None if half_over else GroupRefusal.SWAP_LATER


def half_of(first: date, last: date) -> date:
    """The day in the middle of a year, the earlier one of two."""
    return first + (last - first) / 2


def came_later(group: Group, *, seated_at: datetime) -> bool:
    """Whether somebody who first sat in the group at that moment came after it had begun."""
    return group.started_at is not None and seated_at > group.started_at


def in_order(first: int, second: int) -> tuple[int, int]:
    """Two keys of people, the smaller first, as a kept-apart pair is stored."""
    return (first, second) if first < second else (second, first)


def is_open(pair: KeptApart) -> bool:
    """Whether the office still has to say what becomes of a suggested pair."""
    return pair.state == KeptApart.State.SUGGESTED

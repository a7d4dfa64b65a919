"""When a place may be taken, a group offered, its state moved on."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from piiri.groups.models import Group, KeptApart

State = Group.State

ARROWS: dict[str, tuple[str, ...]] = {
    State.FORMING: (State.OFFERED,),
    State.RUNNING: (State.OFFERED, State.FORMING),
    State.CLOSED: (State.RUNNING,),
    State.CANCELLED: (State.OFFERED, State.FORMING, State.RUNNING),
}
MOST_PLACES = 12


class GroupRefusal(TextChoices):
    FULL = "full", _("The group is full.")
    ALREADY_IN = "already_in", _("You already have a place in a group of this programme.")
    IS_MENTOR = "is_mentor", _("A mentor of the group does not take a place in it.")
    # Says nothing of a pair: neither may learn that the other is in.
    KEPT_APART = "kept_apart", _("This group does not fit. The programme office can tell you more.")
    ENDED = "ended", _("The group has ended, so nobody can join it any more.")
    NOT_NOW = "not_now", _("The group has moved on meanwhile. Load the page again to see where it is.")
    ASKED = "asked", _("Another place is held for this person. Once it is answered, you can go on.")
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
    LEADS_GROUPS = "leads_groups", _("This mentor still leads groups. Find them another mentor first.")


def why_not_join(group: Group, *, is_mentor: bool) -> GroupRefusal | None:
    """Return the reason against a place, as far as it can be known before asking for one."""
    if group.state not in Group.LIVING:
        return GroupRefusal.ENDED
    return GroupRefusal.IS_MENTOR if is_mentor else None


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


def in_order(first: int, second: int) -> tuple[int, int]:
    """Two keys of people, the smaller first, as a kept-apart pair is stored."""
    return (first, second) if first < second else (second, first)


def is_open(pair: KeptApart) -> bool:
    """Whether the office still has to say what becomes of a suggested pair."""
    return pair.state == KeptApart.State.SUGGESTED

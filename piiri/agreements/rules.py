"""When a draft is ready, a version may be signed, a goal suggested or ended."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from piiri.agreements.models import LIVING, Agreement, Goal, Outcome
from piiri.groups.models import Group

MOST_CLAUSES = 30
MOST_OWN_GOALS = 10
ENDING = (Outcome.CHANGED, Outcome.DROPPED)


class AgreementRefusal(TextChoices):
    GROUP_NOT_LIVING = "group_not_living", _("The group has not started or has ended.")
    NO_VERSION = "no_version", _("The group has no agreement to sign yet.")
    NEWER = "newer", _("There is a newer text meanwhile. Read it first, then sign.")
    NOT_A_DRAFT = "not_a_draft", _("This text is not being written any more. Begin a change first.")
    CHANGED = "changed", _("Somebody changed the text meanwhile. Read it again first.")
    EMPTY = "empty", _("An agreement has at least one clause.")
    TOO_MANY_CLAUSES = "too_many_clauses", _("An agreement with more clauses than that is read by nobody.")
    IN_ALREADY = "in_already", _("This clause is in the agreement already.")
    MENTOR_SAYS = "mentor_says", _("The mentor of your group says when you have talked it through.")
    TOO_MANY_GOALS = "too_many_goals", _("Your group has as many goals and suggestions as it can have.")
    ASKED_ALREADY = "asked_already", _("A change of this goal has been suggested already.")
    NOT_AGREED = "not_agreed", _("This goal is not one of your group’s any more.")
    NOT_OPEN = "not_open", _("This suggestion has been decided or taken back meanwhile.")
    NOT_YOURS = "not_yours", _("Whoever suggested this, or the mentor, can take it back.")
    TOO_MANY_OWN = "too_many_own", _("That is many goals for one person. Put one away first.")


def why_not_write(group: Group) -> AgreementRefusal | None:
    """Return the reason against writing an agreement or a goal: the group does not work together now."""
    return None if group.state in LIVING else AgreementRefusal.GROUP_NOT_LIVING


def why_not_ready(draft: Agreement, *, clauses: int, edits: int) -> AgreementRefusal | None:
    """Return the reason against making a draft ready that was read at its so-many-eth edit."""
    if draft.state != Agreement.State.DRAFT:
        return AgreementRefusal.NOT_A_DRAFT
    if draft.edits != edits:
        return AgreementRefusal.CHANGED
    return None if clauses else AgreementRefusal.EMPTY


def why_not_sign(standing: Agreement | None, *, number: int) -> AgreementRefusal | None:
    """Return the reason against signing the version that was read."""
    if standing is None:
        return AgreementRefusal.NO_VERSION
    return None if standing.number == number else AgreementRefusal.NEWER


def free_place(taken: set[int], *, most: int) -> int | None:
    """The lowest free number of a goal, or None where all are taken."""
    return next((place for place in range(1, most + 1) if place not in taken), None)


def why_not_end(goal: Goal) -> AgreementRefusal | None:
    """Return the reason against saying what became of a goal."""
    return None if goal.state == Goal.State.AGREED else AgreementRefusal.NOT_AGREED


def is_due(*, meeting: int, by_meeting: int, has_version: bool) -> bool:
    """Whether a group should have its agreement by its so-manieth meeting; nothing is barred without."""
    return not has_version and meeting >= by_meeting

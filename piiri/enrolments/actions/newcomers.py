"""A running group hears that somebody new comes; one of its members shows the newcomer around."""

from datetime import datetime

from django.db import transaction

from piiri.audit import actions as audit
from piiri.enrolments import queries
from piiri.groups import actions as group_actions
from piiri.groups.models import Membership
from piiri.mail import actions as mail
from piiri.people.models import Person


def welcome_newcomers(*, now: datetime) -> int:
    """Tell groups of everybody who came while they ran; how many newcomers that were. A sweep."""
    return sum(welcome(one, now=now) for one in queries.newcomers_to_tell(now))


@transaction.atomic
def welcome(newcomer: Membership, *, now: datetime) -> bool:
    """Mail everybody inside that a new member comes, without saying who; False when somebody already did."""
    if not group_actions.claim_welcome(newcomer, now=now):
        return False
    group = newcomer.group
    letters = [
        mail.Letter(person, newcomer, f"/groups/{group.uid}/")
        for person in queries.people_inside(group, but=newcomer)
    ]
    mail.post_many("enrolments/email/newcomer", letters=letters, now=now, programme=group.programme.title)
    audit.record("newcomer_told", by=None, about=newcomer, now=now, place=group.uid, people=len(letters))
    return True


@transaction.atomic
def give_buddy(newcomer: Membership, *, buddy: Membership, by: Person, now: datetime) -> bool:
    """Let a member show a newcomer around, and tell both; False when it was so already.

    Raises Refused: NOT_IN, SAME_PERSON.
    """
    if not group_actions.choose_buddy(newcomer, buddy=buddy, by=by, now=now):
        return False
    group = newcomer.group
    for seat, kind in ((newcomer, "has_buddy"), (buddy, "is_buddy")):
        assert seat.person
        mail.post(
            f"enrolments/email/{kind}",
            to=seat.person,
            about=newcomer,
            now=now,
            link=f"/groups/{group.uid}/",
            programme=group.programme.title,
        )
    return True

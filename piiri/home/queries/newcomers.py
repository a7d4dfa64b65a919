"""Who is new in a group, who shows them around, what those who left have said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from piiri.groups import rules as group_rules
from piiri.groups.models import Group, Membership
from piiri.people.models import Person


@dataclass(frozen=True)
class Newcomer:
    """Somebody who came into the running group within the last weeks. `buddy` is a name or empty."""

    uid: str
    name: str
    you: bool
    buddy: str
    buddy_is_you: bool


def newcomers(group: Group, *, members: Sequence[Membership], you: Person, now: datetime) -> list[Newcomer]:
    """Those of the members who are new, the newest last. No query."""
    by_key = {one.pk: one for one in members}
    found = []
    for one in members:
        if not group_rules.is_newcomer(one, group, now=now):
            continue
        buddy = by_key.get(one.buddy_id or 0)
        found.append(
            Newcomer(
                uid=one.uid,
                name=str(one.person),
                you=one.person_id == you.pk,
                buddy=str(buddy.person) if buddy else "",
                buddy_is_you=buddy is not None and buddy.person_id == you.pk,
            )
        )
    return found


@dataclass(frozen=True)
class Goodbye:
    """The last words of somebody who left."""

    name: str
    words: str
    left_at: datetime


def goodbyes(group: Group, *, left_at: datetime | None, now: datetime) -> list[Goodbye]:
    """What those wrote who left within the last weeks, for those inside; the newest first.

    One query, none where nobody left lately: `left_at` is when somebody last did.
    """
    if left_at is None or left_at <= now - group_rules.FIRST_WEEKS:
        return []
    gone = Membership.objects.filter(group=group, ended_at__gt=now - group_rules.FIRST_WEEKS)
    rows = gone.select_related("person").order_by("-ended_at", "-pk")
    found = []
    for row in rows:
        row.group = group
        if row.person and row.goodbye and row.ended_at:
            found.append(Goodbye(str(row.person), str(row.goodbye), row.ended_at))
    return found

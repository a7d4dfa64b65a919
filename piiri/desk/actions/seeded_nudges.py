"""Signs of a made-up programme: of most the office has been told, some are at the mentors still."""

from base64 import b32encode
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from piiri.desk import queries
from piiri.desk.actions.seeded import World, keep
from piiri.desk.models import Nudge
from piiri.desk.queries import nudging
from piiri.groups.models import Group

if TYPE_CHECKING:
    from piiri.desk.actions.seeded_years import Cohort

MENTORS_ONLY = 4  # of so many signs one is at the mentor still
BEGUN, TOLD_OFFICE = timedelta(days=12), timedelta(days=5)


def make_nudges(world: World, cohort: "Cohort") -> None:
    """What a worker would have found and told by now."""
    programme, now = cohort.programme, world.now
    held = nudging.signs_in(programme, queries.standings(programme, now=now), now=now)
    groups = Group.objects.in_bulk(held)
    pairs = [(groups[key], sign) for key, signs in sorted(held.items()) for sign in signs]
    rows = keep(
        Nudge,
        (
            Nudge(
                uid=uid_of(group, sign),
                group=group,
                sign=sign,
                opened_at=now - BEGUN,
                told_mentor_at=now - BEGUN,
                told_office_at=None if number % MENTORS_ONLY == MENTORS_ONLY - 1 else now - TOLD_OFFICE,
            )
            for number, (group, sign) in enumerate(pairs)
        ),
    )
    for row in rows:
        world.tell("nudge", row.uid, cohort.organisation, programme, row.group)


def uid_of(group: Group, sign: str) -> str:
    """The same for a seed, without a throw of the dice: whatever comes later stays as it was."""
    digest = sha256(f"{group.uid} {sign}".encode()).digest()
    return b32encode(digest[:10]).decode().lower()

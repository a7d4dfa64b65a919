"""The reads of the room: one's own year, the group's page, what is public."""

from piiri.home.queries.group import (
    Contact,
    Profile,
    Row,
    addresses,
    contacts,
    office_contact,
    profiles,
    wants_support,
    without_content,
    you_first,
)
from piiri.home.queries.newcomers import Goodbye, Newcomer, goodbyes, newcomers, paused_groups
from piiri.home.queries.people import Chair, Table, at_table, round_table, sitting
from piiri.home.queries.year import (
    Front,
    Hours,
    MyGroup,
    coming_up,
    front,
    hours_of,
    my_groups,
    resting,
)

__all__ = [
    "Chair",
    "Contact",
    "Front",
    "Goodbye",
    "Hours",
    "MyGroup",
    "Newcomer",
    "Profile",
    "Row",
    "Table",
    "addresses",
    "at_table",
    "coming_up",
    "contacts",
    "front",
    "goodbyes",
    "hours_of",
    "my_groups",
    "newcomers",
    "office_contact",
    "paused_groups",
    "profiles",
    "resting",
    "round_table",
    "sitting",
    "wants_support",
    "without_content",
    "you_first",
]

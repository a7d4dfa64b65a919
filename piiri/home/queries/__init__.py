"""The reads of the room: one's own year, the group's page, what is public."""

from piiri.home.queries.group import (
    Contact,
    Row,
    addresses,
    contacts,
    office_contact,
    wants_support,
    without_content,
    you_first,
)
from piiri.home.queries.people import Chair, at_table, round_table, sitting
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
    "Hours",
    "MyGroup",
    "Row",
    "addresses",
    "at_table",
    "coming_up",
    "contacts",
    "front",
    "hours_of",
    "my_groups",
    "office_contact",
    "resting",
    "round_table",
    "sitting",
    "wants_support",
    "without_content",
    "you_first",
]

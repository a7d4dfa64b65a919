"""The reads of the room: one's own year, the group's page, what is public."""

from piiri.home.queries.agreed import Agreed, agreed_in
from piiri.home.queries.asks import polls_waiting
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
from piiri.home.queries.kept import Common, common, pauses_of
from piiri.home.queries.newcomers import Goodbye, Newcomer, goodbyes, newcomers
from piiri.home.queries.people import Chair, Table, at_table, round_table, sitting
from piiri.home.queries.swift import meetings, visible_group
from piiri.home.queries.year import (
    Front,
    Hours,
    Mine,
    MyGroup,
    coming_up,
    front,
    hours_of,
    my_groups,
    resting,
)

__all__ = [
    "Agreed",
    "Chair",
    "Common",
    "Contact",
    "Front",
    "Goodbye",
    "Hours",
    "Mine",
    "MyGroup",
    "Newcomer",
    "Profile",
    "Row",
    "Table",
    "addresses",
    "agreed_in",
    "at_table",
    "coming_up",
    "common",
    "contacts",
    "front",
    "goodbyes",
    "hours_of",
    "meetings",
    "my_groups",
    "newcomers",
    "office_contact",
    "pauses_of",
    "polls_waiting",
    "profiles",
    "resting",
    "round_table",
    "sitting",
    "visible_group",
    "wants_support",
    "without_content",
    "you_first",
]

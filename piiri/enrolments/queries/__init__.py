"""The reads of the room: wishes and applications, and what files brought."""

from piiri.enrolments.queries.applications import (
    MyState,
    application_of,
    listed,
    my_states,
    people_known,
    sharing,
    state_of,
    unit_choices,
    wish_choices,
    wish_counts,
    wishes_of,
)

__all__ = [
    "MyState",
    "application_of",
    "listed",
    "my_states",
    "people_known",
    "sharing",
    "state_of",
    "unit_choices",
    "wish_choices",
    "wish_counts",
    "wishes_of",
]

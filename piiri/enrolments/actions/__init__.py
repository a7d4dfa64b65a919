"""The deeds of the room: applying, and taking applications from files."""

from piiri.enrolments.actions.applying import (
    Answers,
    decline_application,
    save_application,
    send_application,
    withdraw_application,
)
from piiri.enrolments.actions.bringing import go_on, take, take_at_once, take_rows, tell_brought
from piiri.enrolments.actions.importing import (
    AT_ONCE,
    decide,
    discard,
    forget_imports,
    read_file,
    remap,
    stop,
)

__all__ = [
    "AT_ONCE",
    "Answers",
    "decide",
    "decline_application",
    "discard",
    "forget_imports",
    "go_on",
    "read_file",
    "remap",
    "save_application",
    "send_application",
    "stop",
    "take",
    "take_at_once",
    "take_rows",
    "tell_brought",
    "withdraw_application",
]

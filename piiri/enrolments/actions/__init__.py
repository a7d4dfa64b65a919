"""The deeds of the room: applying, and taking applications from files."""

from piiri.enrolments.actions.applying import (
    Answers,
    decline_application,
    save_application,
    send_application,
    withdraw_application,
)

__all__ = [
    "Answers",
    "decline_application",
    "save_application",
    "send_application",
    "withdraw_application",
]

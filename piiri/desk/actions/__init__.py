"""Deeds of the room: counting how programmes stand; talks in confidence; making worlds of invented people."""

from piiri.desk.actions.seeding import make_world
from piiri.desk.actions.supporting import ask_support, keep_promise, take_back_support, write_support
from piiri.desk.actions.surveying import roll_up, survey_programme

__all__ = [
    "ask_support",
    "keep_promise",
    "make_world",
    "roll_up",
    "survey_programme",
    "take_back_support",
    "write_support",
]

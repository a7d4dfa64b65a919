"""Deeds of the room: counting how programmes stand; nudges; talks in confidence; invented people."""

from piiri.desk.actions.nudging import look_for_signs, silence_nudge, write_on_mondays
from piiri.desk.actions.seeding import make_world
from piiri.desk.actions.supporting import ask_support, keep_promise, take_back_support, write_support
from piiri.desk.actions.surveying import roll_up, survey_programme

__all__ = [
    "ask_support",
    "keep_promise",
    "look_for_signs",
    "make_world",
    "roll_up",
    "silence_nudge",
    "survey_programme",
    "take_back_support",
    "write_on_mondays",
    "write_support",
]

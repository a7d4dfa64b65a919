"""Deeds of the room: counting how programmes stand; making a world of invented people for demos and tests."""

from piiri.desk.actions.seeding import make_world
from piiri.desk.actions.surveying import roll_up, survey_programme

__all__ = ["make_world", "roll_up", "survey_programme"]

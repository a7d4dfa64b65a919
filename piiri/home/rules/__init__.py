"""What is asked of somebody now, in which phase a group's year is, and what its next steps are."""

from piiri.home.rules.asking import (
    MOST_TASKS,
    SOON,
    Deed,
    Moment,
    Situation,
    Task,
    asked,
    can_begin,
    greeting,
    is_back_soon,
    missing,
    situation,
)
from piiri.home.rules.phases import PHASES, Facts, Phase, Step, next_three, phase_of, states, steps

__all__ = [
    "MOST_TASKS",
    "PHASES",
    "SOON",
    "Deed",
    "Facts",
    "Moment",
    "Phase",
    "Situation",
    "Step",
    "Task",
    "asked",
    "can_begin",
    "greeting",
    "is_back_soon",
    "missing",
    "next_three",
    "phase_of",
    "situation",
    "states",
    "steps",
]

"""The deeds of the room: asking for groups, publishing a proposal step by step, taking it back."""

from piiri.formation.actions.publishing import publish, undo
from piiri.formation.actions.searching import (
    ask_for_groups,
    begin,
    fail,
    give_up,
    keep_proposal,
    tell_progress,
)
from piiri.formation.actions.steps import carry_on

__all__ = [
    "ask_for_groups",
    "begin",
    "carry_on",
    "fail",
    "give_up",
    "keep_proposal",
    "publish",
    "tell_progress",
    "undo",
]

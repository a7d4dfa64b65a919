"""The deeds of the room: asking for groups, publishing a proposal step by step, taking it back."""

from piiri.formation.actions.publishing import hold_mails, publish, undo
from piiri.formation.actions.searching import (
    ask_for_forecast,
    ask_for_groups,
    begin,
    fail,
    keep_best,
    keep_forecast,
    keep_proposal,
    keep_question,
    set_aside,
    stop_search,
    tell_progress,
)
from piiri.formation.actions.steps import carry_on
from piiri.formation.actions.workbench import lock, move, redo_step, undo_step

__all__ = [
    "ask_for_forecast",
    "ask_for_groups",
    "begin",
    "carry_on",
    "fail",
    "hold_mails",
    "keep_best",
    "keep_forecast",
    "keep_proposal",
    "keep_question",
    "lock",
    "move",
    "publish",
    "redo_step",
    "set_aside",
    "stop_search",
    "tell_progress",
    "undo",
    "undo_step",
]

"""The deeds of the room: writing, making ready, signing, asking; goals of the group and one's own."""

from piiri.agreements.actions.drafting import (
    add_clause,
    begin,
    change_clause,
    leave_out_clause,
    make_ready,
    put_away_draft,
)
from piiri.agreements.actions.goals import (
    agree_to_goal,
    end_goal,
    settle_suggestions,
    suggest_goal,
    take_back_suggestion,
)
from piiri.agreements.actions.own import delete_own_goal, write_own_goal
from piiri.agreements.actions.signing import ask, ask_unsigned, remind, renew, renew_for_newcomers, sign

__all__ = [
    "add_clause",
    "agree_to_goal",
    "ask",
    "ask_unsigned",
    "begin",
    "change_clause",
    "delete_own_goal",
    "end_goal",
    "leave_out_clause",
    "make_ready",
    "put_away_draft",
    "remind",
    "renew",
    "renew_for_newcomers",
    "settle_suggestions",
    "sign",
    "suggest_goal",
    "take_back_suggestion",
    "write_own_goal",
]

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
from piiri.enrolments.actions.managing import (
    answer_approvals,
    end_approval,
    end_approvals,
    follow_up,
    keep_managers_apart,
    note_agreement,
    remind_manager,
    tell_manager,
)
from piiri.enrolments.actions.mending import mend_lists
from piiri.enrolments.actions.offering import accept_place, decline_place, lapse_place, offer_free_places
from piiri.enrolments.actions.telling import tell_placed
from piiri.enrolments.actions.waiting import leave_list, move_turn, wait

__all__ = [
    "AT_ONCE",
    "Answers",
    "accept_place",
    "answer_approvals",
    "decide",
    "decline_application",
    "decline_place",
    "discard",
    "end_approval",
    "end_approvals",
    "follow_up",
    "forget_imports",
    "go_on",
    "keep_managers_apart",
    "lapse_place",
    "leave_list",
    "mend_lists",
    "move_turn",
    "note_agreement",
    "offer_free_places",
    "read_file",
    "remap",
    "remind_manager",
    "save_application",
    "send_application",
    "stop",
    "take",
    "take_at_once",
    "take_rows",
    "tell_brought",
    "tell_manager",
    "tell_placed",
    "wait",
    "withdraw_application",
]

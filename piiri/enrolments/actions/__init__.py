"""The deeds of the room: applying, and taking applications from files."""

from piiri.enrolments.actions.applying import (
    Answers,
    decline_application,
    save_application,
    send_application,
    withdraw_application,
)
from piiri.enrolments.actions.bringing import go_on, take, take_at_once, take_rows, tell_brought
from piiri.enrolments.actions.conflicts import (
    become_manager,
    declare_conflicts,
    let_both_stay,
    match_all_conflicts,
    match_conflicts,
    move_out,
    settle_conflict,
    take_conflict_back,
)
from piiri.enrolments.actions.importing import (
    AT_ONCE,
    decide,
    discard,
    forget_imports,
    read_file,
    remap,
    stop,
)
from piiri.enrolments.actions.joining import Opened, join_by_link, open_by_link
from piiri.enrolments.actions.leaving import leave_group
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
from piiri.enrolments.actions.newcomers import give_buddy, welcome_newcomers
from piiri.enrolments.actions.offering import accept_place, decline_place, lapse_place, offer_free_places
from piiri.enrolments.actions.pressing import Press, Work, take_place
from piiri.enrolments.actions.telling import tell_placed
from piiri.enrolments.actions.waiting import leave_list, move_turn, wait

__all__ = [
    "AT_ONCE",
    "Answers",
    "Opened",
    "Press",
    "Work",
    "accept_place",
    "answer_approvals",
    "become_manager",
    "decide",
    "declare_conflicts",
    "decline_application",
    "decline_place",
    "discard",
    "end_approval",
    "end_approvals",
    "follow_up",
    "forget_imports",
    "give_buddy",
    "go_on",
    "join_by_link",
    "keep_managers_apart",
    "lapse_place",
    "leave_group",
    "leave_list",
    "let_both_stay",
    "match_all_conflicts",
    "match_conflicts",
    "mend_lists",
    "move_out",
    "move_turn",
    "note_agreement",
    "offer_free_places",
    "open_by_link",
    "read_file",
    "remap",
    "remind_manager",
    "save_application",
    "send_application",
    "settle_conflict",
    "stop",
    "take",
    "take_at_once",
    "take_conflict_back",
    "take_place",
    "take_rows",
    "tell_brought",
    "tell_manager",
    "tell_placed",
    "wait",
    "welcome_newcomers",
    "withdraw_application",
]

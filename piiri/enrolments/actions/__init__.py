"""The deeds of the room: applying, and taking applications from files."""

from piiri.enrolments.actions.applying import (
    Answers,
    save_application,
    withdraw_application,
)
from piiri.enrolments.actions.bringing import go_on, take, take_at_once, take_rows, tell_brought
from piiri.enrolments.actions.bulk import (
    Order,
    Sent,
    decide_about,
    give_up_bulk,
    go_on_deciding,
    note_table_export,
)
from piiri.enrolments.actions.confirming import (
    Done,
    Written,
    forget_unconfirmed,
    keep_unconfirmed,
    send_confirmed,
    take_confirmed,
)
from piiri.enrolments.actions.conflicts import (
    ConflictRefusal,
    become_manager,
    declare_conflicts,
    let_both_stay,
    match_all_conflicts,
    match_conflicts,
    move_out,
    settle_conflict,
    take_conflict_back,
)
from piiri.enrolments.actions.deciding import (
    decline_application,
    place_application,
    put_on_lists,
    take_off_lists,
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
from piiri.enrolments.actions.joining import (
    Opened,
    join_by_link,
    join_confirmed,
    open_by_link,
    start_own_group,
)
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
from piiri.enrolments.actions.merging import ask_to_merge, finish_merge, finish_merges, stop_asking
from piiri.enrolments.actions.newcomers import give_buddy, welcome_newcomers
from piiri.enrolments.actions.offering import accept_place, decline_place, lapse_place, offer_free_places
from piiri.enrolments.actions.pressing import Press, Work, take_place, wait_for_group
from piiri.enrolments.actions.sending import send_application, submit_application
from piiri.enrolments.actions.starting import (
    call_off,
    close_groups,
    come_instead,
    postpone_group,
    start_groups,
)
from piiri.enrolments.actions.telling import tell_placed
from piiri.enrolments.actions.waiting import leave_list, move_turn, wait

__all__ = [
    "AT_ONCE",
    "Answers",
    "ConflictRefusal",
    "Done",
    "Opened",
    "Order",
    "Press",
    "Sent",
    "Work",
    "Written",
    "accept_place",
    "answer_approvals",
    "ask_to_merge",
    "become_manager",
    "call_off",
    "close_groups",
    "come_instead",
    "decide",
    "decide_about",
    "declare_conflicts",
    "decline_application",
    "decline_place",
    "discard",
    "end_approval",
    "end_approvals",
    "finish_merge",
    "finish_merges",
    "follow_up",
    "forget_imports",
    "forget_unconfirmed",
    "give_buddy",
    "give_up_bulk",
    "go_on",
    "go_on_deciding",
    "join_by_link",
    "join_confirmed",
    "keep_managers_apart",
    "keep_unconfirmed",
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
    "note_table_export",
    "offer_free_places",
    "open_by_link",
    "place_application",
    "postpone_group",
    "put_on_lists",
    "read_file",
    "remap",
    "remind_manager",
    "save_application",
    "send_application",
    "send_confirmed",
    "settle_conflict",
    "start_groups",
    "start_own_group",
    "stop",
    "stop_asking",
    "submit_application",
    "take",
    "take_at_once",
    "take_confirmed",
    "take_conflict_back",
    "take_off_lists",
    "take_place",
    "take_rows",
    "tell_brought",
    "tell_manager",
    "tell_placed",
    "wait",
    "wait_for_group",
    "welcome_newcomers",
    "withdraw_application",
]

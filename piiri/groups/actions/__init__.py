"""The deeds of the room: offering groups, giving places, keeping pairs apart."""

from piiri.groups.actions.assenting import open_history, swap_roles
from piiri.groups.actions.links import make_link, reach_by_link, revoke_link, use_link
from piiri.groups.actions.moving import (
    cancel_group,
    close_group,
    decide_later,
    empty_ended,
    form_group,
    merge_group,
    propose_merge,
    start_group,
    stop_merge,
)
from piiri.groups.actions.offering import (
    About,
    accept_mentor,
    assign_mentor,
    edit_group,
    end_mentor,
    offer_group,
    release_mentor,
    show_name,
)
from piiri.groups.actions.offers import accept_offer, end_offer, offer_place
from piiri.groups.actions.pairing import (
    dismiss_apart,
    forget_suggestion,
    hold_people,
    keep_apart,
    keep_suggested_apart,
    note_consent,
    suggest_apart,
    suggest_pair,
)
from piiri.groups.actions.placing import (
    Held,
    hold,
    join,
    leave,
    resize_places,
)
from piiri.groups.actions.pressing import take_free_place
from piiri.groups.actions.seats import choose_buddy, claim_welcome, open_seat, pause_seat, say_newcomers

__all__ = [
    "About",
    "Held",
    "accept_mentor",
    "accept_offer",
    "assign_mentor",
    "cancel_group",
    "choose_buddy",
    "claim_welcome",
    "close_group",
    "decide_later",
    "dismiss_apart",
    "edit_group",
    "empty_ended",
    "end_mentor",
    "end_offer",
    "forget_suggestion",
    "form_group",
    "hold",
    "hold_people",
    "join",
    "keep_apart",
    "keep_suggested_apart",
    "leave",
    "make_link",
    "merge_group",
    "note_consent",
    "offer_group",
    "offer_place",
    "open_history",
    "open_seat",
    "pause_seat",
    "propose_merge",
    "reach_by_link",
    "release_mentor",
    "resize_places",
    "revoke_link",
    "say_newcomers",
    "show_name",
    "start_group",
    "stop_merge",
    "suggest_apart",
    "suggest_pair",
    "swap_roles",
    "take_free_place",
    "use_link",
]

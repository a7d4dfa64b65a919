"""The deeds of the room: offering groups, giving places, keeping pairs apart."""

from piiri.groups.actions.offering import (
    About,
    accept_mentor,
    assign_mentor,
    cancel_group,
    close_group,
    edit_group,
    end_mentor,
    form_group,
    offer_group,
    release_mentor,
    show_name,
    start_group,
)
from piiri.groups.actions.offers import accept_offer, end_offer, offer_place
from piiri.groups.actions.pairing import dismiss_apart, keep_apart, keep_suggested_apart, suggest_apart
from piiri.groups.actions.placing import (
    Held,
    hold,
    join,
    leave,
    resize_places,
)

__all__ = [
    "About",
    "Held",
    "accept_mentor",
    "accept_offer",
    "assign_mentor",
    "cancel_group",
    "close_group",
    "dismiss_apart",
    "edit_group",
    "end_mentor",
    "end_offer",
    "form_group",
    "hold",
    "join",
    "keep_apart",
    "keep_suggested_apart",
    "leave",
    "offer_group",
    "offer_place",
    "release_mentor",
    "resize_places",
    "show_name",
    "start_group",
    "suggest_apart",
]

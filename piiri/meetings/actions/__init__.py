"""The deeds of the room: setting meetings, inviting, recording, checking in, correcting."""

from piiri.meetings.actions.convening import give_turns, take_turn
from piiri.meetings.actions.correcting import correct_attendance
from piiri.meetings.actions.inviting import invite, invite_changed, invite_due, notice_for, take_back
from piiri.meetings.actions.recording import answer, check_in, check_in_meeting, mark_roll, record
from piiri.meetings.actions.scheduling import cancel, change, keep_next_dates, schedule

__all__ = [
    "answer",
    "cancel",
    "change",
    "check_in",
    "check_in_meeting",
    "correct_attendance",
    "give_turns",
    "invite",
    "invite_changed",
    "invite_due",
    "keep_next_dates",
    "mark_roll",
    "notice_for",
    "record",
    "schedule",
    "take_back",
    "take_turn",
]

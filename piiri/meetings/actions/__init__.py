"""The deeds of the room: setting meetings, inviting, recording, checking in, correcting."""

from piiri.meetings.actions.calendars import replace_calendar_address
from piiri.meetings.actions.convening import give_turns, take_turn
from piiri.meetings.actions.correcting import correct_attendance
from piiri.meetings.actions.inviting import invite, invite_changed, invite_due, notice_for, take_back
from piiri.meetings.actions.polling import ask_due, ask_for_time, book_time, mark_times, stop_asking
from piiri.meetings.actions.recording import answer, check_in, check_in_meeting, mark_roll, record
from piiri.meetings.actions.scheduling import cancel, change, keep_next_dates, schedule
from piiri.meetings.actions.standing_in import meet_without
from piiri.meetings.actions.year import schedule_year

__all__ = [
    "answer",
    "ask_due",
    "ask_for_time",
    "book_time",
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
    "mark_times",
    "meet_without",
    "notice_for",
    "record",
    "replace_calendar_address",
    "schedule",
    "schedule_year",
    "stop_asking",
    "take_back",
    "take_turn",
]

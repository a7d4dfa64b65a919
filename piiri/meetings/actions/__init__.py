"""The deeds of the room: setting meetings, inviting, recording, checking in, correcting."""

from piiri.meetings.actions.calendars import replace_calendar_address
from piiri.meetings.actions.convening import give_turns, take_turn
from piiri.meetings.actions.correcting import correct_attendance
from piiri.meetings.actions.first_step import ask_first_step, ask_first_steps
from piiri.meetings.actions.inviting import invite, invite_changed, invite_due, notice_for, take_back
from piiri.meetings.actions.polling import ask_due, ask_for_time, book_time, mark_times, stop_asking
from piiri.meetings.actions.reading import (
    connect_calendar,
    read_calendar,
    say_busy,
    take_busy_back,
    take_calendar_away,
)
from piiri.meetings.actions.recording import answer, check_in, check_in_meeting, mark_roll, record
from piiri.meetings.actions.scheduling import cancel, change, keep_next_dates, schedule
from piiri.meetings.actions.standing_in import meet_without
from piiri.meetings.actions.year import schedule_year

__all__ = [
    "answer",
    "ask_due",
    "ask_first_step",
    "ask_first_steps",
    "ask_for_time",
    "book_time",
    "cancel",
    "change",
    "check_in",
    "check_in_meeting",
    "connect_calendar",
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
    "read_calendar",
    "record",
    "replace_calendar_address",
    "say_busy",
    "schedule",
    "schedule_year",
    "stop_asking",
    "take_back",
    "take_busy_back",
    "take_calendar_away",
    "take_turn",
]

"""Addresses of the room."""

from django.urls import path

from piiri.meetings.views import (
    by_link,
    feed,
    joint,
    planning,
    polls,
    recording,
    standing_in,
    times,
    turns,
    year,
)

app_name = "meetings"
urlpatterns = [
    path("meetings/", planning.index, name="index"),
    path("groups/<uid:group>/meetings/new/", planning.new, name="new"),
    path("times/", times.mine, name="my-times"),
    path("times/calendar/", times.connect, name="connect-calendar"),
    path("times/calendar/away/", times.take_away, name="take-calendar-away"),
    path("times/busy/", times.say_busy, name="say-busy"),
    path("times/busy/away/", times.take_back, name="take-busy-back"),
    path("groups/<uid:group>/year-dates/", year.dates, name="year-dates"),
    path("groups/<uid:group>/times/new/", polls.new, name="new-poll"),
    path("groups/<uid:group>/times/<uid:poll>/", polls.poll, name="poll"),
    path("groups/<uid:group>/times/<uid:poll>/book/", polls.book, name="book"),
    path("groups/<uid:group>/times/<uid:poll>/stop/", polls.stop, name="stop-poll"),
    path("meetings/<uid:meeting>/", planning.meeting, name="meeting"),
    path("meetings/<uid:meeting>/without/", standing_in.without, name="without"),
    path("meetings/<uid:meeting>/another-time/", standing_in.another_time, name="another-time"),
    path("meetings/<uid:meeting>/change/", planning.change, name="change"),
    path("meetings/<uid:meeting>/cancel/", planning.cancel, name="cancel"),
    path("meetings/<uid:meeting>/answer/", planning.answer, name="answer"),
    path(
        "meetings/<uid:meeting>/coming/<uid:invited>/<uid:invited_signature>/", by_link.coming, name="coming"
    ),
    path("calendar/", feed.calendar, name="calendar"),
    path("calendar/replace/", feed.replace_address, name="replace-address"),
    path("calendar/<uid:feed>/<uid:feed_signature>/piiri.ics", feed.feed, name="feed"),
    path("meetings/<uid:meeting>/invitation.ics", planning.invitation, name="invitation"),
    path("meetings/<uid:meeting>/convene/", turns.take_turn, name="take-turn"),
    path("meetings/<uid:meeting>/record/", recording.record, name="record"),
    path("meetings/<uid:meeting>/here/", recording.here, name="here"),
    path("meetings/<uid:meeting>/correct/<uid:person>/", recording.correct, name="correct"),
    path("sessions/<uid:session>/check-in/", joint.check_in, name="check-in"),
    path("sessions/<uid:session>/attendance/", joint.attendance, name="attendance"),
    path("sessions/<uid:session>/code/", joint.code, name="code"),
    path("sessions/<uid:session>/tables/", joint.tables, name="tables"),
    path("sessions/<uid:session>/correct/<uid:person>/", recording.correct_session, name="correct-session"),
]

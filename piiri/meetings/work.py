"""What workers do for the room: keep calendars up to date, and each group's next date."""

from datetime import timedelta

from piiri.base.work import Work
from piiri.meetings import actions
from piiri.meetings.queries import polls

# What changed is told within seconds; all of it is looked through now and then, so that nothing gets lost.
WORK = [
    Work("invite", row="31", do=actions.invite_changed, every=timedelta(seconds=20)),
    Work("invite-all", row="31", do=actions.invite_due, every=timedelta(minutes=5)),
    Work("first-steps", row="33", do=actions.ask_first_steps, every=timedelta(minutes=10)),
    Work("turns", row="152", do=actions.give_turns, every=timedelta(minutes=1)),
    Work("ask-times", row="170", do=actions.ask_due, every=timedelta(seconds=20)),
    Work("own-calendars", row="171", do=actions.read_calendar, due=polls.calendars_due, atomic=False),
    Work("next-dates", row="31", do=actions.keep_next_dates, every=timedelta(minutes=1)),
]

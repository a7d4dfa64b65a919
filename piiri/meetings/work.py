"""What workers do for the room: keep calendars up to date."""

from datetime import timedelta

from piiri.base.work import Work
from piiri.meetings import actions

WORK = [Work("invite", row="31", do=actions.invite_due, every=timedelta(seconds=20))]

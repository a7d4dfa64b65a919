"""What workers do for the room: forget what was pressed."""

from datetime import timedelta

from piiri.base.work import Work
from piiri.people import actions

WORK = [Work("forget-presses", row="12", do=actions.forget_presses, every=timedelta(minutes=10))]

"""What the worker does for the office."""

from datetime import timedelta

from piiri.base.work import Work
from piiri.desk import actions

WORK = [Work("roll-up", row="64", do=actions.roll_up, every=timedelta(seconds=5))]

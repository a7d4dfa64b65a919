"""What the worker does for the office."""

from datetime import timedelta

from piiri.base.work import Work
from piiri.desk import actions
from piiri.desk.queries import support

WORK = [
    Work("roll-up", row="64", do=actions.roll_up, every=timedelta(seconds=5)),
    Work("signs", row="190", do=actions.look_for_signs, every=timedelta(minutes=5)),
    Work("mondays", row="64", do=actions.write_on_mondays, every=timedelta(minutes=5)),
    Work("support", row="52", due=support.promises_due, do=actions.keep_promise, every=timedelta(seconds=30)),
]

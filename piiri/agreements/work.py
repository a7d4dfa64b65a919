"""What workers do for the room: ask again when somebody joined, ask who was away, settle goals."""

from datetime import timedelta

from piiri.agreements import actions
from piiri.base.work import Work

WORK = [
    Work("renew", row="27", do=actions.renew_for_newcomers, every=timedelta(seconds=30)),
    Work("ask", row="27", do=actions.ask_unsigned, every=timedelta(minutes=1)),
    Work("settle-goals", row="142", do=actions.settle_suggestions, every=timedelta(minutes=1)),
]

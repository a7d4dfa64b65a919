"""Delivery, by any number of workers."""

from datetime import timedelta

from piiri.base.work import Work
from piiri.mail import actions, queries

WORK = [
    Work(
        "deliver",
        row="69",
        due=queries.messages_to_deliver,
        do=actions.deliver,
        lease=timedelta(minutes=2),
        atomic=False,
        tries=12,
        give_up=actions.give_up,
    )
]

"""What workers do for the room: tell line managers of dates."""

from datetime import timedelta

from piiri.base.work import Work
from piiri.hours import actions, queries

WORK = [
    Work("begin-digests", row="83", do=actions.begin_digests, every=timedelta(minutes=1)),
    Work(
        "tell-dates", row="83", due=queries.digests_due, do=actions.tell_dates, give_up=actions.put_off_digest
    ),
]

"""What workers do for the room: one mail a morning about something new, and letting out what all agree on."""

from datetime import timedelta

from piiri.base.work import Work
from piiri.notes import actions, queries

WORK = [
    Work("news", row="44", due=queries.looks_due, do=actions.tell, every=timedelta(seconds=30)),
    Work("let-out", row="160", do=actions.release_agreed, every=timedelta(minutes=5)),
]

"""The deeds of the room: writing and taking away, voting, putting in files, letting out, telling of news."""

from piiri.notes.actions.basket import take_up, vote
from piiri.notes.actions.filing import put_file
from piiri.notes.actions.leaving import agree, keep_here, release_agreed
from piiri.notes.actions.telling import choose_mail, look, tell
from piiri.notes.actions.writing import answer, edit, take_away, write

__all__ = [
    "agree",
    "answer",
    "choose_mail",
    "edit",
    "keep_here",
    "look",
    "put_file",
    "release_agreed",
    "take_away",
    "take_up",
    "tell",
    "vote",
    "write",
]

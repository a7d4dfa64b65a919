"""The deeds of the room: hours are stated and taken out, line managers are told of dates."""

from piiri.hours.actions.stating import freeze_statement, note_export
from piiri.hours.actions.telling import begin_digests, put_off_digest, tell_dates

__all__ = ["begin_digests", "freeze_statement", "note_export", "put_off_digest", "tell_dates"]

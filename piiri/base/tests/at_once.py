"""Many press at the same moment, each in a thread with its own connection."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

from piiri.base.errors import Refused


def at_once(deed, people):
    """Let each person do the deed in a thread of their own, all at once; True where it went well."""
    start = Barrier(len(people))

    def ask(person):
        try:
            start.wait()
            deed(person)
        except Refused:
            return False
        else:
            return True
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(people)) as threads:
        return list(threads.map(ask, people))

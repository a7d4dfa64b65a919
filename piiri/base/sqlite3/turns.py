"""Whose turn it is to write to a file, among the threads of this process."""

import os
import threading
from collections import deque


class Turns:
    """One writer at a time, in the order in which they asked."""

    def __init__(self) -> None:
        self.guard = threading.Lock()
        self.writing = False
        self.waiting: deque[threading.Lock] = deque()

    def take(self, seconds: float) -> bool:
        """Wait for one's turn; False when it did not come within `seconds`."""
        with self.guard:
            if not self.writing:
                self.writing = True
                return True
            called = threading.Lock()
            called.acquire()
            self.waiting.append(called)
        if called.acquire(timeout=seconds):
            return True
        with self.guard:
            if called not in self.waiting:  # called between giving up and saying so
                return True
            self.waiting.remove(called)
        return False

    def give(self) -> None:
        """Pass the turn to whoever has waited longest."""
        with self.guard:
            if self.waiting:
                self.waiting.popleft().release()
            else:
                self.writing = False


_turns: dict[str, Turns] = {}


def turns_of(file: str) -> Turns:
    """The queue of one database file."""
    return _turns.setdefault(file, Turns())


# A child that was forked has none of the threads that could give a turn back.
os.register_at_fork(after_in_child=_turns.clear)

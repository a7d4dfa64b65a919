"""The wrapper that Django asks for by name."""

from collections.abc import Iterable
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from piiri.base.sqlite3.turns import Turns, turns_of

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLAC")


class Cursor(base.SQLiteCursorWrapper):
    """A single statement that writes outside a transaction waits for its turn as well."""

    wrapper: "DatabaseWrapper"

    def execute(self, query: str, params: Any = None) -> Any:
        if not query.startswith(WRITES) or not self.wrapper.take_turn():
            return super().execute(query, params)
        try:
            return super().execute(query, params)
        finally:
            self.wrapper.give_turn()

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        if not self.wrapper.take_turn():
            return super().executemany(query, param_list)
        try:
            return super().executemany(query, param_list)
        finally:
            self.wrapper.give_turn()


class DatabaseWrapper(base.DatabaseWrapper):
    """Holds a turn from BEGIN to COMMIT or ROLLBACK, whatever happens between."""

    turns: Turns | None = None  # the queue this connection holds a turn of

    def create_cursor(self, name: str | None = None) -> Cursor:
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        cursor.wrapper = self
        return cursor

    def take_turn(self) -> bool:
        """Wait for the turn to write; False when this connection has it already.

        Raises OperationalError when it does not come in the time SQLite itself would wait.
        """
        if self.turns is not None or self.is_in_memory_db():
            return False
        turns = turns_of(str(self.settings_dict["NAME"]))
        if not turns.take(self.settings_dict["OPTIONS"].get("timeout", 5.0)):
            raise OperationalError("database is locked")
        self.turns = turns
        return True

    def give_turn(self) -> None:
        turns, self.turns = self.turns, None
        if turns is not None:
            turns.give()

    def give_turn_after_transaction(self) -> None:
        """A failed COMMIT may leave the transaction open: then ROLLBACK or closing ends the turn."""
        if self.turns is not None and not (self.connection and self.connection.in_transaction):
            self.give_turn()

    def _start_transaction_under_autocommit(self) -> None:
        self.take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        finally:
            if not self.connection.in_transaction:
                self.give_turn()

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]  # the stubs leave these out
        finally:
            self.give_turn_after_transaction()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self.give_turn_after_transaction()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self.give_turn()

    def __del__(self) -> None:
        self.give_turn()

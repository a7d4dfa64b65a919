"""The wrapper that Django asks for by name."""

import time
from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql import base, operations
from psycopg.types.numeric import Int8

# A connection that answered so lately is not asked again whether it lives; if it does not after all,
# whoever meets it is asked to come back (see base.views.is_passing), and the next one gets a new connection.
WARM_SECONDS = 5.0

ServerBindingCursor: Any = base.ServerBindingCursor  # the stubs know half of it
PlainWrapper: Any = base.DatabaseWrapper


class PreparingCursor(ServerBindingCursor):  # type: ignore[misc]
    """Sends the values apart from the statement, so that PostgreSQL keeps its plan."""

    def execute(self, query: Any, params: Sequence[Any] | None = None) -> Any:
        # One width for all whole numbers, else each statement would be planned once a width.
        typed = [Int8(value) if type(value) is int else value for value in params or ()]
        return super().execute(query, typed, prepare=True)


class Operations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> str:
        """For whoever counts and reads queries."""
        if isinstance(cursor, PreparingCursor):
            return str(self.compose_sql(sql, params))
        return str(super().last_executed_query(cursor, sql, params))


class DatabaseWrapper(PlainWrapper):  # type: ignore[misc]
    ops_class = Operations
    health_check_enabled = health_check_done = False
    answered_at = 0.0

    def prepared_cursor(self) -> Any:
        """A cursor for statements that are run again and again, see base.prepared."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            return self._prepare_cursor(PreparingCursor(self.connection))

    def close_if_health_check_failed(self) -> None:
        if self.health_check_enabled and not self.health_check_done:
            now = time.monotonic()
            self.health_check_done = now - self.answered_at < WARM_SECONDS
            self.answered_at = now
        super().close_if_health_check_failed()

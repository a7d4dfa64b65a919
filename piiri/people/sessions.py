"""Sessions as Django keeps them in its table, read with a query that is put together once."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models.functions import Now

from piiri.base.prepared import Prepared

# Unless its time is over, by the database's clock.
by_key = Prepared(
    lambda key: Session.objects.filter(session_key=key, expire_date__gt=Now()).values("session_data"),
    texts=["key"],
)


class SessionStore(db.SessionStore):
    """Django asks for a class of this name."""

    def load(self) -> dict[str, Any]:
        told = by_key.first(key=self.session_key)
        if told is None:
            self._session_key = None
            return {}
        return dict(self.decode(told["session_data"]))

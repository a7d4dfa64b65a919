"""Who has just shown that it is really them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser

from piiri.people.models import Person

STEP_UP_LASTS = timedelta(minutes=15)


def has_fresh_code(person: Person | AnonymousUser, session: Mapping[str, Any], *, now: datetime) -> bool:
    """Whether this browser's session saw a code of this person within the last 15 minutes."""
    return _is_fresh(person, session, "code_at", now)


def has_stepped_up(person: Person | AnonymousUser, session: Mapping[str, Any], *, now: datetime) -> bool:
    """Whether there is a fresh code and, in the same 15 minutes, a written reason."""
    return has_fresh_code(person, session, now=now) and _is_fresh(person, session, "reason_at", now)


def _is_fresh(person: Person | AnonymousUser, session: Mapping[str, Any], stamp: str, now: datetime) -> bool:
    if not isinstance(person, Person):
        return False
    shown = session.get("step_up") or {}
    if shown.get("person") != person.uid or stamp not in shown:
        return False
    age = now - datetime.fromisoformat(shown[stamp])
    return timedelta(0) <= age < STEP_UP_LASTS

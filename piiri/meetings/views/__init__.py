"""Doors of the room: a group’s meetings, joint events, corrections."""

from typing import cast

from django.http import HttpRequest

from piiri.people.models import Person


def reader(request: HttpRequest) -> Person:
    """Who knocks, behind login_required."""
    return cast("Person", request.user)

"""What every door of the room asks first: whose office this is."""

from typing import cast

from django.http import HttpRequest

from piiri.base.doors import found, require
from piiri.formation import access
from piiri.formation.models import Publishing, Run
from piiri.people.models import Person
from piiri.programmes.models import Programme


def reader(request: HttpRequest) -> Person:
    """Who knocks, behind login_required."""
    return cast("Person", request.user)


def office(request: HttpRequest, uid: str) -> Programme:
    """The programme whose office the person works in; else 403 near it and 404 elsewhere."""
    known = access.programmes_known_by(reader(request)).select_related("organisation")
    programme: Programme = found(known.filter(uid=uid).first())
    require(access.can_form_groups(reader(request), programme))
    return programme


def office_run(request: HttpRequest, uid: str) -> Run:
    """A run of an office the person works in; else 403 near it and 404 elsewhere."""
    known = access.runs_known_by(reader(request)).select_related("programme__organisation").defer("proposal")
    row: Run = found(known.filter(uid=uid).first())
    require(access.can_form_groups(reader(request), row.programme))
    return row


def office_publishing(request: HttpRequest, uid: str) -> Publishing:
    """A publishing of an office the person works in; else 403 near it and 404 elsewhere."""
    known = access.publishings_known_by(reader(request)).select_related("programme__organisation", "run")
    row: Publishing = found(known.defer("run__proposal").filter(uid=uid).first())
    require(access.can_form_groups(reader(request), row.programme))
    return row

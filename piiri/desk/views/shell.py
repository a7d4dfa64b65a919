"""What every signed-in page may ask for, and whose office it is."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from piiri.base.doors import found, require
from piiri.desk import access
from piiri.people.models import Person
from piiri.programmes import access as programme_access
from piiri.programmes.models import Programme


class PersonRequest(HttpRequest):
    """A request below login_required."""

    user: Person


def office_link(request: HttpRequest) -> dict[str, object]:
    """`has_office` for all pages: asked of the database only when a template asks for it."""
    return {"has_office": SimpleLazyObject(lambda: access.has_office(request.user))}


def office_of(request: PersonRequest, uid: str) -> Programme:
    """The programme of an office one may work in; 403 where it is no secret, else 404."""
    run = programme_access.programmes_run_by(request.user).select_related("organisation")
    if programme := run.filter(uid=uid).first():
        return programme
    found(access.visible_desks(request.user).filter(uid=uid).first())
    require(False)
    raise AssertionError("require has answered")

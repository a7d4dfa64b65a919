"""The floor of ../shared/perf with what we add to it: a session in the database and a look-up of the person.

`python floor_signed_in.py init GROUPS PLACES PEOPLE` makes its tables and prints the people's session keys;
`granian … floor_signed_in:wsgi` or `uvicorn … floor_signed_in:asgi` serves it. For the environment
see floor.py.
"""

import json
import sys
from functools import wraps
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "shared" / "perf" / "floor"))

from django.conf import LazySettings

plainly = LazySettings.configure


def configure(self: LazySettings, **chosen: object) -> None:
    """The floor's settings with two things changed."""
    chosen["SESSION_ENGINE"] = "django.contrib.sessions.backends.db"
    chosen["ROOT_URLCONF"] = __name__
    plainly(self, **chosen)


LazySettings.configure = configure

import floor  # noqa: E402 - configures Django as it is imported
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402

BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed_in(view):
    """Ask who it is, as every page for people does."""

    @wraps(view)
    def through(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return HttpResponse("who?", status=403)
        return view(request, *args, **kwargs)

    return through


urlpatterns = [
    path("", floor.index),
    path("g/<int:pk>", signed_in(floor.group)),
    path("g/<int:pk>/enrol", signed_in(floor.enrol)),
    path("audit", floor.audit),
    path("reset", floor.reset),
    path("ping", floor.ping),
]


def make_people(count: int) -> list[str]:
    """The session keys of so many people who are signed in."""
    call_command("migrate", verbosity=0)
    now, store = timezone.now(), SessionStore()
    people = User.objects.bulk_create([User(username=f"t{n}", password=f"!{n}") for n in range(count)])
    sessions = [
        Session(
            session_key=f"{n:032d}",
            session_data=store.encode(
                {
                    SESSION_KEY: str(person.pk),
                    BACKEND_SESSION_KEY: BACKEND,
                    HASH_SESSION_KEY: person.get_session_auth_hash(),
                }
            ),
            expire_date=now + timezone.timedelta(days=14),
        )
        for n, person in enumerate(people)
    ]
    Session.objects.bulk_create(sessions, batch_size=1000)
    return [session.session_key for session in sessions]


if __name__ == "__main__":
    _init, groups, places, people = sys.argv[1:]
    floor.init(int(groups), int(places))
    json.dump({"sessions": make_people(int(people))}, sys.stdout)
else:
    wsgi = floor.get_wsgi_application()
    try:
        from a2wsgi import WSGIMiddleware
    except ImportError:  # on granian, which needs none
        asgi = None
    else:
        asgi = WSGIMiddleware(wsgi, workers=4)

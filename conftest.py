"""Every test's ground: settings, two databases, no network, a clock that can be set."""

import atexit
import base64
import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
import time_machine
from django.conf import settings as house
from django.contrib.contenttypes.management import create_contenttypes
from django.db.models.signals import post_migrate
from django.utils import translation

DATA = Path(tempfile.mkdtemp(prefix="piiri-test-"))
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
(DATA / "keys").mkdir()
(DATA / "static").mkdir()
for key in ("master.key", "secret.key"):
    (DATA / "keys" / key).write_bytes(base64.b64encode(b"piiri-test-only-" * 2))
    (DATA / "keys" / key).chmod(0o600)

# Settings are read once, at import; so this stands here and not in a fixture.
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "piiri.config.settings",
    "PIIRI_TESTING": "1",
    "PIIRI_DATA": str(DATA),
    "PIIRI_CLOCK_FILE": str(DATA / "clock"),
    "NUMBA_CACHE_DIR": os.environ.get("NUMBA_CACHE_DIR", str(Path.cwd() / ".cache" / "numba")),
}
for variable in ("PIIRI_DEMO", "PIIRI_ORIGIN", "PIIRI_HOSTS", "PIIRI_SMTP", "PIIRI_BEHIND_PROXY"):
    os.environ.pop(variable, None)

pytest_plugins = ["e2e.browser"]

LONG = bool(os.environ.get("PIIRI_LONG"))
hypothesis.settings.register_profile("short", max_examples=50, deadline=None)
hypothesis.settings.register_profile("long", max_examples=10_000, deadline=None)
hypothesis.settings.load_profile("long" if LONG else "short")

BOTH = ["default", "vault"]
FIRST = ("piiri/formation/", "piiri/desk/tests/test_doors.py", "e2e/test_pages_axe.py", "e2e/test_year.py")
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


def pytest_configure(config: pytest.Config) -> None:
    """Load the settings now: pytest-django sets Django up only where that has happened.

    A worker of xdist must not find them in its environment, or it would load them before it has
    come to this file and made a data folder of its own.
    """
    assert house.TESTING
    if config.getoption("numprocesses", None):
        del os.environ["DJANGO_SETTINGS_MODULE"]


@pytest.hookimpl(wrapper=True, tryfirst=True)  # marks before `-m` looks at them, order after all others
def pytest_collection_modifyitems(items: list[pytest.Item]):
    """A test with a database has both, one without is `pure`; what takes long runs only when asked for.

    Nobody needs to write `pure`: pytest-django lets no test reach a database that does not ask for one.
    """
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
            given = mark.kwargs if mark else {}
            item.add_marker(pytest.mark.django_db(**{"databases": BOTH} | given), append=False)
        else:
            item.add_marker("pure")
        if item.get_closest_marker("long") and not LONG:
            item.add_marker(pytest.mark.skip(reason="long: only with ./run test --long"))
    outcome = yield
    items.sort(key=turn)
    return outcome


def turn(item: pytest.Item) -> int:
    """Whose turn is when: the solver's, then what takes a minute alone, then all others as they come.

    Each worker begins with its half of the list. So one of them compiles the solver for both, and none
    begins a walk when the other is done.
    """
    return next((turn for turn, place in enumerate(FIRST) if item.nodeid.startswith(place)), len(FIRST))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix) -> None:
    """SQLite tests use files, as the product does: threads then wait for each other as in real life."""
    # Nothing asks for Django's permissions, which every test that empties the tables would write anew.
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)
    # The vault's one table is made at once: on its database, too, Django would walk every room's migrations.
    house.DATABASES["vault"].setdefault("TEST", {})["MIGRATE"] = False
    for alias, database in house.DATABASES.items():
        if database["ENGINE"].endswith("sqlite3"):
            database.setdefault("TEST", {})["NAME"] = str(DATA / f"{alias}.sqlite3")
            database["OPTIONS"] = database["OPTIONS"] | {
                "init_command": database["OPTIONS"]["init_command"].replace(
                    "synchronous=FULL", "synchronous=OFF"
                )
            }


@pytest.fixture(autouse=True)
def fast_settings(settings):
    """No work that only an attacker or a browser cares about."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.WHITENOISE_USE_FINDERS = False  # each client would look at every file; browsers get them without


@pytest.fixture(autouse=True)
def english():
    """Every test starts in English, whatever page the one before it looked at."""
    with translation.override("en"):
        yield


@pytest.fixture
def clock():
    """Stand still on Monday 2027-01-18, nine in Helsinki; `clock.move_to(…)` and `clock.shift(…)` move it."""
    with time_machine.travel(datetime(2027, 1, 18, 7, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def clock_file():
    """The file whose seconds shift the clock of this process and of every process it starts."""
    path = DATA / "clock"
    yield path
    path.unlink(missing_ok=True)

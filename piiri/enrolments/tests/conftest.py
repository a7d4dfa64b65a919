"""What every test of this room begins with."""

import sys

import pytest

# Kept for a moment or while they look alike; here the clock stands still, and keys come back in each test.
KEPT = {
    "piiri.enrolments.views.cards": ["drawn"],
    "piiri.enrolments.queries.applications": ["unit_names"],
    "piiri.enrolments.queries.places": ["_next_best"],
}


@pytest.fixture(autouse=True)
def nothing_kept_before():
    """Forget what was kept. Rooms are looked up and not imported: this is read before Django is set up."""
    for module, names in KEPT.items():
        if room := sys.modules.get(module):
            for name in names:
                getattr(room, name).cache_clear()
    if dates := sys.modules.get("piiri.enrolments.queries.dates"):
        dates.LOOKED_UP.clear()

"""What every test of this room begins with."""

import sys

import pytest


@pytest.fixture(autouse=True)
def nothing_counted_before():
    """The programme page is kept for seconds, and here the clock stands still.

    The room is looked up and not imported: this file is read before Django is set up.
    """
    if programme := sys.modules.get("piiri.enrolments.views.programme"):
        programme._counted.cache_clear()
        programme._seen.cache_clear()
        programme.cards.drawn.cache_clear()

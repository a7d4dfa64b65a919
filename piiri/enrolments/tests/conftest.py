"""What every test of this room begins with."""

import sys

import pytest


@pytest.fixture(autouse=True)
def nothing_drawn_before():
    """Cards are kept while they look alike, and keys come back from test to test.

    The room is looked up and not imported: this file is read before Django is set up.
    """
    if cards := sys.modules.get("piiri.enrolments.views.cards"):
        cards.drawn.cache_clear()

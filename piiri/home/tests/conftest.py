"""What a programme says to all its groups is kept for seconds in a running service, and not in tests."""

import pytest


@pytest.fixture
def warm(monkeypatch):
    """As in a service that has been running for a while: joint events and breaks are known."""
    monkeypatch.setattr("piiri.home.queries.kept.LASTS", 60.0)
    monkeypatch.setattr("piiri.home.queries.kept._kept", {})

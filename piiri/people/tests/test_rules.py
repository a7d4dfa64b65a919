from datetime import UTC, datetime, timedelta

import pytest

from piiri.people.models import CodeRequest
from piiri.people.rules import Asked, SignInRefusal, why_not_ask, why_not_try

NOW = datetime(2027, 1, 18, 7, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("from_here", "for_address", "from_network", "free"),
    [(4, 19, 299, True), (5, 5, 5, False), (0, 20, 0, False), (0, 0, 300, False)],
)
def test_why_not_ask_counts_here_address_and_network(from_here, for_address, from_network, free):
    asked = Asked(from_here=from_here, for_address=for_address, from_network=from_network)

    assert why_not_ask(asked) == (None if free else SignInRefusal.TOO_MANY_CODES)


def test_why_not_ask_takes_another_bound_of_a_network():
    asked = Asked(from_here=0, for_address=0, from_network=300)

    assert why_not_ask(asked, most_a_network=301) is None
    assert why_not_ask(asked, most_a_network=300) == SignInRefusal.TOO_MANY_CODES


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"expires_at": NOW + TICK, "tries": 4}, None),
        ({"expires_at": NOW}, SignInRefusal.TOO_LATE),
        ({"expires_at": NOW + TICK, "tries": 5}, SignInRefusal.TOO_MANY_TRIES),
        ({"expires_at": NOW + TICK, "used_at": NOW}, SignInRefusal.USED),
    ],
)
def test_why_not_try(fields, expected):
    assert why_not_try(CodeRequest(**fields), now=NOW) == expected

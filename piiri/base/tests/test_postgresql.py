"""Plans are kept for what is asked again; a connection that has rested is asked whether it lives."""

import psycopg
import pytest
from django.apps import apps
from django.db import OperationalError, connection, connections

from piiri.base.postgresql import base
from piiri.base.prepared import Prepared

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL only"),
]


def ask(number):
    return by_key.first(number=number)


by_key = Prepared(
    lambda number: apps.get_model("mail", "Message").objects.filter(pk=number).values("kind"),
    numbers=["number"],
)


def test_a_statement_is_planned_once_whatever_the_size_of_its_numbers(django_assert_num_queries):
    with django_assert_num_queries(3):
        for number in (1, 70_000, 5_000_000_000):
            assert ask(number) is None

    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        assert len([row for row in cursor.fetchall() if "mail_message" in row[0]]) == 1


@pytest.fixture
def at_requests(monkeypatch):
    """As at the beginning of each request."""
    connection.ensure_connection()
    monkeypatch.setattr(connections["default"], "health_check_enabled", True)

    def begin():
        connection.close_if_unusable_or_obsolete()

    return begin


def cut_off():
    """As when the database was started again."""
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])


def test_a_connection_that_was_cut_off_is_replaced(at_requests, monkeypatch):
    ask(1)
    at_requests()
    ask(1)
    cut_off()
    at_requests()
    with pytest.raises(OperationalError):
        ask(1)
    at_requests()

    assert ask(1) is None


def test_a_connection_that_was_cut_off_while_it_rested_is_replaced_unnoticed(at_requests, monkeypatch):
    ask(1)
    cut_off()
    monkeypatch.setattr(base, "WARM_SECONDS", 0)
    at_requests()

    assert ask(1) is None

"""Writers of one process queue up before BEGIN; the turn ends with the transaction, however that ends."""

import gc
import threading
import time
from contextlib import suppress
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, OperationalError, connection, connections, transaction

from piiri.base import clock
from piiri.base.sqlite3.turns import Turns, turns_of

sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite only")


def in_threads(*deeds):
    threads = [threading.Thread(target=deed) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def post(kind: str):
    """Some row of some table."""
    return apps.get_model("mail", "Message").objects.create(
        kind=kind, language="en", posted_at=clock.now(), due_at=clock.now() + timedelta(days=1)
    )


def is_free() -> bool:
    turns = turns_of(str(connection.settings_dict["NAME"]))
    return not turns.writing


def test_turns_are_given_in_the_order_in_which_they_were_asked_for():
    turns, order = Turns(), []

    def ask(number):
        time.sleep(number * 0.02)
        assert turns.take(5)
        order.append(number)
        turns.give()

    turns.take(0)
    threads = [threading.Thread(target=ask, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    turns.give()
    for thread in threads:
        thread.join()

    assert order == [0, 1, 2, 3, 4]
    assert not turns.writing


def test_turns_are_not_lost_to_somebody_who_stopped_waiting():
    turns = Turns()
    turns.take(0)

    assert not turns.take(0.01)
    turns.give()

    assert turns.take(0)


@sqlite
@pytest.mark.django_db(transaction=True)
def test_a_transaction_holds_the_turn_until_it_ends_and_nested_ones_do_not_end_it():
    with transaction.atomic():
        with transaction.atomic():
            post("inner")
        assert not is_free()
        with pytest.raises(IntegrityError), transaction.atomic():
            post(None)
        assert not is_free()

    assert is_free()


@sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["error", "rollback", "close", "single statement", "failed statement"])
def test_the_turn_ends_however_the_transaction_ends(how):
    def end():
        if how == "single statement":
            post("one")
        elif how == "failed statement":
            with pytest.raises(IntegrityError):
                post(None)
        else:
            with suppress(ZeroDivisionError), transaction.atomic():
                post("gone")
                if how == "close":
                    connection.close()
                if how == "rollback":
                    transaction.set_rollback(True)
                else:
                    raise ZeroDivisionError
        connections.close_all()

    in_threads(end)

    assert is_free()
    assert apps.get_model("mail", "Message").objects.count() == (1 if how == "single statement" else 0)


@sqlite
@pytest.mark.django_db(transaction=True)
def test_a_thread_that_ends_in_mid_transaction_gives_its_turn_back():
    """Its connection goes when Python tidies up, and SQLite's own lock with it."""
    in_threads(lambda: transaction.atomic().__enter__())
    gc.collect()

    with transaction.atomic():
        post("next")


@sqlite
@pytest.mark.django_db(transaction=True)
def test_a_reader_does_not_wait_for_the_writer():
    seen = []

    def read():
        seen.append(apps.get_model("mail", "Message").objects.count())
        connections.close_all()

    with transaction.atomic():
        post("unseen")
        in_threads(read)

    assert seen == [0]


@sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("single", [True, False])
def test_who_waits_too_long_is_told_so(monkeypatch, single):
    told = []

    def write():
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.05)
        try:
            if single:
                post("late")
            else:
                with transaction.atomic():
                    post("late")
        except OperationalError as error:
            told.append(str(error))
        finally:
            connections.close_all()

    with transaction.atomic():
        in_threads(write)

    assert told == ["database is locked"]
    assert is_free()

"""Past the limit people are asked to come back, kindly and in their language; never a 500."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from piiri.base import views
from piiri.base.sqlite3.turns import turns_of
from piiri.config.asgi import application, busy_page
from piiri.config.gate import ALIVE, Gate
from piiri.people.sessions import SessionStore


class Inside:
    """Stands for the pages: whoever is in stays until the doors are opened."""

    def __init__(self):
        self.doors = asyncio.Event()

    async def __call__(self, scope, receive, send):
        await self.doors.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"page"})


async def files(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"file"})


async def ask(app, path="/", method="GET"):
    """Status, headers and body of one request."""
    told = []

    async def send(message):
        told.append(message)

    await app({"type": "http", "path": path, "method": method}, None, send)
    return told[0]["status"], dict(told[0]["headers"]), told[1]["body"].decode()


def gate(most):
    inside = Inside()
    return inside, Gate(
        inside,
        files=files,
        at="/static/",
        most=most,
        busy_read=busy_page(again=True),
        busy_sent=busy_page(again=False),
    )


async def crowd(most, people):
    """So many come at once; then the doors open and one more comes."""
    inside, app = gate(most)
    early = [asyncio.create_task(ask(app)) for _ in range(most)]
    await asyncio.sleep(0)
    late = [await ask(app, method="POST" if number % 2 else "GET") for number in range(people - most)]
    spared = [await ask(app, "/static/css/base.css"), await ask(app, ALIVE)]
    inside.doors.set()
    return await asyncio.gather(*early), late, spared, await ask(app)


def test_gate_asks_those_past_the_limit_to_come_back_and_lets_in_again_later():
    # In a thread of its own: a browser's tests may have left a loop running in this one.
    with ThreadPoolExecutor(1) as alone:
        early, late, spared, after = alone.submit(asyncio.run, crowd(most=3, people=9)).result()

    assert {answer[0] for answer in early} == {200}
    assert {answer[0] for answer in late} == {503}
    assert all(5 <= int(answer[1][b"retry-after"]) <= 15 for answer in late)
    assert [answer[2] for answer in spared] == ["file", "alive"]
    assert after[0] == 200


def test_busy_page_speaks_three_languages_and_carries_the_headers():
    for page in (application.busy_read, application.busy_sent):
        text = page.content.decode()
        assert [f'<div lang="{code}"' in text for code in ("fi", "sv", "en")] == [True] * 3
        assert page.headers["Cache-Control"] == "no-store"
        assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert b"Try again" in application.busy_read.content
    assert b"counts once" in application.busy_sent.content


def writing(request):
    with transaction.atomic():
        request.session["kept"] = "yes"
        request.session.save()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE mail_message SET kind = kind")
    return HttpResponse("kept")


def asking_for_something_odd(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")


urlpatterns = [
    path("", include("piiri.config.urls")),
    path("t/writing/", writing),
    path("t/odd/", asking_for_something_odd),
]
handler500 = views.our_fault


@pytest.fixture
def crowded(settings):
    """A client that gets what a browser would get."""
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite only")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("by", ["this process", "another process"])
def test_a_locked_database_is_answered_by_come_back_and_nothing_is_written(crowded, monkeypatch, by):
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.1)
    connection.close()
    ended, begun = threading.Event(), threading.Event()
    turns = turns_of(str(connection.settings_dict["NAME"]))

    def write():
        import sqlite3  # noqa: PLC0415 - as somebody who knows nothing of ours

        other = sqlite3.connect(str(Path(connection.settings_dict["NAME"])), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        begun.set()
        ended.wait(10)
        other.execute("ROLLBACK")
        other.close()

    thread = threading.Thread(target=write)
    if by == "another process":
        thread.start()
        begun.wait(10)
    else:
        turns.take(0)
    answer = crowded.get("/t/writing/")
    if by == "another process":
        ended.set()
        thread.join()
    else:
        turns.give()

    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
    assert SessionStore.get_model_class().objects.count() == 0
    connection.close()
    assert crowded.get("/t/writing/").content == b"kept"


@pytest.mark.django_db
def test_no_connection_while_the_session_is_read_is_answered_by_come_back(crowded, monkeypatch):
    def refuse(self):
        raise OperationalError("FATAL: sorry, too many clients already")

    monkeypatch.setattr(SessionStore, "load", refuse)
    crowded.cookies["sessionid"] = "somebody"

    answer = crowded.get("/account/")

    assert answer.status_code == 503
    assert "Retry-After" in answer.headers


@pytest.mark.django_db
def test_a_mistake_of_ours_stays_our_fault(crowded):
    assert crowded.get("/t/odd/").status_code == 500

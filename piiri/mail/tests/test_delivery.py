"""Posting and delivering, against a real mail server and with workers that die."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction

from piiri.base import clock
from piiri.base.work import run_due
from piiri.mail import actions, queries
from piiri.mail.models import DemoCopy, Message

State = Message.State
ICS = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


class Reader:
    uid = "abcdefgh23456777"
    email = "eva@example.org"
    language = "en"


def post(kind="test/email/plain", **values) -> Message:
    return actions.post(kind, **{"to": Reader(), "about": Reader(), "now": clock.now()} | values)


def fresh(message: Message) -> Message:
    message.refresh_from_db()
    return message


def in_a_while(message: Message) -> object:
    """The moment after the message's lease or rest."""
    return fresh(message).leased_until + timedelta(seconds=1)


@pytest.mark.django_db(transaction=True)
def test_post_goes_with_the_deed_that_is_undone():
    with transaction.atomic():
        post()
        transaction.set_rollback(True)

    assert not Message.objects.exists()


@pytest.mark.parametrize("link", ["https://evil.example/", "//evil.example/", "meetings/"])
def test_post_links_to_paths_of_ours_only(link):
    with pytest.raises(ValueError, match="path"):
        post(link=link)


@pytest.mark.django_db
def test_deliver_sends_one_mail_in_both_forms_and_forgets_what_it_said(sink, settings):
    settings.ORIGIN = "https://piiri.example"
    message = post(link="/meetings/x/", ics=ICS, secret="482913")

    assert run_due() == 1

    (mail,) = sink.mails
    assert sink.envelopes[0].rcpt_tos == ["eva@example.org"]
    assert mail["To"] == "eva@example.org"
    assert mail["Subject"] == "One thing"
    assert mail["Message-ID"] == f"<{message.uid}@piiri.example>"
    assert [part.get_content_type() for part in mail.walk() if not part.is_multipart()] == [
        "text/plain", "text/html", "text/calendar"
    ]  # fmt: skip
    calendar = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    assert calendar["Content-Type"].params["method"] == "REQUEST"
    assert "BEGIN:VEVENT" in calendar.get_content()
    assert "https://piiri.example/meetings/x/" in mail.get_body(("plain",)).get_content()
    fresh(message)
    assert (message.state, message.words, message.ics, message.address, message.link) == (
        State.SENT,
        {},
        "",
        "",
        "",
    )
    assert message.sent_at
    assert run_due() == 0


@pytest.mark.django_db
def test_deliver_waits_until_it_is_due(sink):
    post(due_at=clock.now() + timedelta(hours=1))

    assert run_due() == 0
    assert run_due(clock.now() + timedelta(hours=2)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("again", [True, False])
def test_deliver_tries_later_when_the_server_says_not_now(sink, again):
    message = post(again=again)
    sink.answer = "451 greylisted"

    assert run_due() == 0
    assert fresh(message).state == State.WAITING
    sink.answer = None
    assert run_due(in_a_while(message)) == 1
    assert fresh(message).state == State.SENT
    assert len(sink.mails) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("again", [True, False])
def test_deliver_tries_later_when_no_server_is_there(settings, again):
    settings.EMAIL_URL, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp://127.0.0.1:9", "127.0.0.1", 9
    message = post(again=again)

    assert run_due() == 0

    assert fresh(message).state == State.WAITING
    assert message.attempts == 1


@pytest.mark.django_db
def test_deliver_fails_at_once_when_the_address_is_refused(sink):
    message = post()
    sink.answer = "550 no such mailbox"

    run_due()

    assert fresh(message).state == State.FAILED
    assert message.address == ""


@pytest.mark.django_db
def test_deliver_gives_up_after_the_last_try(sink):
    message = post()
    sink.answer = "451 never"
    now = clock.now()

    for _ in range(13):
        run_due(now)
        now += timedelta(days=2)

    assert fresh(message).state == State.FAILED
    assert message.attempts == 12


@pytest.mark.django_db
def test_withdraw_takes_back_what_has_not_left(sink):
    gone, stays = post(), post("test/email/first")

    assert actions.withdraw(Reader(), kinds=["test/email/plain"], now=clock.now()) == 1
    assert (fresh(gone).state, fresh(stays).state) == (State.WITHDRAWN, State.WAITING)
    run_due()
    assert len(sink.mails) == 1


@pytest.mark.django_db
def test_demo_keeps_copies_where_there_is_no_server(settings):
    settings.DEMO = True
    message = post(link="/x/")

    run_due()

    copy = queries.demo_copies("eva@example.org").get()
    assert (copy.uid, copy.subject) == (message.uid, "One thing")
    assert "Only this." in copy.html


@pytest.mark.django_db
def test_messages_wait_while_there_is_no_way_out():
    message = post()

    assert run_due() == 0
    assert (fresh(message).state, message.attempts) == (State.WAITING, 0)
    assert not DemoCopy.objects.exists()


# Killed between sending and marking.

DYING = """
import os, signal, sys
from django.conf import settings
name, port = sys.argv[1:]
settings.DATABASES["default"]["NAME"] = name
settings.EMAIL_URL, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp://127.0.0.1", "127.0.0.1", int(port)
settings.TEMPLATES[0]["DIRS"] = [os.environ["TEST_TEMPLATES"]]
import django
django.setup()
from piiri.base.work import run_due
from piiri.mail import actions
send = actions.send
def send_and_die(message, *, now):
    send(message, now=now)
    os.kill(os.getpid(), signal.SIGKILL)
actions.send = send_and_die
run_due()
"""


@pytest.mark.parametrize(("again", "state", "copies"), [(True, State.SENT, 2), (False, State.DOUBTFUL, 1)])
def test_killed_worker_repeats_only_what_must_arrive(transactional_db, sink, settings, again, state, copies):
    message = post(again=again)
    words = [str(connection.settings_dict["NAME"]), str(settings.EMAIL_PORT)]
    environment = os.environ | {
        "TEST_TEMPLATES": str(settings.TEMPLATES[0]["DIRS"][0]),
        "DJANGO_SETTINGS_MODULE": "piiri.config.settings",
    }
    dying = subprocess.run([sys.executable, "-c", DYING, *words], env=environment, check=False)
    assert dying.returncode == -signal.SIGKILL
    assert len(sink.mails) == 1

    run_due(in_a_while(message))

    time.sleep(0.1)
    assert fresh(message).state == state
    assert len(sink.mails) == copies
    assert len({mail["Message-ID"] for mail in sink.mails}) == 1
    assert message.address == ""

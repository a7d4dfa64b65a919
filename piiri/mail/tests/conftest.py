"""Templates of the tests, and a mail server that keeps what it gets."""

import copy
import socket
from email import message_from_bytes, policy
from importlib import import_module
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller


@pytest.fixture(autouse=True)
def test_templates(settings):
    settings.TEMPLATES = copy.deepcopy(settings.TEMPLATES)
    settings.TEMPLATES[0]["DIRS"] = [Path(__file__).parent / "templates"]


@pytest.fixture(autouse=True)
def only_mail(monkeypatch):
    """Whatever other rooms have to do is not asked for here."""
    kinds = import_module("piiri.mail.work").WORK  # only now: conftest is read before Django is set up
    monkeypatch.setattr("piiri.base.work.all_work", lambda: {f"mail.{kind.name}": kind for kind in kinds})


class Sink:
    """`answer` is what the server says to a recipient; None takes the mail."""

    def __init__(self) -> None:
        self.mails = []
        self.envelopes = []
        self.answer = None

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if self.answer:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.envelopes.append(envelope)
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def sink(settings):
    """A real SMTP server that the settings point at."""
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_URL = f"smtp://127.0.0.1:{controller.port}"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_TIMEOUT = 5
    yield sink
    controller.stop()

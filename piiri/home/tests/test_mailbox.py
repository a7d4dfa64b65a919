from datetime import UTC, datetime

import pytest
from django.urls import reverse

from piiri.mail.models import DemoCopy

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 1, 18, 7, 0, tzinfo=UTC)


@pytest.fixture
def copy():
    return DemoCopy.objects.create(
        address="noora@city.example",
        language="en",
        kind="meetings/email/invitation",
        subject="Your group meets",
        text="On Tuesday.",
        html="<p style='color: red'>On Tuesday.</p>",
        at=NOW,
    )


def test_mailbox_is_nothing_outside_a_demo(client, copy):
    names = [("home:mailbox", []), ("home:mail", [copy.uid]), ("home:mail-html", [copy.uid])]

    assert [client.get(reverse(name, args=args)).status_code for name, args in names] == [404, 404, 404]


def test_mailbox_shows_the_mails_of_a_demo(client, copy, settings):
    settings.DEMO = True

    listed = client.get(reverse("home:mailbox"), {"to": "Noora@city.example"}).content.decode()
    others = client.get(reverse("home:mailbox"), {"to": "mikael@city.example"}).content.decode()

    assert "Your group meets" in listed
    assert "Your group meets" not in others
    assert "On Tuesday." in client.get(reverse("home:mail", args=[copy.uid])).content.decode()


def test_mail_html_is_locked_into_its_frame(client, copy, settings):
    settings.DEMO = True

    page = client.get(reverse("home:mail-html", args=[copy.uid]))

    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "sandbox" in page.headers["Content-Security-Policy"]

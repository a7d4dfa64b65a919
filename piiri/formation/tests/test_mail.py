"""The mails of a publishing, in the reader's language."""

import pytest

from piiri.mail import letter

pytestmark = pytest.mark.template

WORDS = {
    "programme": {"en": "Peer groups"},
    "people": 6,
    "place": "City library",
    "online": False,
    "running": True,
    "at": {"en": "Tuesdays 14.00–16.00"},
}


@pytest.mark.parametrize("kind", ["placed", "group_formed"])
def test_a_place_is_told_with_when_where_and_with_how_many(kind):
    written = letter.write(
        f"formation/email/{kind}", words=WORDS, language="en", url="https://piiri.example/groups/g/"
    )

    for said in ("6 participants", "Tuesdays 14.00–16.00", "It meets here: City library.", "/groups/g/"):
        assert said in written.text
    assert "Peer groups" in written.subject


def test_a_place_without_a_time_is_told_too():
    words = WORDS | {"at": {}, "people": 1, "online": True}

    written = letter.write("formation/email/placed", words=words, language="en", url="https://piiri.example/")

    assert "Your group has 1 participant and agrees on a time of its own." in written.text
    assert "It meets online." in written.text


def test_waiting_is_told_kindly():
    words = {"programme": {"en": "Peer groups"}, "contact": "office@city.example"}

    written = letter.write(
        "formation/email/waiting", words=words, language="en", url="https://piiri.example/"
    )

    assert "You are on the waiting list" in written.text
    assert "office@city.example" in written.text

import pytest

from piiri.mail import letter

pytestmark = pytest.mark.template


def test_code_mail_shows_the_code_and_nothing_to_press():
    written = letter.write("people/email/code", words={"code": "012345"}, language="en", url="")

    assert written.subject == "Your code for Piiri"
    assert "012345" in written.text
    assert "012345" in written.html
    assert "<a " not in written.html

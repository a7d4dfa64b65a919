import pytest

from piiri.mail import letter

pytestmark = pytest.mark.template


def test_organisation_admin_mail_names_the_organisation_in_the_readers_language():
    words = {"organisation": {"fi": "Järvilä", "sv": "Sjöstad"}}

    written = letter.write(
        "networks/email/organisation_admin", words=words, language="sv", url="https://piiri.example/x/"
    )

    assert "Sjöstad" in written.subject
    assert "https://piiri.example/x/" in written.text

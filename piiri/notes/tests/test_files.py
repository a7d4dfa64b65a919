"""Files of a group: putting in, renaming, taking home; what is refused."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from piiri.base import clock
from piiri.meetings.tests.factories import RunningGroupFactory, members_of
from piiri.notes.models import Line, Piece
from piiri.notes.tests.factories import address, put, text_of
from piiri.vault import actions as vault_actions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
MEGABYTE = 1024 * 1024


@pytest.fixture
def group():
    return RunningGroupFactory(title="Calm starts")


@pytest.fixture
def member(client, group):
    person = members_of(group)[0]
    client.force_login(person)
    return person


def test_a_file_comes_back_byte_by_byte_and_never_opens_in_the_browser(client, group, member):
    content = bytes(range(256)) * 4096 * 3  # three pieces
    put(client, group, content, name="Kevään suunnitelma")

    file = Line.objects.get()
    response = client.get(address("file", file))

    assert b"".join(response.streaming_content) == content
    assert file.text == "Kevään suunnitelma.pdf"
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "application/octet-stream"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
    assert content[:64] not in b"".join(bytes(piece.sealed) for piece in Piece.objects.all())


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty. Choose another one."),
        (
            b"x" * (10 * MEGABYTE + 1),
            "The file is larger than 10 MB. Make it smaller, or put in a link to it.",
        ),
    ],
)
def test_a_file_that_does_not_fit_is_refused_and_its_name_stays_written(client, group, content, said):
    response = put(client, group, content, name="Our long thought name")

    page = text_of(response)
    assert response.status_code == 422
    assert said in page
    assert "Our long thought name" in page
    assert not Line.objects.exists()


def test_of_many_files_at_once_one_is_kept_in_memory(client, group, member):
    sent = {"file": SimpleUploadedFile("first.pdf", b"first")}
    more = {f"file{number}": SimpleUploadedFile("more.pdf", b"more") for number in range(20)}
    response = client.post(reverse("notes:add-file", args=[group.uid]), sent | more)

    assert list(response.wsgi_request.FILES) == ["file"]
    assert response.status_code == 302
    assert Line.objects.get().size == len(b"first")


def test_a_new_name_of_a_file_is_tidied_like_its_first(client, group, member):
    put(client, group)
    file = Line.objects.get()
    client.post(address("edit", file), {"text": "Kevät\r\nX-Evil: 1\x0b / uusi"})

    file.refresh_from_db()
    assert file.text == "KevätX-Evil: 1 - uusi.pdf"
    home = client.get(address("file", file))
    assert home.status_code == 200
    assert "X-Evil" not in home.headers


def test_a_file_needs_the_forms_token(group, member):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(member)

    assert put(strict, group).status_code == 403
    assert not Line.objects.exists()


def test_a_file_changed_or_moved_in_the_database_does_not_open(client, group, member):
    put(client, group, b"x" * (2 * MEGABYTE))
    put(client, group, b"y" * (2 * MEGABYTE))
    first, second = Line.objects.order_by("pk")
    Piece.objects.filter(line=first, number=0).update(sealed=Piece.objects.get(line=second, number=0).sealed)

    response = client.get(address("file", first))

    assert response.status_code == 409
    assert "cannot" in text_of(response) or "Sealed" in text_of(response)


def test_a_file_whose_key_was_destroyed_says_so(client, group, member):
    put(client, group)
    vault_actions.destroy(group, by=None, now=clock.now())

    response = client.get(address("file", Line.objects.get()))

    assert response.status_code == 409
    assert "destroyed for good" in text_of(response)

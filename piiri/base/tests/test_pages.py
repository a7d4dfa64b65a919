"""Standing pages, the pages for what went wrong, and the headers round all of them."""

import re
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db.models import TextChoices
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import include, path
from django.utils import timezone

from piiri.base import doors, middleware, views
from piiri.base.errors import Refused
from piiri.base.templatetags.ui import register

PAGES = Path(views.__file__).with_name("templates") / "base"


class Why(TextChoices):
    FULL = "full", "The group is full."


def refusing(request):
    raise Refused(Why.FULL)


def forbidding(request):
    raise PermissionDenied


def breaking(request):
    raise RuntimeError("a secret")


def suspecting(request):
    raise SuspiciousOperation("odd")


def accepting(request):
    return HttpResponse("taken")


urlpatterns = [
    path("", include("piiri.config.urls")),
    path("t/refused/", refusing),
    path("t/forbidden/", forbidding),
    path("t/broken/", breaking),
    path("t/suspect/", suspecting),
    path("t/post/", accepting),
]
handler400, handler403 = views.not_understood, views.not_allowed
handler404, handler500 = views.nothing_here, views.our_fault


@pytest.fixture
def signed_in(client, db):
    """A client of a person without any role, and that person."""
    person = get_user_model().objects.create(
        email="noora@jarvila.example", name="Noora Salmi", joined_at=timezone.now()
    )
    client.force_login(person)
    return client, person


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["accessibility", "privacy", "source"])
def test_standing_pages_are_open_to_everybody(client, name):
    answer = client.get(f"/about/{name}/")

    assert answer.status_code == 200
    assert b'<main id="main"' in answer.content


@pytest.mark.django_db
def test_every_answer_carries_the_headers(client):
    answer = client.get("/about/privacy/")

    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'; frame-ancestors 'none'")
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]


@pytest.mark.parametrize(
    ("length", "status"), [(middleware.MOST_BYTES, 403), (middleware.MOST_BYTES + 1, 413), ("much", 413)]
)
def test_what_is_far_too_large_is_turned_away_unread(length, status):
    answer = Client(enforce_csrf_checks=True).post(
        "/language/", b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(length)
    )

    assert answer.status_code == status


def test_pages_of_a_session_are_kept_nowhere(signed_in):
    client, _ = signed_in

    assert client.get("/about/privacy/").headers["Cache-Control"] == "private, no-store"
    assert "no-store" not in Client().get("/about/privacy/").headers.get("Cache-Control", "")


def test_nothing_here_is_the_same_for_every_address(signed_in):
    client, _ = signed_in
    never = client.get("/never/was/")
    deep = client.get("/never/was/abcdefghijklmnop/?x=<script>")

    assert never.status_code == deep.status_code == 404
    assert never.content == deep.content
    assert never.headers == deep.headers
    assert b"csrf" not in never.content
    assert "Täällä ei ole sinulle mitään." in never.content.decode()


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_a_refusal_is_a_sentence_and_a_way_back(client):
    answer = client.get("/t/refused/", headers={"Referer": "http://testserver/groups/?page=2"})

    assert answer.status_code == 409
    assert "The group is full." in answer.content.decode()
    assert 'href="/groups/?page=2"' in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_a_refusal_for_htmx_goes_among_the_messages(client):
    answer = client.get("/t/refused/", headers={"HX-Request": "true"})

    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#messages"
    assert answer.content.decode().strip().startswith('<div class="notice" data-tone="care">')


def test_way_back_never_leaves_the_house(rf):
    assert middleware.way_back(rf.get("/", headers={"Referer": "https://evil.example/x"})) == "/"
    assert middleware.way_back(rf.get("/", headers={"Referer": "javascript:alert(1)"})) == "/"


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "status"), [("/t/forbidden/", 403), ("/t/broken/", 500), ("/t/suspect/", 400)]
)
def test_pages_for_what_went_wrong_tell_nothing(client, address, status):
    client.raise_request_exception = False

    answer = client.get(address)

    assert answer.status_code == status
    assert b"secret" not in answer.content
    assert b"<h1" in answer.content


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_a_form_without_its_token_is_asked_for_again():
    answer = Client(enforce_csrf_checks=True).post("/t/post/")

    assert answer.status_code == 403
    assert "Nothing was saved." in answer.content.decode()


def test_design_page_is_for_the_operator_outside_a_demo(signed_in, settings):
    client, person = signed_in

    assert Client().get("/design/").status_code == 302
    assert client.get("/design/").status_code == 403
    person.is_operator = True
    person.save()
    assert client.get("/design/").status_code == 200
    settings.DEMO = True
    assert Client().get("/design/").status_code == 200


def test_design_page_shows_every_component():
    sources = "".join(page.read_text() for page in PAGES.glob("*design*.html"))
    tags = set(re.findall(r"{% (\w+) ", sources))

    shell = {"nav_link", "language_switch", "page_messages", "avatar", "times", "days"}
    assert set(register.tags) - shell <= tags


def test_next_or_keeps_inside_the_house(rf):
    assert doors.next_or(rf.post("/", {"next": "/groups/"}), "/") == "/groups/"
    assert doors.next_or(rf.post("/", {"next": "//evil.example"}), "/") == "/"


@pytest.mark.django_db
@pytest.mark.parametrize("shell", ["public", "app", "office"])
def test_shells_draw_without_any_context(rf, shell):
    request = rf.get("/somewhere/")
    request.user = AnonymousUser()

    page = render_to_string(f"base/{shell}.html", request=request)

    assert 'class="skip"' in page
    assert page.count("<main") == 1
    assert 'value="fi"' in page

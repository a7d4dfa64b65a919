"""Pages for everybody are made once a moment, whoever asks and however many at once."""

import gzip
from threading import Barrier, Event, Thread

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from piiri.base import kept, middleware
from piiri.base.kept import Key, Shelf

KEY = Key("/p/city/year/", "", "fi")


def made(html="<p>hei</p>"):
    return lambda: (html, kept.headers("fi", named=False))


def asked(path="/p/city/year/", **headers):
    return RequestFactory(headers={"accept-language": "fi", **headers}).get(path)


@pytest.fixture
def shelf():
    return Shelf(lasts=60.0)


def test_a_page_is_answered_packed_or_plain_and_not_sent_twice(shelf):
    page = shelf.get(KEY, made())

    packed = page.answer(asked(accept_encoding="br, gzip"))
    plain = page.answer(asked())
    again = page.answer(asked(if_none_match=plain.headers["ETag"]))

    assert gzip.decompress(packed.content) == plain.content == b"<p>hei</p>"
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Content-Length"] == str(len(packed.content))
    assert plain.headers["Vary"] == "Accept-Encoding, Accept-Language, Cookie"
    assert plain.headers["Cache-Control"] == "public, max-age=1"
    assert (again.status_code, again.content) == (304, b"")


def test_an_address_that_names_the_language_depends_on_no_cookie():
    assert kept.headers("sv", named=True)["Vary"] == "Accept-Encoding"
    assert Key.of(asked("/?page=2&lang=sv"), "page=2&lang=sv").language == ""
    assert Key.of(asked("/?page=2"), "page=2").language == "fi"
    assert Key.of(asked(cookie="language=sv"), "").language == "sv"


def test_a_page_is_kept_and_then_made_anew():
    shelf = Shelf(lasts=60.0)
    first = shelf.get(KEY, made())
    kept_on = shelf.get(KEY, made("<p>uusi</p>"))
    shelf.lasts = 0.0
    anew = shelf.get(KEY, made("<p>uusi</p>"))

    assert kept_on is first
    assert anew.body == b"<p>uusi</p>"


def test_the_oldest_pages_go(shelf):
    shelf.most = 2
    for number in range(3):
        shelf.get(KEY._replace(query=f"page={number}"), made())

    assert [key.query for key in shelf._pages] == ["page=1", "page=2"]


def test_of_many_at_once_one_makes_the_page(shelf):
    gate, times, got = Barrier(8), [], []

    def make():
        times.append(1)
        return made()()

    def ask():
        gate.wait()
        got.append(shelf.get(KEY, make))

    threads = [Thread(target=ask) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(times) == 1
    assert len({id(page) for page in got}) == 1


def test_the_old_page_stands_in_while_a_new_one_is_made(shelf):
    old = shelf.get(KEY, made())
    shelf.lasts = 1e-9
    begun, go_on = Event(), Event()

    def slow():
        begun.set()
        go_on.wait(5)
        return made("<p>uusi</p>")()

    thread = Thread(target=lambda: shelf.get(KEY, slow))
    thread.start()
    begun.wait(5)
    meanwhile = shelf.get(KEY, made("<p>never</p>"))
    go_on.set()
    thread.join()

    assert meanwhile is old
    assert shelf._pages[KEY].body == b"<p>uusi</p>"


def test_a_page_that_cannot_be_made_lets_the_next_try(shelf):
    def fail():
        raise LookupError

    with pytest.raises(LookupError):
        shelf.get(KEY, fail)

    assert shelf.get(KEY, made()).body == b"<p>hei</p>"


def test_what_is_kept_is_answered_before_anything_is_asked(monkeypatch, shelf):
    monkeypatch.setattr(kept, "shelf", shelf)
    shelf.get(KEY, made())
    answer = middleware.answer_what_is_kept(lambda _request: HttpResponse("asked"))

    found = [
        answer(request).content
        for request in (
            asked(),
            asked("/p/city/year/?page=2"),
            asked("/p/city/other/"),
            asked(cookie="language=sv"),
            RequestFactory().post("/p/city/year/"),
        )
    ]

    assert found == [b"<p>hei</p>", *[b"asked"] * 4]


@pytest.mark.django_db
def test_the_language_cookie_follows_the_person(client, django_user_model):
    person = django_user_model.objects.create(
        email="a@city.example", language="sv", joined_at="2027-01-01T00:00Z"
    )
    client.force_login(person)

    first, second = client.get("/about/privacy/"), client.get("/about/privacy/")

    assert first.cookies["language"].value == "sv"
    assert "language" not in second.cookies


def test_an_address_may_name_the_language(client):
    answer = client.get("/about/privacy/?lang=sv", headers={"accept-language": "fi"})

    assert answer.headers["Content-Language"] == "sv"
    assert "language" not in answer.cookies

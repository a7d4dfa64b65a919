"""A sealed column, against a table made for the purpose."""

import threading
import time
from datetime import UTC, datetime

import pytest
from django.db import connection, connections, models, transaction
from django.test.utils import isolate_apps

from piiri.audit.models import Entry
from piiri.base.errors import Refused
from piiri.base.models import Row
from piiri.vault import actions, queries, seal
from piiri.vault.fields import SealedField
from piiri.vault.models import Key
from piiri.vault.rules import VaultRefusal

NOW = datetime(2027, 1, 18, 7, tzinfo=UTC)
SECRET = "Kesäyön äänet – tired of it all"

with isolate_apps("piiri.audit"):

    class Circle(Row):
        name = SealedField(holder="uid", blank=True)

        class Meta:
            app_label = "audit"

    class Note(Row):
        circle = models.ForeignKey(Circle, on_delete=models.CASCADE)
        text = SealedField(holder="circle.uid")
        more = SealedField(holder="circle.uid", blank=True)
        seen = models.IntegerField(default=0)

        class Meta:
            app_label = "audit"


@pytest.fixture
def tables(transactional_db):
    with connection.schema_editor() as editor:
        editor.create_model(Circle)
        editor.create_model(Note)
    queries.forget_kept_keys()
    yield
    queries.forget_kept_keys()
    with connection.schema_editor() as editor:
        editor.delete_model(Note)
        editor.delete_model(Circle)


@pytest.fixture
def note(tables):
    return Note.objects.create(circle=Circle.objects.create(), text=SECRET)


@pytest.fixture
def no_master_key(settings, tmp_path):
    def take_away() -> None:
        settings.MASTER_KEY_FILE = tmp_path / "gone.key"
        queries.forget_kept_keys()

    return take_away


def stored(column: str, row: models.Model) -> bytes | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {row._meta.db_table} WHERE id = %s", [row.pk])
        (value,) = cursor.fetchone()
    return None if value is None else bytes(value)


def put(column: str, row: models.Model, value: bytes | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET {column} = %s WHERE id = %s", [value, row.pk])


def read(row: Note) -> Note:
    return Note.objects.get(pk=row.pk)


def test_field_reads_as_text_and_is_sealed_in_the_database(note):
    assert read(note).text == SECRET
    assert note.text == SECRET
    assert isinstance(read(note).text, str)
    assert "tired" not in stored("text", note).decode("latin-1")
    assert stored("more", note) is None
    assert read(note).more == ""


def test_field_keeps_its_bytes_when_the_text_is_not_touched(note):
    before = stored("text", note)

    again = read(note)
    again.seen = 1
    again.save()
    again.refresh_from_db()
    again.text = again.text
    again.save()

    assert stored("text", note) == before


def test_field_works_deferred_and_in_bulk(note):
    rows = Note.objects.bulk_create([Note(circle=note.circle, text=f"n{n}") for n in range(3)])

    assert [row.text for row in Note.objects.filter(pk__in=[r.pk for r in rows]).order_by("pk")] == [
        "n0",
        "n1",
        "n2",
    ]
    assert Note.objects.defer("text").get(pk=note.pk).text == SECRET


@pytest.mark.parametrize("column", ["more"])
def test_field_does_not_open_in_another_column(note, column):
    put(column, note, stored("text", note))

    assert getattr(read(note), column) == "Sealed for the moment."


def test_field_does_not_open_in_another_row_or_group(note):
    sibling = Note.objects.create(circle=note.circle, text="mine")
    stranger = Note.objects.create(circle=Circle.objects.create(), text="theirs")

    for other in (sibling, stranger):
        put("text", other, stored("text", note))
        assert read(other).text == "Sealed for the moment."


def test_field_refuses_what_goes_around_the_row(note):
    for attempt in (
        lambda: Note.objects.filter(text=SECRET).exists(),
        lambda: Note.objects.update(text="plain"),
        lambda: Note.objects.bulk_update([note], ["text"]),
    ):
        with pytest.raises(TypeError, match="sealed"):
            attempt()


def test_missing_master_key_reads_as_a_sentence_and_refuses_writing(note, no_master_key):
    before = stored("text", note)
    no_master_key()

    shut = read(note)
    assert shut.text == "Sealed for the moment."
    shut.seen = 2
    shut.save()
    shut.refresh_from_db()
    shut.save()
    assert stored("text", note) == before
    shut.text = "something new"
    with pytest.raises(Refused) as refused:
        shut.save()
    assert refused.value.reason == VaultRefusal.SEALED
    with pytest.raises(Refused):
        Note(circle=note.circle, text=read(note).text)


def test_another_master_key_opens_nothing(note, settings, tmp_path):
    settings.MASTER_KEY_FILE = tmp_path / "other.key"
    seal.write_master_key(settings.MASTER_KEY_FILE)
    queries.forget_kept_keys()

    assert read(note).text == "Sealed for the moment."


def test_destroy_ends_what_one_holder_wrote(note):
    other = Note.objects.create(circle=Circle.objects.create(), text="stays")

    assert actions.destroy(note.circle, by=None, now=NOW)
    assert not actions.destroy(note.circle, by=None, now=NOW)

    assert read(note).text == "This text was destroyed."
    assert read(other).text == "stays"
    assert bytes(Key.objects.get(holder=note.circle.uid).wrapped) == b""
    assert Entry.objects.filter(deed="key_destroyed", about=note.circle.uid).count() == 2
    with pytest.raises(Refused):
        Note.objects.create(circle=note.circle, text="later")


def test_key_destroyed_elsewhere_stops_opening_within_a_second(note):
    assert read(note).text == SECRET
    Key.objects.filter(holder=note.circle.uid).update(wrapped=b"", destroyed_at=NOW)

    time.sleep(1)

    assert read(note).text == "This text was destroyed."


def test_key_for_writing_gives_all_callers_the_same_key(transactional_db):
    queries.forget_kept_keys()
    got, together = [], threading.Barrier(8)

    def ask() -> None:
        together.wait()
        got.append(actions._make_key("heldbyeverybody2"))
        connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(got) == 8
    assert len(set(got)) == 1


def test_key_is_made_inside_a_deed_that_holds_the_database(note):
    """Two deeds at the same time, each in a transaction, each making a key: nobody waits for ever."""
    done = []

    def deed() -> None:
        with transaction.atomic():
            done.append(Note.objects.create(circle=Circle.objects.create(), text="x").pk)
        connections.close_all()

    threads = [threading.Thread(target=deed) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    assert len(done) == 4


def test_have_keys_ready_makes_a_page_cost_one_query(note, django_assert_num_queries):
    notes = [note, *(Note.objects.create(circle=Circle.objects.create(), text=SECRET) for _ in range(3))]
    queries.forget_kept_keys()

    with django_assert_num_queries(1, using="vault"):
        queries.have_keys_ready(row.circle.uid for row in notes)
        assert [row.text for row in notes] == [SECRET] * 4

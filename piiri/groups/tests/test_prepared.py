"""Queries put together once: the same rows as ever, on both databases."""

import pytest
from django.db import IntegrityError, transaction

from piiri.base.fields import Translations
from piiri.base.prepared import Prepared, PreparedInsert, PreparedUpdate
from piiri.groups.models import Group, Membership
from piiri.groups.tests.factories import NOW, GroupFactory, PersonFactory
from piiri.people.models import Person, Press

pytestmark = pytest.mark.django_db


def by_theme(*, theme, word):
    rows = Group.objects.filter(theme=theme, title__icontains=word).order_by("pk")
    return rows.values("pk", "title", "theme__title", "created_at", "programme__parameters")


def test_prepared_reads_columns_as_django_does():
    group = GroupFactory(title="Circle One", programme__parameters={"wishes": 2})
    GroupFactory(title="Circle Two")
    prepared = Prepared(by_theme, numbers=["theme"], texts=["word"])

    for word, found in [("one", True), ("two", False), ("ONE", True)]:
        row = prepared.first(theme=group.theme_id, word=word)
        assert bool(row) == found

    row = prepared.first(theme=group.theme_id, word="one")
    assert row == by_theme(theme=group.theme, word="one").get()
    assert isinstance(row["theme__title"], Translations)


def test_prepared_gives_all_rows():
    group = GroupFactory(title="Circle One")
    GroupFactory(title="Circle One too", theme=group.theme, programme=group.programme)
    prepared = Prepared(by_theme, numbers=["theme"], texts=["word"])

    assert len(prepared.rows(theme=group.theme_id, word="one")) == 2
    assert prepared.rows(theme=0, word="one") == []


def test_prepared_update_changes_the_rows_it_is_told():
    person, other = PersonFactory(), PersonFactory()
    group = GroupFactory()
    rows = [
        Membership.objects.create(group=group, programme=group.programme, person=one, joined_at=NOW)
        for one in (person, other)
    ]
    statement = PreparedUpdate(
        lambda **at: Membership.objects.filter(person=at["person"]), numbers=["person"], set_to=["buddy"]
    )

    changed = [statement.run(person=person.pk, buddy=rows[1].pk), statement.run(person=0, buddy=rows[1].pk)]

    assert changed == [1, 0]
    assert Membership.objects.get(person=person).buddy == rows[1]


def test_prepared_insert_gives_a_key_and_keeps_unique_ones():
    person, insert = PersonFactory(), PreparedInsert(Press)
    told = {"key": "k", "digest": "d", "outcome": "/x/", "pressed_at": NOW}
    press = Press(person=person, **told)

    insert.run(press)

    assert Press.objects.get() == press
    assert not press._state.adding
    with pytest.raises(IntegrityError), transaction.atomic():
        insert.run(Press(person=person, **told))
    insert.run(Press(person=Person.objects.get(pk=person.pk), **told | {"key": "other"}))
    assert Press.objects.count() == 2

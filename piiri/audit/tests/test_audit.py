"""The trail: what may be noted, and that nothing can be changed or taken away unseen."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from piiri.audit import actions, queries
from piiri.audit.models import AppendOnly, Entry, Link

NOW = datetime(2027, 1, 18, 7, tzinfo=UTC)


class Thing:
    uid = "abcdefgh23456777"


def note(count: int = 1) -> list[Entry]:
    return [actions.record("noted", by=Thing(), about=None, now=NOW, number=n) for n in range(count)]


def damage(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.django_db
def test_record_writes_one_row_of_uids():
    entry = actions.record(
        "moved", by=Thing(), about=Thing(), now=NOW, place="p" * 16, seats=3, to=["a2", "b3"]
    )

    assert Entry.objects.values_list("deed", "by", "about", "place", "facts").get() == (
        "moved", Thing.uid, Thing.uid, "p" * 16, {"seats": 3, "to": ["a2", "b3"]}
    )  # fmt: skip
    assert entry.at == NOW


@pytest.mark.parametrize(
    "fact", ["eva@example.org", "She was late again", "x" * 65, {"a": 1}, ["ok", "not ok"]]
)
def test_record_refuses_whatever_is_no_id_code_or_count(fact):
    with pytest.raises(ValueError, match="the fact what") as caught:
        actions.record("noted", by=None, about=None, now=NOW, what=fact)

    assert str(fact) not in str(caught.value)


@pytest.mark.django_db
def test_entries_are_neither_changed_nor_deleted():
    (entry,) = note()

    for attempt in (
        entry.save, entry.delete, Entry.objects.all().delete, lambda: Entry.objects.update(deed="x")
    ):  # fmt: skip
        with pytest.raises(AppendOnly):
            attempt()


@pytest.mark.django_db
def test_link_entries_links_each_once_and_in_order():
    entries = note(3)

    assert actions.link_entries(now=NOW) == 3
    assert actions.link_entries(now=NOW) == 0
    assert list(Link.objects.order_by("seq").values_list("seq", "entry")) == [
        (place, entry.pk) for place, entry in enumerate(entries, start=1)
    ]
    assert queries.first_broken_link(now=NOW) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sql", "seq", "why"),
    [
        ("UPDATE audit_entry SET deed = 'else' WHERE id = %s", 2, "changed_entry"),
        ("DELETE FROM audit_entry WHERE id = %s", 2, "missing_entry"),
        ("DELETE FROM audit_link WHERE entry = %s", 3, "gap"),
        ("UPDATE audit_link SET digest = hash WHERE entry = %s", 2, "changed_link"),
    ],
)
def test_first_broken_link_finds_the_place(sql, seq, why):
    entries = note(3)
    actions.link_entries(now=NOW)

    damage(sql, entries[1].pk)

    broken = queries.first_broken_link(now=NOW)
    assert broken is not None
    assert (broken.seq, broken.why) == (seq, why)
    with pytest.raises(CommandError, match=why):
        call_command("audit_check", stdout=StringIO())


@pytest.mark.django_db
def test_first_broken_link_lets_old_entries_go():
    entries = note(2)
    actions.link_entries(now=NOW)
    damage("DELETE FROM audit_entry WHERE id = %s", entries[0].pk)

    assert queries.first_broken_link(now=NOW + queries.KEPT + timedelta(days=1)) is None

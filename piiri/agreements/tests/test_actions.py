"""Writing, making ready and signing an agreement."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from piiri.agreements import actions, queries
from piiri.agreements.models import Agreement, Clause, Signature
from piiri.agreements.rules import AgreementRefusal
from piiri.agreements.tests.factories import (
    CANARY,
    JOINED,
    a_group,
    agreed,
    drafted,
    everybody,
    make_ready,
    mentor_of,
)
from piiri.audit.models import Entry
from piiri.base.errors import Refused
from piiri.groups.models import Membership
from piiri.groups.tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

LATER = JOINED + timedelta(days=1)


def refused(deed, *about, **words):
    with pytest.raises(Refused) as caught:
        deed(*about, **words)
    return caught.value.reason


def texts(agreement):
    return [(one.title, one.text) for one in queries.clauses_of(agreement)]


def newcomer(group, *, now=LATER):
    person = PersonFactory()
    Membership.objects.create(
        group=group, programme=group.programme, person=person, joined_at=now, confirmed_at=now
    )
    return person


def test_begin_writes_the_ready_clauses_as_codes_and_a_second_time_joins_the_draft():
    group = a_group()

    draft, again = drafted(group), actions.begin(group, by=everybody(group)[1], now=LATER)

    assert draft == again
    rows = list(Clause.objects.values_list("code", "title", "text", "language"))
    assert len(rows) == 11
    assert {row[1:] for row in rows} == {("", "", "")}
    assert rows[0][0] == "time"


def test_begin_is_refused_to_a_group_that_has_ended():
    group = a_group(state="closed")

    assert refused(drafted, group) == AgreementRefusal.GROUP_NOT_LIVING


def test_a_ready_clause_is_read_in_each_readers_language_an_own_one_in_its_own():
    group = a_group()
    version = agreed(group)

    with translation.override("sv"):
        first, *_rest, last = queries.clauses_of(version)

    assert (first.title, first.language) == ("Tid", "")
    assert (last.title, last.text, last.language) == ("Kahvi", CANARY, "fi")


def test_change_clause_seals_other_words_and_keeps_the_ready_ones_as_a_code():
    draft = drafted(a_group())
    clause = draft.clauses.get(code="tone")
    person = everybody(draft.group)[1]
    ready = queries.said(clause, group=draft.group).text

    actions.change_clause(clause, text=CANARY, language="en", edition=1, by=person, now=JOINED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM agreements_clause WHERE code = 'tone'")
        kept = bytes(cursor.fetchone()[0])
    assert CANARY.encode() not in kept
    again = Clause.objects.get(code="tone")
    assert (again.text, again.language, again.edition) == (CANARY, "en", 2)

    actions.change_clause(again, text=f" {ready}\n", language="en", edition=2, by=person, now=JOINED)

    assert Clause.objects.filter(code="tone", text=None, language="").exists()


def test_two_writers_of_one_clause_the_second_is_refused_and_nothing_is_lost():
    draft = drafted(a_group())
    mine, theirs = (
        Clause.objects.select_related("agreement__group__programme").get(code="time") for _ in "ab"
    )
    first, second = everybody(draft.group)[:2]
    actions.change_clause(mine, text="Mine.", language="en", edition=1, by=first, now=JOINED)

    why = refused(
        actions.change_clause, theirs, text="Theirs.", language="en", edition=1, by=second, now=JOINED
    )

    assert why == AgreementRefusal.CHANGED
    assert Clause.objects.get(code="time").text == "Mine."
    assert refused(actions.leave_out_clause, theirs, edition=1, by=second, now=JOINED) == why


def test_make_ready_is_refused_where_the_text_changed_after_it_was_read():
    draft = drafted(a_group())
    mentor = mentor_of(draft.group)
    actions.add_clause(draft, title="Tea", text="With milk.", language="en", by=mentor, now=JOINED)

    why = refused(actions.make_ready, draft, edits=0, meaning=True, by=mentor, now=JOINED)

    assert why == AgreementRefusal.CHANGED
    assert make_ready(draft).number == 1


def test_make_ready_asks_everybody_again_when_the_meaning_changed():
    group = a_group()
    first = agreed(group)

    second = make_ready(drafted(group, now=LATER), now=LATER)

    first.refresh_from_db()
    assert (first.state, second.state, second.number, second.cause) == ("past", "standing", 2, "meaning")
    assert texts(second) == texts(first)
    assert queries.signed_of([group])[group.pk][:3] == (2, 0, 3)


def test_a_change_of_spelling_asks_nobody_and_is_in_the_history():
    group = a_group()
    agreed(group)
    draft = drafted(group, now=LATER)
    own = draft.clauses.get(code="")
    actions.change_clause(
        own, title="Kahvi", text="Kaffe", language="fi", edition=1, by=mentor_of(group), now=LATER
    )

    fixed = make_ready(draft, meaning=False, now=LATER)

    assert (fixed.number, fixed.fix) == (1, 1)
    assert queries.signed_of([group])[group.pk] == (1, 3, 3, JOINED.date())
    assert actions.ask_unsigned(now=LATER + timedelta(days=30)) == 0
    newest, before = queries.history(group)
    assert (newest.is_fix, newest.changed, before.is_fix) == (True, ("Kahvi",), False)


def test_a_ready_text_cannot_be_changed_any_more():
    group = a_group()
    version = agreed(group)
    clause = version.clauses.select_related("agreement__group__programme").first()
    mentor = mentor_of(group)
    words = {"by": mentor, "now": LATER}

    reasons = {
        refused(actions.change_clause, clause, text="Other.", language="en", edition=1, **words),
        refused(actions.leave_out_clause, clause, edition=1, **words),
        refused(actions.add_clause, version, title="A", text="B", language="en", **words),
        refused(actions.put_away_draft, version, **words),
        refused(actions.make_ready, version, edits=version.edits, meaning=True, **words),
    }

    assert reasons == {AgreementRefusal.NOT_A_DRAFT}


def test_leave_out_and_put_back_keep_the_place_of_a_ready_clause():
    draft = drafted(a_group())
    mentor = mentor_of(draft.group)
    before = texts(draft)
    clause = draft.clauses.select_related("agreement__group").get(code="tone")
    actions.leave_out_clause(clause, edition=1, by=mentor, now=JOINED)
    assert len(texts(draft)) == 10

    actions.add_clause(draft, code="tone", by=mentor, now=JOINED)

    assert texts(draft) == before
    assert (
        refused(actions.add_clause, draft, code="tone", by=mentor, now=JOINED) == AgreementRefusal.IN_ALREADY
    )


def test_an_agreement_has_an_end():
    draft = drafted(a_group())
    words = {"title": "A", "text": "B", "language": "en", "by": mentor_of(draft.group), "now": JOINED}
    for _ in range(19):
        actions.add_clause(draft, **words)

    assert refused(actions.add_clause, draft, **words) == AgreementRefusal.TOO_MANY_CLAUSES


def test_put_away_draft_leaves_the_version_in_force():
    group = a_group()
    version = agreed(group)
    draft = drafted(group, now=LATER)

    actions.put_away_draft(draft, by=mentor_of(group), now=LATER)

    assert list(Agreement.objects.all()) == [version]


def test_sign_twice_is_once_and_only_what_was_read():
    group = a_group()
    version = agreed(group, sign=False)
    person = everybody(group)[1]

    for now in (JOINED, LATER):
        actions.sign(group, number=1, by=person, now=now)

    assert list(Signature.objects.values_list("person", "signed_at")) == [(person.pk, JOINED)]
    assert refused(actions.sign, group, number=2, by=person, now=LATER) == AgreementRefusal.NEWER
    assert refused(actions.sign, a_group(), number=1, by=person, now=LATER) == AgreementRefusal.NO_VERSION
    entry = Entry.objects.filter(deed="agreement_signed").first()
    assert (entry.by, entry.about, entry.place, entry.facts) == (
        person.uid,
        version.uid,
        group.uid,
        {"number": 1},
    )


def test_somebody_new_makes_one_new_version_with_the_same_text_and_all_sign_again():
    group = a_group()
    first = agreed(group)
    assert actions.renew_for_newcomers(now=LATER) == 0
    newcomer(group), newcomer(group)

    made = [actions.renew_for_newcomers(now=LATER + timedelta(minutes=n)) for n in range(3)]

    assert made == [1, 0, 0]
    standing = queries.standing_of(group)
    assert (standing.number, standing.cause) == (2, "joined")
    assert texts(standing) == texts(first)
    assert queries.signed_of([group])[group.pk] == (2, 0, 5, None)


def test_somebody_new_is_noticed_behind_a_change_of_spelling_too():
    group = a_group()
    agreed(group)
    newcomer(group)
    make_ready(drafted(group, now=LATER), meaning=False, now=LATER + timedelta(minutes=1))

    assert actions.renew_for_newcomers(now=LATER + timedelta(minutes=2)) == 1
    third = make_ready(drafted(group, now=LATER), meaning=False, now=LATER + timedelta(minutes=3))

    assert (third.number, third.fix) == (2, 1)
    assert actions.renew_for_newcomers(now=LATER + timedelta(minutes=4)) == 0


def test_renew_leaves_a_version_alone_that_somebody_has_just_replaced():
    group = a_group()
    stale = agreed(group)
    make_ready(drafted(group, now=LATER), now=LATER)

    assert actions.renew(stale, now=LATER) is False
    assert group.agreements.count() == 2


def test_who_leaves_or_is_paused_is_neither_counted_nor_asked():
    group = a_group()
    agreed(group)
    left, paused = Membership.objects.filter(group=group)
    Membership.objects.filter(pk=left.pk).update(ended_at=LATER)
    Membership.objects.filter(pk=paused.pk).update(paused_at=LATER)

    assert queries.signed_of([group])[group.pk][:3] == (1, 1, 1)


def test_signed_of_is_one_query_for_any_number_and_says_no_text():
    groups = [a_group() for _ in range(3)]
    for group in groups[:2]:
        agreed(group)

    with CaptureQueriesContext(connection) as caught:
        told = queries.signed_of(groups)

    assert len(caught) == 1
    assert told == {group.pk: (1, 3, 3, JOINED.date()) for group in groups[:2]}
    assert "clause" not in caught[0]["sql"]


def test_card_says_what_waits_in_two_queries():
    group = a_group()
    assert queries.card(group, mentor_of(group)) is None
    draft = drafted(group)
    assert queries.card(group, mentor_of(group)).has_draft
    make_ready(draft)
    actions.sign(group, number=1, by=mentor_of(group), now=JOINED)
    drafted(group, now=LATER)
    member = everybody(group)[1]

    with CaptureQueriesContext(connection) as caught:
        card = queries.card(group, member)

    assert len(caught) == 2
    assert (card.number, card.signed, card.of, card.asks_me, card.has_draft) == (1, 1, 3, True, True)
    assert not card.is_complete
    assert [clause.title for clause in card.clauses] == ["Time", "Silence", "Third persons"]


@pytest.mark.parametrize(
    "words",
    [
        {"state": "draft", "number": 0},
        {"state": "standing", "number": 2, "ready_at": JOINED, "numbered_at": JOINED},
        {"state": "past", "number": 1, "ready_at": JOINED, "numbered_at": JOINED},
        {"state": "past", "number": 5},
    ],
)
def test_the_database_holds_one_draft_one_version_in_force_and_each_number_once(words):
    group = a_group()
    agreed(group)
    drafted(group, now=LATER)

    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.create(group=group, began_at=LATER, **words)


def test_the_database_holds_one_signature_a_person_and_version():
    group = a_group()
    agreed(group)

    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.create(group=group, number=1, person=mentor_of(group), signed_at=LATER)

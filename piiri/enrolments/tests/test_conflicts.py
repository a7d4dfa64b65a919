"""Whom somebody should not be in a group with, and seats that wait in mid-year."""

from datetime import timedelta

import pytest

from piiri.audit.models import Entry
from piiri.base.errors import Refused
from piiri.enrolments import actions, named, queries
from piiri.enrolments.actions.conflicts import ConflictRefusal
from piiri.enrolments.models import Application, Conflict
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups import access as group_access
from piiri.groups import actions as group_actions
from piiri.groups.models import KeptApart, Membership, Mentorship
from piiri.groups.rules import GroupRefusal
from piiri.groups.tests.factories import NOW, GroupFactory, PersonFactory, ProgrammeFactory, ThemeFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def declare(programme, person, *lines, now=NOW):
    actions.declare_conflicts(programme, person=person, lines=lines, by=person, now=now)


def applied(programme, name, **more):
    return ApplicationFactory(programme=programme, person=PersonFactory(name=name), **more).person


# --- who is meant -------------------------------------------------------------------------------

PEOPLE = [
    named.Known(1, "maija@city.example", ("Maija Mäkelä", "")),
    named.Known(2, "kalle@city.example", ("Kalle Salo", "Karl Salo")),
    named.Known(3, "kalle.s@city.example", ("Kalle Salo",)),
    named.Known(4, "oona@city.example", ("Oona",)),
]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Maija Mäkelä", 1),
        ("  maija   MAKELA ", 1),
        ("MAIJA@City.example", 1),
        ("Maija M. <maija@city.example>", 1),
        ("Maija", None),
        ("Oona", None),
        ("Maija Mäkelä-Salo", None),
        ("Kalle Salo", None),
        ("Karl Salo", 2),
        ("nobody@city.example", None),
        ("", None),
    ],
)
def test_meant_is_one_other_person_of_a_whole_name_or_an_address(line, expected):
    assert named.Index(PEOPLE).meant(line, by=9) == expected


def test_meant_is_never_oneself():
    assert named.Index(PEOPLE).meant("Maija Mäkelä", by=1) is None


def test_lines_of_keeps_five_different_ones():
    text = "Maija Mäkelä\n\n maija makela\n" + "\n".join(f"Person {n}" for n in range(9))

    assert named.lines_of(text) == ["Maija Mäkelä", "Person 0", "Person 1", "Person 2", "Person 3"]


# --- declaring ----------------------------------------------------------------------------------


def test_declare_conflicts_keeps_sealed_lines_and_tells_nothing():
    programme = ProgrammeFactory()
    me, other = applied(programme, "Aino Ahola"), applied(programme, "Benjamin Björk")

    declare(programme, me, other.name, "Somebody Else")

    stored = Conflict.objects.values_list("named", flat=True)
    assert all(other.name.encode() not in bytes(line) for line in stored)
    assert {str(row.named) for row in Conflict.objects.all()} == {other.name, "Somebody Else"}
    assert not KeptApart.objects.exists()
    entry = Entry.objects.get(deed="conflicts_declared")
    assert entry.facts == {"people": 2}


def test_declare_conflicts_writes_nothing_twice_and_five_at_most():
    programme = ProgrammeFactory()
    me = applied(programme, "Aino Ahola")

    declare(programme, me, *(f"Person Number{n}" for n in range(4)))
    declare(programme, me, "person number0", "Person Number7", "Person Number8")
    declare(programme, me)

    assert Conflict.objects.count() == 5
    assert queries.named_count(me, programme=programme) == 5


def test_match_conflicts_suggests_a_pair_once_somebody_fits_and_again_when_they_come():
    programme = ProgrammeFactory()
    me, other = applied(programme, "Aino Ahola"), applied(programme, "Benjamin Björk")
    declare(programme, me, "Benjamin Bjork", "Cecilia Cavén")

    assert actions.match_all_conflicts(now=LATER) == 1
    pair = KeptApart.objects.get()
    assert {pair.first, pair.second, pair.state} == {me, other, "suggested"}

    applied(programme, "Cecilia Cavén", state="draft", sent_at=None)
    assert actions.match_all_conflicts(now=LATER) == 0
    mentor = GroupFactory(programme=programme).mentorships.get().person
    declare(programme, me, mentor.email)
    applied(programme, "cecilia  CAVEN")
    assert actions.match_conflicts(programme, now=LATER) == 2
    assert actions.match_conflicts(programme, now=LATER) == 0
    assert KeptApart.objects.count() == 3


def test_match_conflicts_asks_the_office_again_where_it_let_a_pair_go_but_not_where_both_agreed():
    programme = ProgrammeFactory()
    me, one, two = (applied(programme, f"Person Number{n}") for n in "123")
    for other in (one, two):
        pair = group_actions.keep_apart(programme, first=me, second=other, by=one, now=NOW)
        group_actions.dismiss_apart(pair, by=one, now=NOW)
    group_actions.note_consent(pair, by=one, now=NOW)

    declare(programme, me, one.name, two.email)
    actions.match_conflicts(programme, now=LATER)

    states = {frozenset({row.first, row.second}): row.state for row in KeptApart.objects.all()}
    assert states == {frozenset({me, one}): "suggested", frozenset({me, two}): "dismissed"}


def test_take_conflict_back_forgets_the_line_and_what_was_only_suggested():
    programme = ProgrammeFactory()
    me, one, two = (applied(programme, f"Person Number{n}") for n in "123")
    declare(programme, me, one.name, two.name)
    actions.match_conflicts(programme, now=LATER)
    kept = Conflict.objects.order_by("pk").last().pair
    group_actions.keep_apart(programme, first=kept.first, second=kept.second, by=one, now=LATER)

    for conflict in Conflict.objects.select_related("pair", "person", "programme"):
        actions.take_conflict_back(conflict, by=me, now=LATER)

    assert not Conflict.objects.exists()
    assert list(KeptApart.objects.all()) == [kept]


def test_take_conflict_back_leaves_what_the_other_said():
    programme = ProgrammeFactory()
    me, other = applied(programme, "Person Number1"), applied(programme, "Person Number2")
    declare(programme, me, other.name)
    declare(programme, other, me.name)
    actions.match_conflicts(programme, now=LATER)

    actions.take_conflict_back(Conflict.objects.filter(person=me).get(), by=me, now=LATER)

    assert KeptApart.objects.get().state == "suggested"


def test_settle_conflict_keeps_the_two_apart_or_puts_the_line_away_once():
    programme, office = ProgrammeFactory(), PersonFactory()
    me, other = applied(programme, "Person Number1"), applied(programme, "Person Number2")
    declare(programme, me, "My neighbour", "Nobody here")
    meant, stray = Conflict.objects.order_by("pk")

    actions.settle_conflict(meant, other=other, by=office, now=LATER)
    actions.settle_conflict(stray, other=None, by=office, now=LATER)

    assert KeptApart.objects.get().state == "kept"
    assert not queries.unmatched().exists()
    with pytest.raises(Refused, match=ConflictRefusal.SETTLED):
        actions.settle_conflict(stray, other=other, by=office, now=LATER)
    # Nothing of this is told to who named them.
    assert queries.named_count(me, programme=programme) == 2


# --- in the middle of the year ------------------------------------------------------------------


def running(members=2, **more):
    group = GroupFactory(state="running", started_at=NOW, members=members, **more)
    for membership in group.memberships.all():
        ApplicationFactory(programme=group.programme, person=membership.person, state="placed")
    return group


def seats(group):
    return list(group.memberships.order_by("pk").select_related("person", "group__programme"))


def test_become_manager_pauses_who_says_so_keeps_the_two_apart_and_makes_one_task():
    group = running()
    me, other = seats(group)

    first = actions.become_manager(me, other=other.person, by=me.person, now=LATER)
    again = actions.become_manager(me, other=other.person, by=me.person, now=LATER)

    assert first == again
    assert not group_access.can_enter_group(me.person, group)
    assert group_access.can_enter_group(other.person, group)
    assert KeptApart.objects.get().state == "kept"
    told = queries.stopped(group.programme)
    assert [(one.conflict, one.other, one.leads) for one in told] == [(first, other.person, False)]
    assert queries.stopped_count(group.programme) == 1
    assert queries.named_count(me.person, programme=group.programme) == 0


def test_become_manager_may_be_said_by_a_mentor_and_only_of_somebody_there():
    group, elsewhere = running(), running()
    mentorship, other = group.mentorships.get(), seats(group)[0]

    for stranger in (seats(elsewhere)[0].person, mentorship.person):
        with pytest.raises(Refused, match=ConflictRefusal.NOT_BESIDE):
            actions.become_manager(mentorship, other=stranger, by=mentorship.person, now=LATER)
    actions.become_manager(mentorship, other=other.person, by=mentorship.person, now=LATER)

    assert not group_access.can_mentor_group(mentorship.person, group)
    assert queries.stopped(group.programme)[0].leads


def test_become_manager_is_refused_to_whom_has_left():
    group = running()
    me, other = seats(group)
    group_actions.leave(me, by=None, now=LATER)

    with pytest.raises(Refused, match=GroupRefusal.NOT_IN):
        actions.become_manager(me, other=other.person, by=me.person, now=LATER)
    assert not Conflict.objects.exists()


def test_let_both_stay_notes_the_consent_and_opens_the_seat_unless_another_keeps_it():
    group, office = running(members=3), PersonFactory()
    me, one, two = seats(group)
    first = actions.become_manager(me, other=one.person, by=me.person, now=LATER)
    second = actions.become_manager(me, other=two.person, by=me.person, now=LATER)

    actions.let_both_stay(first, seat=me, by=office, now=LATER)
    assert not group_access.can_enter_group(me.person, group)
    actions.let_both_stay(second, seat=me, by=office, now=LATER)

    assert group_access.can_enter_group(me.person, group)
    assert not KeptApart.objects.exclude(consented_at=LATER).exists()
    assert queries.stopped(group.programme) == []
    with pytest.raises(Refused, match=ConflictRefusal.SETTLED):
        actions.let_both_stay(second, seat=me, by=office, now=LATER)


def test_move_out_ends_the_seat_and_the_person_waits_for_another_group():
    programme = ProgrammeFactory(parameters={"waiting_list": True})
    theme = ThemeFactory(programme=programme)
    group, office = running(programme=programme, theme=theme), PersonFactory()
    me, other = seats(group)
    conflict = actions.become_manager(me, other=other.person, by=me.person, now=LATER)

    actions.move_out(conflict, seat=me, wait=True, by=office, now=LATER)

    application = Application.objects.get(person=me.person)
    assert application.state == "waiting"
    assert [turn.theme for turn in application.turns.standing()] == [theme]
    assert Membership.objects.get(pk=me.pk).ended_at == LATER
    with pytest.raises(Refused, match=GroupRefusal.KEPT_APART):
        group_actions.join(group, person=me.person, by=office, now=LATER)


def test_move_out_ends_a_mentorship_or_an_application():
    group, office = running(), PersonFactory()
    mentorship, (me, other) = group.mentorships.get(), seats(group)
    lead = actions.become_manager(mentorship, other=other.person, by=mentorship.person, now=LATER)
    mine = actions.become_manager(me, other=other.person, by=me.person, now=LATER)

    actions.move_out(lead, seat=mentorship, wait=False, by=office, now=LATER)
    actions.move_out(mine, seat=me, wait=False, by=office, now=LATER)

    assert not Mentorship.objects.active().filter(group=group).exists()
    assert Application.objects.get(person=me.person).state == "withdrawn"
    assert queries.stopped(group.programme) == []

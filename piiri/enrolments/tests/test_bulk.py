"""Decisions about one and about many: each its own, told honestly, done once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, transaction

from piiri.audit.models import Entry
from piiri.base.errors import Refused
from piiri.base.work import run_due
from piiri.enrolments import actions, queries
from piiri.enrolments.actions import bulk as bulk_actions
from piiri.enrolments.models import Application, Bulk, BulkLine, Waiting
from piiri.enrolments.rules import EnrolRefusal, ListRefusal
from piiri.enrolments.tests.deciding import WHY, applied, decide, kinds, states
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups import actions as group_actions
from piiri.groups.models import Membership
from piiri.groups.rules import GroupRefusal
from piiri.groups.tests.factories import NOW, GroupFactory, PersonFactory, ThemeFactory
from piiri.mail.models import Message

pytestmark = pytest.mark.django_db
State = Application.State


@pytest.fixture
def theme():
    row = ThemeFactory()
    row.refresh_from_db()
    return row


@pytest.fixture
def office(theme):
    person = PersonFactory()
    theme.programme.coordinators.create(person=person, since=datetime(2027, 1, 1, tzinfo=UTC))
    return person


def reason(deed, *args, **kwargs):
    with pytest.raises(Refused) as refused, transaction.atomic():
        deed(*args, **kwargs)
    return refused.value.reason


# --- one ---------------------------------------------------------------------------------------


def test_place_application_gives_a_place_ends_the_waiting_and_mails_the_date_once(theme, office):
    group = GroupFactory(programme=theme.programme, theme=theme, places=1)
    mine = applied(theme, state="waiting")
    turn = Waiting.objects.create(application=mine, theme=theme, order=1, since_at=NOW)
    offer = group_actions.offer_place(group, person=mine.person, by=None, now=NOW, hours=72)

    actions.place_application(mine, group=group, by=office, now=NOW)

    assert states(theme) == [State.PLACED]
    assert Membership.objects.get().group == group
    for row in (turn, offer):
        row.refresh_from_db()
    assert (turn.end, offer.state) == ("placed", "withdrawn")
    assert kinds() == ["enrolments/email/place"]
    again = reason(actions.place_application, mine, group=group, by=office, now=NOW)
    assert again == EnrolRefusal.DECIDED


def test_place_application_into_a_full_group_changes_nothing(theme, office):
    group = GroupFactory(programme=theme.programme, theme=theme, places=1, members=1)
    mine = applied(theme)

    assert reason(actions.place_application, mine, group=group, by=office, now=NOW) == GroupRefusal.FULL

    assert states(theme) == [State.SENT]
    assert not Message.objects.exists()


def test_put_on_lists_waits_for_what_was_wished_and_says_why(theme, office):
    mine = applied(theme)

    actions.put_on_lists(mine, reason=WHY, by=office, now=NOW)

    assert states(theme) == [State.WAITING]
    assert Waiting.objects.standing().get().theme == theme
    assert Message.objects.get().words["reason"] == WHY
    assert reason(actions.put_on_lists, mine, reason="", by=office, now=NOW) == ListRefusal.WAITS


def test_put_on_lists_needs_a_wish_or_that_anything_is_fine(theme, office):
    nothing = ApplicationFactory(programme=theme.programme)
    anything = ApplicationFactory(programme=theme.programme, any_theme=True)

    assert reason(actions.put_on_lists, nothing, reason="", by=office, now=NOW) == ListRefusal.NOTHING
    actions.put_on_lists(anything, reason="", by=office, now=NOW)

    assert anything.turns.get().theme == theme


def test_where_people_wish_for_groups_anything_means_every_group_that_is_shown(theme, office):
    programme = theme.programme
    programme.parameters = {"wish_for": "group"}
    programme.save()
    group = GroupFactory(programme=programme, theme=theme)
    GroupFactory(programme=programme, theme=theme, by_link=True)
    anything = ApplicationFactory(programme=programme, any_theme=True)

    actions.put_on_lists(anything, reason="", by=office, now=NOW)

    assert anything.turns.get().group == group


def test_take_off_lists_leaves_the_application_to_be_decided(theme, office):
    mine = applied(theme, state="waiting")
    turn = Waiting.objects.create(application=mine, theme=theme, order=1, since_at=NOW)

    actions.take_off_lists(mine, reason=WHY, by=office, now=NOW)

    turn.refresh_from_db()
    assert states(theme) == [State.SENT]
    assert (turn.end, turn.ended_at) == ("over", NOW)
    assert kinds() == ["enrolments/email/off_list"]
    assert reason(actions.take_off_lists, mine, reason=WHY, by=office, now=NOW) == ListRefusal.NOT_WAITING


# --- many --------------------------------------------------------------------------------------


def test_more_people_than_places_are_told_honestly_and_in_order(theme, office):
    group = GroupFactory(programme=theme.programme, theme=theme, places=3)
    rows = applied(theme, 5)

    decide(theme, rows, by=office, deed="place", group=group)

    assert states(theme) == [State.PLACED] * 3 + [State.SENT] * 2
    report = queries.bulk_report(Bulk.objects.get())
    assert (report.done, report.is_over) == (3, True)
    assert report.left == [("2 could not: the group is full.", 2)]
    assert kinds() == ["enrolments/email/place"] * 3


def test_each_reads_the_reason_and_it_is_kept_nowhere_else(theme, office):
    rows = applied(theme, 3)

    decide(theme, rows, by=office)

    assert [one.words["reason"] for one in Message.objects.all()] == [WHY] * 3
    bulk = Bulk.objects.get()
    assert (bulk.words, bulk.done_at) == ("", NOW)
    assert WHY not in str([entry.facts for entry in Entry.objects.all()])
    noted = Entry.objects.filter(deed__in=["bulk_ordered", "bulk_done"]).order_by("pk")
    assert [(one.deed, one.facts.get("people"), one.facts.get("done")) for one in noted] == [
        ("bulk_ordered", 3, None),
        ("bulk_done", None, 3),
    ]


def test_the_same_press_again_leads_to_the_same_page_and_does_nothing(theme, office):
    rows = applied(theme, 2)

    paths = [decide(theme, rows, by=office) for _press in range(2)]

    assert paths[0] == paths[1]
    assert Bulk.objects.count() == 1
    assert len(kinds()) == 2


def test_many_are_a_worker_s_a_hundred_at_a_time(theme, office, monkeypatch):
    monkeypatch.setattr(bulk_actions, "AT_ONCE", 2)
    monkeypatch.setattr(bulk_actions, "A_ROUND", 2)
    rows = applied(theme, 5)

    decide(theme, rows, by=office)
    seen = [states(theme).count(State.DECLINED)]
    for second in range(1, 5):
        run_due(NOW + timedelta(seconds=second))
        seen.append(states(theme).count(State.DECLINED))

    assert seen == [0, 2, 4, 5, 5]
    assert Message.objects.filter(kind="enrolments/email/declined").count() == 5
    assert Bulk.objects.get().done_at is not None


def test_a_worker_that_died_in_the_middle_loses_and_doubles_nothing(theme, office, monkeypatch):
    monkeypatch.setattr(bulk_actions, "AT_ONCE", 0)
    rows = applied(theme, 4)
    decide(theme, rows, by=office)
    carry_out = bulk_actions.carry_out
    died = []

    def dies_at_the_third(application, **about):
        carry_out(application, **about)
        if application.pk == rows[2].pk and not died:
            died.append(True)
            raise KeyboardInterrupt  # as a kill does, it passes every `except Exception`

    monkeypatch.setattr(bulk_actions, "carry_out", dies_at_the_third)
    bulk = Bulk.objects.get()
    with pytest.raises(KeyboardInterrupt):
        actions.go_on_deciding(bulk, now=NOW)
    in_the_middle = states(theme)
    run_due(NOW + timedelta(minutes=5))

    assert in_the_middle == [State.DECLINED, State.DECLINED, State.SENT, State.SENT]
    assert states(theme) == [State.DECLINED] * 4
    assert Message.objects.filter(kind="enrolments/email/declined").count() == 4


def test_those_decided_at_once_are_gone_on_with_by_a_worker_when_the_web_process_dies(
    theme, office, monkeypatch
):
    rows = applied(theme, 2)
    monkeypatch.setattr(bulk_actions, "go_on_deciding", lambda bulk, *, now: None)
    decide(theme, rows, by=office)
    monkeypatch.undo()

    run_due(NOW + timedelta(seconds=30))
    while_held = states(theme)
    run_due(NOW + timedelta(minutes=3))

    assert while_held == [State.SENT] * 2
    assert states(theme) == [State.DECLINED] * 2


def test_what_breaks_is_said_at_its_line_and_stops_no_other(theme, office, monkeypatch):
    rows = applied(theme, 3)
    carry_out = bulk_actions.carry_out

    def breaks(application, **about):
        if application.pk == rows[1].pk:
            raise ValueError("broken")
        carry_out(application, **about)

    monkeypatch.setattr(bulk_actions, "carry_out", breaks)
    decide(theme, rows, by=office)

    assert states(theme) == [State.DECLINED, State.SENT, State.DECLINED]
    report = queries.bulk_report(Bulk.objects.get())
    assert (report.done, report.failed, report.is_over) == (2, 1, True)


def test_a_database_that_is_away_is_asked_again_and_nothing_is_marked(theme, office, monkeypatch):
    monkeypatch.setattr(bulk_actions, "AT_ONCE", 0)
    decide(theme, [applied(theme)], by=office)
    carry_out = bulk_actions.carry_out

    def away(application, **about):
        raise OperationalError

    monkeypatch.setattr(bulk_actions, "carry_out", away)
    run_due(NOW + timedelta(seconds=1))
    while_away = BulkLine.objects.get().outcome
    monkeypatch.setattr(bulk_actions, "carry_out", carry_out)
    run_due(NOW + timedelta(minutes=5))

    assert while_away == ""
    assert states(theme) == [State.DECLINED]


def test_two_workers_at_one_line_decide_once(theme, office, monkeypatch):
    monkeypatch.setattr(bulk_actions, "AT_ONCE", 0)
    decide(theme, [applied(theme)], by=office)
    bulk, line = Bulk.objects.get(), BulkLine.objects.get()

    for _worker in range(2):
        bulk_actions.decide_line(line, bulk=bulk, now=NOW)

    assert Message.objects.count() == 1


def test_whoever_left_the_office_decides_nothing_any_more(theme, office, monkeypatch):
    monkeypatch.setattr(bulk_actions, "AT_ONCE", 0)
    decide(theme, applied(theme, 2), by=office)
    theme.programme.coordinators.all().delete()

    run_due(NOW + timedelta(seconds=1))

    report = queries.bulk_report(Bulk.objects.get())
    assert states(theme) == [State.SENT] * 2
    assert (report.done, report.left[0][1]) == (0, 2)


def test_give_up_bulk_says_what_was_left(theme, office, monkeypatch):
    monkeypatch.setattr(bulk_actions, "AT_ONCE", 0)
    decide(theme, applied(theme, 2), by=office)
    bulk = Bulk.objects.get()

    actions.give_up_bulk(bulk, now=NOW)
    actions.give_up_bulk(bulk, now=NOW)

    assert queries.bulk_report(bulk).failed == 2
    assert Entry.objects.filter(deed="bulk_done").count() == 1


@pytest.mark.parametrize(
    "code",
    ["full", "ended", "already_in", "is_mentor", "kept_apart", "decided", "waits", "not_waiting", "nothing"],
)
def test_every_reason_has_words_for_the_office(code):
    said = queries.bulk.why_in_words(code, 2)

    assert said != queries.bulk.why_in_words("something new", 2)
    assert said.startswith("2 ")

"""Line managers: told or asked once, reminded once, never the loss of a place; kept from their staff."""

from datetime import timedelta

import pytest

from piiri.base import work
from piiri.base.errors import Refused
from piiri.base.tests.at_once import at_once
from piiri.enrolments import actions, links, queries, rules
from piiri.enrolments.actions import managing
from piiri.enrolments.models import Application, Approval, LineManager
from piiri.enrolments.rules import ManagerRefusal
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups.models import KeptApart, Mentor
from piiri.groups.tests.factories import NOW, MentorFactory, PersonFactory, ProgrammeFactory
from piiri.mail import letter
from piiri.mail.models import Message

pytestmark = pytest.mark.django_db
State = Approval.State
WEEK = timedelta(days=7)
BOSS = "boss@city.example"


def programme(manager="told", **more):
    office = more.pop("office", None)
    return ProgrammeFactory(parameters={"manager": manager, **more}, office=office)


def applied(year, email=BOSS, **more):
    return ApplicationFactory(programme=year, manager_email=email, manager_name="Bo Boss", **more)


def tell(application, now=NOW):
    return actions.tell_manager(application, by=application.person, now=now)


FOLLOW = work.Work("t", row="83", do=actions.follow_up, due=queries.approvals_due)


def follow(now):
    """What a worker does with what is due."""
    for row in queries.approvals_due(now, 10):
        assert work.claim(row, now=now, lease=timedelta(minutes=2))
        assert work.do_claimed("t", FOLLOW, row, now=now)


def kinds():
    waiting = Message.objects.exclude(state=Message.State.WITHDRAWN)
    return [kind.rpartition("/")[2] for kind in waiting.order_by("pk").values_list("kind", flat=True)]


def refused(deed, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        deed(*args, **kwargs)
    return caught.value.reason


@pytest.mark.parametrize(
    ("way", "state", "mail"), [("told", "told", "manager_told"), ("approve", "asked", "manager_asked")]
)
def test_tell_manager_tells_once_and_says_hours_and_dates(way, state, mail):
    application = applied(programme(way), email="  Boss@City.example ")

    first, again = tell(application), tell(application)

    assert (first.pk, first.state) == (again.pk, state)
    assert first.manager.email == BOSS
    message = Message.objects.get()
    assert message.kind == f"enrolments/email/{mail}"
    assert (message.address, message.link) == (BOSS, links.manager_path(first.manager))
    written = letter.write(message.kind, words=message.words, language="en", url="https://x" + message.link)
    assert "18 h" in written.text
    assert "5 February 2027" in written.text
    assert "named you as their line manager" in written.text
    assert "In your account" not in written.text


@pytest.mark.parametrize(("way", "email"), [("off", BOSS), ("told", "")])
def test_tell_manager_tells_nobody_where_nobody_is_to_be_told(way, email):
    assert tell(applied(programme(way), email=email)) is None
    assert not Message.objects.exists()


def test_another_address_ends_the_old_approval_and_takes_its_mail_back():
    application = applied(programme())
    old = tell(application)

    application.manager_email = "other@city.example"
    new = tell(application)

    old.refresh_from_db()
    assert (old.state, new.state) == (State.ENDED, State.TOLD)
    assert Message.objects.get(about_uid=old.uid).state == Message.State.WITHDRAWN
    application.manager_email = ""
    assert tell(application) is None
    assert not Approval.objects.standing().exists()


def test_oneself_is_nobodys_line_manager_and_a_few_addresses_are_enough():
    application = applied(programme())
    application.manager_email = application.person.email.upper()
    assert refused(tell, application) == ManagerRefusal.OWN_ADDRESS

    for number in range(rules.MOST_MANAGERS):
        application.manager_email = f"boss{number}@city.example"
        tell(application)
    application.manager_email = BOSS

    assert refused(tell, application) == ManagerRefusal.TOO_MANY
    assert Approval.objects.standing().count() == 1


def test_two_of_staff_share_one_line_manager():
    year = programme()

    for _one in range(2):
        tell(applied(year))

    assert LineManager.objects.get().approvals.count() == 2


def test_withdrawing_and_declining_end_the_approval():
    office = PersonFactory()
    year = programme("approve", office=office)
    back, declined, gone = applied(year), applied(year), applied(year)
    for application in (back, declined, gone):
        tell(application)

    actions.withdraw_application(back, by=back.person, now=NOW)
    actions.decline_application(declined, reason="No place is left.", by=office, now=NOW)
    Application.objects.filter(pk=gone.pk).update(state="withdrawn")
    ended = [actions.end_approvals(now=NOW), actions.end_approvals(now=NOW)]

    assert set(Approval.objects.values_list("state", "due_at")) == {(State.ENDED, None)}
    assert ended == [1, 0]
    assert kinds() == ["declined"]


def test_a_manager_is_reminded_once_after_a_week_and_silence_stays_silence():
    tell(applied(programme("approve")))

    reminded = []
    for after in (timedelta(days=6), WEEK, WEEK, 10 * WEEK):
        follow(NOW + after)
        reminded.append(kinds().count("manager_reminder"))

    approval = Approval.objects.get()
    assert reminded == [0, 1, 1, 1]
    assert (approval.state, approval.reminded_at, approval.due_at) == (State.ASKED, NOW + WEEK, None)


def test_silence_means_yes_where_the_programme_says_so():
    application = applied(programme("approve", silence_days=14))
    approval = tell(application)
    assert (
        "counts as yes"
        in letter.write(
            "enrolments/email/manager_asked", words=Message.objects.get().words, language="en"
        ).text
    )

    for after in (WEEK, 2 * WEEK - timedelta(seconds=1), 2 * WEEK, 3 * WEEK):
        follow(NOW + after)

    approval.refresh_from_db()
    assert (approval.state, approval.answered_at) == (State.SILENT, NOW + 2 * WEEK)
    assert kinds().count("manager_reminder") == 1
    application.refresh_from_db()
    assert application.state == "sent"


def test_silence_before_a_week_needs_no_reminder():
    approval = tell(applied(programme("approve", silence_days=3)))

    assert approval.due_at == NOW + timedelta(days=3)


def test_answered_meanwhile_a_reminder_is_left_alone():
    approval = tell(applied(programme("approve")))
    [due] = queries.approvals_due(NOW + WEEK, 10)
    actions.answer_approvals(approval.manager, approvals=[approval.uid], approved=True, now=NOW)

    actions.follow_up(due, now=NOW + WEEK)

    approval.refresh_from_db()
    assert approval.state == State.APPROVED
    assert "manager_reminder" not in kinds()


def test_a_no_takes_no_place_and_is_told_to_the_person_and_the_office():
    office = PersonFactory()
    application = applied(programme("approve", office=office), state="placed")
    approval = tell(application)

    for _twice in range(2):
        actions.answer_approvals(
            approval.manager, approvals=[approval.uid], approved=False, reason="cover", now=NOW, language="sv"
        )

    application.refresh_from_db()
    approval.refresh_from_db()
    assert application.state == "placed"
    assert (approval.state, approval.reason, approval.due_at) == (State.DECLINED, "cover", None)
    assert approval.manager.language == "sv"
    told = {message.address: message for message in Message.objects.filter(kind__contains="answered")}
    assert set(told) == {application.person.email, office.email}
    to_person = letter.write(
        told[application.person.email].kind, words=told[application.person.email].words, language="en"
    )
    assert "You lose nothing" in to_person.text
    assert "no substitute" in to_person.text
    actions.answer_approvals(approval.manager, approvals=[approval.uid], approved=True, now=NOW)
    assert [message.words["approved"] for message in waiting("answered")] == [True, True]


def waiting(kind):
    return Message.objects.filter(kind__contains=kind, state=Message.State.WAITING)


def test_an_answer_to_what_has_changed_meanwhile_is_refused():
    approval = tell(applied(programme("approve")))
    stale = Approval.objects.select_related("application").get()
    actions.end_approval(approval.application, by=None, now=NOW)

    assert not actions.end_approval(approval.application, by=None, now=NOW)
    assert refused(managing.answer, stale, approved=True, reason="", now=NOW) == ManagerRefusal.ENDED


def test_a_yes_writes_no_mail():
    approval = tell(applied(programme("approve")))

    changed = [
        actions.answer_approvals(approval.manager, approvals=[approval.uid], approved=True, now=NOW)
        for _twice in range(2)
    ]

    assert changed == [1, 0]
    assert kinds() == ["manager_asked"]


def test_answers_are_for_ones_own_staff_and_for_their_time():
    year = programme("approve")
    mine, other = tell(applied(year)), tell(applied(year, email="other@city.example"))
    told = tell(applied(programme("told")))
    first_day = NOW + timedelta(days=20)

    def answer(approval, manager=None, now=NOW):
        return actions.answer_approvals(
            manager or approval.manager, approvals=[approval.uid], approved=True, now=now
        )

    assert refused(answer, other, mine.manager) == ManagerRefusal.ENDED
    assert refused(answer, told) == ManagerRefusal.NOT_ASKED
    assert answer(mine, now=first_day) == 1
    assert refused(answer, mine, now=first_day) == ManagerRefusal.BEGUN
    assert refused(answer, other, now=NOW + timedelta(days=200)) == ManagerRefusal.OVER
    Approval.objects.filter(pk=other.pk).update(state=State.ENDED)
    assert refused(answer, other) == ManagerRefusal.ENDED


def test_why_not_answer_knows_what_has_ended():
    year = ProgrammeFactory.build(organisation=None)

    assert rules.why_not_answer(Approval(state="ended"), year, now=NOW) == ManagerRefusal.ENDED


def test_the_office_reminds_and_notes_agreements_on_record():
    office = PersonFactory()
    approval = tell(applied(programme("approve", office=office)))
    assert refused(actions.remind_manager, approval, by=office, now=NOW) == ManagerRefusal.JUST_REMINDED

    actions.remind_manager(approval, by=office, now=NOW + WEEK / 2)
    stale = Approval.objects.get()
    Approval.objects.update(reminded_at=NOW)
    assert refused(actions.remind_manager, stale, by=office, now=NOW + WEEK) == ManagerRefusal.JUST_REMINDED
    actions.note_agreement(approval, why="Said so on the phone on Monday.", by=office, now=NOW)

    approval.refresh_from_db()
    assert (approval.state, approval.agreed_why) == (State.APPROVED, "Said so on the phone on Monday.")
    assert refused(actions.note_agreement, approval, why="x", by=office, now=NOW) == ManagerRefusal.ANSWERED
    assert refused(actions.remind_manager, approval, by=office, now=NOW) == ManagerRefusal.ANSWERED


# --- kept apart -------------------------------------------------------------------------------


def kept():
    return {frozenset((pair.first_id, pair.second_id)) for pair in KeptApart.objects.filter(state="kept")}


def test_a_manager_is_kept_apart_from_their_staff_once_they_are_known_whether_or_not_they_take_part():
    year = programme()
    staff = applied(year)
    tell(staff)
    assert not kept()

    boss = PersonFactory(email=BOSS)
    tell(ApplicationFactory(programme=year, person=boss))

    assert kept() == {frozenset((boss.pk, staff.person_id))}
    later, elsewhere = applied(year), applied(programme())
    tell(later)
    tell(elsewhere)
    assert len(kept()) == 3


def test_a_manager_who_becomes_known_is_kept_apart_by_the_sweep_and_what_the_office_let_go_stays():
    year = programme()
    staff = applied(year)
    tell(staff)
    boss = PersonFactory(email=BOSS)
    MentorFactory(programme=year, person=boss)

    swept = [actions.keep_managers_apart(now=NOW), actions.keep_managers_apart(now=NOW)]

    assert swept == [1, 0]
    assert kept() == {frozenset((boss.pk, staff.person_id))}
    KeptApart.objects.update(state="dismissed")
    assert actions.keep_managers_apart(now=NOW) == 0
    KeptApart.objects.update(state="suggested")
    assert actions.keep_managers_apart(now=NOW) == 1
    assert Mentor.objects.count() == 1


# --- what is read -----------------------------------------------------------------------------


@pytest.mark.parametrize("state", [state for state in State if state != State.ENDED])
def test_approval_of_says_what_holds(state):
    application = applied(programme())
    assert queries.approval_of(application) is None
    approval = tell(application)
    Approval.objects.filter(pk=approval.pk).update(state=state, reason="later", answered_at=NOW)

    told = queries.approval_of(application)

    assert "18 January" in told.sentence
    assert (told.manager, told.address) == ("Bo Boss", BOSS)
    assert told.reason == "Another year would suit better"


def test_approvals_listed_are_the_stuck_ones_the_longest_first():
    year = programme("approve")
    late, early, told = applied(year), applied(year), applied(programme())
    tell(late, now=NOW + WEEK)
    tell(early)
    tell(told)

    listed = list(queries.approvals_listed(year))

    assert [one.application_id for one in listed] == [early.pk, late.pk]
    assert queries.approval_counts(year) == {"asked": 2}
    assert queries.approvals_listed(year, words="boss@").count() == 2
    assert queries.approvals_listed(year, words="boss@", addresses=False).count() == 0
    assert queries.approvals_listed(year, state="approved").count() == 0


def test_links_end_with_their_version():
    manager = tell(applied(programme())).manager
    first = links.manager_signature(manager)

    manager.version = 2

    assert links.was_signed(manager, given=first) == 1
    assert links.was_signed(manager, given=links.manager_signature(manager)) == 2
    assert links.was_signed(manager, given="a" * 16) == 0


@pytest.mark.django_db(transaction=True)
def test_told_by_many_presses_it_is_one_approval_and_one_mail():
    application = applied(programme())

    def press(person):
        fresh = Application.objects.select_related("programme", "person").get(pk=application.pk)
        actions.tell_manager(fresh, by=person, now=NOW)

    at_once(press, [application.person] * 6)

    assert Approval.objects.count() == 1
    assert Message.objects.count() == 1

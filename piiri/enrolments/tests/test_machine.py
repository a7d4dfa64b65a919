"""Whatever people do in whatever order, the product and a plain model of it agree after each step."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.enrolments import access, actions, queries
from piiri.enrolments.models import Application, Approval, LineManager, Waiting
from piiri.enrolments.tests.lists import FIRST_COME
from piiri.enrolments.tests.plain_model import Model
from piiri.groups import actions as group_actions
from piiri.groups.models import Membership, Offer
from piiri.groups.tests.factories import NOW, GroupFactory, KeptApartFactory, PersonFactory, ProgrammeFactory
from piiri.mail.models import Message

pytestmark = pytest.mark.django_db
PEOPLE, PLACES, KEPT = 6, {0: 2, 1: 1, 2: 2}, {0, 1}
BOSS = "boss@city.example"
PERSON, GROUP = st.integers(0, PEOPLE - 1), st.sampled_from(sorted(PLACES))
LONG = settings.default.max_examples > 1000
keys = count()


class World:
    """The rows that every example begins with; the last group runs already and takes newcomers."""

    def __init__(self):
        audit.record("begun", by=None, about=None, now=NOW - timedelta(days=2))
        self.programme = ProgrammeFactory(
            parameters=FIRST_COME | {"manager": "approve"},
            enrol_closes_at=datetime(2027, 11, 1, tzinfo=UTC),
            answers_by=date(2027, 11, 5),
            starts_on=date(2027, 11, 8),
            ends_on=date(2027, 12, 20),
        )
        self.people = PersonFactory.create_batch(PEOPLE)
        self.groups = [GroupFactory(programme=self.programme, places=PLACES[n]) for n in sorted(PLACES)]
        type(self.groups[-1]).objects.filter(pk=self.groups[-1].pk).update(state="running", started_at=NOW)
        KeptApartFactory(programme=self.programme, first=self.people[0], second=self.people[1])

    def number(self, row) -> int:
        return (self.people if row in self.people else self.groups).index(row)


class Machine(RuleBasedStateMachine):
    """Each step asks the product and the model the same."""

    world: World

    def __init__(self):
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.now, self.model = NOW, Model(places=PLACES, kept=KEPT)

    def teardown(self):
        self.round()
        broken = list(queries.broken(self.now))
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)
        assert broken == []

    # --- asking the product -----------------------------------------------------------------

    def told(self, deed, *args, **kwargs):
        """Whether it was done, or the name of the refusal; nothing of a refused deed stays."""
        try:
            with transaction.atomic():
                deed(*args, **kwargs)
        except Refused as refusal:
            return str(refusal.reason.value)
        return "ok"

    def press(self, deed, person, group, *, boss):
        one, row = self.world.people[person], self.world.groups[group]
        step = queries.doorstep(
            access.visible_group_pages,
            person=one,
            organisation=self.world.programme.organisation.slug,
            programme=self.world.programme.slug,
            group=row.uid,
        )
        work = {"workplace": "North School"} | ({"manager_email": BOSS} if boss else {})
        press = actions.Press(f"{next(keys):016d}", "form")
        return self.told(deed, step, work=work, press=press, by=one, now=self.now)

    def offer(self, person):
        return (
            Offer.objects.open()
            .select_related("group__programme", "person")
            .get(person=self.world.people[person])
        )

    # --- what people do -----------------------------------------------------------------------

    @rule(person=PERSON, group=GROUP, boss=st.booleans())
    def take(self, person, group, boss):
        self.step()
        fresh = person not in self.model.state
        told = self.press(actions.take_place, person, group, boss=boss)
        assert told == self.model.take(person, group, self.now)
        self.ask_boss(person, asked=told == "ok" and boss, fresh=fresh)

    @rule(person=PERSON, group=GROUP, boss=st.booleans())
    def wait(self, person, group, boss):
        self.step()
        fresh = person not in self.model.state
        told = self.press(actions.wait_for_group, person, group, boss=boss)
        assert told == self.model.wait(person, group, self.now)
        self.ask_boss(person, asked=told == "ok" and boss and fresh, fresh=fresh)

    def ask_boss(self, person, *, asked, fresh):
        if asked:
            self.model.answers.setdefault(person, "asked")

    @rule(person=PERSON, group=GROUP)
    def placed_by_office(self, person, group):
        if self.model.state.get(person) != "waiting":
            return
        self.step()
        one = self.world.people[person]
        told = self.told(group_actions.join, self.world.groups[group], person=one, by=None, now=self.now)
        assert told == self.model.placed_by_office(person, group)
        actions.mend_lists(now=self.now)

    @rule(person=PERSON)
    def withdraw(self, person):
        if person not in self.model.state:
            return
        self.step()
        one = self.world.people[person]
        row = Application.objects.standing().select_related("programme", "person").get(person=one)
        assert self.told(actions.withdraw_application, row, by=one, now=self.now) == "ok"
        self.model.withdraw(person)

    @precondition(lambda self: self.model.offers)
    @rule(data=st.data(), twice=st.booleans())
    def accept(self, data, twice):
        self.step()
        person = data.draw(st.sampled_from(sorted(self.model.offers)))
        offer = self.offer(person)
        told = [
            self.told(actions.accept_place, offer, by=offer.person, now=self.now) for _ in range(1 + twice)
        ]
        assert set(told) == {self.model.accept(person, self.now)}

    @precondition(lambda self: self.model.offers)
    @rule(data=st.data())
    def decline(self, data):
        self.step()
        person = data.draw(st.sampled_from(sorted(self.model.offers)))
        offer = self.offer(person)
        assert self.told(actions.decline_place, offer, by=offer.person, now=self.now) == "ok"
        actions.end_approvals(now=self.now)
        self.model.let_go(person)

    @precondition(lambda self: self.model.answers)
    @rule(data=st.data(), yes=st.booleans())
    def manager_answers(self, data, yes):
        """Whatever the manager says takes no place."""
        self.step()
        person = data.draw(st.sampled_from(sorted(self.model.answers)))
        asked = Approval.objects.standing().get(application__person=self.world.people[person])
        manager = LineManager.objects.select_related("programme").get(email=BOSS)
        told = self.told(actions.answer_approvals, manager, approvals=[asked.uid], approved=yes, now=self.now)
        assert told == "ok"
        self.model.answers[person] = "approved" if yes else "declined"

    # --- what time and workers do -------------------------------------------------------------

    @rule(hours=st.sampled_from([1, 30, 71, 80]))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)
        self.round()
        self.compare()

    @rule()
    def work(self):
        self.step()
        self.round()
        self.compare()

    def step(self):
        self.compare()
        self.now += timedelta(seconds=1)

    def round(self):
        """All mails have left; then the sweeps."""
        Message.objects.filter(done_at=None).update(state=Message.State.SENT, done_at=self.now)
        for offer in queries.offers_to_lapse(self.now, 50):
            actions.lapse_place(offer, now=self.now)
        actions.mend_lists(now=self.now)
        actions.offer_free_places(now=self.now)
        actions.end_approvals(now=self.now)
        self.model.round(self.now)

    # --- do they agree? -----------------------------------------------------------------------

    def compare(self):
        number = self.world.number
        seats = Membership.objects.active().select_related("person", "group")
        offers = Offer.objects.open().select_related("person", "group")
        turns = Waiting.objects.standing().select_related("application__person", "group")
        states = Application.objects.standing().select_related("person")
        answers = Approval.objects.standing().select_related("application__person")
        lists = {group: set() for group in PLACES}
        for turn in turns:
            lists[number(turn.group)].add(number(turn.application.person))
        assert {number(one.person): number(one.group) for one in seats} == self.model.seat
        assert {
            number(one.person): (number(one.group), one.expires_at) for one in offers
        } == self.model.offers
        assert {number(one.person): one.state for one in states} == self.model.state
        assert {number(one.application.person): one.state for one in answers} == self.model.answers
        assert lists == self.model.lists


def test_the_product_and_a_plain_model_agree():
    Machine.world = World()

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=settings.default.max_examples if LONG else 25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

"""Line managers answer at the same moment: rows are held in the order of their keys."""

from datetime import timedelta

import pytest

from piiri.base.tests.at_once import at_once
from piiri.enrolments import actions, queries
from piiri.enrolments.actions import managing
from piiri.enrolments.models import Approval, LineManager
from piiri.enrolments.tests.test_managing import WEEK, applied, programme, tell
from piiri.groups.tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_answers_are_written_in_the_order_of_keys_whoever_was_asked_first(monkeypatch):
    year = programme("approve")
    first, second = tell(applied(year), now=NOW + WEEK), tell(applied(year))
    assert list(queries.approvals_of(first.manager_id)) == [second, first]
    written, answer = [], managing.answer
    monkeypatch.setattr(managing, "answer", lambda one, **how: written.append(one) or answer(one, **how))

    actions.answer_approvals(first.manager, approvals=[second.uid, first.uid], approved=True, now=NOW + WEEK)

    assert written == [first, second]


@pytest.mark.django_db(transaction=True)
def test_answers_about_the_same_people_pressed_at_once_all_go_well():
    year = programme("approve")
    uids = [tell(applied(year), now=NOW + n * timedelta(hours=1)).uid for n in (3, 1, 2)]
    manager = LineManager.objects.get()

    def press(approved):
        own = list(uids) if approved else uids[::-1]
        actions.answer_approvals(manager, approvals=own, approved=approved, now=NOW + WEEK)

    assert all(at_once(press, [True, False] * 3))
    assert len(set(Approval.objects.values_list("state", flat=True))) == 1

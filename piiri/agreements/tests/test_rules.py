"""When a draft is ready, a version is signed, a goal finds a place."""

import pytest

from piiri.agreements import clauses, rules
from piiri.agreements.models import Agreement, Goal
from piiri.agreements.rules import AgreementRefusal
from piiri.groups.models import Group


@pytest.mark.parametrize("state", Group.State)
def test_why_not_write_lets_groups_write_that_form_or_run(state):
    refused = rules.why_not_write(Group(state=state))

    assert (refused is None) == (state in ("forming", "running"))


@pytest.mark.parametrize(
    ("state", "clauses", "edits", "reason"),
    [
        ("draft", 11, 3, None),
        ("draft", 11, 2, AgreementRefusal.CHANGED),
        ("draft", 0, 3, AgreementRefusal.EMPTY),
        ("standing", 11, 3, AgreementRefusal.NOT_A_DRAFT),
    ],
)
def test_why_not_ready_wants_a_draft_as_it_was_read(state, clauses, edits, reason):
    draft = Agreement(state=state, edits=3)

    assert rules.why_not_ready(draft, clauses=clauses, edits=edits) == reason


def test_why_not_sign_wants_the_version_in_force():
    standing = Agreement(state="standing", number=2)

    assert rules.why_not_sign(None, number=1) == AgreementRefusal.NO_VERSION
    assert rules.why_not_sign(standing, number=1) == AgreementRefusal.NEWER
    assert rules.why_not_sign(standing, number=2) is None


@pytest.mark.parametrize(
    ("taken", "place"), [(set(), 1), ({1}, 2), ({2, 3}, 1), ({1, 2, 3}, None), ({1, 5}, 2)]
)
def test_free_place_is_the_lowest(taken, place):
    assert rules.free_place(taken, most=3) == place


@pytest.mark.parametrize("state", Goal.State)
def test_why_not_end_wants_an_agreed_goal(state):
    assert (rules.why_not_end(Goal(state=state)) is None) == (state == "agreed")


@pytest.mark.parametrize(
    ("meeting", "by_meeting", "has_version", "due"),
    [
        (1, 2, False, False),
        (2, 2, False, True),
        (5, 2, False, True),
        (5, 2, True, False),
        (1, 1, False, True),
    ],
)
def test_is_due_from_its_meeting_on_while_there_is_no_version(meeting, by_meeting, has_version, due):
    assert rules.is_due(meeting=meeting, by_meeting=by_meeting, has_version=has_version) == due


def test_there_are_eleven_ready_clauses_in_three_languages():
    facts = clauses.Facts(contact="Helena {most} Rautio", most_goals=3)

    assert len(clauses.catalogue()) == 11
    for code in clauses.catalogue():
        texts = {clauses.text_of(code, language=language, facts=facts) for language in ("fi", "sv", "en")}
        titles = {clauses.title_of(code, language=language) for language in ("fi", "sv", "en")}
        assert (len(texts), len(titles)) in {(3, 3), (3, 2)}
    assert "Helena {most} Rautio" in clauses.text_of("hard", language="fi", facts=facts)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_clauses_say_what_they_mean_without_a_contact_and_with_one_goal(language):
    facts = clauses.Facts(contact="", most_goals=1)

    said = [clauses.text_of(code, language=language, facts=facts) for code in clauses.catalogue()]

    assert not [text for text in said if "{" in text or "1–" in text]

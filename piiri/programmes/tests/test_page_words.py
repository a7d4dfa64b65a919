"""The words of the programme's page: what a programme begins with, how the office writes them."""

import pytest
from django.urls import reverse

from piiri.base.fields import Translations
from piiri.networks.tests.factories import OrganisationAdminFactory
from piiri.programmes import actions, queries
from piiri.programmes.models import Question
from piiri.programmes.presets import presets
from piiri.programmes.tests.factories import DraftFactory, EmployerFactory
from piiri.programmes.tests.test_views import fields_of, step
from piiri.programmes.written import PageText, QuestionText

pytestmark = pytest.mark.django_db
PARTS = ("what", "for_me", "for_employer")


@pytest.fixture
def draft(client):
    role = OrganisationAdminFactory()
    client.force_login(role.person)
    programme = DraftFactory(organisation=role.organisation)
    EmployerFactory(programme=programme)
    return programme


def write(programme, *questions, by, now, **page):
    text = PageText(**dict.fromkeys((*PARTS, "voice", "voice_by"), Translations()) | page)
    actions.write_words(programme, page=text, questions=questions, by=by, now=now)


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.code)
def test_presets_say_everything_in_three_languages(preset):
    texts = [getattr(preset.page, part) for part in PARTS]
    texts += [text for pair in preset.page.questions for text in pair]

    assert all(set(text) == {"fi", "sv", "en"} for text in texts)
    assert 5 <= len(preset.page.questions) <= 6


def test_write_words_makes_the_questions_these(draft, clock):
    by, now = draft.organisation.admins.get().person, draft.created_at
    ask = QuestionText(question=Translations(en="How much?"), answer=Translations(en="Nothing."))
    write(draft, ask, ask, by=by, now=now, what=Translations(fi="Ryhmä"))
    first, second = queries.questions(draft)

    write(
        draft,
        QuestionText(uid=second.uid, question=second.question, answer=Translations(en="Still nothing.")),
        by=by,
        now=now,
    )

    draft.refresh_from_db()
    assert draft.what == {}
    assert [(each.uid, str(each.answer)) for each in queries.questions(draft)] == [
        (second.uid, "Still nothing.")
    ]
    assert first.uid != second.uid


def test_a_copy_says_the_same_next_year(draft):
    by, now = draft.organisation.admins.get().person, draft.created_at
    ask = QuestionText(question=Translations(fi="Paljonko?"), answer=Translations(fi="Vähän."))
    write(draft, ask, by=by, now=now, voice=Translations(fi="Hyvä oli."), voice_by=Translations(fi="Aino"))

    copy = actions.copy_to_next_year(draft, by=by, now=now)

    assert (str(copy.voice), str(copy.voice_by)) == ("Hyvä oli.", "Aino")
    assert [str(each) for each in queries.questions(copy)] == ["Paljonko?"]
    assert queries.questions(draft).count() == 1


def test_the_step_saves_words_and_questions_without_script(client, draft):
    page = client.get(step(draft, "words"))
    more = client.post(step(draft, "words"), fields_of(page, "form", "rows") | {"add": "1"})
    sent = fields_of(more, "form", "rows") | {
        "what_fi": "Ryhmä kollegoita.",
        "questions-0-question_fi": "Paljonko?",
        "questions-0-answer_fi": "Vähän.",
    }

    answer = client.post(step(draft, "words"), sent)

    assert answer.url == step(draft, "check")
    draft.refresh_from_db()
    assert str(draft.what) == "Ryhmä kollegoita."
    assert str(queries.questions(draft).get().answer) == "Vähän."


def test_questions_are_moved_and_taken_away_by_buttons(client, draft):
    for order, name in enumerate(("One", "Two")):
        Question.objects.create(programme=draft, question={"fi": name}, answer={"fi": "Answer"}, order=order)
    sent = fields_of(client.get(step(draft, "words")), "form", "rows")

    moved = client.post(step(draft, "words"), sent | {"move": "down:0"})
    client.post(step(draft, "words"), fields_of(moved, "form", "rows"))
    order = [str(each) for each in queries.questions(draft)]
    sent = fields_of(client.get(step(draft, "words")), "form", "rows")
    client.post(step(draft, "words"), sent | {"questions-0-DELETE": "on"})

    assert order == ["Two", "One"]
    assert [str(each) for each in queries.questions(draft)] == ["One"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"questions-0-question_fi": "Paljonko?"}, "Write the answer too"),
        ({"questions-0-answer_fi": "Vähän."}, "Write the question to this answer."),
    ],
)
def test_half_a_question_is_said_to_be_half(client, draft, written, said):
    page = client.get(step(draft, "words"))
    more = client.post(step(draft, "words"), fields_of(page, "form", "rows") | {"add": "1"})

    answer = client.post(step(draft, "words"), fields_of(more, "form", "rows") | written)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not queries.questions(draft).exists()


@pytest.mark.parametrize("questions", [1, 3])
def test_the_step_needs_the_same_queries_for_any_number(client, draft, questions, django_assert_num_queries):
    for number in range(questions):
        Question.objects.create(
            programme=draft, question={"fi": "Miksi?"}, answer={"fi": "Siksi."}, order=number
        )

    with django_assert_num_queries(5):
        answer = client.get(step(draft, "words"))

    address = reverse("enrolments:programme", args=[draft.organisation.slug, draft.slug])
    assert f"{address}embed/" in answer.content.decode()

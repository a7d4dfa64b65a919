"""The set-up from outside: a whole year without script, and who may not."""

from datetime import date

import pytest
from django.urls import reverse

from piiri.networks.tests.factories import (
    OrganisationAdminFactory,
    OrganisationFactory,
)
from piiri.programmes.models import Event, Programme
from piiri.programmes.presets import preset as preset_of
from piiri.programmes.presets import presets
from piiri.programmes.tests.factories import (
    BreakFactory,
    DraftFactory,
    EmployerFactory,
    EventFactory,
    EventSessionFactory,
    ProgrammeFactory,
    ThemeFactory,
)

NEVER = "a" * 16
pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    """An administrator of an organisation, signed in."""
    role = OrganisationAdminFactory()
    client.force_login(role.person)
    return role


@pytest.fixture
def draft(client, admin):
    programme = DraftFactory(organisation=admin.organisation)
    EmployerFactory(programme=programme)
    ThemeFactory(programme=programme)
    return programme


def step(programme, name):
    return reverse("programmes:setup", args=[programme.uid, name])


def fields_of(response, *forms):
    """What a browser would send back from the page as it stands."""
    sent = {}
    for name in forms:
        form = response.context[name]
        members = [form.management_form, *form] if hasattr(form, "management_form") else [form]
        for member in members:
            for bound in member:
                value = bound.value()
                if value is not None and value is not False and value != "":
                    sent[bound.html_name] = value
    return sent


def test_set_up_from_preset_to_open_without_script(client, clock, admin):
    begin = client.get(reverse("programmes:new"))
    assert begin.status_code == 200

    chosen = {"organisation": admin.organisation.uid, "preset": "city", "year": 2027}
    named = client.get(reverse("programmes:new"), chosen)
    sent = fields_of(named, "form") | {"contact_name": "The office", "contact_address": "office@city.example"}
    address = f"{reverse('programmes:new')}?organisation={admin.organisation.uid}&preset=city&year=2027"
    client.post(address, sent)
    programme = Programme.objects.get()
    assert str(programme.title["fi"]) == "Vertaisryhmämentorointi 2027–28"

    both = ["form", "rows"]
    for name, forms in {"rules": ["form"], "themes": ["rows"], "dates": both, "words": both}.items():
        page = client.get(step(programme, name))
        saved = client.post(step(programme, name), fields_of(page, *forms))
        assert saved.status_code == 302, (name, saved.context and saved.context["form"].errors)
    check = client.get(step(programme, "check"))
    assert check.context["missing"] == []
    client.post(reverse("programmes:publish", args=[programme.uid]))

    programme.refresh_from_db()
    assert programme.state == Programme.State.PUBLISHED
    assert programme.slug == "veme-2027-28"
    assert programme.themes.count() == 8
    assert programme.questions.count() == 6
    assert all((programme.what, programme.for_me, programme.for_employer))
    assert not programme.voice
    assert programme.breaks.count() == 3
    assert programme.starts_on == date(2027, 9, 27)
    opening = programme.events.get(kind=Event.Kind.OPENING).sessions.get()
    assert opening.starts_at.astimezone(programme.tz).strftime("%a %H:%M") == "Thu 14:30"


def test_new_asks_for_the_name_in_each_language_and_loses_nothing(client, clock, admin):
    address = f"{reverse('programmes:new')}?organisation={admin.organisation.uid}&preset=pairs&year=2027"
    sent = {"languages": ["fi", "en"], "title_fi": "Parit", "title_en": "", "contact_name": "Anna"}

    answer = client.post(address, sent)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["title_en"]
    assert b'value="Parit"' in answer.content
    assert b'value="Anna"' in answer.content
    assert not Programme.objects.exists()


def test_new_does_not_take_an_organisation_that_is_not_ones_own(client, clock, admin):
    foreign = OrganisationFactory()

    answer = client.get(
        reverse("programmes:new"), {"organisation": foreign.uid, "preset": "city", "year": 2027}
    )

    assert answer.status_code == 422


def test_rules_show_what_they_mean_and_save_nothing(client, draft):
    page = client.get(step(draft, "rules"))
    sent = fields_of(page, "form") | {"meetings": 8, "show": "1"}

    answer = client.post(step(draft, "rules"), sent)

    assert answer.status_code == 200
    assert "2\xa0h over 18\xa0h" in answer.context["meaning"].fullness
    draft.refresh_from_db()
    assert draft.parameters == {}


def test_rules_answer_htmx_with_the_meaning_alone(client, draft):
    sent = {"expected_people": 250, "min_to_start": "x"}

    answer = client.post(step(draft, "rules"), sent, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert answer.content.lstrip().startswith(b"<aside")
    assert answer.context["meaning"].mentors == [
        "250 participants in groups of 8 need 32 mentors.",
        "250 participants in groups of 6 need 42 mentors.",
    ]


def test_rules_that_do_not_go_together_are_refused_in_words(client, draft):
    page = client.get(step(draft, "rules"))

    answer = client.post(step(draft, "rules"), fields_of(page, "form") | {"min_to_start": 8, "places": 6})

    assert answer.status_code == 422
    assert "cannot need more participants" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.parameters == {}


def test_rules_keep_only_what_differs_from_the_default(client, draft):
    page = client.get(step(draft, "rules"))

    client.post(step(draft, "rules"), fields_of(page, "form") | {"meetings": 6, "weekends": "on"})

    draft.refresh_from_db()
    assert draft.parameters == {"meetings": 6, "weekends": True}


def test_themes_get_one_more_row_without_losing_what_is_written(client, draft):
    page = client.get(step(draft, "themes"))
    sent = fields_of(page, "rows") | {"themes-0-title_fi": "Uusi nimi", "add": "1"}

    answer = client.post(step(draft, "themes"), sent)

    assert answer.status_code == 200
    assert len(answer.context["rows"].forms) == 2
    assert b'value="Uusi nimi"' in answer.content
    assert draft.themes.get().title["fi"] != "Uusi nimi"


def test_themes_keep_the_words_of_languages_that_are_not_shown(client, draft):
    page = client.get(step(draft, "themes"))

    client.post(step(draft, "themes"), fields_of(page, "rows") | {"themes-0-title_fi": "Uusi nimi"})

    title = draft.themes.get().title
    assert title["fi"] == "Uusi nimi"
    assert title["en"].startswith("Theme")


def test_dates_out_of_order_are_said_at_the_field(client, draft):
    page = client.get(step(draft, "dates"))

    answer = client.post(
        step(draft, "dates"), fields_of(page, "form", "rows") | {"enrol_closes": "2026-08-01"}
    )

    assert answer.status_code == 422
    assert "enrol_closes" in answer.context["form"].errors


def test_dates_take_a_break_away_and_add_one(client, draft):
    BreakFactory(programme=draft)
    page = client.get(step(draft, "dates"))
    sent = fields_of(page, "form", "rows") | {"breaks-0-DELETE": "on", "breaks-TOTAL_FORMS": "2"}
    sent |= {
        "breaks-1-title_fi": "Talviloma",
        "breaks-1-starts_on": "2027-03-01",
        "breaks-1-ends_on": "2027-03-07",
    }

    answer = client.post(step(draft, "dates"), sent)

    assert answer.status_code == 302
    assert [each.title["fi"] for each in draft.breaks.all()] == ["Talviloma"]


def test_event_with_two_sessions_is_written_in_local_time(client, draft):
    sent = {
        "kind": "opening",
        "counts_hours": "on",
        "sessions-TOTAL_FORMS": "2",
        "sessions-INITIAL_FORMS": "0",
        **{
            f"sessions-0-{name}": value
            for name, value in {"day": "2026-10-01", "at": "14:30", "minutes": 120}.items()
        },
        **{
            f"sessions-1-{name}": value
            for name, value in {"day": "2026-11-05", "at": "14:30", "minutes": 90}.items()
        },
        "sessions-0-place": "Main library",
        "sessions-1-link": "https://video.example/room",
    }

    client.post(reverse("programmes:new-event", args=[draft.uid]), sent)

    first, second = draft.events.get().sessions.all()
    assert (first.starts_at.hour, second.starts_at.hour) == (11, 12)  # summer time, then winter time
    assert first.place == "Main library"


def test_event_nobody_was_at_can_be_taken_out(client, draft):
    event = EventSessionFactory(event=EventFactory(programme=draft)).event

    client.post(reverse("programmes:remove-event", args=[event.uid]))

    assert not draft.events.exists()


def test_publish_with_something_missing_says_what(client, draft):
    draft.themes.all().delete()

    answer = client.post(reverse("programmes:publish", args=[draft.uid]), follow=True)

    assert "Write at least one theme." in answer.content.decode()
    draft.refresh_from_db()
    assert draft.state == Programme.State.DRAFT


def test_close_asks_first_and_then_nothing_changes(client, admin):
    programme = ProgrammeFactory(organisation=admin.organisation)
    address = reverse("programmes:close", args=[programme.uid])

    client.get(address)
    programme.refresh_from_db()
    assert programme.state == Programme.State.PUBLISHED
    client.post(address)

    page = client.get(step(programme, "name"))
    answer = client.post(step(programme, "name"), fields_of(page, "form"))
    assert answer.status_code == 422
    assert "stays as it is" in answer.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"), [("name", 7), ("rules", 4), ("themes", 5), ("dates", 7), ("check", 14)]
)
def test_steps_need_the_same_queries_for_any_number_of_rows(
    client, draft, rows, name, queries, django_assert_num_queries
):
    for _row in range(rows):
        ThemeFactory(programme=draft)
        BreakFactory(programme=draft)
        EventSessionFactory(event=EventFactory(programme=draft))

    with django_assert_num_queries(queries):
        assert client.get(step(draft, name)).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_index_needs_the_same_queries_for_any_number_of_programmes(
    client, admin, rows, django_assert_num_queries
):
    for _row in range(rows):
        ThemeFactory(programme__organisation=admin.organisation)

    with django_assert_num_queries(4):
        client.get(reverse("programmes:index"))


def test_copy_opens_next_years_dates(client, admin):
    programme = ProgrammeFactory(organisation=admin.organisation)

    answer = client.post(reverse("programmes:copy", args=[programme.uid]))

    assert answer.url == step(programme.following.get(), "dates")


def test_saving_may_stay_on_the_step(client, draft):
    page = client.get(step(draft, "rules"))

    answer = client.post(step(draft, "rules"), fields_of(page, "form") | {"stay": "1"})

    assert answer.url == step(draft, "rules")


def test_a_step_that_does_not_exist_is_not_there(client, draft):
    assert client.get(step(draft, "colours")).status_code == 404


@pytest.mark.parametrize(
    ("prefix", "name", "row"),
    [
        ("themes", "themes", {"text_fi": "Only a sentence"}),
        ("breaks", "dates", {"title_fi": "Only a name"}),
        ("breaks", "dates", {"title_fi": "Loma", "starts_on": "2027-03-07", "ends_on": "2027-03-01"}),
    ],
)
def test_half_written_rows_are_kept_and_said(client, draft, prefix, name, row):
    page = client.get(step(draft, name))
    forms = ["rows"] if name == "themes" else ["form", "rows"]
    at = len(page.context["rows"].forms)
    sent = fields_of(page, *forms) | {f"{prefix}-{at}-{key}": value for key, value in row.items()}

    answer = client.post(step(draft, name), sent | {f"{prefix}-TOTAL_FORMS": str(at + 1)})

    assert answer.status_code == 422
    assert all(value in answer.content.decode() for value in row.values())


def test_a_session_without_a_time_is_kept_and_said(client, draft):
    event = EventFactory(programme=draft)
    sent = {"kind": "opening", "sessions-TOTAL_FORMS": "1", "sessions-INITIAL_FORMS": "0"}

    answer = client.post(
        reverse("programmes:edit-event", args=[event.uid]), sent | {"sessions-0-place": "Library"}
    )

    assert answer.status_code == 422
    assert "Library" in answer.content.decode()


@pytest.mark.parametrize("preset", [each.code for each in presets()])
def test_meaning_of_every_preset_says_that_it_goes_together(client, draft, preset):
    draft.parameters = dict(preset_of(preset).parameters)
    draft.save()

    told = client.get(step(draft, "rules")).context["meaning"]

    assert told.wrong == []
    assert "exactly" in told.fullness


def test_meaning_without_joint_hours_and_with_many_places(client, draft):
    draft.parameters = {
        "events_count": False,
        "places": 12,
        "day_from": 12,
        "day_to": 13,
        "meeting_minutes": 240,
    }
    draft.save()

    told = client.get(step(draft, "rules")).context["meaning"]

    assert [text for text, joint in told.plan] == [str(n) for n in range(1, 8)]
    assert told.full.num == "12"
    assert told.windows == ""
    assert told.wrong

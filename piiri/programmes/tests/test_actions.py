"""Deeds of a programme year."""

from datetime import UTC, date, datetime

import pytest

from piiri.base.errors import Refused
from piiri.base.fields import Translations
from piiri.mail.models import MailText, Message
from piiri.networks.rules import NetworkRefusal
from piiri.networks.tests.factories import OrganisationFactory
from piiri.people.tests.factories import PersonFactory
from piiri.programmes import actions, queries
from piiri.programmes import windows as weekly
from piiri.programmes.models import Availability, Coordinator, Employer, Event, Programme
from piiri.programmes.presets import preset
from piiri.programmes.rules import CoordinatorRefusal, ParameterRefusal, PublishRefusal, StateRefusal
from piiri.programmes.tests.factories import (
    AvailabilityFactory,
    BreakFactory,
    CoordinatorFactory,
    DraftFactory,
    EmployerFactory,
    EventFactory,
    EventSessionFactory,
    ProgrammeFactory,
    ThemeFactory,
)
from piiri.programmes.written import About, BreakText, Dates, SessionText, ThemeText

NOW = datetime(2027, 1, 18, 7, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def about(*employers, **changes):
    words = {
        "title": Translations({"fi": "Ryhmät 2027–28"}),
        "lead": Translations(),
        "languages": ["fi"],
        "contact_name": "The office",
        "contact_address": "office@city.example",
        "takes_private": False,
        "takes_without_employer": False,
        "employers": [organisation.pk for organisation in employers],
    }
    return About(**words | changes)


def create(organisation, *, by, code="city"):
    return actions.create_programme(
        organisation, preset=preset(code), year=2027, about=about(organisation), by=by, now=NOW
    )


def ready_draft(**changes):
    programme = DraftFactory(**changes)
    EmployerFactory(programme=programme)
    ThemeFactory(programme=programme)
    return programme


def test_create_programme_gives_two_of_the_same_year_their_own_addresses():
    organisation, by = OrganisationFactory(), PersonFactory()

    first, second = create(organisation, by=by), create(organisation, by=by)

    assert (first.slug, second.slug) == ("veme-2027-28", "veme-2027-28-2")


def test_create_programme_keeps_a_coordinator_in_the_office_and_gives_an_administrator_no_role():
    role = CoordinatorFactory()

    as_coordinator = create(role.programme.organisation, by=role.person)
    as_administrator = create(OrganisationFactory(), by=PersonFactory())

    assert as_coordinator.coordinators.get().person == role.person
    assert not as_administrator.coordinators.exists()


def test_create_programme_in_a_suspended_organisation_is_refused():
    with pytest.raises(Refused) as refused:
        create(OrganisationFactory(suspended_at=NOW), by=PersonFactory())

    assert refused.value.reason == NetworkRefusal.SUSPENDED


def test_describe_programme_changes_whose_staff_is_served():
    programme = EmployerFactory().programme
    other = OrganisationFactory()

    actions.describe_programme(
        programme, about=about(other, takes_without_employer=True), by=PersonFactory(), now=NOW
    )

    assert list(queries.employers(programme)) == [other]
    programme.refresh_from_db()
    assert programme.takes_without_employer


def test_set_parameters_refuses_what_does_not_go_together():
    programme = DraftFactory(parameters={"meetings": 6})

    with pytest.raises(Refused) as refused:
        actions.set_parameters(programme, values={"places": 3}, by=PersonFactory(), now=NOW)

    assert refused.value.reason == ParameterRefusal.STARTS_ABOVE_PLACES
    programme.refresh_from_db()
    assert programme.parameters == {"meetings": 6}


def test_set_parameters_keeps_those_that_are_not_named():
    programme = DraftFactory(parameters={"meetings": 6})

    actions.set_parameters(programme, values={"wishes": 2}, by=PersonFactory(), now=NOW)

    assert programme.parameters == {"meetings": 6, "wishes": 2}


def test_write_themes_keeps_changes_adds_and_removes():
    programme = DraftFactory()
    kept, _gone = ThemeFactory(programme=programme), ThemeFactory(programme=programme)
    new = ThemeText(title=Translations({"fi": "Uusi"}), text=Translations(), hue="lake")
    changed = ThemeText(uid=kept.uid, title=Translations({"fi": "Muutettu"}), text=Translations(), hue="moss")

    actions.write_themes(programme, themes=[new, changed], by=PersonFactory(), now=NOW)

    assert [(theme.title["fi"], theme.hue) for theme in queries.themes(programme)] == [
        ("Uusi", "lake"),
        ("Muutettu", "moss"),
    ]
    assert programme.themes.last().pk == kept.pk


def test_write_themes_cannot_take_a_theme_of_another_programme():
    foreign, programme = ThemeFactory(), DraftFactory()
    stolen = ThemeText(uid=foreign.uid, title=Translations({"fi": "X"}), text=Translations(), hue="lake")

    actions.write_themes(programme, themes=[stolen], by=PersonFactory(), now=NOW)

    foreign.refresh_from_db()
    assert foreign.title["fi"] != "X"
    assert programme.themes.get().uid != foreign.uid


def test_write_themes_keeps_a_theme_with_groups():
    theme = ThemeFactory()
    theme.groups.create(programme=theme.programme, created_at=NOW)

    with pytest.raises(Refused) as refused:
        actions.write_themes(theme.programme, themes=[], by=PersonFactory(), now=NOW)

    assert refused.value.reason == StateRefusal.THEME_IN_USE
    assert theme.programme.themes.get() == theme


def test_remove_event_keeps_an_event_somebody_came_to():
    session = EventSessionFactory()
    session.attendances.create(person=PersonFactory(), minutes=120, marked_at=NOW)

    with pytest.raises(Refused) as refused:
        actions.remove_event(session.event, by=PersonFactory(), now=NOW)

    assert refused.value.reason == StateRefusal.EVENT_IN_USE
    assert session.event.sessions.get() == session


def test_write_dates_closes_enrolment_at_the_end_of_the_day_where_the_programme_is():
    programme = BreakFactory().programme
    days = Dates(
        enrol_opens=date(2026, 8, 17),
        enrol_closes=date(2026, 11, 2),
        answers_by=date(2026, 11, 9),
        starts_on=date(2026, 11, 9),
        ends_on=date(2027, 5, 31),
    )
    pause = BreakText(
        title=Translations({"fi": "Tauko"}), starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 1)
    )

    actions.write_dates(programme, dates=days, breaks=[pause], by=PersonFactory(), now=NOW)

    assert programme.enrol_opens_at == datetime(2026, 8, 16, 21, 0, tzinfo=UTC)
    assert programme.enrol_closes_at == datetime(2026, 11, 2, 21, 59, tzinfo=UTC)
    assert [each.title["fi"] for each in queries.breaks(programme)] == ["Tauko"]


def test_write_event_leaves_the_sessions_that_are_named():
    session = EventSessionFactory()
    EventSessionFactory(event=session.event)
    moved = SessionText(uid=session.uid, starts_at=NOW, minutes=90, place="Library")

    actions.write_event(
        session.event.programme,
        event=session.event,
        kind=Event.Kind.OPENING,
        title=Translations(),
        text=Translations(),
        counts_hours=True,
        sessions=[moved],
        by=PersonFactory(),
        now=NOW,
    )

    only = session.event.sessions.get()
    assert (only.pk, only.place, only.minutes) == (session.pk, "Library", 90)


def test_publish_programme_happens_once():
    programme, by = ready_draft(), PersonFactory()
    stale = Programme.objects.get(pk=programme.pk)

    actions.publish_programme(programme, by=by, now=NOW)
    with pytest.raises(Refused) as refused:
        actions.publish_programme(stale, by=by, now=NOW)

    assert refused.value.reason == PublishRefusal.NOT_A_DRAFT
    assert Programme.objects.get().published_at == NOW


def test_publish_programme_refuses_with_the_first_thing_missing():
    with pytest.raises(Refused) as refused:
        actions.publish_programme(DraftFactory(), by=PersonFactory(), now=NOW)

    assert refused.value.reason == PublishRefusal.NOBODY_SERVED


def test_close_programme_is_for_published_ones_and_the_end_of_changes():
    programme, by = ProgrammeFactory(), PersonFactory()

    actions.close_programme(programme, by=by, now=NOW)

    for deed in (
        lambda: actions.close_programme(programme, by=by, now=NOW),
        lambda: actions.describe_programme(programme, about=about(), by=by, now=NOW),
        lambda: actions.set_parameters(programme, values={"meetings": 5}, by=by, now=NOW),
        lambda: actions.write_themes(programme, themes=[], by=by, now=NOW),
    ):
        with pytest.raises(Refused):
            deed()


def test_copy_to_next_year_takes_the_frame_along_and_nobody_but_the_office():
    programme = ProgrammeFactory(parameters={"meetings": 6}, takes_private=True, slug="veme-2026-27")
    EmployerFactory(programme=programme)
    ThemeFactory(programme=programme, sensitive=True)
    BreakFactory(programme=programme)
    EventSessionFactory(
        event=EventFactory(programme=programme), place="Library", link="https://video.example/old"
    )
    role = CoordinatorFactory(programme=programme)
    AvailabilityFactory(programme=programme)

    words = {"kind": "meetings/email/invitation", "language": "fi", "subject": "Tervetuloa", "body": "{day}"}
    MailText.objects.create(programme_uid=programme.uid, saved_at=NOW, **words)

    copy = actions.copy_to_next_year(programme, by=role.person, now=NOW)

    assert (copy.state, copy.previous, copy.slug) == (Programme.State.DRAFT, programme, "veme-2027-28")
    assert copy.title["fi"] == "Vertaisryhmät 2027–28"
    assert copy.parameters == {"meetings": 6}
    assert copy.takes_private
    assert copy.employers.count() == 1
    assert copy.themes.get().sensitive
    assert copy.coordinators.get().person == role.person
    assert MailText.objects.filter(programme_uid=copy.uid, **words).count() == 1
    assert not copy.availabilities.exists()
    assert copy.breaks.get().starts_on == date.fromisocalendar(2027, 42, 1)
    session = copy.events.get().sessions.get()
    assert (session.place, session.link) == ("Library", "")


def test_copy_to_next_year_keeps_weekdays_and_times_on_the_wall():
    programme = ProgrammeFactory()
    autumn = datetime(2026, 10, 29, 12, 30, tzinfo=UTC)
    EventSessionFactory(event=EventFactory(programme=programme), starts_at=autumn)

    copy = actions.copy_to_next_year(programme, by=PersonFactory(), now=NOW)

    moved = copy.events.get().sessions.get().starts_at.astimezone(copy.tz)
    assert moved.strftime("%a %d.%m.%Y %H:%M %z") == "Thu 28.10.2027 14:30 +0300"
    assert copy.starts_on.weekday() == programme.starts_on.weekday()
    assert copy.enrol_closes_at.astimezone(copy.tz).strftime("%a %H:%M") == "Fri 23:59"


def test_copy_to_next_year_is_made_once():
    programme, by = ProgrammeFactory(), PersonFactory()
    actions.copy_to_next_year(programme, by=by, now=NOW)

    with pytest.raises(Refused) as refused:
        actions.copy_to_next_year(programme, by=by, now=NOW)

    assert refused.value.reason == StateRefusal.ALREADY_COPIED


def test_copy_to_next_year_in_a_suspended_organisation_is_refused():
    programme = ProgrammeFactory(organisation__suspended_at=NOW)

    with pytest.raises(Refused) as refused:
        actions.copy_to_next_year(programme, by=PersonFactory(), now=NOW)

    assert refused.value.reason == NetworkRefusal.SUSPENDED


def test_grant_coordinator_introduces_and_tells_the_person():
    programme, by = ProgrammeFactory(), PersonFactory()

    person = actions.grant_coordinator(programme, email="New@City.example", by=by, now=NOW)

    assert person.email == "new@city.example"
    assert programme.coordinators.get().person == person
    assert Message.objects.get().kind == "programmes/email/coordinator"


def test_grant_coordinator_never_to_oneself_and_not_twice():
    programme, by = ProgrammeFactory(), PersonFactory()
    other = CoordinatorFactory(programme=programme).person

    for email, reason in ((by.email, CoordinatorRefusal.ONESELF), (other.email, CoordinatorRefusal.ALREADY)):
        with pytest.raises(Refused) as refused:
            actions.grant_coordinator(programme, email=email, by=by, now=NOW)
        assert refused.value.reason == reason
    assert not Message.objects.exists()


def test_remove_coordinator_never_oneself():
    role = CoordinatorFactory()

    with pytest.raises(Refused):
        actions.remove_coordinator(role.programme, person=role.person, by=role.person, now=NOW)
    for _twice in range(2):
        actions.remove_coordinator(role.programme, person=role.person, by=PersonFactory(), now=NOW)

    assert not Coordinator.objects.exists()


def test_save_availability_is_kept_and_offered_in_the_next_programme():
    programme, person = ProgrammeFactory(), PersonFactory()
    tuesdays = weekly.of_hours({(1, 14): 2})

    for mask in (weekly.NOTHING, tuesdays):
        actions.save_availability(programme, person=person, mask=mask, by=person, now=NOW)

    assert Availability.objects.get().mask == tuesdays
    assert queries.times_of(ProgrammeFactory(), person=person) == tuesdays
    assert queries.times_of(programme, person=PersonFactory()) == weekly.NOTHING


def test_save_availability_takes_whole_weeks_only():
    person = PersonFactory()

    with pytest.raises(ValueError, match="mask"):
        actions.save_availability(ProgrammeFactory(), person=person, mask="2", by=person, now=NOW)


def test_employers_are_those_of_the_network_only():
    organisation = OrganisationFactory()
    sibling = OrganisationFactory(network=organisation.network)
    OrganisationFactory(network=organisation.network, suspended_at=NOW)
    OrganisationFactory()

    assert set(queries.possible_employers(organisation)) == {organisation, sibling}
    assert not Employer.objects.exists()

"""Files become people and applications, once, and only as far as somebody has decided."""

from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from piiri.enrolments import actions, queries, sheets
from piiri.enrolments.models import Application, Brought, ImportFile
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups.models import Group, KeptApart, Mentor
from piiri.groups.tests.factories import (
    NOW,
    PersonFactory,
    ProgrammeFactory,
    ThemeFactory,
    UnitFactory,
)
from piiri.mail.models import Message
from piiri.networks.models import Affiliation
from piiri.people.models import Person
from piiri.programmes.models import Availability

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parent / "data"
THEMES = ["Ensimmäiset vuodet", "Arjen voimavarat", "Digi luokassa", "Oppijan tuki"]
CSV, XLSX, MENTORS = "koivula-webropol.csv", "koivula-forms.xlsx", "koivula-mentors.csv"


@pytest.fixture
def programme(clock):
    row = ProgrammeFactory(slug="year", parameters={"meeting_minutes": 90})
    for title in THEMES:
        ThemeFactory(programme=row, title={"fi": title})
    return row


def bring(kind, name, programme, *options):
    """Run the command; what it printed and how it ended."""
    out = StringIO()
    try:
        call_command("import", kind, str(DATA / name), "--programme", programme.slug, *options, stdout=out)
    except SystemExit as end:
        return out.getvalue(), end.code
    return out.getvalue(), 0


def everything():
    """How many rows each table has."""
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


def taken():
    """What files brought, in words that can be compared."""
    return [
        (
            one.person.email, one.name_as_written, one.workplace, one.job, one.years, one.form, one.languages,
            one.wish, one.contact_ok, one.manager_name, one.answered_at,
            [str(wish.theme.title["fi"]) for wish in one.wishes.select_related("theme")],
            Availability.objects.filter(person=one.person).values_list("mask", flat=True).first(),
        )
        for one in Application.objects.select_related("person").order_by("person__email")
    ]  # fmt: skip


def test_import_brings_the_same_from_both_formats(programme):
    bring("enrolments", CSV, programme, "--leave-open")
    from_csv = taken()
    other = ProgrammeFactory(slug="other", parameters={"meeting_minutes": 90})
    for title in THEMES:
        ThemeFactory(programme=other, title={"fi": title})
    Application.objects.all().delete()
    Availability.objects.all().delete()

    bring("enrolments", XLSX, other, "--leave-open")

    assert len(from_csv) > 30
    assert taken() == from_csv


def test_import_twice_changes_nothing(programme):
    bring("enrolments", CSV, programme)
    bring("mentors", MENTORS, programme)
    before, rows = everything(), taken()

    said, _code = bring("enrolments", CSV, programme)
    bring("mentors", MENTORS, programme)

    changed = {name for name, count in everything().items() if count != before[name]}
    assert changed == {"enrolments.ImportFile", "audit.Entry"}
    assert taken() == rows
    assert "0 new, 0 changed" in said


def test_import_dry_run_writes_nothing(programme):
    before = everything()

    said, code = bring("enrolments", CSV, programme, "--dry-run")

    assert everything() == before
    assert code == 2
    assert "No theme is called “Digi-luokassa”. Is “Digi luokassa” meant?" in said
    assert "fewer than two possible starts" in said


def test_import_mails_nobody_and_introduces_people_unverified(programme):
    bring("enrolments", CSV, programme)
    bring("mentors", MENTORS, programme)

    assert not Message.objects.exists()
    assert not Person.objects.exclude(verified_at=None).exists()
    assert Affiliation.objects.filter(organisation=programme.organisation).count() == Person.objects.count()


def test_import_never_takes_a_suggested_theme_or_a_doubtful_address(programme):
    bring("enrolments", CSV, programme)

    held = Application.objects.filter(person__email__in=["ake.sjoberg@opisto.koivula.example"])
    assert not held.exists()
    assert not Person.objects.filter(email__endswith="koivlua.example").exists()

    bring("enrolments", CSV, programme, "--leave-open")

    assert held.get().wishes.count() == 0
    assert not Person.objects.filter(email__endswith="koivlua.example").exists()


def test_import_honours_who_may_be_told_and_keeps_text_as_text(programme):
    bring("enrolments", CSV, programme)

    told = Application.objects.filter(contact_ok=True)
    assert 0 < told.count() < Application.objects.count()
    assert any("<b>" in one.wish for one in Application.objects.select_related("person"))


def test_import_suggests_pairs_whichever_file_comes_first(programme):
    bring("enrolments", CSV, programme)
    before = KeptApart.objects.count()
    bring("mentors", MENTORS, programme)

    pairs = KeptApart.objects.select_related("first", "second")
    emails = {frozenset((pair.first.email, pair.second.email)) for pair in pairs}
    mentor = frozenset(("urho.myllyla@opisto.koivula.example", "sulo.mentorinen@mentor.koivula.example"))
    assert mentor in emails
    assert (before, len(emails)) == (1, 2)
    assert {pair.state for pair in pairs} == {KeptApart.State.SUGGESTED}


def test_import_mentors_offers_their_groups_with_their_pair(programme):
    bring("mentors", MENTORS, programme, "--leave-open")

    groups = Group.objects.order_by("pk")
    assert [mentor.groups_at_most for mentor in Mentor.objects.order_by("pk")] == [1, 2, 2]
    assert [(str(group.theme.title["fi"]), group.mentorships.count()) for group in groups] == [
        ("Ensimmäiset vuodet", 1),
        ("Arjen voimavarat", 2),
        ("Arjen voimavarat", 1),
    ]
    assert {group.places.count() for group in groups} == {8}
    assert groups[1].language == "sv"
    assert groups[0].times


def test_import_knows_the_workplaces_of_the_employer(programme):
    unit = UnitFactory(organisation=programme.organisation, name="koivulan  Koulu")

    bring("enrolments", CSV, programme)

    there = Application.objects.filter(unit=unit)
    assert there.count() > 3
    assert set(there.values_list("workplace", flat=True)) == {""}


def file_of(*rows):
    head = "Aikaleima;Etunimi;Sukunimi;Sähköposti;1. toive;2. toive;Milloin pääset?"
    return "\n".join([head, *rows]).encode()


def take(programme, *rows, by=None):
    """Bring a made-up file by the deeds a page uses."""
    found = actions.read_file(programme, kind="enrolments", name="a.csv", data=file_of(*rows), by=by, now=NOW)
    return actions.take(found, by=by, now=NOW)


def row(moment, wish, email="aino@city.example", times="ma 15-17"):
    return f"{moment};Aino;Salo;{email};{wish};;{times}"


def test_take_replaces_what_an_older_file_brought(programme):
    take(programme, row("1.1.2027 12.00", "Digi luokassa"))

    newer = take(programme, row("2.1.2027 12.00", "Oppijan tuki"))
    older = take(programme, row("1.1.2027 13.00", "Arjen voimavarat"))

    wish = Application.objects.get().wishes.get()
    assert wish.theme.title["fi"] == "Oppijan tuki"
    assert (newer.report["became"]["changed"], older.report["became"]["older"]) == (1, 1)


@pytest.mark.parametrize(("answered", "became"), [("1.1.2027 12.00", "own"), ("20.1.2027 12.00", "changed")])
def test_take_never_replaces_a_newer_answer_of_ones_own(programme, answered, became):
    person = PersonFactory(email="aino@city.example")
    own = ApplicationFactory(programme=programme, person=person, job="Own", mask="2" * 336)

    found = take(programme, row(answered, "Digi luokassa"))

    own.refresh_from_db()
    kept = Availability.objects.get().mask == "2" * 336
    assert found.report["became"][became] == 1
    assert (own.job == "Own", kept) == ((True, True) if became == "own" else (False, False))


def test_take_leaves_what_a_person_changed_after_an_import(programme, clock):
    take(programme, row("1.1.2027 12.00", "Digi luokassa"))
    Application.objects.update(job="Mine", saved_at=NOW.replace(hour=9))

    found = take(programme, row("2.1.2027 12.00", "Oppijan tuki"))

    assert found.report["became"]["own"] == 1
    assert Application.objects.get().job == "Mine"


def test_take_does_not_bring_back_who_withdrew(programme):
    take(programme, row("1.1.2027 12.00", "Digi luokassa"))
    Application.objects.update(state="withdrawn", decided_at=NOW)

    found = take(programme, row("2.1.2027 12.00", "Oppijan tuki"))

    assert found.report["became"]["ended"] == 1
    assert not Application.objects.standing().exists()


def test_take_leaves_nothing_of_the_file(programme):
    found = take(programme, row("1.1.2027 12.00", "Digi luokassa"))
    found.refresh_from_db()

    assert (found.state, found.data, found.decisions) == (ImportFile.State.TAKEN, None, {})
    assert "aino" not in str(found.report).lower()


def test_decide_lets_a_row_in(programme):
    by = PersonFactory()
    rows = [row("1.1.2027 12.00", "Digi-luokassa"), row("1.1.2027 12.00", "x", email="b@city.exmaple")]
    found = actions.read_file(programme, kind="enrolments", name="a.csv", data=file_of(*rows), by=by, now=NOW)
    held = found.report["figures"]["decide"]

    actions.decide(found, decisions={"theme": {"Digi-luokassa": "Digi luokassa"}}, by=by, now=NOW)
    actions.take(found, by=by, now=NOW)

    assert held == 2
    assert Application.objects.get().wishes.get().theme.title["fi"] == "Digi luokassa"
    assert found.report["became"]["held"] == 1


def test_tell_brought_writes_once_to_each(programme):
    by = PersonFactory()
    take(programme, row("1.1.2027 12.00", "Digi luokassa"), by=by)

    first = actions.tell_brought(programme, kind="enrolments", by=by, now=NOW)
    take(programme, row("2.1.2027 12.00", "Oppijan tuki"), by=by)
    second = actions.tell_brought(programme, kind="enrolments", by=by, now=NOW)

    assert (first, second) == (1, 0)
    assert Message.objects.get().link == f"/applications/{Application.objects.get().uid}/"


def test_take_of_a_large_file_goes_on_where_it_stopped(programme, monkeypatch):
    monkeypatch.setattr("piiri.enrolments.actions.importing.AT_ONCE", 2)
    monkeypatch.setattr("piiri.enrolments.actions.bringing.AT_ONCE", 2)
    monkeypatch.setattr("piiri.enrolments.actions.bringing.A_TRANSACTION", 2)
    rows = [row("1.1.2027 12.00", "Digi luokassa", email=f"a{n}@city.example") for n in range(5)]
    found = actions.read_file(
        programme, kind="enrolments", name="a.csv", data=file_of(*rows), by=None, now=NOW
    )
    assert found.state == ImportFile.State.READING
    actions.go_on(queries.imports_to_go_on(NOW, 9)[0], now=NOW)
    found.refresh_from_db()
    actions.take(found, by=None, now=NOW)
    real, calls = actions.bringing.write_applications, []

    def dies(rows, *, terms):
        calls.append(len(rows))
        if len(calls) == 2:
            raise RuntimeError
        return real(rows, terms=terms)

    monkeypatch.setattr("piiri.enrolments.actions.bringing.write_applications", dies)
    with pytest.raises(RuntimeError):
        actions.go_on(queries.imports_to_go_on(NOW, 9)[0], now=NOW)
    again = queries.imports_to_go_on(NOW, 9)[0]
    stopped = (again.progress, Application.objects.count())
    actions.go_on(again, now=NOW)

    found.refresh_from_db()
    assert stopped == (2, 2)
    assert (found.state, found.report["became"]["new"], Application.objects.count()) == ("taken", 5, 5)


def test_read_file_refuses_what_is_no_table(programme):
    with pytest.raises(sheets.SheetError):
        actions.read_file(programme, kind="enrolments", name="a.csv", data=b"", by=None, now=NOW)


def test_import_says_which_programme_it_does_not_know(programme):
    with pytest.raises(CommandError, match="no programme called"):
        call_command("import", "enrolments", str(DATA / CSV), "--programme", "nothing")


def test_take_writes_a_thousand_rows_in_a_few_statements(programme, django_assert_max_num_queries):
    rows = [row("1.1.2027 12.00", "Digi luokassa", email=f"a{n}@city.example") for n in range(60)]

    with django_assert_max_num_queries(90):
        take(programme, *rows)

    assert Brought.objects.count() == 60

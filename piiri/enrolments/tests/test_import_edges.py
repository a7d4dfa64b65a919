"""What an import refuses, forgets and leaves to somebody."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from piiri.base.errors import Refused
from piiri.enrolments import actions, columns
from piiri.enrolments.models import Application, ImportFile
from piiri.enrolments.tests import test_importing
from piiri.enrolments.tests.test_importing import CSV, DATA, MENTORS, bring, file_of, row, take
from piiri.groups.models import Group, Mentor
from piiri.groups.tests.factories import NOW, GroupFactory, PersonFactory, ProgrammeFactory
from piiri.programmes.models import Programme

pytestmark = pytest.mark.django_db
programme = test_importing.programme


def test_forget_imports_puts_away_what_nobody_took(programme):
    found = actions.read_file(
        programme, kind="enrolments", name="a.csv", data=file_of(row("", "x")), by=None, now=NOW
    )
    early = actions.forget_imports(now=NOW + timedelta(days=29))
    month = actions.forget_imports(now=NOW + timedelta(days=31))
    found.refresh_from_db()
    state, data = found.state, found.data
    year = actions.forget_imports(now=NOW + timedelta(days=200))

    assert (early, month, year) == (0, 1, 1)
    assert (state, data) == (ImportFile.State.DISCARDED, None)
    assert not ImportFile.objects.exists()


def test_take_gives_no_role_to_who_brings_the_file(programme):
    by = PersonFactory(email="sulo.mentorinen@mentor.koivula.example")
    data = (DATA / MENTORS).read_bytes()
    found = actions.read_file(programme, kind="mentors", name=MENTORS, data=data, by=by, now=NOW)

    actions.take(found, by=by, now=NOW)

    assert found.report["became"]["oneself"] == 1
    assert not Mentor.objects.filter(person=by).exists()


def test_import_mentors_brings_offers_up_to_date(programme):
    bring("mentors", MENTORS, programme, "--leave-open")
    head, first, *_rest = (DATA / MENTORS).read_text("utf-8-sig").splitlines()
    pair = "kerttu.ohjaaja@mentor.koivula.example"
    newer = first.replace("Ensimmäiset vuodet", "Oppijan tuki").replace(";1;", f";2;{pair}")
    data = f"{head}\n{newer}\n".encode()

    found = actions.read_file(programme, kind="mentors", name="b.csv", data=data, by=None, now=NOW)
    actions.take(found, by=None, now=NOW)

    mentor = Mentor.objects.get(person__email__startswith="sulo")
    led = Group.objects.filter(theme__title__fi="Oppijan tuki").order_by("pk")
    assert (mentor.groups_at_most, found.report["became"]["changed"]) == (2, 1)
    assert [group.mentorships.count() for group in led] == [2, 1]


@pytest.mark.parametrize(
    ("change", "kind", "reason"),
    [
        ({"state": "closed"}, "enrolments", "over"),
        ({"parameters": {"mentors": 0, "self_run": True}}, "mentors", "no_mentors"),
    ],
)
def test_read_file_refuses_what_a_programme_has_no_room_for(programme, change, kind, reason):
    Programme.objects.filter(pk=programme.pk).update(**change)
    programme.refresh_from_db()

    with pytest.raises(Refused) as refusal:
        actions.read_file(programme, kind=kind, name="a.csv", data=file_of(), by=None, now=NOW)

    assert refusal.value.reason == reason


def test_take_refuses_a_file_that_was_put_away(programme):
    by = PersonFactory()
    found = actions.read_file(
        programme, kind="enrolments", name="a.csv", data=file_of(row("", "x")), by=by, now=NOW
    )
    actions.discard(found, by=by, now=NOW)

    with pytest.raises(Refused, match="moved_on"):
        actions.take(found, by=by, now=NOW)
    with pytest.raises(Refused, match="moved_on"):
        actions.decide(found, decisions={}, by=by, now=NOW)


def test_stop_lets_the_office_begin_anew(programme, monkeypatch):
    monkeypatch.setattr("piiri.enrolments.actions.importing.AT_ONCE", 0)
    found = actions.read_file(
        programme, kind="enrolments", name="a.csv", data=file_of(row("", "x")), by=None, now=NOW
    )

    actions.stop(found, now=NOW)

    assert (found.state, found.report["failed"]) == (ImportFile.State.READ, True)


def test_columns_must_be_settled_before_anything_is_taken(programme):
    by = PersonFactory()
    answers = b"A;B;C;D\nAino;Salo;a@city.example;Digi luokassa\n"
    found = actions.read_file(programme, kind="enrolments", name="a.csv", data=answers, by=by, now=NOW)

    for deed, more in ((actions.take, {}), (actions.remap, {"mapping": {"email": "C"}})):
        with pytest.raises(Refused, match="columns"):
            deed(found, by=by, now=NOW, **more)
    whole = {"first_name": "A", "last_name": "B", "email": "C", "wish_1": "D"}
    actions.remap(found, mapping=whole, by=by, now=NOW)

    assert columns.missing(found.mapping) == ()
    assert found.report["figures"]["plain"] + found.report["figures"]["look"] == 1


def test_import_reads_wishes_for_groups_by_their_titles(programme):
    programme.parameters |= {"wish_for": "group"}
    programme.save()
    group = GroupFactory(programme=programme, title="Aamukahvit")

    take(programme, row("1.1.2027 12.00", "aamukahvit"))

    assert Application.objects.get().wishes.get().group == group


def test_a_pair_mentor_is_left_out_where_groups_have_one_mentor(programme):
    programme.parameters |= {"mentors": 1}
    programme.save()

    bring("mentors", MENTORS, programme, "--leave-open")

    assert {group.mentorships.count() for group in Group.objects.all()} == {1}


@pytest.mark.parametrize(
    ("organisation", "said"), [("", "Several organisations have one"), ("nobody", "no programme called")]
)
def test_import_asks_which_of_two_programmes_is_meant(programme, organisation, said):
    ProgrammeFactory(slug="year")
    order = ["import", "enrolments", str(DATA / CSV), "--programme", "year", "--organisation", organisation]

    with pytest.raises(CommandError, match=said):
        call_command(*order)


@pytest.mark.parametrize(
    ("text", "said"),
    [(None, "cannot be read"), ("", "The file is empty"), ("A;B\n1;2\n", "No column was recognised for")],
)
def test_import_says_what_is_wrong_with_a_file(programme, tmp_path, text, said):
    file = tmp_path / "a.csv"
    if text is not None:
        file.write_text(text)

    with pytest.raises(CommandError, match=said):
        call_command("import", "enrolments", str(file), "--programme", "year")


def test_a_pair_without_a_time_in_common_is_for_the_office_to_decide(programme):
    by = PersonFactory()
    data = (
        "Etunimi;Sukunimi;Sähköposti;Teema;Milloin pääset?;Parimentori\n"
        "Aino;Salo;a@city.example;Digi luokassa;ma 14-16;B@city.example\n"
        "Eero;Niemi;b@city.example;Digi luokassa;ti 14-16;\n"
    ).encode()
    found = actions.read_file(programme, kind="mentors", name="a.csv", data=data, by=by, now=NOW)
    asked, figures = found.report["asked"], found.report["figures"]
    actions.take(found, by=by, now=NOW)
    together = [group.mentorships.active().count() for group in Group.objects.order_by("pk")]

    found = actions.read_file(programme, kind="mentors", name="a.csv", data=data, by=by, now=NOW)
    actions.decide(found, decisions={"pair_mentor": {"b@city.example": ""}}, by=by, now=NOW)
    actions.take(found, by=by, now=NOW)

    assert [one[2] for one in asked] == ["pair_apart"]
    assert (figures["decide"], figures["look"]) == (0, 1 + 1)
    assert together == [2, 1]
    assert [group.mentorships.active().count() for group in Group.objects.all()] == [1, 1]

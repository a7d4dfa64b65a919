"""Bringing files through the pages: the same as by command, in the office's hands, after a step-up."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from piiri.enrolments.models import Application, ImportFile, SavedMapping
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.enrolments.tests.test_importing import CSV, DATA, MENTORS, THEMES, XLSX, bring, everything, taken
from piiri.groups.models import Group, KeptApart
from piiri.groups.tests.factories import PersonFactory, ProgrammeFactory, ThemeFactory
from piiri.mail.models import Message
from piiri.people.models import Person
from piiri.programmes.models import Availability, Coordinator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
MOMENT = "2027-01-18T07:00:00+00:00"


def new_programme(slug):
    row = ProgrammeFactory(slug=slug, office=PersonFactory(), parameters={"meeting_minutes": 90})
    for title in THEMES:
        ThemeFactory(programme=row, title={"fi": title})
    return row


@pytest.fixture
def programme():
    return new_programme("year")


@pytest.fixture
def office(client, programme):
    """The coordinator's browser, after a step-up."""
    return stepped_up(client, Coordinator.objects.get(programme=programme).person)


def stepped_up(client, person):
    client.force_login(person)
    session = client.session
    session["step_up"] = {"person": person.uid, "code_at": MOMENT, "reason_at": MOMENT}
    session.save()
    return client


def upload(client, programme, name=CSV, kind="enrolments", data=None):
    file = SimpleUploadedFile(name, data if data is not None else (DATA / name).read_bytes())
    return client.post(reverse("enrolments:imports", args=[programme.uid]), {"kind": kind, "file": file})


def at(name, import_file=None):
    return reverse(f"enrolments:{name}", args=[(import_file or ImportFile.objects.latest("pk")).uid])


@pytest.mark.parametrize("name", [CSV, XLSX])
def test_pages_bring_the_same_as_the_command(office, programme, name):
    upload(office, programme, name)
    office.post(at("take-import"), {"leave_open": "on"})
    by_page, pairs = taken(), KeptApart.objects.count()
    Application.objects.all().delete()
    Availability.objects.all().delete()

    bring("enrolments", name, new_programme("other"), "--leave-open")

    assert len(by_page) > 30
    assert taken() == by_page
    assert KeptApart.objects.count() == 2 * pairs


def test_upload_writes_nothing_but_the_report(office, programme):
    before = everything()

    page = office.get(upload(office, programme)["Location"])

    changed = {name for name, count in everything().items() if count != before[name]}
    assert changed == {"enrolments.ImportFile", "audit.Entry"}
    assert "Nothing is written yet." in page.content.decode()


def test_report_says_what_to_decide_and_escapes_what_people_wrote(office, programme):
    answers = "Etunimi;Sukunimi;Sähköposti;1. toive\n<b>Aino</b>;Salo;a@city.example;<script>x</script>\n"

    page = office.get(upload(office, programme, "a.csv", data=answers.encode())["Location"]).content.decode()

    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert "<script>x" not in page
    assert "<b>Aino" not in page


def test_decisions_are_chosen_and_never_preset(office, programme):
    page = office.get(upload(office, programme)["Location"])
    asked = page.context["decide"].asked
    place = next(at for at, one in enumerate(asked) if one.was == "Digi-luokassa")

    office.post(at("decide-import"), {f"choice{place}": "=Digi luokassa"})
    office.post(at("take-import"))

    decided = Application.objects.get(person__email="ake.sjoberg@opisto.koivula.example")
    assert "selected>Decide later" in page.content.decode()
    assert [str(wish.theme.title["fi"]) for wish in decided.wishes.all()] == ["Digi luokassa"]


def test_an_address_can_be_put_right_by_hand(office, programme):
    asked = office.get(upload(office, programme)["Location"]).context["decide"].asked
    place = next(at for at, one in enumerate(asked) if one.why == "address_unreadable")

    office.post(at("decide-import"), {f"written{place}": "Right@city.example"})
    office.post(at("take-import"), {"leave_open": "on"})

    assert Application.objects.filter(person__email="right@city.example").exists()


def test_columns_nobody_recognises_are_asked_for_and_remembered(office, programme):
    answers = b"A;B;C;D\nAino;Salo;a@city.example;Digi luokassa\n"
    first = office.get(upload(office, programme, "a.csv", data=answers)["Location"])
    choices = {"first_name": "0", "last_name": "1", "email": "2", "wish_1": "3"}

    twice = office.post(first["Location"], choices | {"wish_2": "3"})
    office.post(first["Location"], choices)
    again = office.get(upload(office, programme, "a.csv", data=answers)["Location"])

    assert twice.status_code == 422
    assert SavedMapping.objects.count() == 1
    assert again.context["report"].clear == 1


def test_upload_says_in_a_sentence_what_is_wrong_with_a_file(office, programme):
    empty = upload(office, programme, "a.csv", data=b"")
    pdf = upload(office, programme, "a.pdf", data=b"%PDF-1.4 nothing")

    assert (empty.status_code, pdf.status_code) == (422, 422)
    assert "The file is empty." in empty.content.decode()
    assert "This is not a table of answers" in pdf.content.decode()
    assert not ImportFile.objects.exists()


def test_tell_brought_is_a_press_of_its_own(office, programme):
    upload(office, programme)
    office.post(at("take-import"))
    upload(office, programme, MENTORS, kind="mentors")
    office.post(at("take-import"))
    before = Message.objects.count()
    tell = reverse("enrolments:tell-brought", args=[programme.uid])

    page = office.get(reverse("enrolments:imports", args=[programme.uid]))
    office.post(tell, {"kind": "enrolments"})
    office.post(tell, {"kind": "enrolments"})
    office.post(tell, {"kind": "mentors"})

    assert before == 0
    assert len(page.context["untold"]) == 2
    assert Message.objects.count() == Person.objects.exclude(verified_at__isnull=False).count()
    assert Group.objects.exists()


def test_discard_deletes_what_the_file_said(office, programme):
    upload(office, programme)

    office.post(at("discard-import"))

    row = ImportFile.objects.get()
    assert (row.state, row.data, row.report, row.decisions) == ("discarded", None, {}, {})
    assert office.get(at("import-file")).status_code == 200
    assert office.post(at("take-import"), follow=True).status_code == 200
    assert not Application.objects.exists()


def test_a_large_file_shows_how_far_it_is(office, programme, monkeypatch):
    monkeypatch.setattr("piiri.enrolments.actions.importing.AT_ONCE", 2)
    upload(office, programme)

    page = office.get(at("import-file"))
    polled = office.get(at("import-file"), headers={"HX-Request": "true"})

    assert f"0 of {ImportFile.objects.get().rows} rows" in page.content.decode()
    assert polled.templates[0].name == "enrolments/_import_progress.html"


def test_import_asks_for_a_step_up_first(client, programme):
    client.force_login(Coordinator.objects.get(programme=programme).person)

    assert client.get(reverse("enrolments:imports", args=[programme.uid])).status_code == 403
    assert upload(client, programme).status_code == 403
    assert not ImportFile.objects.exists()


def test_import_is_for_those_who_run_the_programme(client, programme):
    applicant = ApplicationFactory(programme=programme).person
    stranger = PersonFactory()
    address = reverse("enrolments:imports", args=[programme.uid])

    assert client.get(address).status_code == 302
    assert stepped_up(client, applicant).get(address).status_code == 403
    assert stepped_up(client, stranger).get(address).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_imports_need_the_same_queries_for_any_number_of_files(
    office, programme, rows, django_assert_max_num_queries
):
    for _each in range(rows):
        upload(office, programme)

    with django_assert_max_num_queries(16):
        office.get(reverse("enrolments:imports", args=[programme.uid]))

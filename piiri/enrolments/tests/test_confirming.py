"""Three acts and two mails: a page, one press on it, one in the mail; what a visitor wrote holds no place."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from piiri.base.uids import new_uid
from piiri.enrolments import actions
from piiri.enrolments.models import Application, Unconfirmed
from piiri.enrolments.tests.test_enrol_pages import address, answers
from piiri.enrolments.work import WORK
from piiri.groups import actions as group_actions
from piiri.groups.models import Membership
from piiri.groups.tests.factories import (
    NOW,
    GroupFactory,
    PersonFactory,
    ProgrammeFactory,
    ThemeFactory,
    UnitFactory,
)
from piiri.mail import letter
from piiri.mail.models import Message
from piiri.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
State = Application.State
VISITOR = {"name": "Noora Salmi", "email": "Noora.Salmi@city.example"}


@pytest.fixture
def wishing():
    unit = UnitFactory()
    row = ProgrammeFactory(organisation=unit.organisation)
    ThemeFactory.create_batch(3, programme=row)
    return row


@pytest.fixture
def group():
    return GroupFactory(programme=ProgrammeFactory(parameters={"enrol_way": "place"}))


def page_of(group, name="group"):
    programme = group.programme
    return reverse(f"enrolments:{name}", args=[programme.organisation.slug, programme.slug, group.uid])


def take(client, group, **more):
    told = {"key": new_uid(), "workplace": "Library", **VISITOR, **more}
    return client.post(page_of(group, "take"), told)


def fill(group):
    """Somebody else is quicker; the group has one place."""
    group.places.exclude(number=1).delete()
    rival = Membership.objects.create(
        group=group, programme=group.programme, person=PersonFactory(), joined_at=NOW, confirmed_at=NOW
    )
    group.places.update(membership=rival)


def is_known():
    return Person.objects.filter(email="noora.salmi@city.example").exists()


def mails():
    return [message.kind.rpartition("/")[2] for message in Message.objects.order_by("pk")]


def link():
    return Message.objects.filter(kind="enrolments/email/confirm").latest("pk").link


def test_a_visitor_takes_a_place_with_one_press_in_the_mail(client, group):
    to_code = take(client, group)
    looked = client.get(link())
    done = client.post(link(), follow=True)

    application = Application.objects.get()
    assert "Look in your mail" in client.get(to_code["Location"], follow=True).content.decode() or looked
    assert (application.state, application.person.email) == (State.PLACED, "noora.salmi@city.example")
    assert (application.person.name, application.workplace) == ("Noora Salmi", "Library")
    assert application.person.verified_at == NOW
    assert done.redirect_chain[-1][0] == reverse("enrolments:application", args=[application.uid])
    assert mails() == ["confirm", "place"]


def test_a_visitor_sends_wishes_with_one_press_in_the_mail(client, wishing):
    client.post(address(wishing), answers(wishing, wish="canary", apart="Ville", **VISITOR))
    client.post(link())

    application = Application.objects.get()
    assert (application.state, application.wishes.count(), application.years) == (State.SENT, 2, 4)
    assert application.wish == ""
    assert mails() == ["confirm", "received"]


def test_what_is_confidential_is_written_down_nowhere_before_the_press(client, wishing):
    client.post(address(wishing), answers(wishing, wish="canary", apart="canary", **VISITOR))

    assert "canary" not in Unconfirmed.objects.get().answers
    assert "canary" not in str(dict(client.session))
    assert not Person.objects.exists()


def test_a_look_at_the_link_does_nothing(client, group):
    take(client, group)

    pages = [client.get(link()), Client().get(link())]

    assert [page.status_code for page in pages] == [200, 200]
    assert "data-press" in pages[0].content.decode()
    assert "data-press" not in pages[1].content.decode()
    assert not is_known()
    assert not group.places.taken().exists()


def test_the_link_works_on_another_device(client, group):
    take(client, group)

    Client().post(link())

    assert Application.objects.get().state == State.PLACED


def test_the_link_says_whom_it_signs_in_and_who_would_be_told_as_line_manager(client, group):
    take(client, group, manager_email="boss@city.example")

    content = Client().get(link()).content.decode()

    assert "noora.salmi@city.example" in content
    assert "boss@city.example" in content


def test_a_join_link_among_the_answers_of_another_form_leads_nowhere(client, group):
    behind = GroupFactory(programme=group.programme, by_link=True)
    way_in = group_actions.make_link(behind, by=PersonFactory(), now=NOW)
    take(client, group)
    row = Unconfirmed.objects.get()
    row.answers += f"&join_link={way_in.uid}&join_signature={way_in.signature}"
    row.save()

    client.post(link())

    assert Membership.objects.get().group == group


def test_a_used_link_shows_the_outcome_and_does_nothing(client, group):
    take(client, group)
    client.post(link())
    application = Application.objects.get()
    client.post(reverse("enrolments:withdraw", args=[application.uid]))

    mine = [client.get(link()), client.post(link())]
    elsewhere = Client().post(link())

    assert {answer["Location"] for answer in mine} == {f"/applications/{application.uid}/"}
    assert elsewhere.status_code == 409
    assert "This link has done its work already." in elsewhere.content.decode()
    assert Application.objects.get().state == State.WITHDRAWN


@pytest.mark.parametrize("swept", [False, True])
def test_a_link_ends_after_a_day(client, group, clock, swept):
    take(client, group)
    clock.shift(timedelta(days=1, seconds=1))
    if swept:
        actions.forget_unconfirmed(now=NOW + timedelta(days=1, seconds=1))

    answer = client.post(link())

    assert answer.status_code == 409
    assert "This link is over a day old." in answer.content.decode()
    assert Unconfirmed.objects.exists() != swept
    assert not is_known()


def test_a_link_with_another_signature_is_not_there(client, group):
    take(client, group)
    uid, signature = link().strip("/").split("/")[-2:]

    assert client.get(link().replace(signature, "a" * 16)).status_code == 404
    assert client.get(link().replace(uid, "a" * 16)).status_code == 404


def test_the_code_does_the_same(client, group):
    to_code = take(client, group)["Location"]
    page = client.get(to_code).content.decode()
    code = Message.objects.get(kind="enrolments/email/confirm").words["code"]

    client.post(to_code, {"code": code})

    assert "noora.salmi@city.example" in page
    assert Application.objects.get().state == State.PLACED


def test_a_second_mail_leaves_one_effect(client, group):
    to_code = take(client, group)["Location"]
    first = link()
    client.post(to_code)
    second = link()

    client.post(second)
    client.post(reverse("enrolments:withdraw", args=[Application.objects.get().uid]))
    Client().post(first)

    assert first != second
    assert Application.objects.get().state == State.WITHDRAWN
    assert mails().count("place") == 1


def test_the_last_place_goes_to_who_presses_first_and_the_other_waits(client, group):
    take(client, group)
    fill(group)

    done = client.post(link(), follow=True)

    application = Application.objects.get(person__email="noora.salmi@city.example")
    assert (application.state, application.turns.get().group) == (State.WAITING, group)
    assert "You are on the waiting list" in done.content.decode()
    assert mails() == ["confirm", "received"]


def test_without_a_waiting_list_the_full_group_says_so(client):
    terms = {"enrol_way": "place", "waiting_list": False}
    group = GroupFactory(programme=ProgrammeFactory(parameters=terms))
    take(client, group)
    fill(group)

    done = client.post(link(), follow=True)

    assert done.redirect_chain[-1][0] == page_of(group)
    assert "The one place is taken" in done.content.decode()


def test_somebody_with_a_place_is_signed_in_and_told(client, group):
    person = PersonFactory(email="noora.salmi@city.example")
    other = GroupFactory(programme=group.programme, members=1)
    other.memberships.update(person=person)
    application = Application.objects.create(
        programme=group.programme, person=person, state=State.PLACED, saved_at=NOW, sent_at=NOW
    )
    take(client, group)

    answer = client.post(link())

    assert answer.status_code == 409
    assert client.session["_auth_user_id"] == str(person.pk)
    assert client.get(link())["Location"] == f"/applications/{application.uid}/"
    assert not group.places.taken().exists()


def test_mails_to_one_address_from_one_network_are_few_and_it_is_said(client, group):
    codes = [take(client, group).status_code for _time in range(6)]
    said = take(client, group).content.decode()

    assert codes == [302] * 5 + [422]
    assert "Many codes were asked for in a short time." in said
    assert Unconfirmed.objects.count() == Message.objects.count() == 5


@pytest.mark.parametrize("place", [True, False])
def test_the_hidden_field_is_answered_as_if_all_were_well(client, wishing, group, place):
    answer = (
        take(client, group, website="spam")
        if place
        else client.post(address(wishing), answers(wishing, website="spam", **VISITOR))
    )

    assert answer.status_code == 302
    assert not Unconfirmed.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("lacking", "sentence"),
    [
        ({"name": ""}, "Write the name others call you by."),
        ({"email": "noora"}, "Write the whole address"),
        ({"workplace": ""}, "Write the name of your workplace."),
        ({"manager_email": VISITOR["email"]}, "That is your own address."),
    ],
)
def test_a_visitor_is_told_what_is_missing_and_loses_nothing(client, group, lacking, sentence):
    answer = take(client, group, job="Kept job", **lacking)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "Kept job" in answer.content.decode()


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
@pytest.mark.parametrize("place", [True, False])
def test_the_mail_has_one_button_and_the_code(language, place):
    words = {"programme": {"en": "Peer groups"}, "place": place, "code": "123456"}

    written = letter.write(
        "enrolments/email/confirm", words=words, language=language, url="https://x.example/"
    )

    assert [block.kind for block in written.blocks].count("button") == 1
    assert "123456" in written.text


def test_the_sweep_deletes_what_is_a_day_old(client, group, clock):
    take(client, group)
    clock.shift(timedelta(days=1, minutes=1))

    sweep = next(one for one in WORK if one.name == "forget-unconfirmed")
    gone = sweep.do(now=NOW + timedelta(days=1, minutes=1))

    assert gone == 1
    assert not Unconfirmed.objects.exists()

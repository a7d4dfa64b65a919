"""Agreements and goals through their doors."""

from datetime import timedelta

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from piiri.agreements import actions, queries, rules
from piiri.agreements.models import Agreement, Clause, Signature
from piiri.agreements.tests.factories import (
    CANARY,
    JOINED,
    a_goal,
    a_group,
    agreed,
    drafted,
    everybody,
    make_ready,
    members_of,
    mentor_of,
)
from piiri.groups.models import Membership
from piiri.groups.tests.factories import PersonFactory, ProgrammeFactory
from piiri.networks.models import OrganisationAdmin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def office():
    return PersonFactory()


@pytest.fixture
def group(office):
    return a_group(programme=ProgrammeFactory(office=office), members=4)


def at(name, group, *more):
    return reverse(f"agreements:{name}", args=[group.uid, *(one.uid for one in more)])


def cast(group, office):
    """Everybody who might knock; `former` has signed before leaving, `paused` and `gone` have not."""
    member, paused, former, gone = members_of(group)
    Signature.objects.create(group=group, number=1, person=former, signed_at=JOINED)
    Membership.objects.filter(person=paused).update(paused_at=JOINED)
    Membership.objects.filter(person__in=[former, gone]).update(ended_at=JOINED)
    admin = PersonFactory()
    OrganisationAdmin.objects.create(person=admin, organisation=group.programme.organisation, since=JOINED)
    return {
        "mentor": mentor_of(group),
        "member": member,
        "paused": paused,
        "former": former,
        "gone": gone,
        "office": office,
        "admin": admin,
        "other_mentor": mentor_of(a_group(programme=group.programme)),
        "abroad": mentor_of(a_group()),
        "stranger": PersonFactory(),
    }


def answers(client, people, address, *, method="get"):
    found = {}
    for who, person in people.items():
        client.force_login(person)
        found[who] = getattr(client, method)(address).status_code
    return {who: status for who, status in found.items() if status != 404}


def test_the_agreement_opens_to_those_who_sit_there_in_numbers_to_the_office(client, group, office):
    agreed(group, sign=False)
    a_goal(group)
    people = cast(group, office)

    assert answers(client, people, at("agreement", group)) == dict.fromkeys(
        ["mentor", "member", "former", "office", "admin"], 200
    )
    for who in ("former", "office", "admin"):
        client.force_login(people[who])
        page = client.get(at("agreement", group)).content.decode()
        assert CANARY not in page
        assert "What is said here" not in page
    assert "Version 1: signed by 0 of 2" in page


@pytest.mark.parametrize(
    ("name", "method", "status"),
    [
        ("history", "get", 200),
        ("draft", "get", 200),
        ("add-clause", "get", 200),
        ("suggest-goal", "get", 200),
        ("begin", "post", 302),
        ("sign", "post", 422),
    ],
)
def test_doors_of_the_text_open_to_those_who_sit_there_alone(client, group, office, name, method, status):
    agreed(group, sign=False)
    drafted(group)
    people = cast(group, office)

    found = answers(client, people, at(name, group), method=method)

    assert found == {"mentor": status, "member": status}


@pytest.mark.parametrize("name", ["make-ready", "end-goal"])
def test_the_mentor_speaks_for_the_table_where_there_is_one(client, group, office, name):
    goal = a_goal(group)
    drafted(group)
    people = cast(group, office)
    address = at(name, group, *([goal] if name == "end-goal" else []))

    assert answers(client, people, address) == {"mentor": 200, "member": 409}


def test_own_goals_open_to_their_person_also_while_paused_and_after_leaving(client, group, office):
    for person in members_of(group)[2:3]:
        actions.write_own_goal(group, sentence=CANARY, by=person, now=JOINED)
    people = cast(group, office)

    found = answers(client, people, at("own-goals", group))

    assert found == dict.fromkeys(["mentor", "member", "paused", "former"], 200)
    for who in ("mentor", "member", "paused"):
        client.force_login(people[who])
        assert CANARY not in client.get(at("own-goals", group)).content.decode()


def test_one_does_not_reach_another_groups_clause_or_goal_through_ones_own(client, group):
    other = a_group()
    clause = drafted(other).clauses.first()
    goal = a_goal(other)
    drafted(group)
    client.force_login(mentor_of(group))

    asked = [at("change-clause", group, clause), at("change-goal", group, goal), at("end-goal", group, goal)]
    found = [client.get(address).status_code for address in asked]
    found += [
        client.post(address).status_code
        for address in (at("agree-to-goal", group, goal), at("leave-out-clause", group, clause))
    ]

    assert found == [404] * 5


def test_the_title_of_a_page_does_not_say_the_groups_own_words(client, group):
    draft = drafted(group)
    own = actions.add_clause(draft, title=CANARY, text="…", language="en", by=mentor_of(group), now=JOINED)
    client.force_login(mentor_of(group))

    page = client.get(at("change-clause", group, own)).content.decode()

    assert CANARY in page
    assert CANARY not in page.partition("</title>")[0]


def test_from_the_ready_clauses_to_the_last_signature(client, group):
    mentor, member = mentor_of(group), members_of(group)[0]
    client.force_login(member)
    page = client.get(at("agreement", group)).content.decode()
    assert "11 ready clauses" in page
    client.post(at("begin", group))
    clause = Clause.objects.get(code="tone")
    said = {"text": CANARY, "edition": "1"}
    answer = client.post(at("change-clause", group, clause), said)
    assert answer["Location"] == f"{at('draft', group)}#c-{clause.uid}"
    client.post(at("add-clause", group), {"title": "Tea", "text": "With milk."})
    assert b"Your mentor presses" in client.get(at("draft", group)).content

    client.force_login(mentor)
    ready = client.get(at("make-ready", group))
    assert CANARY in ready.content.decode()
    edits = ready.context["form"]["edits"].value()
    assert client.post(at("make-ready", group), {"edits": edits}).status_code == 302
    for person in everybody(group):
        client.force_login(person)
        assert client.post(at("sign", group), {"number": 1}).status_code == 422
        client.post(at("sign", group), {"number": 1, "read": "on"})

    page = client.get(at("agreement", group)).content.decode()
    assert "5 of 5 have signed" in page
    assert "Version 1, 12 clauses" in page
    assert CANARY in page


def test_sign_with_htmx_answers_with_the_card(client, group):
    agreed(group, sign=False)
    client.force_login(mentor_of(group))

    refused = client.post(at("sign", group), {"number": 1}, **HTMX)
    answer = client.post(at("sign", group), {"number": 1, "read": "on"}, **HTMX)
    newer = client.post(at("sign", group), {"number": 2, "read": "on"}, **HTMX)

    assert (refused.status_code, answer.status_code, newer.status_code) == (422, 200, 422)
    assert b"<main" not in answer.content
    assert b"1 of 5 has signed" in answer.content
    assert b"There is a newer text meanwhile." in newer.content


def test_two_members_editing_at_once_both_texts_come_back(client, group):
    draft = drafted(group)
    clause = draft.clauses.get(code="time")
    first, second = members_of(group)[:2]
    client.force_login(first)
    client.post(at("change-clause", group, clause), {"text": "We begin on time.", "edition": "1"})
    client.force_login(second)

    answer = client.post(at("change-clause", group, clause), {"text": CANARY, "edition": "1"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "We begin on time." in page
    assert CANARY in page
    assert answer.context["form"]["edition"].value() == "2"
    assert (
        client.post(at("change-clause", group, clause), {"text": CANARY, "edition": "2"}).status_code == 302
    )
    assert Clause.objects.get(pk=clause.pk).text == CANARY


def test_what_was_written_survives_a_clause_that_was_left_out_and_a_draft_that_is_ready(client, group):
    draft = drafted(group)
    gone, stays = draft.clauses.filter(code__in=["time", "tone"])
    client.force_login(mentor_of(group))
    assert client.post(at("leave-out-clause", group, gone), {"edition": "1"}).status_code == 302

    answer = client.post(at("change-clause", group, gone), {"text": CANARY, "edition": "1"})
    assert (answer.status_code, CANARY in answer.content.decode()) == (422, True)
    make_ready(draft)
    answer = client.post(at("change-clause", group, stays), {"text": CANARY, "edition": "1"})

    assert (answer.status_code, CANARY in answer.content.decode()) == (422, True)
    assert client.get(at("change-clause", group, stays)).status_code == 409


def test_a_clause_is_edited_in_its_place_with_htmx(client, group):
    draft = drafted(group)
    clause = draft.clauses.get(code="time")
    client.force_login(mentor_of(group))
    address = at("change-clause", group, clause)

    form = client.get(address, **HTMX).content.decode()
    wrong = client.post(address, {"text": "x" * 700, "edition": "1"}, **HTMX)
    saved = client.post(address, {"text": CANARY, "edition": "1"}, **HTMX).content.decode()

    assert form.strip().startswith(f'<li id="c-{clause.uid}"')
    assert (wrong.status_code, b"<main" in wrong.content) == (422, False)
    assert saved.strip().startswith(f'<li id="c-{clause.uid}"')
    assert CANARY in saved


def test_the_clause_of_hard_moments_names_the_programmes_contact_person(client, group):
    programme, member = group.programme, members_of(group)[0]
    client.force_login(member)
    assert "The programme office helps us." in client.get(at("agreement", group)).content.decode()
    programme.contact_name = "Office Desk"
    programme.save()
    assert "Our contact person is Office Desk." in client.get(at("agreement", group)).content.decode()
    programme.contact_person = PersonFactory(name="Helena Rautio")
    programme.save()

    assert "Our contact person is Helena Rautio." in client.get(at("agreement", group)).content.decode()


def test_a_clause_left_out_is_put_back(client, group):
    clause = drafted(group).clauses.get(code="tone")
    client.force_login(mentor_of(group))
    client.post(at("leave-out-clause", group, clause), {"edition": "1"})
    assert b"Put Tone back" in client.get(at("draft", group)).content

    client.post(at("add-clause", group), {"code": "tone"})

    assert Clause.objects.filter(code="tone").exists()


def test_a_change_is_of_meaning_or_of_spelling_and_can_be_put_away(client, group):
    agreed(group)
    client.force_login(mentor_of(group))
    client.post(at("begin", group))
    draft = Agreement.objects.draft().get()
    assert b"A change of the agreement is being written." in client.get(at("agreement", group)).content
    assert b"Version 1 holds until then." in client.get(at("draft", group)).content
    assert client.post(at("make-ready", group), {"edits": "0"}).status_code == 422
    stale = client.post(at("make-ready", group), {"edits": "7", "change": "spelling"})
    assert b"Somebody changed the text meanwhile." in stale.content
    assert stale.context["form"]["edits"].value() == str(draft.edits)

    answer = client.post(at("make-ready", group), {"edits": "0", "change": "spelling"}, follow=True)

    assert b"Nobody is asked." in answer.content
    assert b"5 of 5 have signed" in answer.content
    client.post(at("begin", group))
    client.post(at("put-away-draft", group))
    assert not Agreement.objects.draft().exists()
    assert client.post(at("put-away-draft", group)).status_code == 409
    assert client.get(at("draft", group)).status_code == 302


def test_any_member_of_a_self_run_group_says_that_it_is_ready(client):
    group = a_group(mentor=False, self_run=True)
    client.force_login(members_of(group)[0])
    client.post(at("begin", group))

    client.post(at("make-ready", group), {"edits": "0"})

    assert Agreement.objects.get().number == 1


def test_history_shows_every_version_and_what_changed(client, group):
    agreed(group)
    draft = drafted(group)
    own = draft.clauses.get(code="")
    actions.change_clause(
        own, title="Kahvi", text="Kaffe", language="fi", edition=1, by=mentor_of(group), now=JOINED
    )
    make_ready(draft, meaning=False)
    client.force_login(members_of(group)[0])

    page = client.get(at("history", group)).content.decode()

    assert "Only the spelling changed" in page
    assert "Other words in:" in page
    assert (CANARY in page, "Kaffe" in page, "Signed by 5 people" in page) == (True, True, True)


def queries_for(client, person, address):
    """How many queries a page takes; the first visit warms what is kept."""
    client.force_login(person)
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


@pytest.mark.parametrize("name", ["agreement", "draft", "history", "own-goals"])
def test_pages_need_the_same_queries_for_any_number(client, name):
    counts = []
    for number in (1, 3):
        group = a_group(members=1 + number)
        group.programme.parameters = {"goals_most": 5}
        group.programme.save()
        mentor = mentor_of(group)
        for _ in range(number):
            agreed(group)
            a_goal(group)
            actions.write_own_goal(group, sentence="x", by=mentor, now=JOINED)
        drafted(group)
        counts.append(queries_for(client, mentor, at(name, group)))

    assert counts[0] == counts[1] <= 16


def test_fragments_for_other_rooms_say_what_waits(group):
    member = members_of(group)[0]
    shown = {"group": group, "goals": queries.goals(group), "agreement": queries.card(group, member)}
    assert "In your first meeting" in render_to_string("agreements/_card.html", shown)
    assert "not agreed on any goal yet" in render_to_string("agreements/_goals.html", shown)
    drafted(group)
    shown["agreement"] = queries.card(group, member)
    assert "It is being written." in render_to_string("agreements/_card.html", shown)
    make_ready(Agreement.objects.draft().get())
    a_goal(group)
    Membership.objects.filter(person=member).update(confirmed_at=JOINED + timedelta(hours=1))
    actions.renew_for_newcomers(now=JOINED + timedelta(hours=2))

    shown |= {"goals": queries.goals(group), "agreement": queries.card(group, member)}

    card = render_to_string("agreements/_card.html", shown)
    assert "Version 2: 0 of 5 signed" in card
    assert "A new member, a new version" in card
    assert CANARY in render_to_string("agreements/_goals.html", shown)


def test_what_was_written_survives_an_agreement_that_is_full(client, group, monkeypatch):
    drafted(group)
    monkeypatch.setattr(rules, "MOST_CLAUSES", 11)
    client.force_login(mentor_of(group))

    answer = client.post(at("add-clause", group), {"title": "Tea", "text": CANARY})

    assert (answer.status_code, CANARY in answer.content.decode()) == (422, True)

"""A deed is one transaction and leaves one audit row; whatever does not is named here, with why."""

import ast
from functools import cache

import pytest
from django.conf import settings

from piiri.base.tests.test_house import PIIRI, deeds, place, sources

# The room of made-up worlds writes what others did; the room of the audit cannot note itself.
LEFT_OUT = ("desk", "audit")
UNNOTED = {
    "agreements.ask": "noted by the sweep, with how many it asked",
    "agreements.remind": "noted by the sweep, with how many it asked",
    "enrolments.give_buddy": "noted by groups.choose_buddy",
    "enrolments.offer_free_places": "each offer is noted by groups.offer_place",
    "enrolments.tell_placed": "a part of the deed that gives a place",
    "enrolments.start_own_group": "noted by groups.start_group",
    "enrolments.ask_to_merge": "`groups.propose_merge` notes it",
    "enrolments.postpone_group": "`groups.decide_later` notes it",
    "enrolments.stop": "reading has failed; nothing was written",
    "enrolments.stop_asking": "`groups.stop_merge` notes it",
    "enrolments.take_at_once": "`take_rows` follows and notes it",
    "formation.carry_on": "a step of a publishing, noted when it counts and when it is done",
    "formation.keep_best": "the best so far of a search, for the case that it breaks off",
    "formation.keep_question": "a part of the search, whose begin and end are noted",
    "formation.tell_progress": "a percentage for the page that waits",
    "groups.claim_welcome": "a part of the deed that tells a group of somebody new",
    "groups.hold_people": "a part of the deeds that keep apart",
    "groups.take_free_place": "a part of the deed that a press on a group's page is",
    "groups.use_link": "a part of joining by a link",
    "mail.copy_texts": "a part of the deed that makes next year's programme",
    "mail.deliver": "the message itself is the trace",
    "mail.give_up": "the message itself is the trace",
    "mail.headers": "writes nothing",
    "mail.method": "writes nothing",
    "mail.post": "a part of the deed that posts",
    "mail.post_many": "a part of the deed that posts",
    "mail.send": "the message itself is the trace",
    "mail.withdraw": "a part of the deed that takes back",
    "meetings.invite": "noted by the sweep, with how many it told",
    "meetings.keep_next_dates": "derived from meetings, each of which is noted",
    "meetings.notice_for": "writes nothing",
    "meetings.read_calendar": "a look every six hours; that the calendar was given is noted",
    "meetings.take_back": "noted by the sweep, with how many it told",
    "networks.affiliate": "a part of an enrolment, an import or a role",
    "networks.affiliate_many": "a part of an enrolment, an import or a role",
    "notes.look": "reading one's own group's page; nobody is told who read when",
    "notes.tell": "the message itself is the trace",
    "people.forget_presses": "what was pressed a day ago; it named nobody else and changed nothing",
    "people.digest_of": "writes nothing",
    "people.pressed_before": "writes nothing",
    "people.note_press": "a part of the deed that a form asks for",
    "people.press_once": "a part of the deed that a form asks for",
    "people.introduce": "a part of an invitation, which tells nobody whether the address existed",
    "people.introduce_many": "a part of an import, which tells nobody whether an address existed",
    "people.use_code": "a try; the confirmation that follows is noted",
    "vault.have_keys_for_writing": "a part of the deed that seals",
    "vault.key_for_writing": "a part of the deed that seals",
    "vault.seal_bytes": "a part of the deed that seals",
}
IN_MORE_THAN_ONE = {
    "agreements.ask_unsigned": "a transaction a mail, so that two workers may sweep at once",
    "enrolments.mend_lists": "a transaction an application, so that two workers may sweep at once",
    "meetings.ask_due": "a transaction a mail, so that two workers may sweep at once",
    "meetings.ask_first_steps": "a transaction a pair, so that two workers may sweep at once",
    "meetings.invite_due": "a transaction a calendar, so that two workers may sweep at once",
    "hours.note_export": "writes its audit row only",
}


def name_of(path, function):
    """piiri/groups/actions/placing.py, join: "groups.join"."""
    return f"{path.relative_to(PIIRI).parts[0]}.{function.name}"


def all_deeds():
    """Every public deed of every room, by name."""
    found = {
        name_of(path, function): (path, function)
        for path in sources("actions")
        for function in deeds(path)
        if path.relative_to(PIIRI).parts[0] not in LEFT_OUT
    }
    assert {name.partition(".")[0] for name in found} <= set(settings.ROOMS)
    return found


@cache
def helpers():
    """Every function of every actions floor, by name."""
    return {
        name_of(path, function): function
        for path in sources("actions")
        for function in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(function, ast.FunctionDef)
    }


@cache
def calls(function):
    return [ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)]


def notes(name, *, known, seen=()):
    """How often a function says audit.record; where it does not, what it calls in its own room says it."""
    said = calls(known[name])
    if own := said.count("audit.record"):
        return own
    room = name.partition(".")[0]
    inner = {f"{room}.{each}" for each in said} & known.keys() - {name, *seen}
    return max((notes(each, known=known, seen=(*seen, name)) for each in inner), default=0)


@pytest.mark.parametrize("name", sorted(all_deeds()))
def test_a_deed_leaves_one_audit_row(name):
    assert notes(name, known=helpers()) == (0 if name in UNNOTED else 1)


def test_a_deed_that_notes_itself_is_one_transaction():
    found = [
        place(path, function)
        for name, (path, function) in all_deeds().items()
        if "audit.record" in calls(function)
        and "transaction.atomic" not in map(ast.unparse, function.decorator_list)
        and name not in IN_MORE_THAN_ONE
    ]

    assert not found


def test_no_exception_outlives_its_deed():
    assert {*UNNOTED, *IN_MORE_THAN_ONE} <= all_deeds().keys()

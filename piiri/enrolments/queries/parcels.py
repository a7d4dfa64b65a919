"""The mails of the start decision: built once, shown before anything happens, then posted as shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext

from piiri.enrolments import offer_link
from piiri.enrolments.models import Application, Waiting
from piiri.enrolments.queries.dates import next_date
from piiri.enrolments.queries.letters import place_words
from piiri.enrolments.queries.starting import Start, instead_of
from piiri.enrolments.situations import Situation
from piiri.groups import queries as group_queries
from piiri.groups.models import Group, Membership, Mentorship, Offer
from piiri.groups.queries import Left
from piiri.mail import queries as mail_queries
from piiri.mail.letter import Letter
from piiri.people.models import Person
from piiri.programmes.models import Programme

EMAIL = "enrolments/email"


@dataclass(frozen=True)
class Parcel:
    """One mail to one reader, not posted yet. `link` is empty where it is made with the deed."""

    kind: str
    to: Person
    group: Group
    link: str
    words: dict[str, Any] = field(default_factory=dict)
    # What the mail is about, where that is not the group: then it can be taken back with it.
    about: Offer | None = None


@dataclass(frozen=True)
class Preview:
    """How many mails of one kind go out, and one of them as it will be read."""

    kind: str
    number: int
    letter: Letter


def previews(parcels: Iterable[Parcel], *, language: str) -> list[Preview]:
    """The mails by kind, in the language of whoever decides; each reader gets their own."""
    by_kind: dict[str, list[Parcel]] = {}
    for parcel in parcels:
        by_kind.setdefault(parcel.kind, []).append(parcel)
    return [
        Preview(
            kind.rpartition("/")[2],
            len(same),
            mail_queries.preview(kind, words=same[0].words, language=language),
        )
        for kind, same in by_kind.items()
    ]


# --- who and where ----------------------------------------------------------------------------


class Seat(NamedTuple):
    """Somebody who sits in a group, or leads it."""

    person: Person
    group: Group


def seated(groups: Sequence[Group]) -> list[Seat]:
    """The participants of these groups. One query."""
    return seats_of(Membership.objects.active(), groups)


def leading(groups: Sequence[Group]) -> list[Seat]:
    """The mentors of these groups. One query."""
    return seats_of(Mentorship.objects.active(), groups)


def seats_of(rows: QuerySet[Any], groups: Sequence[Group]) -> list[Seat]:
    """Of rows with a group and a person; those of erased people are left out."""
    given = {group.pk: group for group in groups}
    known = rows.filter(group__in=given, person__isnull=False).select_related("person").order_by("pk")
    return [Seat(one.person, given[one.group_id]) for one in known]


def own_pages(programme: Programme, people: Iterable[Person]) -> dict[int, str]:
    """The page of one's own application by person; who came by a link alone has none. One query."""
    mine = Application.objects.filter(programme=programme, person__in=list(people)).exclude(
        state=Application.State.DRAFT
    )
    rows = mine.order_by("pk").values_list("person", "uid")
    return {person: f"/applications/{uid}/" for person, uid in rows}


def where(group: Group, *, programme: Programme, now: datetime) -> dict[str, Any]:
    """When and where a group meets, for a mail: never what it is about."""
    date = next_date(group, programme=programme, now=now)
    more = {"contact": programme.contact_address, "pair": group.guidance == Group.Guidance.PAIR}
    return place_words(group, programme=programme, date=date) | more


# --- by deed ----------------------------------------------------------------------------------


def start_letters(programme: Programme, *, found: Sequence[Start], now: datetime) -> list[Parcel]:
    """ "Your group starts": to its participants and its mentors. Two queries for any number of groups."""
    groups = [one.group for one in found]
    words = {
        one.group.pk: where(one.group, programme=programme, now=now) | {"people": one.taken} for one in found
    }
    return [
        Parcel(f"{EMAIL}/{kind}", one.person, one.group, f"/groups/{one.group.uid}/", words[one.group.pk])
        for kind, rows in (("starts", seated(groups)), ("starts_mentor", leading(groups)))
        for one in rows
    ]


def postpone_letters(found: Start, *, on: date, programme: Programme) -> list[Parcel]:
    """ "It is decided on another day": to participants and mentors."""
    group = found.group
    words = {
        "programme": programme.title,
        "day": on.isoformat(),
        "people": found.taken,
        "least": group.min_to_start,
        "pair": group.guidance == Group.Guidance.PAIR,
        "contact": programme.contact_address,
    }
    members, mentors = seated([group]), leading([group])
    pages = own_pages(programme, [one.person for one in members])
    told = [
        Parcel(f"{EMAIL}/postponed", one.person, group, pages.get(one.person.pk, "/"), words)
        for one in members
    ]
    at = f"/groups/{group.uid}/edit/"
    return told + [Parcel(f"{EMAIL}/postponed_mentor", one.person, group, at, words) for one in mentors]


def end_letters(found: Start, *, why: str, programme: Programme, left: Left | None = None) -> list[Parcel]:
    """ "It does not start": to participants, to mentors, to those asked into it, to those in its list.

    To those whom the deed `left`; without it to those whom it would leave now. `found` is from before it.
    """
    group = found.group
    left = left or group_queries.left_by(group)
    words = {
        "programme": programme.title,
        "people": len(left.members),
        "least": group.min_to_start,
        "why": why,
        "ran": found.situation == Situation.RUNNING,
        "waits": programme.rules.waiting_list,
        "pair": group.guidance == Group.Guidance.PAIR,
        "contact": programme.contact_address,
    }
    told = left_letters("not_starting", group, people=left.members, words=words)
    told += [Parcel(f"{EMAIL}/not_starting_mentor", one, group, "/", words) for one in left.mentors]
    told += held_letters(group, offers=left.offers, words=words)
    return told + list_letters(group, offers=left.offers, words=words)


def late_letters(group: Group, *, people: Sequence[Person]) -> list[Parcel]:
    """ "It does not start": to those who came in at the very moment when it ended."""
    programme = group.programme
    words = {
        "programme": programme.title,
        "people": len(people),
        "least": group.min_to_start,
        "ran": group.started_at is not None,
        "waits": programme.rules.waiting_list,
        "pair": group.guidance == Group.Guidance.PAIR,
        "contact": programme.contact_address,
    }
    letters = left_letters("not_starting", group, people=people, words=words)
    return [replace(one, words=one.words | {"why": came_late(one.to)}) for one in letters]


def came_late(person: Person) -> str:
    """Why somebody's group is none, in their language."""
    with translation.override(person.language):
        return gettext("It ended at the very moment when you took your place.")


def left_letters(
    kind: str, group: Group, *, people: Sequence[Person], words: Mapping[str, Any]
) -> list[Parcel]:
    """To those who had a place in the group: what else there is. Four queries for any number of people."""
    mine = applications_of(group.programme, people)
    others = instead_of(list(mine.values()))
    return [
        Parcel(
            f"{EMAIL}/{kind}",
            one,
            group,
            instead_page(mine.get(one.pk)),
            dict(words) | {"others": len(others.get(one.pk, []))},
        )
        for one in people
    ]


def applications_of(programme: Programme, people: Iterable[Person]) -> dict[int, Application]:
    """The standing application of each, with what is needed to find something else. One query."""
    standing = Application.objects.standing().filter(programme=programme, person__in=list(people))
    found = {one.person_id: one for one in standing.select_related("person").order_by("pk")}
    for one in found.values():
        one.programme = programme
    return found


def instead_page(application: Application | None) -> str:
    """Where somebody without a group sees what else there is."""
    return f"/applications/{application.uid}/instead/" if application else "/"


def held_letters(group: Group, *, offers: Sequence[Offer], words: Mapping[str, Any]) -> list[Parcel]:
    """ "The place held for you is gone": to those who had these offers into the group."""
    pages = own_pages(group.programme, [one.person for one in offers if one.person])
    return [
        Parcel(
            f"{EMAIL}/offer_over",
            one.person,
            group,
            pages.get(one.person.pk, "/"),
            dict(words) | {"keeps": one.instead_of is not None and one.instead_of.ended_at is None},
        )
        for one in offers
        if one.person
    ]


def list_letters(group: Group, *, offers: Sequence[Offer], words: Mapping[str, Any]) -> list[Parcel]:
    """ "The list has ended": to those who stand in the list of the group itself, and had no offer."""
    turns = Waiting.objects.standing().filter(group=group, application__state=Application.State.WAITING)
    held = [one.person_id for one in offers]
    rows = turns.exclude(application__person__in=held).select_related("application__person").order_by("pk")
    return [
        Parcel(
            f"{EMAIL}/list_over",
            one.application.person,
            group,
            instead_page(one.application),
            dict(words),
        )
        for one in rows
    ]


# --- merging ----------------------------------------------------------------------------------


def ask_letters(
    found: Start,
    *,
    into: Group,
    programme: Programme,
    now: datetime,
    offers: Mapping[int, Offer] | None = None,
) -> list[Parcel]:
    """ "Will you move?": to each participant, with a link of their own once `offers` (by person) are made.

    And to the mentors, to whom it is said what is being asked.
    """
    group = found.group
    until = now + timedelta(hours=programme.rules.offer_hours)
    words = where(into, programme=programme, now=now) | {
        "people": found.taken,
        "least": group.min_to_start,
        "same_theme": group.theme_id is not None and group.theme_id == into.theme_id,
        "until": until.isoformat(),
        "waits": programme.rules.waiting_list,
    }
    made = offers or {}
    asked = [
        Parcel(
            f"{EMAIL}/merge_asked",
            one.person,
            group,
            offer_link.path(made[one.person.pk].uid) if one.person.pk in made else "",
            words,
            made.get(one.person.pk),
        )
        for one in seated([group])
    ]
    told = [
        Parcel(f"{EMAIL}/merge_asked_mentor", one.person, group, f"/groups/{group.uid}/edit/", words)
        for one in leading([group])
    ]
    held = group_queries.left_by(group).offers
    return asked + told + held_letters(group, offers=held, words=words)


def stop_letters(group: Group, *, offers: Sequence[Offer]) -> list[Parcel]:
    """ "You are not asked any more": to those who had not answered."""
    words = {"programme": group.programme.title, "contact": group.programme.contact_address}
    people = [one.person for one in offers if one.person]
    pages = own_pages(group.programme, people)
    return [Parcel(f"{EMAIL}/merge_stopped", one, group, pages.get(one.pk, "/"), words) for one in people]


def merge_letters(group: Group, *, into: Group, moved: int, programme: Programme, left: Left) -> list[Parcel]:
    """What is said when all have answered: to those whom the merge `left` behind, to both groups' mentors."""
    words = {
        "programme": programme.title,
        "moved": moved,
        "waits": programme.rules.waiting_list,
        "contact": programme.contact_address,
    }
    told = left_letters("merge_left", group, people=left.members, words=words)
    told += [Parcel(f"{EMAIL}/merged_mentor", one, group, "/", words) for one in left.mentors]
    at = f"/groups/{into.uid}/"
    return told + [
        Parcel(f"{EMAIL}/merge_joined", one.person, into, at, words | {"left": len(left.members)})
        for one in leading([into])
    ]

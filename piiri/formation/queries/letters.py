"""The mails of a publishing: what they say, and how they read before anybody presses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from piiri.enrolments import queries as enrolment_queries
from piiri.enrolments.models import Application
from piiri.enrolments.queries import NextDate
from piiri.formation import told
from piiri.formation.models import Reason, Run
from piiri.formation.queries.proposals import Proposal, proposal_of
from piiri.groups.models import Group
from piiri.mail import queries as mail_queries
from piiri.mail.letter import Letter

PLACED, FORMED, WAITING = (f"formation/email/{name}" for name in ("placed", "group_formed", "waiting"))
TITLES: dict[str, Promise] = {
    PLACED: _("“You have a place”"),
    FORMED: _("“Your group has been formed”, to mentors"),
    WAITING: _("“You are on the waiting list”"),
}


@dataclass(frozen=True)
class Shown:
    """A kind of mail as it will be sent: how many, and one of them in each language of the product."""

    title: Promise
    count: int
    letters: Mapping[str, Letter]


def group_words(group: Group, *, date: NextDate | None, people: int) -> dict[str, Any]:
    """When, where and with how many: what a mail may say of a group."""
    return enrolment_queries.place_words(group, programme=group.programme, date=date) | {"people": people}


def waiting_words(application: Application, *, codes: Mapping[str, Any], left_out: str) -> dict[str, Any]:
    """Why there is no place, in a sentence, and whether the person stands in lists from now on."""
    programme = application.programme
    return {
        "programme": programme.title,
        "contact": programme.contact_address,
        "why": told.why_without(codes, left_out=left_out),
        "listed": programme.rules.waiting_list and bool(enrolment_queries.lists_wished_for(application)),
    }


def reason_words(row: Reason) -> dict[str, Any]:
    """The same for somebody whom a publishing left without a place."""
    return waiting_words(row.application, codes=row.codes, left_out=row.left_out)


def previews(run: Run, *, counts: Mapping[str, int], now: datetime) -> list[Shown]:
    """Each kind that would be sent, with the words of one reader; kinds that nobody gets are left out."""
    proposal, samples = proposal_of(run), dict[str, dict[str, Any]]()
    if found := _first_group(run, proposal):
        group, people = found
        date = enrolment_queries.next_date(group, programme=run.programme, now=now)
        samples[PLACED] = samples[FORMED] = group_words(group, date=date, people=people)
    if without := _first_without(run, proposal):
        codes = proposal.reasons.get(without.uid, {})
        samples[WAITING] = waiting_words(without, codes=codes, left_out="")
    return [
        Shown(TITLES[kind], counts[kind], _in_every_language(kind, words))
        for kind, words in samples.items()
        if counts.get(kind)
    ]


def _in_every_language(kind: str, words: Mapping[str, Any]) -> dict[str, Letter]:
    return {one: mail_queries.preview(kind, words=words, language=one) for one in told.LANGUAGES}


def _first_group(run: Run, proposal: Proposal) -> tuple[Group, int] | None:
    """A group of the proposal as it would be once published, and how many would sit in it; not saved."""
    living = Group.objects.living().filter(programme=run.programme, uid__in=list(proposal.members)[:100])
    group = living.select_related("programme__organisation", "theme").order_by("pk").first()
    if group is None:
        return None
    if group.weekday is None and (window := proposal.windows.get(group.uid)):
        weekday, start = window
        group.weekday, group.local_time = weekday, time(start // 60, start % 60)
    people = group.memberships.active().count() + len(proposal.members[group.uid])
    if people >= group.min_to_start:
        group.state = Group.State.RUNNING
    return group, people


def _first_without(run: Run, proposal: Proposal) -> Application | None:
    rows = Application.objects.unplaced().filter(programme=run.programme, uid__in=proposal.unplaced[:100])
    return rows.select_related("programme", "person").order_by("pk").first()

"""Signing; and the sweeps that ask again when somebody joined, ask who was away, and remind once."""

from datetime import datetime

from django.db import transaction

from piiri.agreements import queries, rules
from piiri.agreements.actions.drafting import numbers_after, replace
from piiri.agreements.models import Agreement, Asking, Signature
from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.groups.models import Group
from piiri.mail import actions as mail
from piiri.people.models import Person

A_SWEEP = 200


@transaction.atomic
def sign(group: Group, *, number: int, by: Person, now: datetime) -> Signature:
    """Sign the version in force in one's own name; twice is once. `number` is that of the text read.

    Raises Refused: NO_VERSION; NEWER where another version holds meanwhile.
    """
    standing = queries.standing_of(group)
    if reason := rules.why_not_sign(standing, number=number):
        raise Refused(reason)
    row, _made = Signature.objects.get_or_create(
        group=group, number=number, person=by, defaults={"signed_at": now}
    )
    audit.record("agreement_signed", by=by, about=standing, now=now, place=group.uid, number=number)
    return row


def renew_for_newcomers(*, now: datetime) -> int:
    """A new version with the same text for each group that somebody joined; how many. A sweep.

    Each is a transaction of its own; of two workers at once one makes the version.
    """
    return sum(renew(standing, now=now) for standing in queries.with_newcomers(A_SWEEP))


@transaction.atomic
def renew(standing: Agreement, *, now: datetime) -> bool:
    """Replace the version by a new one with the same text; False where somebody has replaced it meanwhile."""
    try:
        replace(standing)
    except Refused:
        return False
    values = numbers_after(standing, meaning=True, now=now) | {"cause": Agreement.Cause.JOINED}
    row = Agreement.objects.create(
        group=standing.group,
        state=Agreement.State.STANDING,
        same_text_as_id=standing.text_key,
        began_at=now,
        ready_at=now,
        **values,
    )
    audit.record("agreement_renewed", by=None, about=row, now=now, place=row.group.uid, number=row.number)
    return True


def ask_unsigned(*, now: datetime) -> int:
    """Ask by mail who has not signed, and remind once who was asked a week ago; how many mails. A sweep.

    Each is a transaction of its own; a unique row, or a conditional UPDATE of it, decides who posts.
    """
    pairs = queries.unasked(now, A_SWEEP)
    keys = {agreement for agreement, _ in pairs}
    versions = Agreement.objects.select_related("group__programme").in_bulk(keys)
    people = Person.objects.in_bulk({person for _, person in pairs})
    told = sum(ask(versions[agreement], person=people[person], now=now) for agreement, person in pairs)
    told += sum(remind(row, now=now) for row in queries.unreminded(now, A_SWEEP))
    if told:
        audit.record("signers_asked", by=None, about=None, now=now, number=told)
    return told


@transaction.atomic
def ask(agreement: Agreement, *, person: Person, now: datetime) -> bool:
    """Claim and post the one mail that asks the person to sign; False when somebody already did."""
    group = agreement.group
    _row, made = Asking.objects.get_or_create(
        group=group, number=agreement.number, person=person, defaults={"asked_at": now}
    )
    if made:
        joined = agreement.cause == Agreement.Cause.JOINED
        post("agreements/email/ready", group, person=person, now=now, joined=joined)
    return made


@transaction.atomic
def remind(row: Asking, *, now: datetime) -> bool:
    """Claim and post the one reminder; False when somebody already did."""
    if Asking.objects.filter(pk=row.pk, reminded_at=None).update(reminded_at=now) != 1:
        return False
    post("agreements/email/reminder", row.group, person=row.person, now=now)
    return True


def post(kind: str, group: Group, *, person: Person, now: datetime, joined: bool = False) -> None:
    """One mail: that something waits, and where; nothing of the group or its text."""
    link = f"/groups/{group.uid}/agreement/"
    mail.post(kind, to=person, about=group, of=group.programme, now=now, link=link, joined=joined)

"""What a visitor wrote is kept for a day; one press in the mail confirms the address and does it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Unpack

from django.conf import settings
from django.db import transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.enrolments import access, confirm_link, queries, rules
from piiri.enrolments.actions.applying import Answers
from piiri.enrolments.actions.pressing import Press, Work, take_place, wait_for_group
from piiri.enrolments.actions.sending import submit_application
from piiri.enrolments.models import Unconfirmed
from piiri.enrolments.rules import ConfirmRefusal
from piiri.groups.models import Group
from piiri.groups.rules import GroupRefusal
from piiri.people import actions as people
from piiri.people.models import CodeRequest, Person, plain_address
from piiri.programmes.models import Programme, Theme

CONFIRM_MAIL = "enrolments/email/confirm"


class Written(NamedTuple):
    """What a visitor wrote and where: the form as it was sent, the group pressed on, the browser's secret."""

    answers: str
    group: Group | None
    browser: str
    network: str


class Kept(NamedTuple):
    """What is kept, and the code that may be typed instead of the press in the mail."""

    unconfirmed: Unconfirmed
    code: CodeRequest


class Done(NamedTuple):
    """Who confirmed; the path of the page that says what became of it, or the reason why nothing did."""

    person: Person
    outcome: str
    refusal: Refused | None = None


@transaction.atomic
def keep_unconfirmed(
    programme: Programme, *, written: Written, email: str, language: str, now: datetime
) -> Kept:
    """Keep for a day what a visitor wrote, and mail the link and the code. It holds no place.

    Raises Refused with TOO_MANY_CODES: mails to one address and from one network are few.
    """
    row = Unconfirmed.objects.create(
        programme=programme,
        group=written.group,
        email=plain_address(email),
        language=language,
        answers=written.answers,
        browser=written.browser,
        network_hash=written.network,
        made_at=now,
        expires_at=now + rules.UNCONFIRMED_LASTS,
    )
    page = f"/p/{programme.organisation.slug}/{programme.slug}/"
    code = people.ask_for_code(
        email,
        language=language,
        network=written.network,
        now=now,
        kind=CONFIRM_MAIL,
        link=confirm_link.path(page, row.uid),
        most_a_network=settings.MAILS_A_NETWORK,
        programme=programme.title,
        place=written.group is not None,
    )
    audit.record("form_kept", by=None, about=row, now=now, place=programme.uid)
    return Kept(row, code)


def claim(unconfirmed: Unconfirmed, *, name: str, now: datetime) -> Person:
    """Use the row up, once, and keep its `press`; who the address belongs to.

    A second press waits here until the first is through. Raises Refused: USED, TOO_LATE, CLOSED.
    """
    # What this browser wrote before for the same address has done its work with this press. What another
    # browser wrote has not: anybody may write any address, and only the press in the mail says whose it was.
    same = Unconfirmed.objects.filter(
        programme=unconfirmed.programme, email=unconfirmed.email, browser=unconfirmed.browser
    )
    pending = same.filter(confirmed_at=None).select_for_update().order_by("pk")
    found = {row.pk for row in pending}
    fresh = Unconfirmed.objects.filter(pk=unconfirmed.pk, confirmed_at=None, expires_at__gt=now)
    if not fresh.update(confirmed_at=now, press=unconfirmed.press):
        raise Refused(ConfirmRefusal.TOO_LATE if unconfirmed.expires_at <= now else ConfirmRefusal.USED)
    same.filter(pk__in=found, confirmed_at=None).update(confirmed_at=now)
    person = people.confirm_address(unconfirmed, now=now)
    if name and not person.name:
        people.describe_oneself(person, name=name, language=person.language, by=person, now=now)
    return person


@transaction.atomic
def send_confirmed(
    unconfirmed: Unconfirmed,
    *,
    name: str,
    wishes: Sequence[Theme | Group],
    mask: str,
    now: datetime,
    apart: str = "",
    **answers: Unpack[Answers],
) -> Done:
    """Confirm the address and send what was written, once. A refusal leaves the address confirmed.

    Raises Refused: USED, TOO_LATE, CLOSED (the account).
    """
    person, programme = claim(unconfirmed, name=name, now=now), unconfirmed.programme
    try:
        with transaction.atomic():
            outcome = submit_application(
                programme,
                press=Press(unconfirmed.uid, unconfirmed.answers),
                person=person,
                by=person,
                now=now,
                wishes=wishes,
                mask=mask,
                apart=apart,
                **answers,
            )
    except Refused as refusal:
        return Done(person, "", refusal)
    return Done(person, outcome)


@transaction.atomic
def take_confirmed(unconfirmed: Unconfirmed, *, name: str, work: Work, now: datetime) -> Done:
    """Confirm the address and take a place in the group that was pressed on, once; else wait for one.

    The last place may have gone while the mail was on its way: then the group's list keeps the order in
    which people confirmed. A refusal leaves the address confirmed.

    Raises Refused: USED, TOO_LATE, CLOSED (the account).
    """
    person, group = claim(unconfirmed, name=name, now=now), unconfirmed.group
    assert group is not None
    programme = unconfirmed.programme
    step = queries.doorstep(
        access.visible_group_pages,
        person=person,
        organisation=programme.organisation.slug,
        programme=programme.slug,
        group=group.uid,
    )
    if step is None:
        return Done(person, "", Refused(GroupRefusal.ENDED))
    press = Press(unconfirmed.uid, unconfirmed.answers)
    try:
        with transaction.atomic():
            return Done(person, take_place(step, work=work, press=press, by=person, now=now))
    except Refused as refusal:
        if refusal.reason != GroupRefusal.FULL or not programme.rules.waiting_list:
            return Done(person, "", refusal)
    return Done(person, wait_for_group(step, work=work, press=press, by=person, now=now))


@transaction.atomic
def forget_unconfirmed(*, now: datetime) -> int:
    """Delete what nobody confirmed in a day, and what was confirmed; how many there were."""
    gone = Unconfirmed.objects.filter(expires_at__lt=now).delete()[0]
    if gone:
        audit.record("forms_forgotten", by=None, about=None, now=now, number=gone)
    return gone

"""Codes are asked for and used, people are introduced and describe themselves."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.base.prepared import PreparedInsert
from piiri.base.uids import new_uid
from piiri.mail import actions as mail
from piiri.people import codes, queries, rules
from piiri.people.models import CodeRequest, Person, Press, StepUp, plain_address
from piiri.people.rules import PressRefusal, SignInRefusal

BATCH = 1000
PRESS = PreparedInsert(Press)


class Newcomer(NamedTuple):
    """Somebody an import or an invitation tells about."""

    email: str
    name: str = ""
    language: str = "fi"


@transaction.atomic
def introduce(email: str, *, name: str, language: str, now: datetime) -> Person:
    """Return the person of this address; make an unverified one where there is none.

    Somebody who exists is never edited. No audit row: the deed is the caller's (an import, an invitation),
    which may not tell anybody whether the address existed.
    """
    person, _made = Person.objects.get_or_create(
        email=plain_address(email), defaults={"name": name.strip(), "language": language, "joined_at": now}
    )
    return person


@transaction.atomic
def introduce_many(newcomers: Iterable[Newcomer], *, now: datetime) -> dict[str, Person]:
    """Do the same for many, in batches; return them by address in small letters.

    The first of several newcomers with one address counts.
    """
    wanted: dict[str, Newcomer] = {}
    for newcomer in newcomers:
        wanted.setdefault(plain_address(newcomer.email), newcomer)
    rows = [
        Person(email=email, name=told.name.strip(), language=told.language, joined_at=now)
        for email, told in wanted.items()
    ]
    Person.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
    found: dict[str, Person] = {}
    addresses = list(wanted)
    for start in range(0, len(addresses), BATCH):
        found |= Person.objects.filter(email__in=addresses[start : start + BATCH]).in_bulk(field_name="email")
    return found


@transaction.atomic
def ask_for_code(
    email: str,
    *,
    language: str,
    network: str,
    now: datetime,
    kind: str = "people/email/code",
    link: str = "",
    most_a_network: int = rules.MOST_A_NETWORK,
    **words: Any,
) -> CodeRequest:
    """Mail a code to the address, whether or not we know it; nobody is looked up.

    `network` is `codes.network_hash` of where the asking comes from. Requests older than a day go. Another
    room may send the code in a mail of its own (`kind`, with its `link` and `words`), and count those of a
    network apart, up to `most_a_network`.

    Raises Refused with TOO_MANY_CODES.
    """
    asked = queries.codes_asked(email, network=network, now=now, while_=rules.A_WHILE, day=rules.A_DAY)
    if reason := rules.why_not_ask(rules.Asked(**asked), most_a_network=most_a_network):
        raise Refused(reason)
    CodeRequest.objects.filter(asked_at__lt=now - rules.A_DAY).delete()
    code, uid = codes.new_code(), new_uid()
    request = CodeRequest.objects.create(
        uid=uid,
        email=plain_address(email),
        language=language,
        network_hash=network,
        code_hash=codes.hash_of(code, uid=uid),
        asked_at=now,
        expires_at=now + rules.CODE_LASTS,
    )
    mail.post(kind, to=request, about=request, now=now, again=True, link=link, code=code, **words)
    audit.record("code_asked", by=None, about=request, now=now)
    return request


def use_code(request: CodeRequest, *, code: str, now: datetime) -> None:
    """Use up the request if the code fits. Each try counts, also when the caller's deed then fails.

    Not one transaction on purpose: a refusal would undo the counting.

    Raises Refused with TOO_LATE, USED, TOO_MANY_TRIES or WRONG_CODE.
    """
    request.refresh_from_db()
    if reason := rules.why_not_try(request, now=now):
        raise Refused(reason)
    if not CodeRequest.objects.usable(now).filter(pk=request.pk).update(tries=F("tries") + 1):
        raise Refused(SignInRefusal.TOO_MANY_TRIES)
    if not codes.fits(code, uid=request.uid, kept=request.code_hash):
        raise Refused(SignInRefusal.WRONG_CODE)
    if not CodeRequest.objects.filter(pk=request.pk, used_at=None).update(used_at=now):
        raise Refused(SignInRefusal.USED)


class Shown(Protocol):
    """An address that somebody has shown to be theirs, and the language they asked in."""

    @property
    def email(self) -> str: ...
    @property
    def language(self) -> str: ...


@transaction.atomic
def confirm_address(request: Shown, *, now: datetime) -> Person:
    """Return who the address belongs to that was shown; the person is made, or verified, the first time.

    `request` is the one whose code was used up, or whatever of another room asked the address.

    Raises Refused with CLOSED.
    """
    person = introduce(request.email, name="", language=request.language, now=now)
    if not person.is_active:
        raise Refused(SignInRefusal.CLOSED)
    first = Person.objects.filter(pk=person.pk, verified_at=None).update(verified_at=now)
    if first:
        person.verified_at = now
    audit.record("address_confirmed" if first else "signed_in", by=person, about=person, now=now)
    return person


@transaction.atomic
def press_once(person: Person, *, key: str, sent: str, outcome: str, now: datetime) -> str | None:
    """Note in the caller's transaction that a form was sent; None the first time.

    The same press again (a double click, a retry after a lost answer, a reload) gets the outcome of the
    first, an address of ours, and must do nothing else. Of `sent` only a hash is kept, for 24 hours.
    While the first press is still under way, the second waits for it.

    Raises Refused with OTHER_PRESS where the key came before with another form.
    """
    try:
        with transaction.atomic():
            note_press(person, key=key, sent=sent, outcome=outcome, now=now)
    except IntegrityError:
        return pressed_before(person, key=key, sent=sent)
    return None


def note_press(person: Person, *, key: str, sent: str, outcome: str, now: datetime) -> None:
    """Do the same for a caller who looks at `pressed_before` when its whole transaction has failed.

    Raises IntegrityError where the key came before.
    """
    PRESS.run(Press(person=person, key=key, digest=digest_of(sent), outcome=outcome, pressed_at=now))


def pressed_before(person: Person, *, key: str, sent: str) -> str | None:
    """The outcome of the same press where there was one; None where the key is new. Writes nothing.

    Raises Refused with OTHER_PRESS where the key came before with another form.
    """
    before = Press.objects.filter(person=person, key=key).first()
    if before and not constant_time_compare(before.digest, digest_of(sent)):
        raise Refused(PressRefusal.OTHER_PRESS)
    return before.outcome if before else None


def digest_of(sent: str) -> str:
    """What is kept of a form that was sent."""
    return salted_hmac("piiri.people.press", sent, algorithm="sha256").hexdigest()


def forget_presses(*, now: datetime) -> int:
    """Delete what was pressed more than 24 hours ago; how many there were."""
    return Press.objects.filter(pressed_at__lt=now - rules.A_DAY).delete()[0]


@transaction.atomic
def give_reason(person: Person, *, reason: str, path: str, by: Person, now: datetime) -> StepUp:
    """Keep why somebody opens a door that needs a fresh code; `path` is where they were going."""
    step_up = StepUp.objects.create(person=person, reason=reason, path=path[:300], given_at=now)
    audit.record("stepped_up", by=by, about=step_up, now=now)
    return step_up


@transaction.atomic
def describe_oneself(person: Person, *, name: str, language: str, by: Person, now: datetime) -> None:
    """Keep the name others see and the language pages and mails come in."""
    person.name, person.language = name, language
    person.save(update_fields=["name", "language"])
    audit.record("profile_changed", by=by, about=person, now=now)


@transaction.atomic
def choose_language(person: Person, *, language: str, by: Person, now: datetime) -> None:
    """Keep the language pages and mails come in."""
    person.language = language
    person.save(update_fields=["language"])
    audit.record("language_chosen", by=by, about=person, now=now, language=language)


@transaction.atomic
def end_sessions(person: Person, *, by: Person, now: datetime) -> None:
    """Sign the person out everywhere: every session carries the key that is replaced here."""
    person.sessions_key = new_uid()
    person.save(update_fields=["sessions_key"])
    audit.record("sessions_ended", by=by, about=person, now=now)

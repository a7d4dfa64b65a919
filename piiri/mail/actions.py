"""Posting a mail in the transaction of the deed, delivering it later, taking it back in time."""

import smtplib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.base.models import free
from piiri.base.prepared import PreparedInsert
from piiri.mail import letter, queries, rules
from piiri.mail.models import DemoCopy, MailText, Message
from piiri.mail.texts import OwnKind

State = Message.State
INSERT = PreparedInsert(Message)
EMPTY = {"words": {}, "ics": "", "link": "", "address": ""}


class Reader(Protocol):
    """Whoever gets a mail."""

    @property
    def uid(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def language(self) -> str: ...


class Subject(Protocol):
    """What a mail is about."""

    @property
    def uid(self) -> str: ...


class Letter(NamedTuple):
    """One of many mails of a kind. `link` is a path of ours."""

    to: Reader
    about: Subject | None
    link: str


def post(
    kind: str,
    *,
    to: Reader,
    about: Subject | None,
    now: datetime,
    again: bool = True,
    due_at: datetime | None = None,
    link: str = "",
    ics: str | None = None,
    of: Subject | None = None,
    **words: Any,
) -> Message:
    """Write down a mail to `to`; it goes out once the deed's transaction has committed.

    `kind` is the template without ".txt", e.g. "enrolments/email/place_confirmed". `words` are JSON
    values: strings, numbers, ISO days and moments, Translations; never content of a group.
    `link` is a path of ours. `ics` is a whole VCALENDAR whose METHOD decides how it is shown.
    `again`: must arrive, may come twice after a crash; otherwise at most once. `of`: the programme whose
    own text it is said in, where it has written one.
    """
    if link and (not link.startswith("/") or link.startswith("//")):
        raise ValueError("a mail links to a path of ours only")
    message = Message(
        kind=kind,
        again=again,
        programme_uid=of.uid if of else "",
        person_uid=to.uid,
        about_uid=about.uid if about else "",
        language=to.language,
        address=to.email,
        words=words,
        link=link,
        ics=ics or "",
        posted_at=now,
        due_at=due_at or now,
    )
    INSERT.run(message)
    return message


def post_many(
    kind: str, *, letters: Iterable[Letter], now: datetime, again: bool = True, **words: Any
) -> int:
    """Do the same for many readers in a few statements; how many letters that were."""
    rows = [
        Message(
            kind=kind,
            again=again,
            person_uid=letter.to.uid,
            about_uid=letter.about.uid if letter.about else "",
            language=letter.to.language,
            address=letter.to.email,
            words=words,
            link=letter.link,
            posted_at=now,
            due_at=now,
        )
        for letter in letters
    ]
    return len(Message.objects.bulk_create(rows, batch_size=1000))


def withdraw(about: Subject, *, kinds: Sequence[str] = (), now: datetime, even_claimed: bool = False) -> int:
    """Take back what is about `about` and has not left yet; how many mails that were.

    What a worker has claimed is on its way and stays, and so does what rests after a failed try; with
    `even_claimed` both go: what is in a worker's hands may still arrive, and then counts as sent.
    """
    waiting = Message.objects.filter(about_uid=about.uid, state=State.WAITING, done_at=None)
    waiting = waiting if even_claimed else waiting.filter(free(now))
    if kinds:
        waiting = waiting.filter(kind__in=kinds)
    return waiting.update(state=State.WITHDRAWN, done_at=now, **EMPTY)


@transaction.atomic
def write_text(
    kind: OwnKind, *, of: Subject, language: str, subject: str, body: str, by: audit.Named, now: datetime
) -> MailText:
    """Say a kind of mail in the programme's own words. Raises Refused when a {name} stands for nothing."""
    if reason := rules.why_not_say(kind, subject=subject, body=body):
        raise Refused(reason)
    text, _made = MailText.objects.update_or_create(
        programme_uid=of.uid,
        kind=kind.kind,
        language=language,
        defaults={"subject": subject, "body": body, "saved_at": now},
    )
    audit.record("mail_text_written", by=by, about=None, now=now, place=of.uid, kind=kind.code, lang=language)
    return text


@transaction.atomic
def forget_text(kind: OwnKind, *, of: Subject, language: str, by: audit.Named, now: datetime) -> None:
    """Say it as everywhere again."""
    MailText.objects.filter(programme_uid=of.uid, kind=kind.kind, language=language).delete()
    audit.record(
        "mail_text_forgotten", by=by, about=None, now=now, place=of.uid, kind=kind.code, lang=language
    )


def copy_texts(of: Subject, *, to: Subject, now: datetime) -> int:
    """Let another programme say its mails as this one does, as part of the deed that makes it; how many."""
    texts = list(MailText.objects.filter(programme_uid=of.uid))
    for text in texts:
        text.pk, text.programme_uid, text.saved_at = None, to.uid, now
    return len(MailText.objects.bulk_create(texts))


def deliver(message: Message, *, now: datetime) -> None:
    """Render and send one claimed message, then forget what it said.

    Kinds that must not repeat are marked before sending: what is found marked after its lease ran
    out is perhaps sent and stays so. Raises whatever the mail server said; the worker tries later.
    """
    if not message.again and _rows(message).filter(state=State.WAITING).update(state=State.SENDING) == 0:
        _settle(message, State.DOUBTFUL, now=now)
        return
    try:
        send(message, now=now)
    except smtplib.SMTPRecipientsRefused as error:
        if any(code < 500 for code, _reason in error.recipients.values()):
            _back_to_waiting(message)
            raise
        _settle(message, State.FAILED, now=now)
    except (smtplib.SMTPServerDisconnected, TimeoutError):
        # The server may have taken it. Must-arrive mails come again, the others do not.
        if message.again:
            raise
        _settle(message, State.DOUBTFUL, now=now)
    except Exception:
        _back_to_waiting(message)
        raise
    else:
        _settle(message, State.SENT, now=now)


def give_up(message: Message, *, now: datetime) -> None:
    """Undelivered after the last try; the office sees that, and what it said is forgotten."""
    _settle(message, State.FAILED, now=now)


def send(message: Message, *, now: datetime) -> None:
    """One recipient, by SMTP where a server is named; a demo keeps a copy."""
    url = settings.ORIGIN + message.link if message.link else ""
    own = queries.own_text(message.programme_uid, kind=message.kind, language=message.language)
    written = letter.write(message.kind, words=message.words, language=message.language, url=url, own=own)
    if settings.EMAIL_URL:
        mail = EmailMultiAlternatives(
            subject=written.subject,
            body=written.text,
            from_email=settings.MAIL_FROM,
            to=[message.address],
            headers=headers(message),
            connection=EmailBackend(),
        )
        mail.attach_alternative(written.html, "text/html")
        if message.ics:
            mail.attach_alternative(message.ics, f"text/calendar; method={method(message.ics)}")
        mail.send()
    if settings.DEMO:
        DemoCopy.objects.update_or_create(
            uid=message.uid,
            defaults={
                "address": message.address,
                "language": message.language,
                "kind": message.kind,
                "subject": written.subject[:300],
                "text": written.text,
                "html": written.html,
                "ics": message.ics,
                "at": now,
            },
        )


def headers(message: Message) -> dict[str, str]:
    """The Message-ID comes from the row, so a second copy is the same message to mail programs."""
    host = urlsplit(settings.ORIGIN).hostname or "localhost"
    return {
        "Message-ID": f"<{message.uid}@{host}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": message.language,
    }


def method(ics: str) -> str:
    """REQUEST or CANCEL, as the calendar text itself says."""
    return "CANCEL" if "METHOD:CANCEL" in ics else "REQUEST"


def _rows(message: Message) -> Any:
    return Message.objects.filter(pk=message.pk)


def _back_to_waiting(message: Message) -> None:
    _rows(message).filter(state=State.SENDING).update(state=State.WAITING)


def _settle(message: Message, state: str, *, now: datetime) -> None:
    sent_at = now if state == State.SENT else None
    _rows(message).update(state=state, sent_at=sent_at, done_at=now, leased_until=None, **EMPTY)

"""What is to be delivered, and what a demo keeps."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation

from piiri.base.models import free
from piiri.mail import letter, texts
from piiri.mail.letter import Letter
from piiri.mail.models import DemoCopy, MailText, Message
from piiri.mail.texts import Own, OwnKind


def messages_to_deliver(now: datetime, limit: int) -> Sequence[Message]:
    """Due messages, oldest first. None while there is no way out: they wait for a mail server."""
    if not (settings.EMAIL_URL or settings.DEMO):
        return []
    return list(
        Message.objects.filter(free(now), done_at=None, due_at__lte=now).order_by("due_at", "pk")[:limit]
    )


def demo_copies(address: str | None = None) -> QuerySet[DemoCopy]:
    """What a demo delivered, newest first: of one address, or of all."""
    copies = DemoCopy.objects.order_by("-at", "-pk")
    return copies.filter(address=address) if address else copies


def is_waiting(about_uid: str) -> bool:
    """Whether a mail about this row has not gone out yet: no way out so far, or a server that is down."""
    return Message.objects.filter(about_uid=about_uid, state=Message.State.WAITING, done_at=None).exists()


def has_left(about_uid: str) -> bool:
    """Whether any mail about this row has been sent, or is in a worker's hands: was not withdrawn."""
    return Message.objects.filter(about_uid=about_uid).exclude(state=Message.State.WITHDRAWN).exists()


def preview(
    kind: str, *, words: Mapping[str, Any], language: str, has_link: bool = True, own: Own | None = None
) -> Letter:
    """A mail as it would go out with these words, for somebody who decides whether it does. Posts nothing.

    The words pass through JSON, as those of a posted mail do. `own`: said in a programme's own text.
    """
    told = json.loads(json.dumps(dict(words)))
    url = settings.ORIGIN if has_link else ""
    return letter.write(kind, words=told, language=language, url=url, own=own)


def own_text(programme_uid: str, *, kind: str, language: str) -> Own | None:
    """How the programme says this, or None where it says it as everywhere. One query, none without one."""
    if not programme_uid:
        return None
    rows = MailText.objects.filter(programme_uid=programme_uid, kind=kind, language=language)
    found = rows.values_list("subject", "body").first()
    return Own(*found) if found and kind in texts.all_kinds() else None


def own_texts(programme_uid: str) -> set[tuple[str, str]]:
    """Kinds and languages that the programme has written itself. One query."""
    return set(MailText.objects.filter(programme_uid=programme_uid).values_list("kind", "language"))


def as_everywhere(kind: OwnKind, *, language: str) -> Own:
    """The text to begin with: the mail as everybody gets it, with names where something is filled in."""
    written = preview(kind.kind, words=kind.sample, language=language, has_link=kind.has_link)
    marks = {"item": "* "}
    said = [
        marks.get(block.kind, "") + block.text
        for block in written.blocks
        if block.kind not in ("button", "heading")
    ]
    with translation.override(language):
        values = texts.values_of(kind, words=letter.all_living(kind.sample))
    return texts.with_names(Own(written.subject, "\n\n".join(said)), values)

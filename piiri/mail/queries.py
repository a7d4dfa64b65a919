"""What is to be delivered, and what a demo keeps."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from piiri.base.models import free
from piiri.mail import letter
from piiri.mail.letter import Letter
from piiri.mail.models import DemoCopy, Message


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


def preview(kind: str, *, words: Mapping[str, Any], language: str, has_link: bool = True) -> Letter:
    """A mail as it would go out with these words, for somebody who decides whether it does. Posts nothing.

    The words pass through JSON, as those of a posted mail do.
    """
    told = json.loads(json.dumps(dict(words)))
    return letter.write(kind, words=told, language=language, url=settings.ORIGIN if has_link else "")

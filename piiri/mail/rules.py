"""When a programme's own text of a mail can be said."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from piiri.mail.texts import OwnKind, unknown_names


class MailRefusal(TextChoices):
    UNKNOWN_NAME = "unknown_name", _("A name in braces stands for nothing. Use those of the list.")
    NOT_ONE_LINE = "not_one_line", _("The subject is one line.")


def why_not_say(kind: OwnKind, *, subject: str, body: str) -> MailRefusal | None:
    """Return the reason against a text: names that stand for nothing, a subject of several lines."""
    if unknown_names(subject + body, kind):
        return MailRefusal.UNKNOWN_NAME
    return MailRefusal.NOT_ONE_LINE if len(subject.splitlines()) > 1 else None

"""Mails of the room that a programme can say in its own words."""

from django.utils.translation import gettext_lazy as _

from piiri.mail.texts import OwnKind

MAILS = [OwnKind("agreements/email/ready", _("An agreement waits for a name"), {}, {"joined": False})]

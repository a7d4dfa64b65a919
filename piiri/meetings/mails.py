"""Mails of the room that a programme can say in its own words."""

from django.utils.translation import gettext_lazy as _

from piiri.mail.texts import Name, OwnKind

NAMES = {
    "day": Name(_("the day"), "{{ starts_at|day:zone }}"),
    "date": Name(_("the day with its year"), "{{ starts_at|full_day:zone }}"),
    "hours": Name(
        _("from when to when"), "{% times start=starts_at end=ends_at zone=zone as said %}{{ said }}"
    ),
    "place": Name(_("the place, where one is said"), "{{ place }}"),
}
SAMPLE = {
    "starts_at": "2027-02-09T12:30:00+00:00",
    "ends_at": "2027-02-09T14:00:00+00:00",
    "zone": "Europe/Helsinki",
    "place": "Kirjasto",
    "online": False,
}
MAILS = [
    OwnKind("meetings/email/invitation", _("Invitation to a meeting"), NAMES, SAMPLE),
    OwnKind("meetings/email/changed", _("A meeting has changed"), NAMES, SAMPLE),
    OwnKind("meetings/email/cancelled", _("A meeting is cancelled"), NAMES, SAMPLE, has_link=False),
]

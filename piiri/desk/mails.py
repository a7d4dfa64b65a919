"""Mails of the room that a programme can say in its own words."""

from django.utils.translation import gettext_lazy as _

from piiri.desk.signs import Sign
from piiri.mail.texts import Name, OwnKind

MAILS = [
    OwnKind(
        "desk/email/nudge",
        _("A thought about a group, to its mentor"),
        {"signs": Name(_("what the group could use, as a list"), '{% include "desk/_mail_signs.txt" %}')},
        {"signs": [Sign.NO_NEXT.value, Sign.NO_AGREEMENT.value]},
    ),
    OwnKind(
        "desk/email/monday",
        _("Monday’s mail to the office"),
        {
            "programme": Name(_("the name of the programme"), "{{ programme }}"),
            "things": Name(_("what is to be done, as a list"), '{% include "desk/_mail_things.txt" %}'),
        },
        {
            "programme": {"fi": "Verme", "sv": "Verme", "en": "Verme"},
            "todo": [["support", 1], ["no_next", 3]],
        },
    ),
]

"""The mails about the office's decisions: what they say, and one as it will be read, before it is posted."""

from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from piiri.enrolments.models import Application, Bulk
from piiri.enrolments.queries.dates import NextDate, next_date, weekly_time
from piiri.groups.models import Group
from piiri.mail import queries as mail_queries
from piiri.mail.letter import Letter
from piiri.programmes.models import Programme

Deed = Bulk.Deed

PLACE_MAIL = "enrolments/email/place"
MAILS = {
    Deed.PLACE: PLACE_MAIL,
    Deed.WAIT: "enrolments/email/on_list",
    Deed.OFF: "enrolments/email/off_list",
    Deed.DECLINE: "enrolments/email/declined",
}


def place_words(group: Group, *, programme: Programme, date: NextDate | None) -> dict[str, Any]:
    """What the place mail says: when and where, never what the group is about."""
    is_online = group.form == Group.Form.ONLINE
    return {
        "programme": programme.title,
        "title": date.title if date else {},
        "starts_at": date.starts_at.isoformat() if date else "",
        "ends_at": date.ends_at.isoformat() if date else "",
        "zone": programme.zone,
        "date_place": date.place if date else "",
        "at": weekly_time(group, programme=programme),
        "online": is_online,
        "place": "" if is_online else group.place or group.area,
        "running": group.state == Group.State.RUNNING,
    }


def office_words(programme: Programme, *, reason: str) -> dict[str, Any]:
    """What the mail about a decision without a place says."""
    return {"programme": programme.title, "reason": reason, "contact": programme.contact_address}


def letter_before(
    application: Application, *, deed: str, reason: str, group: Group | None, now: datetime
) -> Letter:
    """The mail to this applicant as it will go out, in the language of whoever decides. Posts nothing."""
    programme = application.programme
    words = office_words(programme, reason=reason)
    if group is not None:
        words = place_words(group, programme=programme, date=next_date(group, programme=programme, now=now))
    return mail_queries.preview(MAILS[Deed(deed)], words=words, language=get_language() or "en")

"""An offered place as the person sees it before answering, and their application around it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import get_language, gettext

from piiri.base.fields import Translations
from piiri.enrolments.models import Application, Waiting
from piiri.enrolments.queries.applications import LEFT_GROUP
from piiri.enrolments.queries.dates import NextDate, next_date, weekly_time
from piiri.groups.models import Group, Membership, Offer
from piiri.people.models import Person


@dataclass(frozen=True)
class Held:
    """A place that is or was held for somebody: which group, when it meets, until when they can answer."""

    offer: Offer
    name: str
    hue: str
    weekly: str
    date: NextDate | None
    state: str

    @property
    def where(self) -> str:
        return self.offer.group.place or self.offer.group.area

    @property
    def is_open(self) -> bool:
        return self.state == Offer.State.OPEN


def held(offer: Offer, *, named: bool, now: datetime) -> Held:
    """What the page of an offer says; `offer` with its group, theme and programme. At most one query.

    `named`: the person has signed in, so that a sensitive theme may be called by its name. An offer whose
    time is over has lapsed, however late the worker is.
    """
    group, programme = offer.group, offer.programme
    is_over = offer.state == Offer.State.OPEN and offer.expires_at <= now
    said = Translations(weekly_time(group, programme=programme)).words(get_language())
    return Held(
        offer,
        name_of(group, named=named),
        group.theme.hue if group.theme else "",
        said.text,
        next_date(group, programme=programme, now=now),
        Offer.State.LAPSED if is_over else offer.state,
    )


def name_of(group: Group, *, named: bool) -> str:
    """What the group is called; a sensitive theme is named after sign-in only."""
    is_sensitive = group.theme is not None and group.theme.sensitive
    return gettext("A group you wait for") if is_sensitive and not named else group.name


def waits_still(offer: Offer) -> bool:
    """Whether the person stands in other lists of the programme."""
    mine = {"application__programme": offer.programme_id, "application__person": offer.person_id}
    return Waiting.objects.standing().filter(**mine, application__state=Application.State.WAITING).exists()


def comes_with(application: Application) -> Person | None:
    """Whoever the person named, once they have named each other. One query, none where nobody was named."""
    if not application.with_address:
        return None
    mutual = Application.objects.standing().filter(
        programme=application.programme_id,
        person__email=application.with_address,
        with_address=application.person.email,
    )
    found = mutual.select_related("person").first()
    return found.person if found else None


def last_end(application: Application) -> str:
    """How the person's last turn in a list ended, LEFT_GROUP when they had a place since; "" without both."""
    ended = application.turns.exclude(ended_at=None).order_by("-ended_at", "-pk")
    end, at = ended.values_list("end", "ended_at").first() or ("", None)
    places = Membership.objects.filter(programme=application.programme_id, person=application.person_id)
    after = Q(ended_at__gte=at) if at else Q(ended_at__isnull=False)
    return LEFT_GROUP if places.filter(after, confirmed_at__isnull=False).exists() else end

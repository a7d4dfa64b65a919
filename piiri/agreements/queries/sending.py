"""What the sweeps derive: who has joined, who is still to be asked or reminded, what is settled."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from piiri.agreements.models import ASK_AFTER, LIVING, REMIND_AFTER, Agreement, Asking, Goal, Signature
from piiri.agreements.queries.people import sits, with_yeses
from piiri.groups.models import Membership, Mentorship

Pair = tuple[int, int]  # an agreement and a person, by their keys


def with_newcomers(limit: int) -> list[Agreement]:
    """Versions in force whose group somebody has joined since their number began. One query."""
    here = {"group": OuterRef("group"), "person__isnull": False}
    joined = Membership.objects.entering().filter(**here, confirmed_at__gt=OuterRef("numbered_at"))
    leading = Mentorship.objects.entering().filter(**here, started_at__gt=OuterRef("numbered_at"))
    rows = Agreement.objects.standing().filter(Exists(joined) | Exists(leading), group__state__in=LIVING)
    return list(rows.select_related("group").order_by("pk")[:limit])


def unasked(now: datetime, limit: int) -> list[Pair]:
    """Who has not signed the version in force and has not been asked by mail. Two queries for all groups.

    A version made because somebody joined is asked for at once: nobody sits at a table then.
    """
    found: list[Pair] = []
    for sitting in (Membership.objects.entering(), Mentorship.objects.entering()):
        found += list(waiting(sitting, now).values_list("agreement", "person")[: limit - len(found)])
    return found


def waiting(sitting: Any, now: datetime) -> Any:
    """Places of people, each with the version in force, where neither a signature nor a mail is known."""
    here = sitting.filter(person__isnull=False, group__state__in=LIVING).annotate(
        agreement=F("group__agreements"),
        number=F("group__agreements__number"),
        in_state=F("group__agreements__state"),
        cause=F("group__agreements__cause"),
        ready=F("group__agreements__ready_at"),
    )
    mine = {"group": OuterRef("group"), "number": OuterRef("number"), "person": OuterRef("person")}
    ripe = Q(cause=Agreement.Cause.JOINED, ready__lte=now) | Q(ready__lte=now - ASK_AFTER)
    return here.filter(
        ripe,
        ~Exists(Signature.objects.filter(**mine)),
        ~Exists(Asking.objects.filter(**mine)),
        in_state=Agreement.State.STANDING,
    ).order_by("pk")


def unreminded(now: datetime, limit: int) -> list[Asking]:
    """Who was asked a week ago, still sits there, and has neither signed nor been reminded. One query."""
    mine = {"group": OuterRef("group"), "number": OuterRef("number")}
    stands = Agreement.objects.standing().filter(**mine)
    signed = Signature.objects.filter(**mine, person=OuterRef("person"))
    rows = Asking.objects.filter(
        Exists(stands),
        ~Exists(signed),
        sits(group=OuterRef("group"), person=OuterRef("person")),
        reminded_at=None,
        asked_at__lte=now - REMIND_AFTER,
        group__state__in=LIVING,
    )
    return list(rows.select_related("group__programme", "person").order_by("pk")[:limit])


def settled_suggestions(limit: int) -> list[Goal]:
    """Suggestions to which all have said yes because somebody who had not has left. One query."""
    rows = with_yeses(Goal.objects.suggested().filter(group__state__in=LIVING))
    return list(rows.filter(of__gt=0, said_yes=F("of")).select_related("group").order_by("pk")[:limit])

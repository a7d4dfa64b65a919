"""Line managers: who was told or asked, what they said, who is stuck, who must not share a group."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext

from piiri.base import dates
from piiri.base.models import free
from piiri.enrolments.models import Application, Approval
from piiri.groups.models import KeptApart
from piiri.people.models import Person
from piiri.programmes.models import Coordinator, Programme

State = Approval.State


@dataclass(frozen=True)
class Told:
    """What the line manager was told and answered, as the person and the office read it.

    `tone` is good, watch, care or info.
    """

    manager: str
    address: str
    state: str
    tone: str
    sentence: str
    asked_at: datetime
    answered_at: datetime | None
    reason: str


def approval_of(application: Application) -> Told | None:
    """The one that holds now, or None where no manager was told. One query."""
    rows = Approval.objects.standing().filter(application=application)
    approval = rows.select_related("manager").first()
    return told_of(approval, application.programme) if approval else None


def told_of(approval: Approval, programme: Programme) -> Told:
    """One approval in words."""
    manager, zone = approval.manager, programme.zone
    days = {"day": dates.day(approval.answered_at or approval.asked_at, zone)}
    said = {
        State.TOLD: ("info", gettext("Your manager was told on %(day)s. Nothing was asked of them.")),
        State.ASKED: (
            "watch",
            gettext("Your manager was asked on %(day)s. Your place does not depend on the answer."),
        ),
        State.APPROVED: ("good", gettext("Your manager agreed on %(day)s.")),
        State.SILENT: ("good", gettext("Your manager has not answered; since %(day)s that counts as yes.")),
        State.DECLINED: (
            "care",
            gettext(
                "Your manager said on %(day)s that it is not possible. You keep your place; the office"
                " looks at it."
            ),
        ),
    }
    tone, sentence = said[State(approval.state)]
    return Told(
        manager=str(manager),
        address=manager.email,
        state=str(approval.get_state_display()),
        tone=tone,
        sentence=sentence % days,
        asked_at=approval.asked_at,
        answered_at=approval.answered_at,
        reason=str(approval.get_reason_display()) if approval.reason else "",
    )


def approvals_due(now: datetime, limit: int) -> list[Approval]:
    """Unanswered ones whose reminder, or whose silence, has come."""
    due = Approval.objects.filter(free(now), state=State.ASKED, done_at=None, due_at__lte=now)
    rows = due.select_related("application__person", "application__programme", "manager__programme")
    return list(rows.order_by("due_at")[:limit])


def approvals_listed(
    programme: Programme, *, words: str = "", state: str = "", addresses: bool = True
) -> QuerySet[Approval]:
    """For the office: who waits for a line manager, the longest first. `state` "" is both that are stuck."""
    rows = Approval.objects.filter(application__programme=programme)
    rows = rows.filter(state=state) if state else rows.stuck()
    if words:
        fields = ["application__person__name", "application__name_as_written"]
        fields += ["manager__email", "manager__name"] if addresses else []
        matching = Q(pk__in=[])
        for field in fields:
            matching |= Q(**{f"{field}__icontains": words})
        rows = rows.filter(matching)
    return rows.select_related("application__person", "application__unit", "manager").order_by(
        "asked_at", "pk"
    )


def approval_counts(programme: Programme) -> Counter[str]:
    """How many approvals are in each state, the ended ones left out. One query."""
    rows = Approval.objects.standing().filter(application__programme=programme).order_by()
    return Counter(dict(rows.values_list("state").annotate(n=Count("pk"))))


def waiting_for_managers(programme: Programme) -> int:
    """How many people are stuck for want of their manager's yes. One query."""
    return Approval.objects.stuck().filter(application__programme=programme).count()


def approvals_of(manager: int, *, uids: Iterable[str] | None = None) -> QuerySet[Approval]:
    """The approvals a line manager (its key) was told of or asked for that stand; only these when named."""
    rows = Approval.objects.standing().filter(manager=manager)
    rows = rows if uids is None else rows.filter(uid__in=list(uids))
    return rows.select_related("application__person").order_by("asked_at", "pk")


def office_of(programme: Programme) -> list[Person]:
    """Who works in the programme's office."""
    rows = Coordinator.objects.filter(programme=programme).select_related("person").order_by("pk")
    return [row.person for row in rows]


def managers_here(near: Q | None = None) -> QuerySet[Any]:
    """Approvals whose line manager is known here by address and is not yet kept apart from their staff.

    Whether or not they take part in the programme: they may do so at this moment. Each has `boss`, the key of
    that person. What the office has let go (dismissed) stays as it decided.
    """
    boss = Person.objects.filter(email=OuterRef("manager__email")).values("pk")[:1]
    pairs = KeptApart.objects.exclude(state=KeptApart.State.SUGGESTED).filter(
        Q(first=OuterRef("boss"), second=OuterRef("application__person"))
        | Q(second=OuterRef("boss"), first=OuterRef("application__person")),
        programme=OuterRef("application__programme"),
    )
    rows = Approval.objects.standing().filter(
        near or Q(), application__programme__state=Programme.State.PUBLISHED
    )
    rows = rows.annotate(boss=Subquery(boss)).filter(~Exists(pairs), boss__isnull=False)
    return rows.select_related("application__person", "application__programme")

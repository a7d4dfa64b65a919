"""Where lists, offers and applications are not at one."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from piiri.enrolments import taking
from piiri.enrolments.models import Application, Waiting, Wish
from piiri.groups.models import Group, Membership, Offer
from piiri.programmes.models import Programme, Theme

State = Application.State
A_SWEEP = 200


def waiting_with_a_place() -> Sequence[Application]:
    """Waiting applications of people with an active membership in the programme."""
    inside = Membership.objects.active().filter(programme=OuterRef("programme"), person=OuterRef("person"))
    found = Application.objects.filter(Exists(inside), state=State.WAITING)
    return list(found.select_related("programme", "person").order_by("pk")[:A_SWEEP])


def standing_without_waiting() -> Sequence[Application]:
    """Applications that do not wait and have a turn in some list all the same."""
    standing = Waiting.objects.standing().exclude(application__state=State.WAITING)
    found = Application.objects.filter(pk__in=standing.values("application"))
    return list(found.select_related("programme", "person").order_by("pk")[:A_SWEEP])


def stray_offers() -> Sequence[Offer]:
    """Offers from lists that stand open for somebody who waits no more or has a place, or in ended groups."""
    same = {"programme": OuterRef("programme"), "person": OuterRef("person")}
    waiting = Application.objects.filter(**same, state=State.WAITING)
    inside = Membership.objects.active().filter(**same)
    ended = ~Q(group__state__in=Group.LIVING)
    found = Offer.objects.open().filter(~Exists(waiting) | Exists(inside) | ended, instead_of=None)
    return list(found.select_related("group").order_by("pk")[:A_SWEEP])


def emptied_with_people() -> Sequence[Group]:
    """Groups called off or merged in which somebody sits, or into which somebody is asked to move."""
    sitting = Membership.objects.filter(ended_at=None, group__state__in=Group.EMPTIED)
    moving = Offer.objects.open().filter(instead_of__isnull=False, group__state__in=Group.EMPTIED)
    found = Group.objects.filter(Q(pk__in=sitting.values("group")) | Q(pk__in=moving.values("group")))
    return list(found.select_related("programme", "theme").order_by("pk")[:A_SWEEP])


def turns_in_ended_lists() -> Sequence[Waiting]:
    """Standing turns of groups that live no more, and of programmes that are closed."""
    ended = Q(group__isnull=False) & ~Q(group__state__in=Group.LIVING)
    closed = Q(application__programme__state=Programme.State.CLOSED)
    found = Waiting.objects.standing().filter(ended | closed)
    return list(found.select_related("group__merged_into").order_by("pk")[:A_SWEEP])


def waiting_without_a_turn(now: datetime) -> Sequence[Application]:
    """Who was left without a place, for good, and has had no turn in any list since then."""
    had = Waiting.objects.filter(application=OuterRef("pk"), since_at__gte=OuterRef("left_at"))
    left = Application.objects.filter(state=State.WAITING, programme__state=Programme.State.PUBLISHED)
    left = left.annotate(left_at=Coalesce("decided_at", "sent_at")).filter(~Exists(had))
    programmes = Programme.objects.filter(pk__in=left.values("programme")).order_by("pk")
    of_programmes = Q(pk__in=[])
    for programme in programmes:
        terms = programme.rules
        if terms.waiting_list and now.astimezone(programme.tz).date() <= programme.ends_on:
            until = now - taking.rests(way=terms.enrol_way, hold_hours=terms.hold_hours)
            of_programmes |= Q(programme=programme.pk, left_at__lte=until)
    wishes = Wish.objects.filter(Q(theme__isnull=False) | Q(group__state__in=Group.LIVING))
    wishing = Exists(wishes.filter(application=OuterRef("pk"))) | Q(any_theme=True)
    found = left.filter(of_programmes).filter(wishing)
    # By their key, so that turns made together are in order also where their moments are equal.
    return list(found.select_related("programme", "person").order_by("priority", "order", "pk")[:A_SWEEP])


def lists_wished_for(application: Application) -> list[Theme | Group]:
    """The living groups and the themes that were wished for; then every theme where any is fine.

    Nobody is put in the list of a sensitive theme without having asked for it.
    """
    wishes = application.wishes.select_related("theme", "group").order_by("rank")
    found: list[Theme | Group] = []
    for wish in wishes:
        if wish.theme:
            found.append(wish.theme)
        elif wish.group and wish.group.state in Group.LIVING:
            found.append(wish.group)
    if application.any_theme:
        others = Theme.objects.filter(programme=application.programme_id, sensitive=False)
        found += [theme for theme in others if theme not in found]
    return found

"""Join links are made, used and ended."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.groups import rules
from piiri.groups.models import Group, JoinLink
from piiri.groups.rules import GroupRefusal
from piiri.people.models import Person


@transaction.atomic
def reach_by_link(group: Group, *, by: Person, now: datetime) -> None:
    """Take a new group off the public page: only its link leads into it. Raises Refused with NOT_NOW."""
    if not Group.objects.offered().filter(pk=group.pk).update(by_link=True):
        raise Refused(GroupRefusal.NOT_NOW)
    group.by_link = True
    audit.record("group_by_link", by=by, about=group, now=now, place=group.programme.uid)


@transaction.atomic
def make_link(group: Group, *, by: Person, now: datetime) -> JoinLink:
    """A new join link for 60 days and twelve people; those from before end. Raises Refused with ENDED."""
    if group.state not in Group.LIVING:
        raise Refused(GroupRefusal.ENDED)
    group.join_links.filter(revoked_at=None).update(revoked_at=now)
    link = JoinLink.objects.create(
        group=group,
        made_by=by,
        made_at=now,
        expires_at=now + rules.LINK_LASTS,
        uses_at_most=rules.MOST_PLACES,
    )
    audit.record("join_link_made", by=by, about=link, now=now, place=group.uid)
    return link


@transaction.atomic
def revoke_link(link: JoinLink, *, by: Person, now: datetime) -> None:
    """End a link. Raises Refused with LINK_OVER the second time."""
    if not JoinLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now):
        raise Refused(GroupRefusal.LINK_OVER)
    link.revoked_at = now
    audit.record("join_link_revoked", by=by, about=link, now=now, place=link.group.uid)


def use_link(link: JoinLink, *, now: datetime) -> None:
    """Count one use in the caller's transaction: one guarded UPDATE. Raises Refused with LINK_OVER."""
    good = JoinLink.objects.filter(
        pk=link.pk, revoked_at=None, expires_at__gt=now, uses__lt=F("uses_at_most")
    )
    if not good.update(uses=F("uses") + 1):
        raise Refused(GroupRefusal.LINK_OVER)

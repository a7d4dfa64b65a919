"""Who may read and sign an agreement, speak of goals; whose own goals are whose."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from piiri.agreements.models import Agreement, AgreementQuerySet, Clause, Goal, OwnGoal, Signature
from piiri.groups import access as group_access
from piiri.groups.models import Group
from piiri.people.models import Person

Reader = Person | AnonymousUser


def visible_groups_to_agree(person: Reader) -> QuerySet[Group]:
    """Groups whose agreement and goals open to the person: those they sit in now, and not paused."""
    return group_access.groups_of(person).select_related("programme__contact_person", "theme")


def visible_groups_to_count(person: Reader) -> QuerySet[Group]:
    """Groups of whose agreement the person may know at least how many have signed which version, or that
    they signed one themselves: their own, those of programmes they run, those they signed in and left.
    """
    if not person.is_authenticated:
        return Group.objects.none()
    seen = Q(pk__in=group_access.visible_groups(person).values("pk"))
    paused = group_access.paused_groups_of(person).values("pk")
    signed = Q(pk__in=Signature.objects.filter(person=person).values("group")) & ~Q(pk__in=paused)
    return Group.objects.filter(seen | signed).select_related("programme__contact_person", "theme")


def can_enter_group(person: Reader, group: Group) -> bool:
    """Return whether the person sits in the group now, and so reads its agreement and goals."""
    return group_access.can_enter_group(person, group)


def can_count_signatures(person: Reader, group: Group) -> bool:
    """Return whether the person runs the group's programme: sees how many have signed, and no text."""
    return group_access.visible_groups(person).filter(pk=group.pk).exists()


def can_make_ready(person: Reader, group: Group) -> bool:
    """Return whether the person may say that a draft is ready: a mentor, or a member of a self-run group."""
    return group_access.can_run_meetings_of_group(person, group)


def visible_agreements(person: Reader) -> AgreementQuerySet:
    """Versions and drafts of the groups the person sits in."""
    return Agreement.objects.filter(group__in=group_access.groups_of(person).values("pk"))


def visible_clauses(person: Reader) -> QuerySet[Clause]:
    """Clauses of the groups the person sits in."""
    here = group_access.groups_of(person).values("pk")
    return Clause.objects.filter(agreement__group__in=here).select_related("agreement__group__programme")


def visible_goals(person: Reader) -> QuerySet[Goal]:
    """Goals and suggestions of the groups the person sits in."""
    here = group_access.groups_of(person).values("pk")
    return Goal.objects.filter(group__in=here).select_related("group__programme")


def own_goals(person: Reader) -> QuerySet[OwnGoal]:
    """The person's own goals; nobody else reads them, no mentor and no office."""
    if not person.is_authenticated:
        return OwnGoal.objects.none()
    return OwnGoal.objects.filter(person=person).select_related("person", "group__programme")


def visible_groups_of_own_goals(person: Reader) -> QuerySet[Group]:
    """Groups the person sits in, paused or not, or has left with goals of their own."""
    if not person.is_authenticated:
        return Group.objects.none()
    held = Q(pk__in=group_access.groups_held_by(person).values("pk"))
    written = Q(pk__in=OwnGoal.objects.filter(person=person).values("group"))
    return Group.objects.filter(held | written).select_related("programme", "theme")

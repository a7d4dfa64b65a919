"""Who may see and do what with groups and memberships.

What was said before somebody came opens to them by `can_read_history`, and row by row by `visible_past`.
"""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from piiri.base import signed
from piiri.groups.models import Group, JoinLink, KeptApart, Membership, Mentor, Mentorship
from piiri.people.models import Person
from piiri.programmes import access as programme_access
from piiri.programmes.models import Availability, Programme

Reader = Person | AnonymousUser


def groups_joined_by(person: Reader) -> QuerySet[Group]:
    """Groups in which the person is a participant now."""
    if not person.is_authenticated:
        return Group.objects.none()
    return Group.objects.filter(pk__in=Membership.objects.entering().filter(person=person).values("group"))


def groups_mentored_by(person: Reader) -> QuerySet[Group]:
    """Groups whose mentor the person is now; offered ones too."""
    if not person.is_authenticated:
        return Group.objects.none()
    return Group.objects.filter(pk__in=Mentorship.objects.entering().filter(person=person).values("group"))


def groups_of(person: Reader) -> QuerySet[Group]:
    """Groups the person sits in now, as a participant or as a mentor. Their content opens to nobody else."""
    if not person.is_authenticated:
        return Group.objects.none()
    return Group.objects.filter(sat_in_by(person))


def sat_in_by(person: Person) -> Q:
    """The condition of `groups_of`."""
    joined = Membership.objects.entering().filter(person=person).values("group")
    mentored = Mentorship.objects.entering().filter(person=person).values("group")
    return Q(pk__in=joined) | Q(pk__in=mentored)


def visible_groups(person: Reader) -> QuerySet[Group]:
    """One's own groups, and the groups (not their content) of programmes one runs."""
    if not person.is_authenticated:
        return Group.objects.none()
    return Group.objects.filter(sat_in_by(person) | programme_access.run_by(person, through="programme"))


def paused_groups_of(person: Reader) -> QuerySet[Group]:
    """Groups the person sits in while their access is paused: the place is theirs, the content is not."""
    if not person.is_authenticated:
        return Group.objects.none()
    joined = Membership.objects.active().filter(person=person, paused_at__isnull=False).values("group")
    mentored = Mentorship.objects.active().filter(person=person, paused_at__isnull=False).values("group")
    return Group.objects.filter(Q(pk__in=joined) | Q(pk__in=mentored))


def groups_held_by(person: Reader) -> QuerySet[Group]:
    """Groups the person sits in, whether or not their access is paused: to leave one, or to say why."""
    if not person.is_authenticated:
        return Group.objects.none()
    joined = Membership.objects.active().filter(person=person).values("group")
    mentored = Mentorship.objects.active().filter(person=person).values("group")
    return Group.objects.filter(Q(pk__in=joined) | Q(pk__in=mentored))


def visible_groups_and_paused(person: Reader) -> QuerySet[Group]:
    """Visible groups, and those that wait for the person: their address says why, and shows nothing else."""
    if not person.is_authenticated:
        return Group.objects.none()
    joined = Membership.objects.active().filter(person=person).values("group")
    mentored = Mentorship.objects.active().filter(person=person).values("group")
    run = programme_access.run_by(person, through="programme")
    return Group.objects.filter(Q(pk__in=joined) | Q(pk__in=mentored) | run)


def own_seat(person: Person, group: Group) -> Membership | Mentorship | None:
    """The person's own place in the group, or their part in leading it; paused ones too."""
    return (
        Mentorship.objects.active().filter(group=group, person=person).select_related("person").first()
        or Membership.objects.active().filter(group=group, person=person).select_related("person").first()
    )


def visible_people_beside(person: Reader, group: Group) -> QuerySet[Person]:
    """Everybody else round the table of a group that the person may enter, by name."""
    if not person.is_authenticated or not can_enter_group(person, group):
        return Person.objects.none()
    joined = Membership.objects.active().filter(group=group, person__isnull=False).values("person")
    leading = Mentorship.objects.active().filter(group=group, person__isnull=False).values("person")
    beside = Person.objects.filter(Q(pk__in=joined) | Q(pk__in=leading)).exclude(pk=person.pk)
    return beside.order_by("name", "pk")


def visible_memberships_beside(person: Reader, group: Group) -> QuerySet[Membership]:
    """Participants of a group that the person may enter: for those who sit in it with them."""
    if not can_enter_group(person, group):
        return Membership.objects.none()
    return Membership.objects.active().filter(group=group, person__isnull=False)


def visible_link(person: Reader, *, uid: str, signature: str) -> JoinLink | None:
    """The join link of an address: whoever has it may look, signed in or not; the signature decides."""
    link = JoinLink.objects.select_related("group__programme__organisation", "group__theme").filter(uid=uid)
    found = link.first()
    return found if found and signed.fits(signature, JoinLink.PURPOSE, found.uid) else None


def own_start(person: Person, group: Group) -> datetime | None:
    """When the person first sat in the group, whether as a participant or leading it; None for others."""
    joined = Membership.objects.filter(group=group, person=person, confirmed_at__isnull=False)
    led = Mentorship.objects.filter(group=group, person=person)
    moments = [*joined.values_list("joined_at", flat=True), *led.values_list("started_at", flat=True)]
    return min(moments, default=None)


def can_read_history(person: Person, group: Group) -> bool:
    """Return whether what was said in the group before the person came opens to them.

    To those who sat there when it began: yes. To a participant who came later: no. To a mentor who came
    later: once all who sat there before have said so. Agreement and goals open to everybody who sits there.
    """
    since = own_start(person, group)
    if since is None or group.started_at is None or since <= group.started_at:
        return since is not None
    opened = Mentorship.objects.active().filter(history_opened_at__isnull=False)
    return opened.filter(group=group, person=person).exists()


def visible_past(person: Person) -> Q:
    """The same as a condition on rows with `group` and `written_at`: from the person's time, or open."""
    here = {"group": OuterRef("group"), "person": person}
    then, began = OuterRef("written_at"), OuterRef("group__started_at")
    led = (
        Q(started_at__lte=then) | Q(started_at__lte=began) | Q(history_opened_at__isnull=False, ended_at=None)
    )
    joined = Q(joined_at__lte=then) | Q(joined_at__lte=began)
    return (
        Q(group__started_at=None)
        | Exists(Mentorship.objects.filter(led, **here))
        | Exists(Membership.objects.filter(joined, confirmed_at__isnull=False, **here))
    )


def can_enter_group(person: Reader, group: Group) -> bool:
    """Return whether the person sits in the group now: participant or mentor."""
    return groups_of(person).filter(pk=group.pk).exists()


def can_mentor_group(person: Reader, group: Group) -> bool:
    """Return whether the person is a mentor of the group now."""
    return groups_mentored_by(person).filter(pk=group.pk).exists()


def can_run_meetings_of_group(person: Reader, group: Group) -> bool:
    """Return whether the person may schedule and record: a mentor, or any member of a self-run group."""
    if can_mentor_group(person, group):
        return True
    return group.self_run and groups_joined_by(person).filter(pk=group.pk).exists()


def can_coordinate_group(person: Reader, group: Group) -> bool:
    """Return whether the person works in the office of the group's programme."""
    return programme_access.programmes_coordinated_by(person).filter(pk=group.programme_id).exists()


def can_offer_group(person: Reader, programme: Programme) -> bool:
    """Return whether the person is an accepted mentor of the programme, or works in its office."""
    if not person.is_authenticated:
        return False
    is_mentor = programme.mentors.filter(person=person, ended_at=None).exists()
    return is_mentor or programme_access.can_edit_programme(person, programme)


def programmes_known_by(person: Reader) -> QuerySet[Programme]:
    """Programmes the person runs, mentors in, has ever been a participant of or has told free times to.

    With those of networks one administers, and all but drafts for an operator. Their offices and groups
    are no secret to the person; those of every other programme are.
    """
    if not person.is_authenticated:
        return Programme.objects.none()
    return Programme.objects.filter(
        known_by(person) | programme_access.run_by(person) | programme_access.in_network_run_by(person)
    )


def known_by(person: Person) -> Q:
    """The condition of programmes one mentors in, has ever been in or told free times to; see above."""
    known = (
        Q(pk__in=Mentor.objects.filter(person=person).values("programme"))
        | Q(pk__in=Membership.objects.filter(person=person).values("programme"))
        | Q(pk__in=Availability.objects.filter(person=person).values("programme"))
    )
    return known | ~Q(state=Programme.State.DRAFT) if person.is_operator else known


def offices_known_by(person: Reader) -> QuerySet[Programme]:
    """Programmes near the person, and those of organisations the person belongs to."""
    if not person.is_authenticated:
        return Programme.objects.none()
    return Programme.objects.filter(office_known_by(person))


def office_known_by(person: Person) -> Q:
    """The condition of `offices_known_by`; who runs a programme, or its network, sees its office anyway."""
    return known_by(person) | programme_access.office_seen_by(person)


def groups_known_by(person: Reader) -> QuerySet[Group]:
    """Groups of the programmes near the person: that they exist is no secret."""
    return Group.objects.filter(programme__in=programmes_known_by(person).values("pk"))


def can_edit_group(person: Reader, group: Group) -> bool:
    """Return whether the person leads the group or runs its programme."""
    return can_mentor_group(person, group) or programme_access.can_edit_programme(person, group.programme)


def visible_successors(person: Reader, group: Group) -> QuerySet[Mentorship]:
    """Mentors of a group that the person may enter who came later than it began and do not read its past."""
    if not person.is_authenticated or not can_enter_group(person, group) or group.started_at is None:
        return Mentorship.objects.none()
    later = Mentorship.objects.active().filter(started_at__gt=group.started_at, history_opened_at=None)
    return later.filter(group=group).exclude(person=person)


def visible_pairs(person: Reader) -> QuerySet[KeptApart]:
    """Kept-apart pairs of the programmes whose office the person works in; nobody else sees any."""
    offices = programme_access.programmes_coordinated_by(person).values("pk")
    return KeptApart.objects.filter(programme__in=offices)


def visible_mentors(person: Reader) -> QuerySet[Mentor]:
    """Accepted mentors of the programmes the person runs."""
    return Mentor.objects.filter(programme__in=programme_access.programmes_run_by(person).values("pk"))


def own_mentor_role(person: Person, programme: Programme) -> Mentor | None:
    """The person's own role as a mentor of the programme."""
    return Mentor.objects.filter(programme=programme, person=person, ended_at=None).first()

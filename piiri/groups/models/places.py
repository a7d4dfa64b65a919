"""Memberships, offered places, and the places that hold them."""

from datetime import datetime
from typing import Self

from django.db import connections, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from piiri.base.models import Row, WorkRow
from piiri.groups.models.groups import Group
from piiri.people.models import Person
from piiri.programmes.models import Programme
from piiri.vault.fields import SealedField


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> Self:
        """Those who are in: confirmed (not only held while a formation is published) and not ended."""
        return self.filter(confirmed_at__isnull=False, ended_at=None)

    def entering(self) -> Self:
        """Those to whom the group's content opens: active, and not paused over a conflict."""
        return self.active().filter(paused_at=None)

    def held(self) -> Self:
        """Prepared by a publishing that is not done yet: they do not count."""
        return self.filter(confirmed_at=None, ended_at=None)


class Membership(Row):
    """A participant of a group, from joining to leaving. `person` is nulled by erasure."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="memberships")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="memberships")
    joined_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # Somebody became the manager of a member: the place stays, the group's content waits until it is solved.
    paused_at = models.DateTimeField(null=True, blank=True)
    # Who shows a newcomer around.
    buddy = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # The group was told that somebody new is in; only of those who joined while it ran.
    welcomed_at = models.DateTimeField(null=True, blank=True)
    # The last words of somebody who left, to the group alone.
    goodbye = SealedField(holder="group.uid", blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "person"],
                condition=Q(ended_at=None),
                name="one_membership_a_programme",
            )
        ]
        indexes = [models.Index(fields=["group", "ended_at"])]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.group_id}"


class OfferQuerySet(models.QuerySet["Offer"]):
    def open(self) -> Self:
        """Not answered and not lapsed; whether its time is over only `standing` knows."""
        return self.filter(state=Offer.State.OPEN)

    def standing(self, now: datetime) -> Self:
        """Those that can still be accepted."""
        return self.open().filter(expires_at__gt=now)


class Offer(WorkRow, Row):
    """A place held for one person until they answer or the time is over. `due_at` is when it lapses.

    From the waiting list, or, with `instead_of`, to somebody whose own group does not start.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        LAPSED = "lapsed", _("Ran out of time")
        WITHDRAWN = "withdrawn", _("Taken back")

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="offers")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="offers")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="offers")
    # The membership that ends when this offer is accepted.
    instead_of = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="offers"
    )
    # Equal for two who want to come together and were asked together.
    together = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "person"], condition=Q(state="open"), name="one_open_offer_a_programme"
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None)
                | (~Q(state="open") & Q(answered_at__isnull=False)),
                name="answered_offers_carry_their_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["group", "state"]),
            models.Index(fields=["due_at"], condition=Q(done_at=None), name="offers_due"),
        ]

    def __str__(self) -> str:
        return f"Offer to {self.person_id} in {self.group_id}"


class PlaceQuerySet(models.QuerySet["Place"]):
    def free(self) -> Self:
        """With nobody in it, and held for nobody.

        Asked as "not not null": an "is null" of a unique column SQLite takes for a search of one row, and
        then looks through the free places of all groups.
        """
        return self.exclude(membership__isnull=False).exclude(offer__isnull=False)

    def taken(self) -> Self:
        """With a participant in it, or held for somebody who was asked."""
        return self.exclude(membership=None, offer=None)

    def claim_free(
        self, group: Group, *, membership: Membership | None = None, offer: Offer | None = None
    ) -> bool:
        """Give the membership, or the offer, the first free place of the group; False when there is none.

        One guarded UPDATE decides, on either database and with any number of processes.
        """
        return self.first_free(group).update(membership=membership, offer=offer) == 1

    def first_free(self, group: Group) -> Self:
        """The one place of the group that an UPDATE of these rows claims.

        A group that has ended has none, nor has one whose members are asked to move.
        """
        living = {"group": group, "group__state__in": Group.LIVING, "group__merged_into": None}
        free = self.model.objects.free().filter(**living).order_by("number")
        if connections[self.db].features.has_select_for_update_skip_locked:
            free = free.select_for_update(skip_locked=True, of=("self",))
        # Compared with "=", so that PostgreSQL picks once: an "in" may be asked anew for each row.
        pick = models.Subquery(free.values("pk")[:1])
        return self.free().filter(pk=pick)


class Place(models.Model):
    """A place of a group as a row, so that the ninth person in a group of eight is impossible."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="places")
    number = models.PositiveSmallIntegerField()
    membership = models.OneToOneField(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="held_place"
    )
    offer = models.OneToOneField(
        Offer, null=True, blank=True, on_delete=models.PROTECT, related_name="held_place"
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="one_place_a_number"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=12), name="places_are_1_to_12"),
            models.CheckConstraint(
                condition=Q(membership=None) | Q(offer=None), name="a_place_is_held_or_offered"
            ),
        ]

    def __str__(self) -> str:
        return f"Place {self.number} of {self.group_id}"

"""A group, its mentors, its places, its memberships; pairs of people who are kept apart."""

from datetime import datetime
from typing import Self

from django.db import connections, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from piiri.base import signed
from piiri.base.models import Row, WorkRow
from piiri.people.models import Person
from piiri.programmes.models import Programme, Theme
from piiri.vault.fields import SealedField


class GroupQuerySet(models.QuerySet["Group"]):
    def offered(self) -> Self:
        """On offer: nobody has been placed yet."""
        return self.filter(state=Group.State.OFFERED)

    def running(self) -> Self:
        return self.filter(state=Group.State.RUNNING)

    def listed(self) -> Self:
        """On the public page and for formation and waiting lists to fill: not by a join link alone."""
        return self.filter(by_link=False)

    def living(self) -> Self:
        """Offered, forming or running: not ended in any way."""
        return self.filter(state__in=Group.LIVING)


class Group(Row):
    class State(models.TextChoices):
        OFFERED = "offered", _("On offer")
        FORMING = "forming", _("Forming")
        RUNNING = "running", _("Running")
        CLOSED = "closed", pgettext_lazy("group", "Closed")
        CANCELLED = "cancelled", _("Cancelled")
        MERGED = "merged", _("Merged")

    class Guidance(models.TextChoices):
        GROUP = "group", _("Group")
        PAIR = "pair", _("One-to-one pair")

    class Form(models.TextChoices):
        ONSITE = "onsite", _("In person")
        ONLINE = "online", _("Online")
        EITHER = "either", _("In person or online")

    LIVING = (State.OFFERED, State.FORMING, State.RUNNING)

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="groups")
    theme = models.ForeignKey(Theme, null=True, blank=True, on_delete=models.PROTECT, related_name="groups")
    title = models.CharField(max_length=120, blank=True)
    text = models.TextField(max_length=1000, blank=True)
    language = models.CharField(max_length=2, default="fi")
    form = models.CharField(max_length=6, choices=Form, default=Form.ONSITE)
    area = models.CharField(max_length=80, blank=True)
    place = models.CharField(max_length=200, blank=True)
    guidance = models.CharField(max_length=5, choices=Guidance, default=Guidance.GROUP)
    self_run = models.BooleanField(default=False)
    min_to_start = models.PositiveSmallIntegerField(default=4)
    state = models.CharField(max_length=9, choices=State, default=State.OFFERED)
    # Where its members went; while it is not merged yet: where they are being asked to move.
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # The weekly time the group was formed around: local wall time, Monday is 0.
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    local_time = models.TimeField(null=True, blank=True)
    # Before that: the parts of a week that its mentors offer, e.g. "1a 3a" (Tuesday and Thursday afternoon).
    times = models.CharField(max_length=120, blank=True)
    # Reached by its join link only: not on the public page and not for formation to fill.
    by_link = models.BooleanField(default=False)
    # Running, and the group has agreed that somebody new may join.
    takes_newcomers = models.BooleanField(default=False)
    # Its own day of decision where the start was postponed; else the programme's `answers_by`.
    decide_on = models.DateField(null=True, blank=True)
    # The next meeting, as the room of meetings keeps it; a past moment means that none is known.
    next_at = models.DateTimeField(null=True, blank=True)
    # Its uid, so that calendars know the date of the place mail and the invitation for one.
    next_uid = models.CharField(max_length=16, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = GroupQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["programme", "state"])]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The group's own title, else its theme in the reader's language."""
        return self.title or str(self.theme or "")


class Mentor(models.Model):
    """A person accepted as a mentor of one programme, and how many groups at most."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="mentors")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mentor_roles")
    groups_at_most = models.PositiveSmallIntegerField(default=1)
    show_name = models.BooleanField(default=False)
    accepted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "person"], name="one_mentor_a_programme")]

    def __str__(self) -> str:
        return f"{self.person_id} mentors in {self.programme_id}"


class MentorshipQuerySet(models.QuerySet["Mentorship"]):
    def active(self) -> Self:
        return self.filter(ended_at=None)

    def entering(self) -> Self:
        """Those to whom the group's content opens: active, and not paused over a conflict."""
        return self.active().filter(paused_at=None)


class Mentorship(Row):
    """A mentor of one group. Mentors never take a place."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="mentorships")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="mentorships")
    started_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MentorshipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "person"], condition=Q(ended_at=None), name="one_mentorship_a_group"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} mentors {self.group_id}"


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
        """The one place of the group that an UPDATE of these rows claims; a group that has ended has none."""
        living = {"group": group, "group__state__in": Group.LIVING}
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


class JoinLink(Row):
    """An address that lets people join one group, until it ends or is used up; signed, never kept."""

    PURPOSE = "piiri.groups.join"

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="join_links")
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    uses_at_most = models.PositiveSmallIntegerField(default=12)
    uses = models.PositiveSmallIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(uses__lte=F("uses_at_most")), name="join_links_are_used_up")
        ]

    def __str__(self) -> str:
        return f"Link into {self.group_id}"

    @property
    def signature(self) -> str:
        """What stands behind the uid in the link's address."""
        return signed.signature(self.PURPOSE, self.uid)


class Leaving(models.Model):
    """That somebody left a running group and why, without who or where: the office sees numbers only."""

    class Reason(models.TextChoices):
        TIME = "time", _("The times did not fit")
        WORKLOAD = "workload", _("Too much else at work")
        JOB = "job", _("A new job or a leave")
        THEME = "theme", _("The theme was not mine")
        GROUP = "group", _("The group was not right for me")
        PRIVATE = "private", _("Something else")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="leavings")
    reason = models.CharField(max_length=8, choices=Reason)
    left_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.reason} in {self.programme_id}"


class KeptApart(Row):
    """Two people who must not share a group. Why is never stored here."""

    class State(models.TextChoices):
        SUGGESTED = "suggested", _("Suggested")
        KEPT = "kept", _("Kept apart")
        DISMISSED = "dismissed", _("Dismissed")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="kept_apart")
    first = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=9, choices=State)
    made_at = models.DateTimeField()
    # Both agreed to share a group all the same, as the office noted.
    consented_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "first", "second"], name="one_kept_apart_pair"),
            models.CheckConstraint(condition=Q(first_id__lt=F("second_id")), name="pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}"


class PairClaim(models.Model):
    """Taken by whoever of a kept-apart pair is in the group first; the other's claim fails."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="pair_claims")
    pair = models.ForeignKey(KeptApart, on_delete=models.CASCADE, related_name="claims")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    claimed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "pair"], name="one_claim_a_pair")]

    def __str__(self) -> str:
        return f"Claim of {self.pair_id} in {self.group_id}"

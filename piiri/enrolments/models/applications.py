"""Applications with ranked wishes, turns in waiting lists, and what is said beside them."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from piiri.base.models import Row
from piiri.groups.models import Group, KeptApart
from piiri.networks.models import Organisation, Unit
from piiri.people.models import Person
from piiri.programmes.models import Programme, Theme
from piiri.vault.fields import SealedField


class ApplicationQuerySet(models.QuerySet["Application"]):
    def standing(self) -> Self:
        """Sent and not taken back: waiting for a decision, waiting for a place, or placed."""
        return self.filter(state__in=Application.STANDING)

    def unplaced(self) -> Self:
        """Those a formation may place."""
        return self.filter(state__in=(Application.State.SENT, Application.State.WAITING))


class Application(Row):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", _("Sent")
        PLACED = "placed", _("Placed")
        WAITING = "waiting", _("On the waiting list")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Source(models.TextChoices):
        SELF = "self", _("Written by the person")
        IMPORT = "import", _("Imported from a file")

    class Beginning(models.TextChoices):
        NEW = "new", _("New in this job")
        BACK = "back", _("Back from leave")

    STANDING = (State.SENT, State.PLACED, State.WAITING)
    OPEN = (State.DRAFT, *STANDING)

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="applications")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="applications")
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    source = models.CharField(max_length=6, choices=Source, default=Source.SELF)
    name_as_written = models.CharField(max_length=160, blank=True)
    employer = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    workplace = models.CharField(max_length=160, blank=True)
    job = models.CharField(max_length=120, blank=True)
    years = models.PositiveSmallIntegerField(null=True, blank=True)
    form = models.CharField(max_length=6, choices=Group.Form, default=Group.Form.EITHER)
    languages = models.JSONField(default=list)
    any_theme = models.BooleanField(default=False)
    other_workplaces = models.BooleanField(default=False)
    # "new" in the job or "back" from leave; where the programme lets them go first, `priority` is 0.
    beginning = models.CharField(max_length=4, choices=Beginning, blank=True)
    # The ordering key, see rules.order_of: the smaller comes first.
    priority = models.PositiveSmallIntegerField(default=1)
    order = models.BigIntegerField(default=0)
    # Somebody who wants to come together; two count as a pair when each names the other.
    with_address = models.EmailField(blank=True)
    # For pairs: what I can give, what I look for.
    gives = models.CharField(max_length=500, blank=True)
    seeks = models.CharField(max_length=500, blank=True)
    # Addressed to the future group; nobody else reads it.
    wish = SealedField(holder="person.uid", blank=True)
    contact_ok = models.BooleanField(default=False)
    manager_name = models.CharField(max_length=160, blank=True)
    manager_email = models.EmailField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    saved_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "person"],
                condition=Q(state__in=["draft", "sent", "placed", "waiting"]),
                name="one_open_application_a_programme",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", sent_at=None) | (~Q(state="draft") & Q(sent_at__isnull=False)),
                name="sent_applications_carry_their_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "state"]),
            models.Index(fields=["programme", "priority", "order"], name="applications_in_order"),
            # Asked at every press: is there one of this person, and who named whom.
            models.Index(fields=["programme", "person"], name="applications_of_a_person"),
            models.Index(fields=["programme", "manager_name"], name="applications_naming_managers"),
        ]

    def __str__(self) -> str:
        return f"Application of {self.person_id} to {self.programme_id}"


class Wish(models.Model):
    """One ranked wish: a theme or a group, dearest first (rank 1)."""

    # The index below begins with it.
    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="wishes", db_index=False
    )
    rank = models.PositiveSmallIntegerField()
    theme = models.ForeignKey(Theme, null=True, blank=True, on_delete=models.PROTECT, related_name="wishes")
    group = models.ForeignKey(Group, null=True, blank=True, on_delete=models.PROTECT, related_name="wishes")

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["application", "rank"], name="one_wish_a_rank"),
            models.CheckConstraint(
                condition=Q(theme=None, group__isnull=False) | Q(theme__isnull=False, group=None),
                name="a_wish_is_a_theme_or_a_group",
            ),
        ]
        # What counting wishes by theme reads, and nothing else.
        indexes = [models.Index(fields=["application", "rank", "theme"], name="wishes_by_theme")]

    def __str__(self) -> str:
        return f"Wish {self.rank} of {self.application_id}"


class WaitingQuerySet(models.QuerySet["Waiting"]):
    def standing(self) -> Self:
        return self.filter(ended_at=None)

    def in_order(self) -> Self:
        return self.order_by("priority", "order", "pk")


class Waiting(Row):
    """One person's turn in one list: of a group, or of a theme (any group of it with a free place).

    `priority` and `order` come from the application; the office may change them with a reason.
    """

    class End(models.TextChoices):
        PLACED = "placed", _("Got a place")
        LEFT = "left", _("Left the list")
        DECLINED = "declined", _("Declined the place")
        LAPSED = "lapsed", _("Did not answer in time")
        OVER = "over", _("The list ended")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="turns")
    group = models.ForeignKey(Group, null=True, blank=True, on_delete=models.PROTECT, related_name="turns")
    theme = models.ForeignKey(Theme, null=True, blank=True, on_delete=models.PROTECT, related_name="turns")
    priority = models.PositiveSmallIntegerField(default=1)
    order = models.BigIntegerField()
    since_at = models.DateTimeField()
    moved_at = models.DateTimeField(null=True, blank=True)
    moved_why = models.CharField(max_length=300, blank=True)
    end = models.CharField(max_length=8, choices=End, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = WaitingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "group"], condition=Q(ended_at=None), name="one_turn_a_group"
            ),
            models.UniqueConstraint(
                fields=["application", "theme"], condition=Q(ended_at=None), name="one_turn_a_theme"
            ),
            models.CheckConstraint(
                condition=Q(theme=None, group__isnull=False) | Q(theme__isnull=False, group=None),
                name="a_turn_is_for_a_theme_or_a_group",
            ),
            models.CheckConstraint(
                condition=Q(end="", ended_at=None) | (~Q(end="") & Q(ended_at__isnull=False)),
                name="ended_turns_say_how",
            ),
        ]
        indexes = [
            models.Index(
                fields=["group", "priority", "order"], condition=Q(ended_at=None), name="turns_of_a_group"
            ),
            models.Index(
                fields=["theme", "priority", "order"], condition=Q(ended_at=None), name="turns_of_a_theme"
            ),
        ]

    def __str__(self) -> str:
        return f"Turn of {self.application_id}"


class Unconfirmed(Row):
    """What a visitor wrote before their address was confirmed: it holds no place and is kept for a day.

    `answers` is the form as it was sent, without the wish to the future group. `browser` is a secret in the
    visitor's session: the same browser opening the link of the mail needs no further press. `press` is the
    secret of the page whose button was pressed: the same press again leads where the first one led.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="unconfirmed")
    group = models.ForeignKey(Group, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField()
    language = models.CharField(max_length=2)
    answers = models.TextField()
    browser = models.CharField(max_length=32)
    press = models.CharField(max_length=32, blank=True, default="")
    network_hash = models.CharField(max_length=64, db_index=True)
    made_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["email", "made_at"], name="unconfirmed_of_an_address")]

    def __str__(self) -> str:
        return self.uid


class Conflict(Row):
    """Someone a person should not be in a group with, as they named them; why is never asked.

    It becomes a kept-apart pair when the name or address fits one person of the programme; until then
    the office sees the two names.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="conflicts")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="conflicts")
    named = SealedField(holder="person.uid")
    pair = models.ForeignKey(KeptApart, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # Where it came up in the middle of the year: the running group both sit in.
    group = models.ForeignKey(Group, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    declared_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Conflict of {self.person_id}"

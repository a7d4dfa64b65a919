"""Versions of a group's agreement with their clauses and signatures; goals of the group and of a person."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from piiri.base.models import Row
from piiri.groups.models import Group
from piiri.people.models import Person
from piiri.vault.fields import SealedField

# While a group is in one of these, it writes and signs.
LIVING = (Group.State.FORMING, Group.State.RUNNING)
# Who sat at the table signs there and then; who did not is asked by mail a little later, and reminded once.
ASK_AFTER = timedelta(hours=3)
REMIND_AFTER = timedelta(days=7)


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def standing(self) -> Self:
        """The version that holds now."""
        return self.filter(state=Agreement.State.STANDING)

    def draft(self) -> Self:
        return self.filter(state=Agreement.State.DRAFT)

    def ready(self) -> Self:
        """Every version that holds or has held."""
        return self.exclude(state=Agreement.State.DRAFT)


class Agreement(Row):
    """One version of a group's agreement, or the draft of the next.

    A change of spelling keeps the number, and with it the signatures: it is a row of its own with a
    higher `fix`. A version made because somebody joined has no clauses of its own: `same_text_as` has them.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Being written")
        STANDING = "standing", _("In force")
        PAST = "past", _("Replaced")

    class Cause(models.TextChoices):
        FIRST = "first", _("The first version")
        MEANING = "meaning", _("The meaning changed")
        SPELLING = "spelling", _("Only the spelling changed; nobody signed again")
        JOINED = "joined", _("Somebody joined; the text stayed the same")

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="agreements")
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    number = models.PositiveSmallIntegerField(default=0)
    fix = models.PositiveSmallIntegerField(default=0)
    cause = models.CharField(max_length=8, choices=Cause, blank=True)
    same_text_as = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    # Grows with every change of a draft, so that nobody makes ready what they have not read.
    edits = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)
    # When the number began: who joined later makes a new one.
    numbered_at = models.DateTimeField(null=True, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group"], condition=Q(state="draft"), name="one_draft_of_an_agreement"
            ),
            models.UniqueConstraint(
                fields=["group"], condition=Q(state="standing"), name="one_agreement_in_force"
            ),
            models.UniqueConstraint(
                fields=["group", "number", "fix"], condition=~Q(state="draft"), name="one_row_a_version"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", number=0, ready_at=None, numbered_at=None)
                | (~Q(state="draft") & Q(number__gte=1, ready_at__isnull=False, numbered_at__isnull=False)),
                name="ready_agreements_have_a_number",
            ),
        ]

    def __str__(self) -> str:
        return f"Agreement {self.number} of {self.group_id}"

    @property
    def text_key(self) -> int:
        """The key of the row that has the clauses."""
        return self.same_text_as_id or self.pk


class Clause(Row):
    """One clause. A ready one that nobody changed is its code alone; all else is sealed, in one language."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="clauses")
    order = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=10, blank=True)
    title = SealedField(holder="agreement.group.uid", blank=True)
    text = SealedField(holder="agreement.group.uid", blank=True)
    language = models.CharField(max_length=2, blank=True)
    # Grows with every change: of two people at once, the second is asked.
    edition = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "code"], condition=~Q(code=""), name="a_ready_clause_once"
            ),
            models.CheckConstraint(
                condition=Q(language="", text=None) | (~Q(language="") & Q(text__isnull=False)),
                name="own_words_have_a_language",
            ),
            models.CheckConstraint(
                condition=~Q(code="") | Q(text__isnull=False), name="clauses_say_something"
            ),
        ]

    def __str__(self) -> str:
        return f"Clause {self.order} of {self.agreement_id}"


class Signature(models.Model):
    """A person has signed a version: a tick, a name and a moment."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="signatures")
    number = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "number", "person"], name="one_signature_a_version")
        ]

    def __str__(self) -> str:
        return f"Signature of {self.person_id} under {self.number} of {self.group_id}"


class Asking(models.Model):
    """A person was asked by mail to sign a version, and perhaps reminded; each once."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "number", "person"], name="asked_once_a_version")
        ]

    def __str__(self) -> str:
        return f"Asking of {self.person_id} for {self.number} of {self.group_id}"


class Outcome(models.TextChoices):
    """What became of a goal, said at midpoint and at the end."""

    REACHED = "reached", _("Reached")
    NEARER = "nearer", _("Nearer")
    CHANGED = "changed", _("Changed")
    DROPPED = "dropped", _("Dropped")


class GoalQuerySet(models.QuerySet["Goal"]):
    def agreed(self) -> Self:
        return self.filter(state=Goal.State.AGREED)

    def suggested(self) -> Self:
        return self.filter(state=Goal.State.SUGGESTED)


class Goal(Row):
    """A goal of a group, or the suggestion of one. `place` is its number, from 1 on.

    A suggestion with `instead_of` takes that goal's place once everybody has said yes.
    """

    class State(models.TextChoices):
        SUGGESTED = "suggested", _("Suggested")
        AGREED = "agreed", _("Agreed")
        ENDED = "ended", _("Ended")
        WITHDRAWN = "withdrawn", _("Taken back")

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="goals")
    place = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.SUGGESTED)
    sentence = SealedField(holder="group.uid")
    why = SealedField(holder="group.uid", blank=True)
    sign = SealedField(holder="group.uid", blank=True)
    step = SealedField(holder="group.uid", blank=True)
    outcome = models.CharField(max_length=7, choices=Outcome, blank=True)
    instead_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    suggested_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    suggested_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = GoalQuerySet.as_manager()

    class Meta:
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "place"], condition=Q(state="agreed"), name="one_goal_a_place"
            ),
            models.UniqueConstraint(
                fields=["group", "place"], condition=Q(state="suggested"), name="one_suggestion_a_place"
            ),
            models.CheckConstraint(
                condition=~Q(state="agreed") | Q(agreed_at__isnull=False), name="agreed_goals_say_when"
            ),
        ]

    def __str__(self) -> str:
        return f"Goal {self.place} of {self.group_id}"


class Yes(models.Model):
    """A person has said yes to a suggested goal."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="yeses")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["goal", "person"], name="one_yes_a_goal")]

    def __str__(self) -> str:
        return f"Yes of {self.person_id} to {self.goal_id}"


class OwnGoal(Row):
    """A goal that only its person reads."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="own_goals")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")
    sentence = SealedField(holder="person.uid")
    why = SealedField(holder="person.uid", blank=True)
    sign = SealedField(holder="person.uid", blank=True)
    step = SealedField(holder="person.uid", blank=True)
    scale = models.PositiveSmallIntegerField(null=True, blank=True)
    outcome = models.CharField(max_length=7, choices=Outcome, blank=True)
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at", "pk"]
        indexes = [models.Index(fields=["person", "group"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(scale=None) | Q(scale__lte=10), name="own_goals_stand_at_0_to_10"
            )
        ]

    def __str__(self) -> str:
        return f"Own goal of {self.person_id}"

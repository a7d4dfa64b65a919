"""A formation run with its proposal, a forecast, the publishing of a proposal, and what people are told."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from piiri.base.models import Row, WorkRow
from piiri.enrolments.models import Application
from piiri.groups.models import Group, Membership
from piiri.people.models import Person
from piiri.programmes.models import Programme


class Search(WorkRow, Row):
    """A question to the solver that a worker answers in a child process; somebody may stop it."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting for its turn")
        RUNNING = "running", _("Looking for groups")
        READY = "ready", _("Ready to look at")
        FAILED = "failed", _("Did not succeed")

    class Failure(models.TextChoices):
        NOBODY = "nobody", _("There was nobody left to place when the search began.")
        NOT_ASKED = "not_asked", _("The applications and offers could not be read. Please tell us about it.")
        BROKE_OFF = "broke_off", _("The search broke off more than once. Please start it again.")
        STOPPED = "stopped", _("The search was stopped before it had found anything.")

    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    seconds = models.PositiveSmallIntegerField(default=10)
    seed = models.PositiveIntegerField(default=1)
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    stop_asked_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # {"percent": …, "cost": …} of the search so far
    progress = models.JSONField(default=dict)
    # The question as it was asked, mgf-2 as gzipped JSON, and the solver it was asked of.
    question = models.BinaryField(null=True)
    solver_version = models.CharField(max_length=20, blank=True)
    failure = models.CharField(max_length=40, choices=Failure, blank=True)
    # Of each kind its own, for they are looked up from the programme.
    programme: models.ForeignKey[Programme, Programme]

    class Meta:
        abstract = True


class Run(Search):
    """One question to the solver and its answer: a proposal that the office may change until it is published.

    Up to three proposals of a programme stand side by side and have a letter. `version` counts the changes:
    who changes a proposal says which version they saw.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="formation_runs")
    letter = models.CharField(max_length=1, blank=True)
    # How much each wish of the office counts, 0 to 4 with 2 as usual, by name: see weighing.py.
    weights = models.JSONField(default=dict)
    # The proposal whose locks and places this one keeps where it can.
    kept_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # The assignment of the best groups so far, now and then: what is left of a search that breaks off.
    best = models.JSONField(default=dict)
    interrupted = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0)
    # By uid: {"assignment": {application: group or null}, "windows": {group: [weekday, minutes]}, "locked":
    # [application, …], "reasons": {application: codes, see sentences.py}, "parts": {…}, "cost": …,
    # "bound": …, "proven": …, "seed": …, "work": moves tried, "digest": of the question, "exact": whether
    # question, seed and work give the same again, "moved": {application: [from, to]} of those who sat
    # elsewhere in the proposal that was kept}
    proposal = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "letter"],
                condition=~models.Q(letter=""),
                name="one_proposal_a_letter",
            ),
            models.CheckConstraint(
                condition=models.Q(letter__in=["", "A", "B", "C"]), name="three_proposals_side_by_side"
            ),
        ]

    def __str__(self) -> str:
        return f"Formation of {self.programme_id}"


class Forecast(Search):
    """How many would be left without a place with the wishes of `of`, and where one more mentor would help.

    `of` is the year before, or the programme itself with the enrolments so far.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="forecasts")
    of = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    # {"people": …, "left": …, "strangers": whose themes are not there any more, "more": [one more mentor, see
    # forecasting.More, …], "tried": …, "seed": …, "work": moves of the search, "again": moves for each more,
    # "digest": of the question, "stopped": whether it ended early}; numbers of people, nobody by name
    result = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["programme", "-asked_at"], name="forecasts_newest_first")]

    def __str__(self) -> str:
        return f"Forecast for {self.programme_id}"


class Step(models.Model):
    """One change that the office made to a proposal: people moved, locked or let loose; it can be undone."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField()
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    # [[application, from group or null, to group or null], …] by uid
    moves = models.JSONField(default=list)
    # [[application, whether it was locked, whether it is], …] by uid
    locks = models.JSONField(default=list)
    reason = models.CharField(max_length=200, blank=True)
    undone = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="one_step_a_number")]

    def __str__(self) -> str:
        return f"Step {self.number} of {self.run_id}"


class Publishing(WorkRow, Row):
    """Turning a proposal into memberships, in batches, with an undo until the mails go out."""

    class State(models.TextChoices):
        PREPARING = "preparing", _("Being prepared")
        HOLDING = "holding", _("Published, mails wait")
        PUBLISHING = "publishing", _("Mails are being posted")
        DONE = "done", pgettext_lazy("publishing", "Done")
        UNDONE = "undone", _("Taken back")

    UNDER_WAY = (State.PREPARING, State.HOLDING, State.PUBLISHING)
    STANDING = (State.HOLDING, State.PUBLISHING, State.DONE)

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="publishings")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="publishings")
    state = models.CharField(max_length=10, choices=State, default=State.PREPARING)
    hold_until = models.DateTimeField()
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    # When the places began to count, and when all of it was taken back.
    published_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme"],
                condition=models.Q(state__in=["preparing", "holding", "publishing"]),
                name="one_publishing_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"Publishing of {self.run_id}"


class Opening(models.Model):
    """A group that a publishing fills: its weekly time, and where it stood before, for the undo."""

    publishing = models.ForeignKey(Publishing, on_delete=models.CASCADE, related_name="openings")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    local_time = models.TimeField(null=True, blank=True)
    # The state this publishing moved it from, and whether the weekly time is from here.
    state_before = models.CharField(max_length=9, choices=Group.State, blank=True)
    timed = models.BooleanField(default=False)
    held_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["publishing", "group"], name="one_opening_a_publishing_and_group")
        ]

    def __str__(self) -> str:
        return f"Opening of {self.group_id}"


class Reason(models.Model):
    """What a publishing means for one application: a group or none, why in codes, and what became of it."""

    class LeftOut(models.TextChoices):
        """Why somebody who has a place in the proposal could not be given it."""

        FULL = "full", _("Somebody else took the place meanwhile.")
        ENDED = "ended", _("The group has been called off meanwhile.")
        WITHDRAWN = "withdrawn", _("The application has been taken back or decided meanwhile.")
        ALREADY_IN = "already_in", _("There is a place in another group already.")
        IS_MENTOR = "is_mentor", _("A mentor of the group does not take a place in it.")
        KEPT_APART = "kept_apart", _("Two people who are kept apart would have met in the group.")

    publishing = models.ForeignKey(Publishing, on_delete=models.CASCADE, related_name="reasons")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey(Group, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    codes = models.JSONField(default=dict)
    membership = models.OneToOneField(
        Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    left_out = models.CharField(max_length=10, choices=LeftOut, blank=True)
    # The application's state before, for the undo.
    state_before = models.CharField(max_length=9, choices=Application.State)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["publishing", "application"], name="one_reason_a_publishing_and_application"
            )
        ]
        indexes = [models.Index(fields=["publishing", "group"])]

    def __str__(self) -> str:
        return f"Reason of {self.application_id}"

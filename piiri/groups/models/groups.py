"""The group and its mentors."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from piiri.base.models import Row
from piiri.people.models import Person
from piiri.programmes.models import Programme, Theme


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
    # Ended without its people: nobody sits in it or is asked into it any more.
    EMPTIED = (State.CANCELLED, State.MERGED)

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
    # A pair's mentor was asked, once, to take the first step.
    first_step_at = models.DateTimeField(null=True, blank=True)
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
    # Of a mentor who came later: since when what was said before is open to them.
    history_opened_at = models.DateTimeField(null=True, blank=True)
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

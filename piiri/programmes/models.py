"""A programme is one year of one organiser: themes, breaks, joint events, coordinators, free times."""

from datetime import date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from piiri.base.fields import TranslatedField
from piiri.base.models import Row
from piiri.networks.models import Organisation
from piiri.people.models import Person
from piiri.programmes.parameters import Rules
from piiri.programmes.windows import HALF_HOURS


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def published(self) -> Self:
        """Open to the world, also when their year has ended."""
        return self.exclude(state=Programme.State.DRAFT)

    def running(self) -> Self:
        return self.filter(state=Programme.State.PUBLISHED)


class Programme(Row):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        CLOSED = "closed", pgettext_lazy("programme", "Closed")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="programmes")
    slug = models.SlugField(max_length=60)
    previous = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="following"
    )
    preset = models.CharField(max_length=30)
    title = TranslatedField()
    lead = TranslatedField(blank=True)
    # The programme page's own words: what this is and is not, what it gives, a former participant's voice.
    what = TranslatedField(blank=True)
    for_me = TranslatedField(blank=True)
    for_employer = TranslatedField(blank=True)
    voice = TranslatedField(blank=True)
    voice_by = TranslatedField(blank=True)
    languages = models.JSONField(default=list)
    zone = models.CharField(max_length=40, default="Europe/Helsinki")
    contact_name = models.CharField(max_length=120, blank=True)
    contact_address = models.EmailField(blank=True)
    # Whom people of groups can talk to in confidence: one in the office, and one outside the line.
    contact_person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    second_contact = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    starts_on = models.DateField()
    ends_on = models.DateField()
    enrol_opens_at = models.DateTimeField()
    enrol_closes_at = models.DateTimeField()
    answers_by = models.DateField()
    # Whom it serves besides the staff of its employers.
    takes_private = models.BooleanField(default=False)
    takes_without_employer = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    parameters = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "slug"], name="one_programme_a_slug"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="programme_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(enrol_closes_at__gt=F("enrol_opens_at")), name="enrolment_closes_after_opening"
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def rules(self) -> Rules:
        """The programme's parameters: what was set, else the default of each."""
        return Rules.of(self.parameters)

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


class Employer(models.Model):
    """An organisation whose staff this programme serves; the organiser itself is one too."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="employers")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "organisation"], name="one_employer_a_programme")
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class Theme(Row):
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="themes")
    title = TranslatedField()
    text = TranslatedField(blank=True)
    hue = models.CharField(max_length=10, default="spruce")
    order = models.PositiveSmallIntegerField(default=0)
    # Shown after sign-in only: the theme says something about the person's health or union matters.
    sensitive = models.BooleanField(default=False)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return str(self.title)


class Question(Row):
    """One question answered on the programme page."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="questions")
    question = TranslatedField()
    answer = TranslatedField()
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return str(self.question)


class Break(Row):
    """Days without meetings: school holidays, and whatever the office adds. Both ends included."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="breaks")
    title = TranslatedField()
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="break_ends_after_start")
        ]

    def __str__(self) -> str:
        return str(self.title)

    def holds(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


class Event(Row):
    """A date common to all groups; may be held in several sessions."""

    class Kind(models.TextChoices):
        OPENING = "opening", _("Joint opening")
        MIDPOINT = "midpoint", _("Midpoint")
        ENCOUNTER = "encounter", _("Encounter of groups")
        CLOSING = "closing", _("Joint closing")
        MENTORS = "mentors", _("The mentors’ own meeting")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind)
    title = TranslatedField(blank=True)
    text = TranslatedField(blank=True)
    counts_hours = models.BooleanField(default=True)

    def __str__(self) -> str:
        return str(self.title) or str(self.get_kind_display())


class EventSession(Row):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="sessions")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=120)
    place = models.CharField(max_length=200, blank=True)
    link = models.URLField(blank=True)

    class Meta:
        ordering = ["starts_at"]

    def __str__(self) -> str:
        return f"{self.event} {self.starts_at:%Y-%m-%d}"

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


class Coordinator(models.Model):
    """The role of a person in one programme's office."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="coordinators")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="coordinates")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "person"], name="one_coordinator_a_programme")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} coordinates {self.programme_id}"


class Availability(models.Model):
    """When a person can usually meet: one digit a half hour, Monday 00:00 first, local wall time.

    0 no · 1 if needed · 2 works.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="availabilities")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="availabilities")
    mask = models.CharField(max_length=HALF_HOURS, default="0" * HALF_HOURS)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "person"], name="one_availability_a_programme")
        ]

    def __str__(self) -> str:
        return f"Times of {self.person_id} in {self.programme_id}"

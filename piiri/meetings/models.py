"""Meetings of a group, polls for a time, busy times, answers and invitations, who came, corrections."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from piiri.base.models import Row, WorkRow
from piiri.groups.models import Group
from piiri.people.models import Person
from piiri.programmes.models import EventSession
from piiri.vault.fields import SealedField

# Checking oneself in is possible from so long before the start until so long after the end.
CHECK_IN_BEFORE = timedelta(minutes=30)
CHECK_IN_AFTER = timedelta(hours=2)


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def standing(self) -> Self:
        """Planned or held: not cancelled."""
        return self.exclude(state=Meeting.State.CANCELLED)

    def coming(self, now: datetime) -> Self:
        """Planned meetings that have not ended two hours ago."""
        return self.filter(state=Meeting.State.PLANNED, starts_at__gte=now - timedelta(hours=2))

    def held(self) -> Self:
        return self.filter(state=Meeting.State.HELD)


class Meeting(Row):
    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled")

    class Form(models.TextChoices):
        ONSITE = "onsite", _("In person")
        ONLINE = "online", _("Online")
        HYBRID = "hybrid", _("Some in person, some online")
        WALK = "walk", _("Walking")

        @classmethod
        def of(cls, group: Group) -> Self:
            """How a group meets, unless something else is said."""
            return cls.ONLINE if group.form == Group.Form.ONLINE else cls.ONSITE

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="meetings")
    title = SealedField(holder="group.uid", blank=True)
    link = SealedField(holder="group.uid", blank=True)
    place = models.CharField(max_length=200, blank=True)
    form = models.CharField(max_length=6, choices=Form, default=Form.ONSITE)
    starts_at = models.DateTimeField()
    zone = models.CharField(max_length=40)
    local_date = models.DateField()
    local_time = models.TimeField()
    minutes = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.PLANNED)
    # Grows with every change that people's calendars must hear of.
    sequence = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField()
    # The record without content: filled in after the meeting.
    method = models.CharField(max_length=10, blank=True)
    support_wanted = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(null=True, blank=True)
    # Of a group that runs itself: whose turn it is to see to this meeting.
    convener = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["group", "starts_at"]), models.Index(fields=["state", "starts_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=15, minutes__lte=480), name="meeting_minutes_sane"
            ),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(recorded_at__isnull=False), name="held_meetings_are_recorded"
            ),
            models.UniqueConstraint(
                fields=["group", "starts_at"],
                condition=~Q(state="cancelled"),
                name="one_meeting_of_a_group_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Meeting of {self.group_id} on {self.local_date}"

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


class Answer(models.Model):
    """Whether a person has said to come to a meeting, and that they will be late."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="answers")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    coming = models.BooleanField()
    late_minutes = models.PositiveSmallIntegerField(default=0)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="one_answer_a_meeting")]

    def __str__(self) -> str:
        return f"Answer of {self.person_id} to {self.meeting_id}"


class PollQuerySet(models.QuerySet["Poll"]):
    def open(self) -> Self:
        return self.filter(ended_at=None)


class Poll(Row):
    """A group looks for one time, of a new meeting or of one to be moved, within some days.

    Both days are included, in the programme's zone. It ends by a booking (`booked`) or without one.
    """

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="polls")
    moves = models.ForeignKey(Meeting, null=True, blank=True, on_delete=models.CASCADE, related_name="polls")
    first_on = models.DateField()
    last_on = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    form = models.CharField(max_length=6, choices=Meeting.Form, default=Meeting.Form.ONSITE)
    place = models.CharField(max_length=200, blank=True)
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    booked = models.ForeignKey(Meeting, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = PollQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["answer_by"], condition=Q(ended_at=None), name="open_polls_by_deadline")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=models.F("first_on")), name="poll_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(minutes__gte=15, minutes__lte=480), name="poll_minutes_sane"),
            models.CheckConstraint(
                condition=Q(booked=None) | Q(ended_at__isnull=False), name="booked_polls_have_ended"
            ),
            models.UniqueConstraint(
                fields=["group"], condition=Q(ended_at=None, moves=None), name="one_open_poll_a_group"
            ),
            models.UniqueConstraint(
                fields=["moves"], condition=Q(ended_at=None), name="one_open_poll_a_moved_meeting"
            ),
        ]

    def __str__(self) -> str:
        return f"Poll of {self.group_id} from {self.first_on}"


class PollAnswer(models.Model):
    """What one person said in a poll.

    `marks` holds one digit a half hour, from 00:00 of the poll's first day on, local wall time:
    0 no · 1 if needed · 2 works. `none_work` says that no time within these days does.
    """

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="answers")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    marks = models.TextField()
    none_work = models.BooleanField(default=False)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "person"], name="one_answer_a_poll")]

    def __str__(self) -> str:
        return f"Answer of {self.person_id} to poll {self.poll_id}"


class Asked(models.Model):
    """A person was told of a poll, and reminded: at most once each."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="asked")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "person"], name="asked_once_a_poll")]

    def __str__(self) -> str:
        return f"{self.person_id} asked in {self.poll_id}"


class OwnCalendar(Row, WorkRow):
    """The address of a person's own calendar, read now and then for busy times. The row is the work."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="own_calendar")
    address = SealedField(holder="person.uid")
    read_at = models.DateTimeField(null=True, blank=True)
    # A code of why it could not be read last time; empty when it could.
    trouble = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return f"Calendar of {self.person_id}"


class Busy(models.Model):
    """A span in which a person cannot meet: from their own calendar, or said by hand. No word of why."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="busy_times")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    by_hand = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["person", "starts_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="busy_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} is busy"


class Feed(models.Model):
    """The number of a person's secret calendar address: the address of an older number is dead."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="calendar_feed")
    number = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Feed {self.number} of {self.person_id}"


class Invitation(models.Model):
    """What a person's calendar has been told of a meeting: one row a sequence."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    sequence = models.PositiveSmallIntegerField()
    cancelled = models.BooleanField(default=False)
    posted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person", "sequence"], name="one_invitation_a_change")
        ]

    def __str__(self) -> str:
        return f"Invitation of {self.person_id} to {self.meeting_id}"


class Attendance(Row):
    """A person came: to exactly one meeting, or to exactly one session of a joint event."""

    class Role(models.TextChoices):
        PARTICIPANT = "participant", _("Participant")
        MENTOR = "mentor", _("Mentor")

    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="attendances")
    role = models.CharField(max_length=11, choices=Role, default=Role.PARTICIPANT)
    meeting = models.ForeignKey(
        Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="attendances"
    )
    session = models.ForeignKey(
        EventSession, null=True, blank=True, on_delete=models.PROTECT, related_name="attendances"
    )
    minutes = models.PositiveSmallIntegerField()
    marked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(meeting=None, session__isnull=False) | Q(meeting__isnull=False, session=None),
                name="attendance_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["meeting", "person"], condition=Q(session=None), name="one_attendance_a_meeting"
            ),
            models.UniqueConstraint(
                fields=["session", "person"], condition=Q(meeting=None), name="one_attendance_a_session"
            ),
        ]

    def __str__(self) -> str:
        return f"Attendance of {self.person_id}"


class Correction(Row):
    """What the office changed in a person's attendance after the meeting, and why; the person sees it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attendance_corrections")
    meeting = models.ForeignKey(Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(
        EventSession, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    minutes_before = models.PositiveSmallIntegerField()
    minutes_after = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=300)
    corrected_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    corrected_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Correction for {self.person_id}"

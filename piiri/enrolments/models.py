"""Applications with ranked wishes, and the imports that bring them from files."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from piiri.base.models import Row, WorkRow
from piiri.groups.models import Group
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
    # Addressed to the future group; nobody else reads it.
    wish = SealedField(holder="person.uid", blank=True)
    contact_ok = models.BooleanField(default=False)
    manager_name = models.CharField(max_length=160, blank=True)
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
        indexes = [models.Index(fields=["programme", "state"])]

    def __str__(self) -> str:
        return f"Application of {self.person_id} to {self.programme_id}"


class Wish(models.Model):
    """One ranked wish: a theme or a group, dearest first (rank 1)."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="wishes")
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

    def __str__(self) -> str:
        return f"Wish {self.rank} of {self.application_id}"


class ImportFile(WorkRow, Row):
    """A file somebody brought: read, looked at, then taken or put away. The bytes go when it is over."""

    class Kind(models.TextChoices):
        ENROLMENTS = "enrolments", _("Enrolments")
        MENTORS = "mentors", _("Mentors")

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        READ = "read", _("Read, nothing written yet")
        TAKING = "taking", _("Being taken")
        TAKEN = "taken", _("Taken")
        DISCARDED = "discarded", _("Put away")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="imports")
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=200)
    data = models.BinaryField(null=True)
    # Which column is which (see columns.ColumnMap), what the office decided (see reading.Decisions), and
    # what became of the rows (see report.Report).
    mapping = models.JSONField(default=dict)
    decisions = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    state = models.CharField(max_length=9, choices=State, default=State.READ)
    # Take rows without what is still undecided in them.
    leave_open = models.BooleanField(default=False)
    rows = models.PositiveIntegerField(default=0)
    progress = models.PositiveIntegerField(default=0)
    brought_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    brought_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} from a file"


class Brought(models.Model):
    """Somebody whom a file brought to a programme: what was taken last, and whether they were told.

    `digest` is a keyed hash of the answer, so that the same file twice changes nothing. `answered_at` is
    when the person answered, as the file says; `written_at` tells what they have changed here since.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="brought")
    kind = models.CharField(max_length=10, choices=ImportFile.Kind)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    import_file = models.ForeignKey(ImportFile, null=True, on_delete=models.SET_NULL, related_name="brought")
    digest = models.CharField(max_length=64)
    answered_at = models.DateTimeField(null=True)
    written_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kind", "person"], name="brought_once_a_programme_and_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} came to {self.programme_id} with a file"


class SavedMapping(models.Model):
    """Which column is which, as the office corrected it, for files with the same header."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=ImportFile.Kind)
    header_hash = models.CharField(max_length=64)
    mapping = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "header_hash"], name="one_mapping_a_header"
            )
        ]

    def __str__(self) -> str:
        return f"Mapping for {self.kind}"

"""Files that bring applications and mentors."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from piiri.base.models import Row, WorkRow
from piiri.networks.models import Organisation
from piiri.people.models import Person
from piiri.programmes.models import Programme


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

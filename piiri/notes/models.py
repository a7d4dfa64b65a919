"""Lines of a group: posts, topics, links, files; votes, words about what may leave; who has looked when."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from piiri.base.models import Row, WorkRow
from piiri.groups.models import Group
from piiri.people.models import Person
from piiri.vault.fields import SealedField

# A file is sealed and kept in pieces of so many bytes.
PIECE = 1024 * 1024


class LineQuerySet(models.QuerySet["Line"]):
    def posts(self) -> Self:
        """What stands on the board by itself: no answers."""
        return self.filter(kind=Line.Kind.POST, answers=None)

    def topics(self) -> Self:
        return self.filter(kind=Line.Kind.TOPIC)

    def things(self) -> Self:
        """Links and files."""
        return self.filter(kind__in=(Line.Kind.LINK, Line.Kind.FILE))

    def proposed(self) -> Self:
        """Somebody asked whether it may leave the group, and not all have said yes yet."""
        return self.filter(proposed_at__isnull=False, released_at=None)

    def released(self) -> Self:
        """All of the group have said yes to letting it out."""
        return self.filter(released_at__isnull=False)


class Line(Row):
    """Something one person wrote or put into the group; nobody outside sees that it exists.

    `text` is what a post or a topic says, the title of a link, the name of a file. A post without text is
    one whose author took it away while answers of others stand under it.
    """

    class Kind(models.TextChoices):
        POST = "post", _("Post")
        TOPIC = "topic", _("Topic")
        LINK = "link", _("Link")
        FILE = "file", _("File")

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="lines")
    author = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=5, choices=Kind)
    text = SealedField(holder="group.uid", blank=True)
    address = SealedField(holder="group.uid", blank=True)
    answers = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies"
    )
    # Of a file: its bytes as they were before sealing.
    size = models.PositiveIntegerField(default=0)
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True)
    # Of a topic: when the group took it up.
    done_at = models.DateTimeField(null=True, blank=True)
    # Leaving the group: asked, and agreed to by everybody. With the group's name only where that was asked.
    proposed_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    names_group = models.BooleanField(default=False)

    objects = LineQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["group", "kind", "written_at"], name="lines_of_a_group"),
            models.Index(fields=["released_at"], condition=~Q(proposed_at=None), name="lines_that_may_leave"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(answers=None) | Q(kind="post", proposed_at=None),
                name="answers_are_posts_and_stay",
            ),
            models.CheckConstraint(condition=Q(done_at=None) | Q(kind="topic"), name="topics_are_taken_up"),
            models.CheckConstraint(condition=Q(size=0) | Q(kind="file"), name="files_have_a_size"),
            models.CheckConstraint(
                condition=Q(released_at=None)
                | Q(proposed_at__isnull=False, released_at__gte=F("proposed_at")),
                name="what_left_was_proposed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"

    @property
    def version(self) -> str:
        """Which words, asked for in which way: a yes to letting it out is a yes to these."""
        return "/".join(
            moment.isoformat() if moment else "" for moment in (self.changed_at, self.proposed_at)
        )


class Piece(models.Model):
    """A sealed part of a file, at most one megabyte of it."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["line", "number"], name="one_piece_a_number")]

    def __str__(self) -> str:
        return f"Piece {self.number} of {self.line_id}"


class Vote(models.Model):
    """Somebody would like the group to take up a topic."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="votes")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "person"], name="one_vote_a_topic")]

    def __str__(self) -> str:
        return f"Vote of {self.person_id} for {self.line_id}"


class Word(models.Model):
    """Somebody's yes to letting a line leave the group. A no ends the proposal and takes all words back."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="words")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "person"], name="one_word_a_line")]

    def __str__(self) -> str:
        return f"Word of {self.person_id} on {self.line_id}"


class LookQuerySet(models.QuerySet["Look"]):
    def due(self, now: datetime) -> Self:
        """Whose mail about something new is due."""
        return self.filter(due_at__lte=now, done_at=None)


class Look(WorkRow, Row):
    """When somebody last looked at what their group wrote, and whether a mail tells them of something new.

    `due_at` is when that mail goes, None while there is nothing to tell; looking takes it back.
    """

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="looks")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    looked_at = models.DateTimeField(null=True, blank=True)
    wants_mail = models.BooleanField(default=True)
    mailed_on = models.DateField(null=True, blank=True)

    objects = LookQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "person"], name="one_look_a_group"),
            models.CheckConstraint(
                condition=Q(wants_mail=True) | Q(due_at=None), name="no_mail_to_who_wants_none"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(done_at=None), name="looks_due")]

    def __str__(self) -> str:
        return f"Look of {self.person_id} at {self.group_id}"

"""The person, the codes that sign one in, the reasons given at a step-up."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from piiri.base.fields import TranslatedField
from piiri.base.models import Row
from piiri.base.uids import new_uid


def plain_address(address: str) -> str:
    """The one spelling under which an address is kept: no blanks around it, small letters."""
    return address.strip().lower()


class PersonManager(models.Manager["Person"]):
    """What Django asks of the table of people; there is no way to make one here but `create`."""

    def get_by_natural_key(self, email: str) -> "Person":
        return self.get(email=plain_address(email))


class Person(Row, AbstractBaseUser):
    """One human being: one address, a name, a language; belongs to no organisation."""

    class Language(models.TextChoices):
        FINNISH = "fi", _("Finnish")
        SWEDISH = "sv", _("Swedish")
        ENGLISH = "en", _("English")

    password = None  # type: ignore[assignment]  # one signs in by a code; there is no password to lose
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=150, blank=True)
    language = models.CharField(max_length=2, choices=Language, default=Language.FINNISH)
    verified_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField()
    is_operator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    sessions_key = models.CharField(max_length=16, default=new_uid, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["joined_at"]

    objects = PersonManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="addresses_are_in_small_letters"),
            models.CheckConstraint(
                condition=Q(language__in=["fi", "sv", "en"]), name="people_speak_a_language_of_ours"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = plain_address(self.email)
        super().save(*args, **kwargs)

    @property
    def initials(self) -> str:
        """Up to two letters for the seat and the avatar, e.g. "FH"."""
        parts = [part for part in str(self).replace("@", " ").split() if part[:1].isalnum()]
        return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper()

    @property
    def first_name(self) -> str:
        """How colleagues say hello."""
        return str(self).split()[0]

    def get_session_auth_hash(self) -> str:
        """What every session of this person carries: a new `sessions_key` ends them all."""
        return salted_hmac("piiri.people.sessions", self.sessions_key, algorithm="sha256").hexdigest()

    def get_session_auth_fallback_hash(self) -> Any:
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield salted_hmac(
                "piiri.people.sessions", self.sessions_key, secret=secret, algorithm="sha256"
            ).hexdigest()


class CodeRequestQuerySet(models.QuerySet["CodeRequest"]):
    def usable(self, now: datetime) -> Self:
        """Not yet used, not too old, not tried too often."""
        return self.filter(used_at=None, expires_at__gt=now, tries__lt=CodeRequest.MOST_TRIES)

    def asked_since(self, moment: datetime) -> Self:
        return self.filter(asked_at__gt=moment)


class CodeRequest(Row):
    """Somebody asked for a code for an address, whether or not we know the address.

    `uid`, `email` and `language` make it a recipient of mail, so that no person needs to be looked up.
    """

    MOST_TRIES = 5

    email = models.EmailField(max_length=254)
    language = models.CharField(max_length=2, choices=Person.Language)
    network_hash = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    objects = CodeRequestQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["email", "asked_at"], name="codes_of_an_address"),
            models.Index(fields=["network_hash", "asked_at"], name="codes_of_a_network"),
            models.Index(fields=["asked_at"], name="codes_by_age"),
        ]

    def __str__(self) -> str:
        return self.uid


class StepUp(Row):
    """The reason somebody wrote before a deed that needs a fresh code."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="step_ups")
    reason = models.CharField(max_length=300)
    path = models.CharField(max_length=300)
    given_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.uid


class Press(models.Model):
    """A form sent once: the same press again changes nothing and leads to the same page. Kept 24 hours."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="presses")
    key = models.CharField(max_length=32)
    # A keyed hash of what was sent: another form under the same key is refused.
    digest = models.CharField(max_length=64)
    outcome = models.CharField(max_length=300)
    pressed_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="one_press_a_key")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.key}"


class DemoAccount(models.Model):
    """A person of the demo city whom anybody may sign in as; shown in demo mode only."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="demo_account")
    role = models.CharField(max_length=30)
    label = TranslatedField()
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.role} {self.person_id}"

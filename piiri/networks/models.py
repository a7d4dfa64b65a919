"""Networks, organisations, units, who belongs to them and who looks after them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from piiri.base.fields import TranslatedField
from piiri.base.models import Row


class Network(Row):
    """Organisations that run mentoring in one way, e.g. the cities of a region."""

    name = TranslatedField()
    slug = models.SlugField(max_length=60, unique=True)

    def __str__(self) -> str:
        return str(self.name)


class Organisation(Row):
    """Who runs programmes or employs participants. `slug` is in the addresses of programme pages."""

    class Kind(models.TextChoices):
        CITY = "city", _("City or municipality")
        UNIVERSITY = "university", _("University")
        PRIVATE = "private", _("Private provider")
        ASSOCIATION = "association", _("Association")

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="organisations")
    name = TranslatedField()
    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.CITY)
    contact_address = models.EmailField(max_length=254, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return str(self.name)


class Unit(Row):
    """A workplace of an organisation: a school, a daycare centre, a faculty."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="units")
    name = models.CharField(max_length=150)
    area = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"], name="one_unit_of_a_name_in_an_organisation"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Affiliation(Row):
    """What one organisation knows of a person; another organisation's rows never show."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="affiliations"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="affiliations")
    unit = models.ForeignKey(
        Unit, on_delete=models.SET_NULL, null=True, blank=True, related_name="affiliations"
    )
    name_as_written = models.CharField(max_length=150, blank=True)
    workplace = models.CharField(max_length=150, blank=True)
    job = models.CharField(max_length=150, blank=True)
    years = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"], name="one_affiliation_a_person_and_organisation"
            )
        ]

    def __str__(self) -> str:
        return self.uid


class NetworkAdmin(models.Model):
    """Looks after a network: its organisations and who administers them."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="network_adminships"
    )
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="admins")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "network"], name="one_adminship_a_person_and_network")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.network_id}"


class OrganisationAdmin(models.Model):
    """Looks after an organisation: its units, texts and coordinators."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="organisation_adminships"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="admins")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"], name="one_adminship_a_person_and_organisation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.organisation_id}"


class UnitAdmin(models.Model):
    """Looks after one unit, e.g. plans substitutes for those who meet."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="unit_adminships"
    )
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="admins")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "unit"], name="one_adminship_a_person_and_unit")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.unit_id}"

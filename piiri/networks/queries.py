"""What the pages of organisations and networks show."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from piiri.networks.models import Affiliation, Network, Organisation, OrganisationAdmin, Unit
from piiri.people.models import Person


@dataclass(frozen=True)
class Administrator:
    """Somebody who looks after an organisation, as the organisation knows them."""

    person_uid: str
    email: str
    name: str
    since: datetime
    is_reader: bool


def administrators(organisation: Organisation, *, reader: Person) -> list[Administrator]:
    """Administrators in the order they came; `name` is as the organisation wrote it, else empty.

    The person's own name stays out: it would tell whether an address was known before.
    """
    rows = (
        OrganisationAdmin.objects.filter(organisation=organisation)
        .select_related("person")
        .order_by("since", "pk")
    )
    written = dict(
        Affiliation.objects.filter(organisation=organisation, person__in=rows.values("person")).values_list(
            "person", "name_as_written"
        )
    )
    return [
        Administrator(
            row.person.uid,
            row.person.email,
            written.get(row.person_id, ""),
            row.since,
            row.person_id == reader.pk,
        )
        for row in rows
    ]


def administrator(organisation: Organisation, person_uid: str) -> Person | None:
    """The administrator of the organisation with this uid, or None."""
    row = OrganisationAdmin.objects.filter(organisation=organisation, person__uid=person_uid).first()
    return row.person if row else None


def units(organisation: Organisation) -> QuerySet[Unit]:
    """The organisation's units by name, each with `people`: how many belong to it."""
    return organisation.units.annotate(people=Count("affiliations"))


def organisations(network: Network) -> QuerySet[Organisation]:
    """The network's organisations by short name, each with `admin_count`."""
    return network.organisations.annotate(admin_count=Count("admins"))


def unit_choices(organisation: Organisation) -> list[tuple[str, str]]:
    """(uid, "name, area") of each unit, for a form."""
    return [
        (unit.uid, f"{unit.name}, {unit.area}" if unit.area else unit.name)
        for unit in organisation.units.all()
    ]

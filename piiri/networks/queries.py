"""What the pages of organisations and networks show."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from piiri.networks.models import Affiliation, Network, Organisation, OrganisationAdmin, Unit
from piiri.people.models import Person


@dataclass(frozen=True)
class Holder:
    """Somebody who has a role, as the organisation knows them."""

    person_uid: str
    email: str
    name: str
    is_reader: bool


def administrators(organisation: Organisation, *, reader: Person) -> list[Holder]:
    """Administrators in the order they came. Two queries."""
    rows = OrganisationAdmin.objects.filter(organisation=organisation).select_related("person")
    people = [row.person for row in rows.order_by("since", "pk")]
    return holders(people, organisation_id=organisation.pk, reader=reader)


def holders(people: Iterable[Person], *, organisation_id: int, reader: Person) -> list[Holder]:
    """These people with the names the organisation wrote, else empty.

    The person's own name stays out: it would tell whether an address was known before.
    """
    people = list(people)
    affiliations = Affiliation.objects.filter(organisation=organisation_id, person__in=people)
    written = dict(affiliations.values_list("person", "name_as_written"))
    return [Holder(one.uid, one.email, written.get(one.pk, ""), one.pk == reader.pk) for one in people]


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

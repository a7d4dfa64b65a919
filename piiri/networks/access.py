"""Who may see and look after networks, organisations and units. Several relations add up."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from piiri.networks.models import (
    Affiliation,
    Network,
    NetworkAdmin,
    Organisation,
    OrganisationAdmin,
    Unit,
    UnitAdmin,
)
from piiri.people.models import Person

Reader = Person | AnonymousUser


def networks_run_by(person: Reader) -> QuerySet[Network]:
    """Networks the person administers."""
    if not person.is_authenticated:
        return Network.objects.none()
    return Network.objects.filter(pk__in=NetworkAdmin.objects.filter(person=person).values("network"))


def organisations_run_by(person: Reader) -> QuerySet[Organisation]:
    """Organisations the person administers; running a network is not administering what is in it."""
    if not person.is_authenticated:
        return Organisation.objects.none()
    administers = OrganisationAdmin.objects.filter(person=person).values("organisation")
    return Organisation.objects.filter(pk__in=administers)


def visible_organisations(person: Reader) -> QuerySet[Organisation]:
    """Organisations the person belongs to or has a role in, those of networks they run; all for an operator.

    This says that an organisation exists, not that anything in it may be changed.
    """
    if not person.is_authenticated:
        return Organisation.objects.none()
    return Organisation.objects.filter(known_by(person, through="pk", network="network"))


def known_by(person: Person, *, through: str, network: str) -> Q:
    """The condition of `visible_organisations` for rows that reach the organisation by `through`.

    `network` is their way to its network. Lists of keys side by side, as in `programmes.access.run_by`.
    """
    if person.is_operator:
        return Q(**{f"{through}__isnull": False})
    belongs = Affiliation.objects.filter(person=person).values("organisation")
    administers = OrganisationAdmin.objects.filter(person=person).values("organisation")
    overseen = UnitAdmin.objects.filter(person=person).values("unit__organisation")
    return (
        Q(**{f"{through}__in": belongs})
        | Q(**{f"{through}__in": administers})
        | Q(**{f"{through}__in": overseen})
        | Q(**{f"{network}__in": NetworkAdmin.objects.filter(person=person).values("network")})
    )


def visible_networks(person: Reader) -> QuerySet[Network]:
    """Networks the person runs or is in through an organisation; all for an operator."""
    if not person.is_authenticated:
        return Network.objects.none()
    if person.is_operator:
        return Network.objects.all()
    through = visible_organisations(person).values("network")
    return Network.objects.filter(Q(pk__in=through) | Q(pk__in=networks_run_by(person).values("pk")))


def visible_units(person: Reader) -> QuerySet[Unit]:
    """Units of the organisations that are visible."""
    return Unit.objects.filter(organisation__in=visible_organisations(person).values("pk"))


def own_affiliations(person: Reader) -> QuerySet[Affiliation]:
    """What organisations know of the person."""
    if not person.is_authenticated:
        return Affiliation.objects.none()
    return Affiliation.objects.filter(person=person).select_related("organisation", "unit")


def can_administer_organisation(person: Reader, organisation: Organisation) -> bool:
    """Return whether the person is one of the organisation's administrators."""
    return organisations_run_by(person).filter(pk=organisation.pk).exists()


def can_edit_organisation(person: Reader, organisation: Organisation) -> bool:
    """Texts and units are the organisation's own: its administrators change them, not the network's."""
    return can_administer_organisation(person, organisation)


def can_edit_unit(person: Reader, unit: Unit) -> bool:
    """Units are changed by whoever may edit their organisation."""
    return can_edit_organisation(person, unit.organisation)


def can_grant_organisation_admin(person: Reader, organisation: Organisation) -> bool:
    """Administrators of the organisation and of its network give and take away this role."""
    return (
        can_administer_organisation(person, organisation)
        or networks_run_by(person).filter(pk=organisation.network_id).exists()
    )


def can_run_network(person: Reader, network: Network) -> bool:
    """Its administrators make and suspend organisations; so does an operator, after a step-up."""
    return can_administer_network(person, network) or bool(person.is_authenticated and person.is_operator)


def can_administer_network(person: Reader, network: Network) -> bool:
    """Return whether the person is one of the network's administrators."""
    return networks_run_by(person).filter(pk=network.pk).exists()

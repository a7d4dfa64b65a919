"""Networks are founded, organisations made and described, roles given, people affiliated."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.base.fields import Translations
from piiri.mail import actions as mail
from piiri.networks import rules
from piiri.networks.models import (
    Affiliation,
    Network,
    NetworkAdmin,
    Organisation,
    OrganisationAdmin,
    Unit,
)
from piiri.networks.rules import NetworkRefusal
from piiri.people import actions as people
from piiri.people.models import Person

BATCH = 1000
KNOWN = ("unit", "name_as_written", "workplace", "job", "years")


class Known(NamedTuple):
    """What an organisation knows of one person; empty means nothing was told."""

    person: Person
    unit: Unit | None = None
    name_as_written: str = ""
    workplace: str = ""
    job: str = ""
    years: int | None = None


@transaction.atomic
def found_network(slug: str, *, name: Translations, now: datetime, by: Person | None = None) -> Network:
    """Return the network of this short name; make it where there is none. `by` None is the command line."""
    network, made = Network.objects.get_or_create(slug=slug, defaults={"name": name})
    if made:
        audit.record("network_founded", by=by, about=network, now=now)
    return network


@transaction.atomic
def grant_network_admin(network: Network, *, email: str, now: datetime, by: Person | None = None) -> Person:
    """Let the person of this address look after the network; twice is once."""
    person = people.introduce(email, name="", language="fi", now=now)
    NetworkAdmin.objects.get_or_create(person=person, network=network, defaults={"since": now})
    audit.record("network_admin_granted", by=by, about=network, now=now, person=person.uid)
    return person


@transaction.atomic
def create_organisation(
    network: Network,
    *,
    name: Translations,
    slug: str,
    kind: str,
    contact_address: str,
    by: Person | None,
    now: datetime,
) -> Organisation:
    """Make an organisation in the network.

    Raises Refused with SLUG_TAKEN; short names are unique everywhere, for they stand in addresses.
    """
    organisation, made = Organisation.objects.get_or_create(
        slug=slug,
        defaults={"network": network, "name": name, "kind": kind, "contact_address": contact_address},
    )
    if not made:
        raise Refused(NetworkRefusal.SLUG_TAKEN)
    audit.record("organisation_created", by=by, about=organisation, now=now, place=network.uid)
    return organisation


@transaction.atomic
def describe_organisation(
    organisation: Organisation, *, name: Translations, contact_address: str, by: Person, now: datetime
) -> None:
    """Change the name and where mail to the organisation goes. Raises Refused with SUSPENDED."""
    if reason := rules.why_not_change(organisation):
        raise Refused(reason)
    organisation.name, organisation.contact_address = name, contact_address
    organisation.save(update_fields=["name", "contact_address"])
    audit.record("organisation_described", by=by, about=organisation, now=now, place=organisation.uid)


@transaction.atomic
def suspend_organisation(organisation: Organisation, *, by: Person, now: datetime) -> None:
    """Let nothing change in the organisation for the time being; twice is once."""
    if Organisation.objects.filter(pk=organisation.pk, suspended_at=None).update(suspended_at=now):
        audit.record("organisation_suspended", by=by, about=organisation, now=now, place=organisation.uid)


@transaction.atomic
def reopen_organisation(organisation: Organisation, *, by: Person, now: datetime) -> None:
    """End a suspension; twice is once."""
    suspended = Organisation.objects.filter(pk=organisation.pk, suspended_at__isnull=False)
    if suspended.update(suspended_at=None):
        audit.record("organisation_reopened", by=by, about=organisation, now=now, place=organisation.uid)


@transaction.atomic
def add_unit(organisation: Organisation, *, name: str, area: str, by: Person | None, now: datetime) -> Unit:
    """Add a workplace. Raises Refused with NAME_TAKEN or SUSPENDED."""
    if reason := rules.why_not_change(organisation):
        raise Refused(reason)
    unit, made = Unit.objects.get_or_create(organisation=organisation, name=name, defaults={"area": area})
    if not made:
        raise Refused(NetworkRefusal.NAME_TAKEN)
    audit.record("unit_added", by=by, about=unit, now=now, place=organisation.uid)
    return unit


@transaction.atomic
def change_unit(unit: Unit, *, name: str, area: str, by: Person, now: datetime) -> None:
    """Rename a workplace or move it to another area. Raises Refused with NAME_TAKEN or SUSPENDED."""
    if reason := rules.why_not_change(unit.organisation):
        raise Refused(reason)
    if Unit.objects.filter(organisation=unit.organisation_id, name=name).exclude(pk=unit.pk).exists():
        raise Refused(NetworkRefusal.NAME_TAKEN)
    unit.name, unit.area = name, area
    unit.save(update_fields=["name", "area"])
    audit.record("unit_changed", by=by, about=unit, now=now, place=unit.organisation.uid)


@transaction.atomic
def grant_organisation_admin(
    organisation: Organisation, *, email: str, by: Person | None, now: datetime
) -> Person:
    """Let the person of this address look after the organisation, and tell them; twice is once.

    Whether the address was known before is told to nobody. Raises Refused with ONESELF or SUSPENDED.
    """
    person = people.introduce(email, name="", language=by.language if by else "fi", now=now)
    if reason := rules.why_not_give_role(organisation, to_oneself=person == by):
        raise Refused(reason)
    _row, made = OrganisationAdmin.objects.get_or_create(
        person=person, organisation=organisation, defaults={"since": now}
    )
    if made:
        mail.post(
            "networks/email/organisation_admin",
            to=person,
            about=organisation,
            now=now,
            link=f"/organisations/{organisation.uid}/",
            organisation=organisation.name,
        )
    audit.record(
        "organisation_admin_granted",
        by=by,
        about=organisation,
        now=now,
        place=organisation.uid,
        person=person.uid,
    )
    return person


@transaction.atomic
def remove_organisation_admin(
    organisation: Organisation, *, person: Person, by: Person, now: datetime
) -> None:
    """Take the role away; twice is once. Raises Refused with ONESELF or SUSPENDED."""
    if reason := rules.why_not_give_role(organisation, to_oneself=person == by):
        raise Refused(reason)
    gone, _each = OrganisationAdmin.objects.filter(person=person, organisation=organisation).delete()
    if gone:
        audit.record(
            "organisation_admin_removed",
            by=by,
            about=organisation,
            now=now,
            place=organisation.uid,
            person=person.uid,
        )


@transaction.atomic
def affiliate(organisation: Organisation, *, known: Known) -> Affiliation:
    """Keep what the organisation knows of the person; what was not told now stays as it was.

    No audit row: the deed is the caller's (an enrolment, an import, a role).
    """
    told = {field: value for field in KNOWN if (value := getattr(known, field))}
    affiliation, _made = Affiliation.objects.update_or_create(
        person=known.person, organisation=organisation, defaults=told
    )
    return affiliation


@transaction.atomic
def affiliate_many(organisation: Organisation, *, known: Iterable[Known]) -> None:
    """Do the same for many in batches; each person once, the last one told counts.

    Here an empty value replaces what was known: an import tells the whole of it.
    """
    rows = {told.person.pk: Affiliation(organisation=organisation, **told._asdict()) for told in known}
    Affiliation.objects.bulk_create(
        rows.values(),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["person", "organisation"],
        update_fields=KNOWN,
    )

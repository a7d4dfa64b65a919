"""Making a world of invented people: networks, organisations, and in them programme years."""

from datetime import datetime

from django.db import transaction

from piiri.audit import actions as audit
from piiri.desk.actions import seeded_people, seeded_years, surveying
from piiri.desk.actions.seeded import World, refuse_real_people
from piiri.desk.worlds import Dice, House, catalogue, plan
from piiri.networks.models import Network, NetworkAdmin, Organisation, OrganisationAdmin, Unit
from piiri.people.models import Person

UNITS_OF_BIG = 100  # people a unit, at most sixteen units


def make_world(scale: str, *, seed: int, now: datetime) -> World:
    """Make the world of a scale and return its accounts and objects; the same seed makes the same world.

    Everything is written in one transaction, the keys in another: a world that breaks leaves nothing
    but unused keys. Nobody is mailed.

    Raises Refused with REAL_PEOPLE or SAME_WORLD.
    """
    world = World(Dice(scale, seed), now=now, plan=plan(scale))
    refuse_real_people(world.dice.suffix)
    with transaction.atomic(using="vault"), transaction.atomic():
        networks = [_network(world, raw) for raw in catalogue()["networks"]]
        for house in world.plan.houses:
            _house(world, house, networks[house.network])
        _world_staff(world, networks)
        seeded_people.demo_accounts(world)
        audit.record("world_made", by=None, about=None, now=now, scale=scale, seed=seed)
        while surveying.roll_up(now=now):
            pass
    return world


def _network(world: World, raw: dict[str, object]) -> Network:
    network = Network.objects.create(
        uid=world.dice.uid(), name=raw["name"], slug=f"{raw['slug']}{world.dice.suffix}"
    )
    world.tell("network", network.uid)
    return network


def _house(world: World, house: House, network: Network) -> None:
    """One organisation with its units, its administrator and its years."""
    slug = f"{house.slug}{world.dice.suffix}"
    organisation = Organisation.objects.create(
        uid=world.dice.uid(),
        network=network,
        name={"fi": house.name},
        slug=slug,
        kind=house.kind,
        contact_address=f"piiri@{slug}.example",
    )
    world.tell("organisation", organisation.uid, organisation)
    world.tell("organisation_slug", slug, organisation)
    units = _units(world, organisation, sum(year.people for year in house.years))
    admin = seeded_people.staff(world, organisation, "organiser_admin")
    OrganisationAdmin.objects.create(person=admin, organisation=organisation, since=world.now)
    for year in house.years:
        seeded_years.make_year(world, year, organisation=organisation, units=units)


def _units(world: World, organisation: Organisation, people: int) -> list[Unit]:
    names = catalogue()["schools"][: max(3, min(16, people // 12))]
    if people > UNITS_OF_BIG * len(names):
        names = [f"{name} {number}" for number in range(1, people // 1600 + 2) for name in names]
    units = [
        Unit(uid=world.dice.uid(), organisation=organisation, name=name, area=world.dice.of("areas"))
        for name in names
    ]
    made = Unit.objects.bulk_create(units)
    for unit in made:
        world.tell("unit", unit.uid, organisation)
    return made


def _world_staff(world: World, networks: list[Network]) -> None:
    """Who stands above organisations, and two people who have a role in none."""
    for number, network in enumerate(networks):
        organisation = Organisation.objects.filter(network=network).order_by("pk").first()
        assert organisation
        admin = seeded_people.staff(world, organisation, "network_admin", known=False)
        NetworkAdmin.objects.create(person=admin, network=network, since=world.now)
        if number == 0:
            seeded_people.staff(world, organisation, "researcher")
            operator = seeded_people.staff(world, organisation, "operator", known=False)
            Person.objects.filter(pk=operator.pk).update(is_operator=True)

"""Invented people: with names of the cast where there are any, else by chance."""

from collections.abc import Iterable, Sequence

from piiri.desk.actions.seeded import Account, World, keep
from piiri.desk.worlds import catalogue
from piiri.networks.models import Affiliation, Organisation, Unit
from piiri.people.models import DemoAccount, Person


def cast_name(world: World, role: str) -> str:
    """The name of a role's first holder as the designs have it; everybody else's by chance."""
    if role in world.cast_used or role not in catalogue()["cast"]:
        return world.dice.name()
    world.cast_used.add(role)
    return str(catalogue()["cast"][role])


def new_person(world: World, organisation: Organisation, name: str) -> Person:
    """Somebody not yet written down."""
    return Person(
        uid=world.dice.uid(),
        email=world.dice.address(name, organisation.slug),
        name=name,
        language="sv" if world.dice.some(0.06) else "fi",
        joined_at=world.now,
        verified_at=world.now,
        sessions_key=world.dice.uid(),
    )


def staff(world: World, organisation: Organisation, role: str, *, known: bool = True) -> Person:
    """One holder of a role above programmes; `known`: the organisation knows the person as its own."""
    [person] = keep(Person, [new_person(world, organisation, cast_name(world, role))])
    if known:
        affiliate(world, organisation, [person], units=[])
    world.tell_account(role, person, organisation)
    return person


def affiliate(
    world: World, organisation: Organisation, people: Iterable[Person], *, units: Sequence[Unit]
) -> list[Affiliation]:
    """What the organisation knows of its people: workplace, job, years."""
    rng = world.dice.rng
    rows = []
    for person in people:
        unit = rng.choice(units) if units else None
        rows.append(
            Affiliation(
                uid=world.dice.uid(),
                person=person,
                organisation=organisation,
                unit=unit,
                name_as_written=person.name,
                workplace=unit.name if unit else "",
                job=world.dice.of("jobs"),
                years=rng.randint(0, 30),
            )
        )
    return keep(Affiliation, rows)


def demo_accounts(world: World) -> None:
    """Whom one may sign in as by a press: one a role; the first of each role leads the list."""
    labels = catalogue()["roles"]
    order = list(labels)
    keep(
        DemoAccount,
        (
            DemoAccount(
                person=account.person,
                role=account.role,
                label=labels[account.role],
                order=100 * number + order.index(account.role),
            )
            for number, account in _numbered(world)
        ),
    )


def _numbered(world: World) -> Iterable[tuple[int, Account]]:
    """The accounts, those of the first organisation with its number 0, and so on."""
    houses: list[str | None] = []
    for account in world.accounts:
        at = account.place["organisation"]
        if at not in houses:
            houses.append(at)
        if world.dice.scale != "demo" or houses.index(at) == 0:
            yield houses.index(at), account

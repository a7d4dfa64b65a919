"""What is known of a world while it is being made, and what it may not be made in."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db import models

from piiri.base.errors import Refused
from piiri.desk.worlds import DOMAIN, Dice, Plan, SeedRefusal
from piiri.groups.models import Group
from piiri.networks.models import Organisation
from piiri.people.models import Person
from piiri.programmes.models import Programme

Kept = TypeVar("Kept", bound=models.Model)

BATCH = 2000
MOST_TOLD = 100  # of one kind in one programme, or organisation: a country has thousands


@dataclass(frozen=True)
class Account:
    """Somebody of the world whom one may sign in as, and where the role is held."""

    role: str
    person: Person
    place: dict[str, str | None]


@dataclass
class World:
    dice: Dice
    now: datetime
    plan: Plan
    accounts: list[Account] = field(default_factory=list)
    things: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    told: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    cast_used: set[str] = field(default_factory=set)

    def tell(
        self,
        kind: str,
        id_: str,
        organisation: Organisation | None = None,
        programme: Programme | None = None,
        group: Group | None = None,
        **more: str,
    ) -> None:
        """Name an object as doors name it in their addresses, and say where it is."""
        at = place(organisation, programme, group)
        where = (kind, at["programme"] or at["organisation"])
        self.told[where] += 1
        if self.told[where] <= MOST_TOLD:
            self.things[kind].append({"id": id_, **at, **more})

    def tell_account(
        self,
        role: str,
        person: Person,
        organisation: Organisation,
        programme: Programme | None = None,
        group: Group | None = None,
    ) -> None:
        """One account of each role in each organisation is enough."""
        at = place(organisation, programme, group)
        told = {(account.role, account.place["organisation"]) for account in self.accounts}
        if (role, organisation.uid) not in told:
            self.accounts.append(Account(role, person, at))
            self.tell("person", person.uid, organisation, programme, group, role=role)


def place(
    organisation: Organisation | None, programme: Programme | None, group: Group | None
) -> dict[str, str | None]:
    """Where something is, by uids."""
    return {
        "organisation": organisation.uid if organisation else None,
        "programme": programme.uid if programme else None,
        "group": group.uid if group else None,
    }


def refuse_real_people(suffix: str) -> None:
    """Raise Refused where somebody is not invented, or where this world already is."""
    invented = Person.objects.filter(email__endswith=DOMAIN)
    if Person.objects.exclude(email__endswith=DOMAIN).exists():
        raise Refused(SeedRefusal.REAL_PEOPLE)
    same = invented.filter(email__endswith=f"@jarvila{suffix}{DOMAIN}")
    if same.exists():
        raise Refused(SeedRefusal.SAME_WORLD)


def keep(model: type[Kept], rows: Iterable[Kept]) -> list[Kept]:
    """Write many rows of one kind; they come back with their keys."""
    return model._default_manager.bulk_create(list(rows), batch_size=BATCH)  # noqa: SLF001

"""What docs/permissions.csv expects at a door, for an account of a made-up world and a place in it."""

import csv
import json
import re
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from piiri.base.listing import Listed

TABLE = Path(__file__).resolve().parents[3] / "docs" / "permissions.csv"
NEVER = "a" * 16
ALLOWED = "allowed"
OPEN_CELLS = {"Y", "own", "grp", "opt", "win", "meta", "case"}
# Figures that pass the small-number rules, and research under a permit: where a door has neither, it refuses.
RARE_CELLS = {"agg", "cons"}
ROLES = (
    "visitor",
    "applicant",
    "participant",
    "past_participant",
    "mentor",
    "other_mentor",
    "coordinator",
    "organiser_admin",
    "network_admin",
    "researcher",
    "operator",
)
IN_A_GROUP = ("participant", "past_participant", "mentor", "other_mentor")
# Which person of a place an address means, where it names one besides something else.
PERSON_AT = {
    "people:demo-sign-in": "mentor",
    "groups:end-mentor": "mentor",
    "programmes:remove-coordinator": "coordinator",
    "networks:remove-administrator": "organiser_admin",
}


def table() -> dict[str, dict[str, str]]:
    """The rows of docs/permissions.csv by number."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["row"]: row for row in csv.DictReader(file)}


@dataclass
class Told:
    """What `piiri seed --json` printed."""

    accounts: list[dict]
    objects: dict[str, list[dict]]
    by_role: dict[str, dict] = field(init=False)

    def __post_init__(self) -> None:
        self.by_role = {}
        for account in self.accounts:
            self.by_role.setdefault(account["role"], account)

    def first(self, kind: str, **where: str | None) -> dict | None:
        rows = self.objects.get(kind, [])
        return next((row for row in rows if all(row.get(key) == at for key, at in where.items())), None)


def seeded(scale: str = "small") -> Told:
    out = StringIO()
    call_command("seed", scale=scale, seed=1, json=True, stdout=out)
    told = json.loads(out.getvalue())
    return Told(told["accounts"], told["objects"])


@dataclass(frozen=True)
class Place:
    """Where an object is; `label` says it from the first programme's point of view."""

    label: str
    organisation: str | None = None
    programme: str | None = None
    group: str | None = None

    @property
    def exists(self) -> bool:
        return self.label != "never"


def places(told: Told) -> list[Place]:
    """Own group, sibling group, other programme, other organisation, nowhere."""
    mentor, sibling = told.by_role["mentor"], told.by_role["other_mentor"]
    at = {key: mentor[key] for key in ("organisation", "programme", "group")}
    other = next(
        row
        for row in told.objects["group"]
        if row["organisation"] == at["organisation"] and row["programme"] != at["programme"]
    )
    abroad = next(row for row in told.objects["group"] if row["organisation"] != at["organisation"])
    return [
        Place("own", **at),
        Place("sibling", at["organisation"], at["programme"], sibling["group"]),
        Place("other programme", other["organisation"], other["programme"], other["group"]),
        Place("other organisation", abroad["organisation"], abroad["programme"], abroad["group"]),
        Place("never"),
    ]


def ids_at(told: Told, door: Listed, place: Place) -> dict[str, str] | None:
    """Ids of things at the place for the address of a door; None where the world has none there."""
    found = {}
    for kind in door.ids:
        if not place.exists:
            found[kind] = "name" if kind == "step" else "never-was" if "slug" in kind else NEVER
            continue
        row = object_at(told, door, kind, place)
        if row is None:
            return None
        found[kind] = row["id"]
    return found


def object_at(told: Told, door: Listed, kind: str, place: Place) -> dict | None:
    if kind == "person" and door.name in PERSON_AT:
        return person_with_role(told, PERSON_AT[door.name], place)
    here = {"organisation": place.organisation, "programme": place.programme, "group": place.group}
    for width in (3, 2, 1):
        narrow = dict(list(here.items())[:width])
        wider = dict.fromkeys(list(here)[width:])
        if row := told.first(kind, **narrow, **wider):
            return row
    if kind == "network":
        return told.objects["network"][place.label == "other organisation"]
    return None


def person_with_role(told: Told, role: str, place: Place) -> dict | None:
    """A mentor of the group's programme, a coordinator, an administrator: by the accounts."""
    keys = ("organisation",) if role == "organiser_admin" else ("organisation", "programme")
    where = {key: getattr(place, key) for key in keys}
    return told.first("person", role=role, **where)


def column(told: Told, role: str, place: Place, *, in_group: bool) -> str:
    """Which column of the table holds: roles are relations to the object. "" is a stranger.

    There are no permits yet, so a researcher is whoever the organisation knows.
    """
    if role in ("visitor", "operator"):
        return role
    account = told.by_role[role]
    if account["organisation"] != place.organisation:
        return ""
    if role in ("organiser_admin", "network_admin"):
        return role
    if role == "researcher":
        return "" if in_group else "applicant"
    if role == "coordinator" or role in IN_A_GROUP or role == "applicant":
        if account["programme"] != place.programme:
            return "" if in_group else "neighbour"
        if in_group and role in IN_A_GROUP:
            return in_the_group(role, account["group"] == place.group)
    return role


def in_the_group(role: str, own: bool) -> str:
    """One's role in one's own group; in a sibling group mentors are other mentors, others nobody special."""
    if own:
        return "mentor" if role == "other_mentor" else role
    return "other_mentor" if role in ("mentor", "other_mentor") else "applicant"


def expected(row: dict[str, str], column: str, place: Place, *, in_group: bool) -> set[str]:
    """What a door may answer: "allowed", "step", "in", or statuses."""
    # A row open to visitors is open to whoever has the address, a signed link among others.
    if row["class"] == "C0" or row["visitor"] == "Y":
        return {ALLOWED} if place.exists else {"404"}
    if column == "visitor":
        return {"in"} if row["visitor"] == "in" else {ALLOWED if place.exists else "404"}
    if place.exists and column in ("", "neighbour") and row["visitor"] == "win":
        column = "applicant"
    if not place.exists or column == "":
        return {"404"}
    if column == "neighbour":
        return {"403", "404"} if row["applicant"] in ("x", "—") else {ALLOWED, "404"}
    if in_group or column not in ("mentor", "other_mentor"):
        return of_cell(row[column], in_group=in_group)
    # Where no group is asked about, one is the mentor of one's own and the other mentor of all others.
    return of_cell(row["mentor"], in_group=False) | of_cell(row["other_mentor"], in_group=False)


def of_cell(cell: str, *, in_group: bool = True) -> set[str]:
    if cell in ("own", "grp", "opt") and not in_group:
        return {ALLOWED, "404"}  # what is one's own is seen at doors of one's own
    if cell in OPEN_CELLS:
        return {ALLOWED}
    if cell in RARE_CELLS:
        return {ALLOWED, "403", "404"}
    return {{"x": "403", "—": "404", "step": "step", "in": "in"}[cell]}


def answer(response) -> str:
    """An answer in the words of `expected`."""
    status = response.status_code
    if status == 302 and response["Location"] == f"/sign-in/?next={response.wsgi_request.path}":
        return "in"
    if status == 403:
        return "step" if "X-Step-Up" in response.headers else "403"
    # 409 and 422: the door is open, the state or the words were not right
    return ALLOWED if status in (200, 302, 303, 409, 422) else str(status)


CSRF = re.compile(rb'(csrfmiddlewaretoken" value=|"X-CSRFToken": )"[^"]*"')


def bytes_of(response) -> bytes:
    """The page without what differs at every look: the token of its forms."""
    return CSRF.sub(b"", response.content)

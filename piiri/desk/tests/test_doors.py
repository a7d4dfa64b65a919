"""Every door stands under a row, and answers every role at every place as its row says."""

import re

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from piiri.base import listing
from piiri.desk.tests import walk
from piiri.people.models import Person

# One's own things: whose is it decides, not the place.
OWNED = {"application", "line", "support"}
OWNED_ROWS = {"13", "43", "52", "163"}
GROUPED = {"group", "meeting", "line", "topic", "file", "support"}
# A line manager's door: who they are is in the address.
LINK_ID = "manager_signature"


def test_every_door_has_a_row_and_pages_say_their_methods():
    rows = walk.table()

    doors = listing.doors()

    assert [door.name for door in doors if door.row not in rows] == []
    assert [door.name for door in doors if door.path and not door.method] == []
    assert {door.channel for door in doors} >= {"page", "mail", "work", "command"}


def test_every_page_answers_to_get_or_post():
    assert {door.method for door in listing.doors() if door.path} == {"GET", "POST"}


def test_every_row_has_a_door():
    used = {door.row for door in listing.doors()}

    assert [number for number in walk.table() if number not in used] == []


def test_every_cell_is_a_mark():
    marks = {*walk.OPEN_CELLS, *walk.RARE_CELLS, "step", "scp", "x", "—", "in"}

    found = {
        cell for row in walk.table().values() for role, cell in row.items() if role in (*walk.ROLES, "token")
    }

    assert found <= marks


@pytest.fixture
def told(db):
    return walk.seeded()


class Walker:
    """Asks doors as everybody, and takes back what an answer changed."""

    def __init__(self, client, told) -> None:
        self.told, self.client, self.rows, self.wrong = told, client, walk.table(), []
        emails = {role: account["email"] for role, account in told.by_role.items()}
        people = Person.objects.in_bulk(list(emails.values()), field_name="email")
        self.people = {role: people[email] for role, email in emails.items()}
        self.sessions: dict[tuple[str, bool], str] = {}

    def sign_in(self, role: str, *, stepped_up: bool) -> str:
        """The key of a session that is made once; what an answer did to it is taken back."""
        if (role, stepped_up) not in self.sessions:
            self.client.force_login(self.people[role])
            session, now = self.client.session, timezone.now().isoformat()
            if stepped_up:
                session["step_up"] = {"person": self.people[role].uid, "code_at": now, "reason_at": now}
                session.save()
            self.sessions[role, stepped_up] = session.session_key
            self.client.cookies.clear()
        return self.sessions[role, stepped_up]

    def ask(self, role: str, method: str, path: str, *, stepped_up: bool = False):
        self.client.cookies.clear()
        if role != "visitor":
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.sign_in(role, stepped_up=stepped_up)
        with transaction.atomic():
            response = self.client.generic(method, path)
            if response.streaming:
                list(response.streaming_content)  # to its end, which closes the file behind it
            transaction.set_rollback(True)
        return response

    def walk(self, door, role: str) -> None:
        never = None
        for place in reversed(walk.places(self.told)):
            ids = walk.ids_at(self.told, door, place)
            if ids is None or (not place.exists and not door.ids):
                continue
            path = re.sub(r"\{(\w+)\}", lambda match, ids=ids: ids[match.group(1)], door.path)
            response = self.ask(role, door.method, path)
            if not place.exists:
                never = walk.bytes_of(response)
            wanted = self.wanted(door, role, place, ids)
            self.compare(door, role, place, walk.answer(response), wanted)
            if response.status_code == 404 and never is not None and walk.bytes_of(response) != never:
                self.wrong.append(f"{door.method} {door.name} as {role} at {place.label}: 404 of its own")
            if wanted == {"step"}:
                opened = walk.answer(self.ask(role, door.method, path, stepped_up=True))
                self.compare(door, role, place, opened, {walk.ALLOWED})
            if not door.ids:
                break

    def wanted(self, door, role: str, place, ids: dict[str, str]) -> set[str]:
        row = self.rows[door.row]
        if LINK_ID in door.ids:
            # The link identifies: whoever holds it reads what its holder may, signed in or not.
            return walk.of_cell(row["line_manager_link"]) if place.exists else {"404"}
        if not door.ids and row["class"] != "C0" and role != "visitor":
            return walk.of_cell(row[role])
        if door.row in OWNED_ROWS and role != "visitor" and OWNED & set(door.ids):
            return {walk.ALLOWED} if self.owns(door, role, ids) else {"404"}
        in_group = bool(GROUPED & set(door.ids))
        column = walk.column(self.told, role, place, in_group=in_group)
        return walk.expected(row, column, place, in_group=in_group)

    def owns(self, door, role: str, ids: dict[str, str]) -> bool:
        [kind] = OWNED & set(ids)
        whose = self.told.first(kind, id=ids[kind]) or {}
        # A talk in confidence belongs to two.
        owners = {whose.get("person"), whose.get("contact") if door.row == "52" else None}
        return self.people[role].uid in owners

    def compare(self, door, role: str, place, got: str, wanted: set[str]) -> None:
        if got not in wanted:
            self.wrong.append(
                f"row {door.row}: {door.method} {door.name} as {role} at {place.label}: {got}, not {wanted}"
            )


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_door_answers_every_role_at_every_place_as_the_table_says(method, client, told, monkeypatch):
    monkeypatch.setattr(settings, "DEMO", True)
    client.raise_request_exception = False
    walker = Walker(client, told)

    for door in listing.doors():
        if door.method == method:
            for role in walk.ROLES:
                walker.walk(door, role)

    assert not walker.wrong, "\n".join(walker.wrong)

"""The rush through `piiri serve`, killed in mid-flight: people press again, and it counts once."""

import http.client
import os
import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, connections

from piiri.config.tests.test_cli import answers, ended, free_port, wait_until
from piiri.enrolments.tests.rush import at_now, each_answer_is_a_row, presses, sound
from piiri.groups.models import Group, Membership
from piiri.people.models import Person
from piiri.people.sessions import SessionStore

__all__ = ["at_now"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("at_now"),
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]
TOKEN = "a" * 32


def signed_in(person: Person) -> str:
    """The cookies of somebody who has signed in before the rush."""
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; csrftoken={TOKEN}"


def surroundings(folder: Path, port: int) -> dict[str, str]:
    """Of a server that works on the databases of this test."""
    env = os.environ | {
        "PIIRI_DATA": str(folder),
        "PIIRI_ORIGIN": f"http://127.0.0.1:{port}",
        "PIIRI_SECRET_KEY_FILE": str(settings.DATA / "keys" / "secret.key"),
        "PIIRI_MASTER_KEY_FILE": str(settings.DATA / "keys" / "master.key"),
        "DJANGO_SETTINGS_MODULE": "piiri.config.settings",
    }
    for one, file, variable in (
        (connections["default"], "piiri.sqlite3", "PIIRI_DATABASE"),
        (connections["vault"], "vault.sqlite3", "PIIRI_VAULT_DATABASE"),
    ):
        name = str(one.settings_dict["NAME"])
        if one.vendor == "sqlite":
            (folder / file).symlink_to(name)
        else:
            env[variable] = env[variable].rpartition("/")[0] + f"/{name}"
    return env


class Server:
    """`piiri serve` as it is run: one process on SQLite, two under a supervisor on PostgreSQL."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.env = surroundings(folder, self.port)
        self.workers = 1 if connection.vendor == "sqlite" else 2
        self.start()
        wait_until(lambda: answers(self.port))

    def start(self) -> None:
        words = ["serve", "--port", str(self.port), "--workers", str(self.workers)]
        self.process = subprocess.Popen([sys.executable, "-m", "piiri.cli", *words], env=self.env)

    def children(self) -> list[int]:
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=False
        )
        return [int(pid) for pid in listed.stdout.split()]

    def kill_one(self) -> None:
        """As when the memory is full: no warning, no tidying up. Whoever looks after it starts it again."""
        if self.workers > 1:
            os.kill(random.choice(self.children()), signal.SIGKILL)
            return
        self.process.kill()
        self.process.wait()
        self.start()


def press(port: int, cookies: str, group: Group, key: str) -> tuple[int, str]:
    """Status and Location of one press; 0 where no answer came."""
    year = group.programme
    path = f"/p/{year.organisation.slug}/{year.slug}/groups/{group.uid}/take/"
    sent = f"key={key}&workplace=North+School&csrfmiddlewaretoken={TOKEN}"
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        line.request("POST", path, sent, headers)
        answer = line.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        line.close()
    return answer.status, answer.headers.get("Location", "")


def until_answered(port: int, cookies: str, group: Group, key: str) -> dict[str, object]:
    """Press again with the same form until there is an answer, as people do."""
    over = time.monotonic() + 60
    while time.monotonic() < over:
        status, location = press(port, cookies, group, key)
        if status not in (0, 503):
            return {"answer": location} if status == 302 else {"refused": status}
        time.sleep(random.uniform(0.05, 0.3))
    return {"error": "no answer in a minute"}


def served_rush(folder: Path, *, people: int, kills: int) -> list:
    """Tasks (see rush.presses) with what each was answered."""
    rows, tasks = presses(groups=3, people=people, twice=4)
    groups = {group.uid: group for group in rows}
    cookies = {person.uid: signed_in(person) for person in Person.objects.all()}
    connections.close_all()
    server, over = Server(folder), threading.Event()

    def keep_killing() -> None:
        for _kill in range(kills):
            if over.wait(random.uniform(0.1, 0.6)):
                return
            server.kill_one()
            wait_until(lambda: answers(server.port))

    def do(task: list[str]) -> dict[str, object]:
        _deed, person, group, key = task
        return until_answered(server.port, cookies[person], groups[group], key)

    with ThreadPoolExecutor(12) as crowd:
        killer = threading.Thread(target=keep_killing)
        killer.start()
        told = list(crowd.map(do, tasks))
        over.set()
        killer.join()
    with ended(server.process):
        pass
    return list(zip(tasks, told, strict=True))


def check(told: list) -> None:
    assert [one for _task, one in told if "error" in one] == []
    assert {one["refused"] for _task, one in told if "refused" in one} <= {409}
    sound()
    each_answer_is_a_row(told)
    assert Membership.objects.active().count() == len([one for _task, one in told if "answer" in one]) == 24


def test_a_server_killed_in_the_rush_loses_nothing_and_doubles_nothing(tmp_path):
    check(served_rush(tmp_path, people=40, kills=2))


@pytest.mark.long
@pytest.mark.parametrize("time", range(3))
def test_a_server_killed_many_times(tmp_path, time):
    check(served_rush(tmp_path, people=400, kills=12))

"""A crowd in processes of their own: `python -m … SPEC`, a file of JSON (see test_rush.spec_of).

The first process knows Django and no database. It forks the others, so that they start at once; each does
its share of the tasks one by one and notes every answer in a file when it has it, as a person would read
it. Killed ones are started again and do what has no answer yet. MODE careless takes the guard out.
"""

import json
import os
import random
import signal
import sys
import time
from importlib import import_module
from pathlib import Path

import django
from django.conf import settings


def setting_up(databases):
    for alias, name in databases.items():
        settings.DATABASES[alias]["NAME"] = name
    django.setup()


class Deeds:
    """What people do. Each returns what they are told, or raises Refused."""

    def __init__(self, gap):
        self.gap = gap
        self.actions = import_module("piiri.enrolments.actions")
        self.groups = import_module("piiri.groups.actions")
        self.models = import_module("piiri.groups.models")
        self.person = import_module("piiri.people.models").Person.objects.get
        self.clock = import_module("piiri.base.clock")

    def group(self, uid):
        return self.models.Group.objects.select_related("programme__organisation").get(uid=uid)

    def take(self, person, group, key):
        """Look at a group's page, press."""
        queries, access = import_module("piiri.enrolments.queries"), import_module("piiri.enrolments.access")
        one, row = self.person(uid=person), self.group(group)
        step = queries.doorstep(
            access.visible_group_pages,
            person=one,
            organisation=row.programme.organisation.slug,
            programme=row.programme.slug,
            group=group,
        )
        time.sleep(self.gap)
        press = self.actions.Press(key, f"{group} {key}")
        return self.actions.take_place(
            step, work={"workplace": "North School"}, press=press, by=one, now=self.clock.now()
        )

    def join(self, person, group, key):
        one = self.person(uid=person)
        return self.groups.join(self.group(group), person=one, by=one, now=self.clock.now()).uid

    def leave(self, person, group, key):
        one = self.person(uid=person)
        mine = self.models.Membership.objects.active().filter(person=one, group__uid=group).first()
        if mine:
            self.groups.leave(mine, by=one, now=self.clock.now())
        return "left"

    def accept(self, person, offer, key):
        one = self.person(uid=person)
        held = self.models.Offer.objects.select_related("group__programme", "person").get(uid=offer)
        return self.actions.accept_place(held, by=one, now=self.clock.now()).uid

    def decline(self, person, offer, key):
        one = self.person(uid=person)
        held = self.models.Offer.objects.select_related("group__programme", "person").get(uid=offer)
        return str(self.actions.decline_place(held, by=one, now=self.clock.now()))

    def apply(self, person, theme, key):
        one = self.person(uid=person)
        wish = (
            import_module("piiri.programmes.models").Theme.objects.select_related("programme").get(uid=theme)
        )
        return self.actions.submit_application(
            wish.programme,
            press=self.actions.Press(key, f"{theme} {key}"),
            person=one,
            by=one,
            now=self.clock.now(),
            wishes=[wish],
            mask="0" * 336,
            workplace="North School",
            languages=["en"],
        )


def widen(gap):
    """Let every deed linger in the middle of its transaction, so that kills and others meet it there."""
    audit = import_module("piiri.audit.actions")
    record = audit.record

    def linger(*args, **kwargs):
        time.sleep(random.uniform(0, gap))
        return record(*args, **kwargs)

    audit.record = linger


def careless():
    """Take the guard out: the look before is all there is, then the place is written."""
    groups, placing = import_module("piiri.groups.actions"), import_module("piiri.groups.actions.placing")
    groups.take_free_place = lambda group, *, person, now: placing.new_membership(
        group, person=person, now=now, confirmed=True
    )


def do_share(spec, share):
    """One process: its tasks, one after the other; never returns."""
    refused = import_module("piiri.base.errors").Refused
    deeds = Deeds(spec["gap"])
    answers = os.open(spec["out"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for number in share:
        deed, *words = spec["tasks"][number]
        try:
            told = {"answer": getattr(deeds, deed)(*words)}
        except refused as refusal:
            told = {"refused": str(refusal.reason.value)}
        except Exception as error:  # noqa: BLE001 - the test tells of it
            told = {"error": repr(error)}
        os.write(answers, (json.dumps({"task": number, **told}) + "\n").encode())
    os._exit(0)


def answered(out):
    """The numbers of the tasks that have an answer."""
    path = Path(out)
    lines = path.read_text().splitlines() if path.exists() else []
    return {json.loads(line)["task"] for line in lines}


def start(spec, share):
    pid = os.fork()
    if not pid:
        random.seed()
        do_share(spec, share)
    return pid


def main(path):
    spec = json.loads(Path(path).read_text())
    setting_up(spec["databases"])
    import_module("piiri.enrolments.access")
    widen(spec["gap"])
    if spec["mode"] == "careless":
        careless()
    numbers, processes, kills = list(range(len(spec["tasks"]))), spec["processes"], spec["kills"]
    crowd = {start(spec, numbers[k::processes]): numbers[k::processes] for k in range(processes)}
    while crowd:
        if kills:
            time.sleep(random.uniform(0.01, spec["every"]))
            kills -= 1
            os.kill(random.choice(list(crowd)), signal.SIGKILL)
        pid, status = os.wait()
        share = crowd.pop(pid)
        if status:
            left = [number for number in share if number not in answered(spec["out"])]
            crowd[start(spec, left)] = left


if __name__ == "__main__":
    main(sys.argv[1])

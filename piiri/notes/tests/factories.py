"""Lines of a running group for tests, and what their pages are asked for."""

import re

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from piiri.groups.tests.factories import NOW
from piiri.meetings.tests.factories import RunningGroupFactory, members_of
from piiri.notes.models import Line

CANARY = "Kanarianlintu 7431"


class LineFactory(factory.django.DjangoModelFactory):
    """A post of the group's first participant."""

    class Meta:
        model = Line

    group = factory.SubFactory(RunningGroupFactory)
    author = factory.LazyAttribute(lambda line: members_of(line.group)[0])
    kind = Line.Kind.POST
    text = CANARY
    written_at = NOW


def address(name, row):
    return reverse(f"notes:{name}", args=[row.uid])


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def put(client, group, content=b"Hello", name="", own="plan.pdf"):
    sent = {"name": name, "file": SimpleUploadedFile(own, content)}
    return client.post(reverse("notes:add-file", args=[group.uid]), sent)

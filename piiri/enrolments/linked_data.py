"""What search engines read of a programme: schema.org as JSON-LD, safe inside a script element."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

# What stands for the characters that could end the element.
HARMLESS = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
AVAILABILITY = {
    "before": "PreOrder",
    "open": "InStock",
    "full": "SoldOut",
    "closed": "OutOfStock",
    "over": "Discontinued",
}


class Happening(NamedTuple):
    """A joint event of the year."""

    name: str
    starts_at: datetime
    ends_at: datetime
    place: str


class Told(NamedTuple):
    """A programme as a course; `stands` is a key of AVAILABILITY, `hours` a whole number of them."""

    name: str
    description: str
    address: str
    organiser: str
    languages: Sequence[str]
    starts_on: date
    ends_on: date
    enrol_opens_at: datetime
    enrol_closes_at: datetime
    hours: int
    stands: str


def script(told: Told, *, happenings: Iterable[Happening], asked: Iterable[tuple[str, str]]) -> str:
    """The course with its joint events, and the questions answered, as one JSON text."""
    graph: list[dict[str, Any]] = [course(told)]
    graph += [event(each, organiser=told.organiser) for each in happenings]
    questions = [
        {"@type": "Question", "name": question, "acceptedAnswer": {"@type": "Answer", "text": answer}}
        for question, answer in asked
    ]
    if questions:
        graph.append({"@type": "FAQPage", "mainEntity": questions})
    whole = {"@context": "https://schema.org", "@graph": graph}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).translate(HARMLESS)


def course(told: Told) -> dict[str, Any]:
    organiser = {"@type": "Organization", "name": told.organiser}
    offer = {
        "@type": "Offer",
        "availability": f"https://schema.org/{AVAILABILITY[told.stands]}",
        "validFrom": told.enrol_opens_at.isoformat(),
        "validThrough": told.enrol_closes_at.isoformat(),
        "url": told.address,
    }
    instance = {
        "@type": "CourseInstance",
        "courseMode": "Blended",
        "startDate": told.starts_on.isoformat(),
        "endDate": told.ends_on.isoformat(),
        "courseWorkload": f"PT{told.hours}H",
        "organizer": organiser,
    }
    return {
        "@type": "Course",
        "name": told.name,
        "description": told.description,
        "url": told.address,
        "provider": organiser,
        "inLanguage": list(told.languages),
        "offers": offer,
        "hasCourseInstance": instance,
    }


def event(told: Happening, *, organiser: str) -> dict[str, Any]:
    where = {"location": {"@type": "Place", "name": told.place}} if told.place else {}
    return {
        "@type": "EducationEvent",
        "name": told.name,
        "startDate": told.starts_at.isoformat(),
        "endDate": told.ends_at.isoformat(),
        "organizer": {"@type": "Organization", "name": organiser},
        **where,
    }

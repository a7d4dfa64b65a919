"""The enrolment form as somebody left it: in this browser, in their application, in what they just sent."""

from typing import Any

from django.http import HttpRequest, QueryDict

from piiri.base.uids import new_uid
from piiri.enrolments import forms, queries
from piiri.enrolments.models import Application, Unconfirmed
from piiri.people.models import Person
from piiri.programmes import queries as programme_queries
from piiri.programmes import windows
from piiri.programmes.models import Programme

# Never kept before an address is confirmed: whose browser it is is not known, and these are confidential.
NOT_KEPT = ("csrfmiddlewaretoken", "op", "key", "wish", "apart")


def draft_key(programme: Programme) -> str:
    """Where the session keeps a visitor's answers."""
    return f"enrol:{programme.uid}"


def remembered(request: HttpRequest, programme: Programme) -> QueryDict | None:
    """What a visitor wrote in this browser so far."""
    kept = request.session.get(draft_key(programme), {}).get("answers")
    if not kept:
        return None
    answers = QueryDict(kept, mutable=True)
    answers.setlist("wishes", [*answers.getlist("wishes"), *request.GET.getlist("wish")])
    return answers


def remember(request: HttpRequest, paper: forms.Paper) -> str:
    """Keep a visitor's answers in their session; the same as a text."""
    answers = request.POST.copy()
    for name in NOT_KEPT:
        answers.pop(name, None)
    answers.setlist("wishes", paper.ranked)
    told = answers.urlencode()
    request.session[draft_key(paper.programme)] = {"answers": told}
    return told


def paper_of(
    request: HttpRequest, programme: Programme, application: Application | None, *, data: QueryDict | None
) -> forms.Paper:
    """The form as this person left it, or as it was just sent."""
    person = request.user if isinstance(request.user, Person) else None
    choices = queries.wish_choices(programme, sensitive=person is not None)
    return forms.Paper(
        data,
        programme=programme,
        choices=choices,
        names=queries.names_of_mentors(programme, choices=choices),
        free=queries.free_by_group(programme),
        mask=programme_queries.times_of(programme, person=person) if person else windows.NOTHING,
        ranked=first_ranks(request, application),
        initial=initial(request, programme, application),
        units=queries.unit_choices(programme),
        own_address=person.email if person else "",
        nameless=person is not None and not person.name,
    )


def visitors_paper(programme: Programme, *, data: QueryDict) -> forms.Paper:
    """The form as a visitor sent it some time ago."""
    return forms.Paper(
        data,
        programme=programme,
        choices=queries.wish_choices(programme, sensitive=False),
        free={},
        names={},
        mask=windows.NOTHING,
        ranked=[],
        initial={},
        units=queries.unit_choices(programme),
        own_address="",
        nameless=False,
    )


def as_written(row: Unconfirmed) -> dict[str, Any]:
    """What will be done with the press in the mail, in words; a sensitive theme has none before sign-in."""
    said, group = QueryDict(row.answers), row.group
    unit = queries.unit_choices(row.programme).filter(uid=said.get("unit", "")).first()
    is_sensitive = group is not None and group.theme is not None and group.theme.sensitive
    choices = {} if group else {one.uid: one for one in queries.wish_choices(row.programme, sensitive=False)}
    ranked = [uid for uid in dict.fromkeys(said.getlist("wishes")) if uid in choices]
    return {
        "address": row.email,
        "name": said.get("name", ""),
        "workplace": unit.name if unit else said.get("workplace", ""),
        "manager": said.get("manager_email", ""),
        "wishes": [choices[uid] for uid in ranked[: row.programme.rules.wishes]],
        "group": group,
        "is_named": not is_sensitive,
    }


def first_ranks(request: HttpRequest, application: Application | None) -> list[str]:
    """What was wished for before, and what was pressed on the programme page."""
    before = [wish.uid for wish in queries.wishes_of(application)] if application else []
    return [*before, *request.GET.getlist("wish")]


def initial(request: HttpRequest, programme: Programme, application: Application | None) -> dict[str, Any]:
    """The answers before anything was sent: those of the application, else what is known already."""
    fresh = {"key": new_uid()}
    if application is None:
        told = {"way": "either", "languages": [request.LANGUAGE_CODE]}
        return fresh | told | known_of(request, programme)
    names = (
        "workplace", "job", "years", "languages", "manager_name", "manager_email", "wish", "any_theme",
        "other_workplaces", "contact_ok", "beginning", "with_address", "gives", "seeks",
    )  # fmt: skip
    unit = application.unit.uid if application.unit else forms.OTHER if application.workplace else ""
    told = {name: getattr(application, name) for name in names}
    return fresh | told | {"unit": unit, "way": application.form}


def known_of(request: HttpRequest, programme: Programme) -> dict[str, Any]:
    """What the organiser knows of somebody's work."""
    person = request.user if isinstance(request.user, Person) else None
    known = queries.known_work(programme, person=person) if person else None
    if known is None:
        return {}
    unit = known.unit.uid if known.unit else forms.OTHER if known.workplace else ""
    return {"unit": unit, "workplace": known.workplace, "job": known.job, "years": known.years}

"""Who and whose line manager are known to one programme: pairs for the office to judge."""

from django.db.models import Q

from piiri.enrolments import gathering
from piiri.enrolments.gathering import Pair, Someone
from piiri.enrolments.models import Application
from piiri.enrolments.queries.applications import any_of
from piiri.groups.models import Mentor
from piiri.networks.models import Affiliation
from piiri.programmes.models import Programme


def applicants(programme: Programme, near: Q | None = None) -> list[Someone]:
    """Everybody with a standing application (or those of them `near`), with the line manager they named."""
    rows = Application.objects.standing().filter(near or Q(), programme=programme)
    return [
        Someone(email, written or name, unit or workplace, manager)
        for email, written, name, unit, workplace, manager in rows.order_by("pk").values_list(
            "person__email", "name_as_written", "person__name", "unit__name", "workplace", "manager_name"
        )
    ]


def mentors_known(programme: Programme) -> list[Someone]:
    """Accepted mentors, by the name the organisation wrote, else their own."""
    people = Mentor.objects.filter(programme=programme, ended_at=None).order_by("pk")
    written = {
        person: (name, workplace)
        for person, name, workplace in Affiliation.objects.filter(
            organisation=programme.organisation_id, person__in=people.values("person")
        ).values_list("person", "name_as_written", "workplace")
    }
    found = people.values_list("person", "person__email", "person__name")
    return [
        Someone(email, written.get(key, ("", ""))[0] or name, written.get(key, ("", ""))[1])
        for key, email, name in found
    ]


def pairs_now(programme: Programme) -> list[Pair]:
    """The pairs of everybody who has applied or mentors now. Three queries."""
    return gathering.kept_apart(applicants(programme), mentors_known(programme))


def pairs_with(application: Application) -> list[Pair]:
    """The applicant and their line manager, where the one or the other is known here. Three queries."""
    name = application.name_as_written or application.person.name
    unit = application.unit.name if application.unit else application.workplace
    me = Someone(application.person.email, name, unit, application.manager_name)
    called = [
        Q(**{f"{field}__icontains": word})
        for field in ("name_as_written", "person__name")
        for word in me.manager.replace(",", " ").split()
    ]
    naming = [Q(manager_name__icontains=word) for word in name.split()[-1:]]
    others = applicants(application.programme, near=any_of([*called, *naming]))
    known = mentors_known(application.programme) if me.manager else []
    pairs = gathering.kept_apart([me, *(one for one in others if one.email != me.email)], known)
    return [pair for pair in pairs if me.email in (pair.one.email, pair.other.email)]

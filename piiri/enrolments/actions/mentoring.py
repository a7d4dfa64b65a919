"""Rows of a mentors' file become mentors of the programme and groups on offer."""

from collections import Counter
from collections.abc import Sequence

from piiri.enrolments import people_text, queries
from piiri.enrolments.actions.taking import (
    Terms,
    introduce,
    outcome_of,
    write_brought,
    write_times,
)
from piiri.enrolments.models import ImportFile
from piiri.enrolments.reading import ReadMentor
from piiri.enrolments.report import WRITTEN
from piiri.groups import actions as groups
from piiri.groups import week
from piiri.groups.models import Group, Mentorship
from piiri.groups.rules import MOST_PLACES as MOST_GROUPS
from piiri.networks import actions as networks
from piiri.people.models import Person
from piiri.programmes import windows
from piiri.programmes.models import Theme


def write_mentors(rows: Sequence[ReadMentor], *, terms: Terms, by: Person | None) -> Counter[str]:
    """Accept the mentors and offer their groups; what became of the rows, by code of report.OUTCOMES.

    All at once, because one may be the pair mentor of another.
    """
    known = queries.standings(
        terms.programme, kind=ImportFile.Kind.MENTORS, emails=[row.email for row in rows]
    )
    became = {
        row.email: "oneself" if by and by.email == row.email else outcome_of(row, known=known, terms=terms)
        for row in rows
    }
    taken = [row for row in rows if became[row.email] in WRITTEN]
    if taken:
        met = introduce(taken, terms=terms)
        accept(taken, met=met, terms=terms, by=by)
        write_times(taken, met=met, known=known, terms=terms)
        offer(taken, met=met, terms=terms, by=by)
        write_brought(taken, met=met, terms=terms)
    return Counter(became.values())


def accept(rows: Sequence[ReadMentor], *, met: dict[str, Person], terms: Terms, by: Person | None) -> None:
    """Give the role and tell the organiser what they wrote about their work."""
    for row in rows:
        groups.accept_mentor(
            terms.programme,
            person=met[row.email],
            groups_at_most=min(row.max_groups, MOST_GROUPS),
            by=by,
            now=terms.now,
        )
    organiser = terms.programme.organisation
    known = []
    for row in rows:
        unit = terms.units.get(people_text.folded(row.workplace))
        unit = unit if unit and unit.organisation_id == organiser.pk else None
        known.append(
            networks.Known(met[row.email], unit, row.name[:150], "" if unit else row.workplace[:150])
        )
    networks.affiliate_many(organiser, known=known)


def offer(rows: Sequence[ReadMentor], *, met: dict[str, Person], terms: Terms, by: Person | None) -> None:
    """As many groups as the mentor wants to lead; what is on offer already is brought up to date.

    The pair mentor leads the first of them too. A mentor without a decided theme offers nothing.
    """
    pairs = paired(rows, met=met, terms=terms)
    offered = on_offer(rows, met=met, terms=terms)
    for row in rows:
        theme = terms.choices.get(row.theme)
        if not isinstance(theme, Theme):
            continue
        mine = offered.get(met[row.email].pk, [])
        about = about_of(row, terms=terms)
        for group in mine:
            if group.state == Group.State.OFFERED:
                groups.edit_group(group, theme=theme, by=by, now=terms.now, **about)
        if (pair := pairs.get(row.email)) and mine and mine[0].state == Group.State.OFFERED:
            groups.assign_mentor(mine[0], person=pair, by=by, now=terms.now, beyond_limit=True)
        for mentorship in others_leading(mine[:1], row=row):
            groups.release_mentor(mentorship, by=by, now=terms.now)
        wanted = min(row.max_groups, max(1, terms.programme.rules.mentor_groups))
        for number in range(len(mine), wanted):
            leading = [met[row.email], pair] if pair and number == 0 else [met[row.email]]
            groups.offer_group(
                terms.programme,
                theme=theme,
                mentors=leading,
                by=by,
                now=terms.now,
                beyond_limit=True,
                **about,
            )


def others_leading(mine: Sequence[Group], *, row: ReadMentor) -> list[Mentorship]:
    """Whoever leads the mentor's first offer too, where the office has decided that nobody should."""
    if not any(one.field == "pair_mentor" and one.why == "left_out" for one in row.repairs):
        return []
    found = Mentorship.objects.active().filter(group__in=mine, group__state=Group.State.OFFERED)
    return list(found.exclude(person__email=row.email).select_related("group"))


def paired(rows: Sequence[ReadMentor], *, met: dict[str, Person], terms: Terms) -> dict[str, Person]:
    """The pair mentors by the address of whom they lead with, where a group may have two mentors."""
    if terms.programme.rules.mentors < 2:
        return {}
    accepted = {
        mentor.person.email: mentor.person
        for mentor in terms.programme.mentors.filter(
            person__email__in=[row.pair_mentor for row in rows if row.pair_mentor], ended_at=None
        ).select_related("person")
    }
    people = accepted | met
    return {row.email: people[row.pair_mentor] for row in rows if row.pair_mentor in people}


def on_offer(rows: Sequence[ReadMentor], *, met: dict[str, Person], terms: Terms) -> dict[int, list[Group]]:
    """The living groups each of them leads first, by person."""
    led = Mentorship.objects.active().filter(
        group__programme=terms.programme, group__state__in=Group.LIVING, person__in=met.values()
    )
    everybody = Mentorship.objects.active().filter(group__in=led.values("group"))
    firsts = dict(everybody.order_by("-pk").values_list("group", "person"))
    found: dict[int, list[Group]] = {}
    for group in Group.objects.filter(pk__in=firsts).select_related("programme").order_by("pk"):
        if (first := firsts[group.pk]) is not None:
            found.setdefault(first, []).append(group)
    return found


def about_of(row: ReadMentor, *, terms: Terms) -> groups.About:
    """What the group says of itself; its parts of the week are those the mentor told."""
    rules = terms.programme.rules
    ticked = {hour for hour, level in windows.hours(row.times.mask).items() if level}
    return {
        "text": row.description[:1000],
        "language": row.language or (terms.programme.languages or ["fi"])[0],
        "form": row.form or Group.Form.EITHER,
        "area": row.area[:80],
        "times": week.codes(
            ticked, of=week.parts(rules.day_from, rules.day_to), least=-(-rules.meeting_minutes // 60)
        ),
    }

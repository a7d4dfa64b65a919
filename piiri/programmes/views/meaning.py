"""What parameters mean, made ready for the aside of the rules step."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from piiri.base import dates, ring
from piiri.programmes import rules
from piiri.programmes import windows as weekly
from piiri.programmes.parameters import Rules


@dataclass(frozen=True)
class Circle:
    """A drawn group: its seats, a number where there are too many to draw, and the same in words."""

    seats: str
    num: str
    label: str
    caption: str


@dataclass(frozen=True)
class Meaning:
    """Sentences, circles and sums; everything in the reader's language."""

    starts: Circle
    full: Circle
    fullness: str
    plan: list[tuple[str, bool]]
    sums: list[tuple[str, str]]
    ways: list[str]
    mentors: list[str]
    costs: list[tuple[str, str]]
    windows: str
    wrong: list[str]


def meaning(wanted: Rules) -> Meaning:
    """Say what these parameters mean. They need not go together: `wrong` says what does not."""
    return Meaning(
        starts=_starting(wanted),
        full=_full(wanted),
        fullness=_fullness(rules.hours_plan(wanted)),
        plan=_plan(rules.hours_plan(wanted)),
        sums=_sums(rules.hours_plan(wanted)),
        ways=[_way(way) for way in rules.hours_plan(wanted).solutions],
        mentors=_mentors(wanted),
        costs=_costs(wanted),
        windows=_windows(wanted),
        wrong=[str(reason.label) for _name, reason in rules.wrong_parameters(wanted)],
    )


def _starting(wanted: Rules) -> Circle:
    least = min(wanted.min_to_start, wanted.places)
    return Circle(
        seats=ring.letters(mentors=min(wanted.mentors, 1), taken=least, free=wanted.places - least),
        num=_number(wanted, least),
        label=ngettext(
            "A group that can start: %(n)s participant, %(free)s places free",
            "A group that can start: %(n)s participants, %(free)s places free",
            least,
        )
        % {"n": least, "free": wanted.places - least},
        caption=_("can start: %(n)s") % {"n": least},
    )


def _full(wanted: Rules) -> Circle:
    most = wanted.places
    return Circle(
        seats=ring.letters(mentors=min(wanted.mentors, 1), taken=most),
        num=_number(wanted, most),
        label=ngettext("A full group: %(n)s participant", "A full group: %(n)s participants", most)
        % {"n": most},
        caption=_("full: %(n)s") % {"n": most},
    )


def _number(wanted: Rules, people: int) -> str:
    """More seats than can be told apart are said as a number."""
    return str(people) if wanted.places + 1 > ring.MOST else ""


def _plan(plan: rules.HoursPlan) -> list[tuple[str, bool]]:
    """The row of boxes: opening, 1, 2, 3, closing; whether each is joint."""
    own = [(str(number), False) for number in range(1, plan.meetings + 1)]
    if not plan.joint_minutes:
        return own
    return [(_("Opening"), True), *own, (_("Closing"), True)]


def _fullness(plan: rules.HoursPlan) -> str:
    words = {
        "meetings": ngettext("%(n)s meeting", "%(n)s meetings", plan.meetings) % {"n": plan.meetings},
        "length": dates.hours(plan.meeting_minutes),
        "cap": dates.hours(plan.cap_minutes),
        "rest": dates.hours(abs(plan.spare_minutes)),
        "most": plan.most_meetings,
    }
    if not plan.fits:
        return _("%(meetings)s of %(length)s are %(rest)s over %(cap)s. At most %(most)s would fit.") % words
    if not plan.spare_minutes:
        return _("%(meetings)s of %(length)s and what all do together make exactly %(cap)s.") % words
    return (
        _("%(meetings)s of %(length)s and what all do together fit in %(cap)s; %(rest)s stay free.") % words
    )


def _sums(plan: rules.HoursPlan) -> list[tuple[str, str]]:
    own = _("%(meetings)s meetings × %(length)s") % {
        "meetings": plan.meetings,
        "length": dates.hours(plan.meeting_minutes),
    }
    lines = [(own, dates.hours(plan.own_minutes))]
    if plan.joint_minutes:
        lines.insert(0, (_("Opening and closing"), dates.hours(plan.joint_minutes)))
    return [*lines, (_("Together"), dates.hours(plan.total_minutes))]


def _way(way: rules.Solution) -> str:
    words = {
        "meetings": way.meetings,
        "length": dates.hours(way.meeting_minutes),
        "event": dates.hours(way.event_minutes),
    }
    if not way.event_minutes:
        return _("%(meetings)s meetings of %(length)s") % words
    return _("%(meetings)s meetings of %(length)s, opening and closing %(event)s each") % words


def _mentors(wanted: Rules) -> list[str]:
    """How many mentors it takes, for full groups and for groups of the best size."""
    people = wanted.expected_people
    if wanted.guidance == "pair":
        return [_("%(people)s participants need as many mentors: one each.") % {"people": people}]
    told = []
    for size in sorted({wanted.places, min(wanted.ideal_size, wanted.places)}, reverse=True):
        needed = rules.mentors_needed(people, size)
        words = {"people": people, "size": size, "mentors": needed}
        told.append(
            ngettext(
                "%(people)s participants in groups of %(size)s need %(mentors)s mentor.",
                "%(people)s participants in groups of %(size)s need %(mentors)s mentors.",
                needed,
            )
            % words
        )
    return told


def _costs(wanted: Rules) -> list[tuple[str, str]]:
    size = max(1, min(wanted.ideal_size, wanted.places))
    people = wanted.expected_people
    frame = rules.cost(wanted, people, rules.groups_needed(people, size))
    lines = [
        (_("Participants’ hours"), dates.hours(frame.participant_minutes)),
        (_("Mentors’ hours"), dates.hours(frame.mentor_minutes)),
    ]
    if frame.euros:
        lines += [
            (_("In euros"), euros(frame.euros)),
            (_("For each participant"), euros(frame.euros_a_person)),
        ]
    return lines


def euros(amount: int) -> str:
    """12 345 €, with spaces that do not break."""
    return f"{amount:,}\N{NO-BREAK SPACE}€".replace(",", "\N{NO-BREAK SPACE}")


def _windows(wanted: Rules) -> str:
    possible = weekly.windows(wanted)
    if not possible:
        return ""
    words = {
        "first": weekly.clock_face(min(window.start for window in possible)),
        "last": weekly.clock_face(max(window.start for window in possible)),
        "n": len(possible),
    }
    return _("A meeting can start between %(first)s and %(last)s: %(n)s possible times in a week.") % words

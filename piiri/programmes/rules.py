"""What a programme's parameters mean, whether they go together, and what speaks against publishing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from piiri.programmes import windows as weekly
from piiri.programmes.models import Programme
from piiri.programmes.parameters import PARAMETERS, Rules

# Lengths a meeting usually has, in minutes; other ways to fill the hours are looked for among them.
LENGTHS = (60, 75, 90, 105, 120, 150, 180)
SOLUTIONS = 3


class ParameterRefusal(TextChoices):
    OUT_OF_BOUNDS = "out_of_bounds", _("One of the numbers is smaller or larger than it may be.")
    STARTS_ABOVE_PLACES = (
        "starts_above_places",
        _("A group cannot need more participants to start than it has places."),
    )
    IDEAL_OUTSIDE = (
        "ideal_outside",
        _("The best size lies between the size a group starts at and its places."),
    )
    PAIR_HAS_ONE_PLACE = (
        "pair_has_one_place",
        _("A pair is one mentor and one participant: write 1 for all sizes."),
    )
    NO_MENTOR = "no_mentor", _("Without mentors, groups must be allowed to run themselves.")
    DAY_TOO_SHORT = "day_too_short", _("The day is shorter than one meeting.")
    WISHES_BELOW_NEEDS = "wishes_below_needs", _("A group cannot wish for fewer shared times than it needs.")


class PublishRefusal(TextChoices):
    NOT_A_DRAFT = "not_a_draft", _("Only a draft can be published.")
    NO_LANGUAGE = "no_language", _("Choose at least one language in which the programme is offered.")
    TITLE_UNTRANSLATED = "title_untranslated", _("The name is missing in a language of the programme.")
    LEAD_UNTRANSLATED = "lead_untranslated", _("The introduction is missing in a language of the programme.")
    NOBODY_SERVED = "nobody_served", _("Choose whose staff the programme is for.")
    NO_CONTACT = "no_contact", _("Write whom people can ask, and an address.")
    NO_THEME = "no_theme", _("Write at least one theme.")
    THEME_UNTRANSLATED = "theme_untranslated", _("A theme is missing in a language of the programme.")
    DATES_OUT_OF_ORDER = (
        "dates_out_of_order",
        _("The dates are out of order: enrolment opens, closes, answers are given, the programme ends."),
    )
    EVENT_OUTSIDE_YEAR = "event_outside_year", _("A joint event lies outside the programme’s year.")
    PARAMETERS = "parameters", _("The rules do not go together. Look at them once more.")


class StateRefusal(TextChoices):
    NOT_RUNNING = "not_running", _("Only a published programme can be closed.")
    CLOSED = "closed", _("The programme is closed and stays as it is.")
    ALREADY_COPIED = "already_copied", _("There is a programme for next year already.")
    THEME_IN_USE = "theme_in_use", _("Groups or wishes stand under this theme. Change its words instead.")
    EVENT_IN_USE = "event_in_use", _("Somebody has been at this event. It stays.")
    GUIDANCE_FIXED = (
        "guidance_fixed",
        _("Groups and pairs cannot change places once the programme is published."),
    )


class CoordinatorRefusal(TextChoices):
    ONESELF = "oneself", _("Nobody gives this role to themselves or takes it from themselves.")
    ALREADY = "already", _("This person coordinates the programme already.")


class ContactRefusal(TextChoices):
    NO_COORDINATOR = "no_coordinator", _("Choose somebody who works in this office.")
    SAME_PERSON = "same_person", _("The second contact is somebody else, best outside the office.")


@dataclass(frozen=True)
class Solution:
    """One way to fill the hours: `meetings` of `meeting_minutes`, two joint events of `event_minutes`."""

    meetings: int
    meeting_minutes: int
    event_minutes: int


@dataclass(frozen=True)
class HoursPlan:
    """Where a participant's hours go, all in minutes. The cap guides planning, it forbids nothing."""

    cap_minutes: int
    event_minutes: int
    meetings: int
    meeting_minutes: int
    solutions: tuple[Solution, ...]

    @property
    def joint_minutes(self) -> int:
        """Opening and closing together."""
        return 2 * self.event_minutes

    @property
    def own_minutes(self) -> int:
        return self.meetings * self.meeting_minutes

    @property
    def total_minutes(self) -> int:
        return self.joint_minutes + self.own_minutes

    @property
    def spare_minutes(self) -> int:
        """What is left under the cap; negative when the plan is over it."""
        return self.cap_minutes - self.total_minutes

    @property
    def over_minutes(self) -> int:
        return max(0, -self.spare_minutes)

    @property
    def fits(self) -> bool:
        return self.spare_minutes >= 0

    @property
    def most_meetings(self) -> int:
        """How many meetings of this length fit under the cap, beside the joint events."""
        return max(0, (self.cap_minutes - self.joint_minutes) // self.meeting_minutes)


@dataclass(frozen=True)
class CostFrame:
    """What a programme costs: minutes of working time, and euros where a working hour has a price."""

    people: int
    groups: int
    participant_minutes: int
    mentor_minutes: int
    working_time_euros: int
    fee_euros: int

    @property
    def minutes(self) -> int:
        return self.participant_minutes + self.mentor_minutes

    @property
    def euros(self) -> int:
        return self.working_time_euros + self.fee_euros

    @property
    def euros_a_person(self) -> int:
        return round(self.euros / self.people) if self.people else 0


class Titled(Protocol):
    title: dict[str, str]


class Lasting(Protocol):
    starts_at: datetime


def hours_plan(rules: Rules) -> HoursPlan:
    """Where the hours go: by default 18 h = 2 + 7 × 2 + 2.

    Joint events that do not count take no minutes here. `solutions` are up to three other ways that
    fill the cap exactly, those nearest to the present lengths first.
    Source: domain reference, 2.3, "Check of the 18-hour frame".
    """
    event = rules.event_minutes if rules.events_count else 0
    now = Solution(rules.meetings, rules.meeting_minutes, event)
    return HoursPlan(
        cap_minutes=rules.cap_hours * 60,
        event_minutes=event,
        meetings=rules.meetings,
        meeting_minutes=rules.meeting_minutes,
        solutions=tuple(_solutions(rules.cap_hours * 60, now=now)),
    )


def _solutions(cap: int, *, now: Solution) -> list[Solution]:
    most = PARAMETERS["meetings"].high or 0
    least = PARAMETERS["meetings"].low or 1
    found: set[Solution] = set()
    for length in LENGTHS:
        for event in {now.event_minutes, length} if now.event_minutes else {0}:
            meetings, left_over = divmod(cap - 2 * event, length)
            if not left_over and least <= meetings <= most:
                found.add(Solution(meetings, length, event))

    def distance(way: Solution) -> tuple[int, int, int]:
        shift = abs(way.meeting_minutes - now.meeting_minutes) + abs(way.event_minutes - now.event_minutes)
        return shift, abs(way.meetings - now.meetings), way.meetings

    return sorted(found - {now}, key=distance)[:SOLUTIONS]


def groups_needed(people: int, size: int) -> int:
    """How many groups of `size` places hold all `people`; the last one may be smaller."""
    return -(-people // size)


def mentors_needed(people: int, size: int) -> int:
    """How many mentors so many participants need, one mentor a group of `size`.

    250 people: 32 mentors in groups of eight, 42 in groups of six.
    """
    return groups_needed(people, size)


def cost(rules: Rules, people: int, groups: int) -> CostFrame:
    """The cost frame of so many participants in so many groups, each with one mentor.

    Participants' hours are the plan's; a mentor's count `mentor_factor` times. Working time costs
    euros only where it is working time (also joint-planning time); own time and credits cost none.
    Substitutes, refreshments and the office's own share are not in it.
    Source: domain reference, 2.3, "Cost frame".
    """
    total = hours_plan(rules).total_minutes
    mentor_minutes = groups * total * rules.mentor_factor
    paid = rules.time_model in {"working_time", "joint_planning"}
    hourly = rules.hourly_cost if paid else 0
    return CostFrame(
        people=people,
        groups=groups,
        participant_minutes=people * total,
        mentor_minutes=mentor_minutes,
        working_time_euros=round((people * total + mentor_minutes) / 60 * hourly),
        fee_euros=groups * rules.fee,
    )


def wrong_parameters(rules: Rules) -> list[tuple[str, ParameterRefusal]]:
    """Every parameter that cannot stand, by name, with its reason; an empty list when all go together."""
    pair = rules.guidance == "pair"
    sizes = {rules.min_to_start, rules.places, rules.ideal_size}
    checks = [
        (
            "min_to_start",
            not pair and rules.min_to_start > rules.places,
            ParameterRefusal.STARTS_ABOVE_PLACES,
        ),
        (
            "ideal_size",
            not pair and not rules.min_to_start <= rules.ideal_size <= max(rules.places, rules.min_to_start),
            ParameterRefusal.IDEAL_OUTSIDE,
        ),
        ("places", pair and sizes != {1}, ParameterRefusal.PAIR_HAS_ONE_PLACE),
        ("mentors", rules.mentors == 0 and (pair or not rules.self_run), ParameterRefusal.NO_MENTOR),
        ("day_to", not weekly.windows(rules), ParameterRefusal.DAY_TOO_SHORT),
        ("windows_wished", rules.windows_wished < rules.common_windows, ParameterRefusal.WISHES_BELOW_NEEDS),
    ]
    outside = [(name, ParameterRefusal.OUT_OF_BOUNDS) for name in _out_of_bounds(rules)]
    return outside or [(name, reason) for name, wrong, reason in checks if wrong]


def _out_of_bounds(rules: Rules) -> list[str]:
    return [name for name in PARAMETERS if not _within(name, getattr(rules, name))]


def _within(name: str, value: object) -> bool:
    parameter = PARAMETERS[name]
    if parameter.choices:
        return value in {code for code, _label in parameter.choices}
    if isinstance(parameter.default, bool):
        return isinstance(value, bool)
    whole = isinstance(value, int) and not isinstance(value, bool)
    return whole and (parameter.low or 0) <= value <= (parameter.high or 0)  # type: ignore[operator]


def reasons_not_to_publish(
    programme: Programme, *, themes: Sequence[Titled], sessions: Iterable[Lasting], employers: int
) -> list[PublishRefusal]:
    """Everything that speaks against publishing, in the order of the wizard's steps; [] when nothing does.

    `sessions` are those of the joint events, `employers` how many employers' staff is served.
    A programme names its languages; translations are asked for in those only.
    """
    languages: list[str] = programme.languages
    served = employers or programme.takes_private or programme.takes_without_employer
    in_order = _dates_in_order(programme)
    checks = [
        (programme.state != Programme.State.DRAFT, PublishRefusal.NOT_A_DRAFT),
        (not languages, PublishRefusal.NO_LANGUAGE),
        (not _spoken(programme.title, languages), PublishRefusal.TITLE_UNTRANSLATED),
        (
            any(programme.lead.values()) and not _spoken(programme.lead, languages),
            PublishRefusal.LEAD_UNTRANSLATED,
        ),
        (not served, PublishRefusal.NOBODY_SERVED),
        (not (programme.contact_name and programme.contact_address), PublishRefusal.NO_CONTACT),
        (bool(wrong_parameters(programme.rules)), PublishRefusal.PARAMETERS),
        (not themes, PublishRefusal.NO_THEME),
        (not all(_spoken(theme.title, languages) for theme in themes), PublishRefusal.THEME_UNTRANSLATED),
        (not in_order, PublishRefusal.DATES_OUT_OF_ORDER),
        (in_order and not _inside(programme, sessions), PublishRefusal.EVENT_OUTSIDE_YEAR),
    ]
    return [reason for against, reason in checks if against]


def why_not_publish(
    programme: Programme, *, themes: Sequence[Titled], sessions: Iterable[Lasting], employers: int
) -> PublishRefusal | None:
    """The first reason against publishing, or None when the way is clear."""
    reasons = reasons_not_to_publish(programme, themes=themes, sessions=sessions, employers=employers)
    return reasons[0] if reasons else None


def missing_languages(text: dict[str, str], languages: Sequence[str]) -> list[str]:
    """The languages in which a text has no words yet."""
    return [code for code in languages if not text.get(code, "").strip()]


def _spoken(text: dict[str, str], languages: Sequence[str]) -> bool:
    return not missing_languages(text, languages)


def _day(programme: Programme, moment: datetime) -> date:
    return moment.astimezone(programme.tz).date()


def _dates_in_order(programme: Programme) -> bool:
    closes = _day(programme, programme.enrol_closes_at)
    return (
        programme.enrol_opens_at < programme.enrol_closes_at
        and closes <= programme.answers_by <= programme.ends_on
        and programme.starts_on < programme.ends_on
    )


def _inside(programme: Programme, sessions: Iterable[Lasting]) -> bool:
    days = [_day(programme, session.starts_at) for session in sessions]
    return all(programme.starts_on <= day <= programme.ends_on for day in days)


def why_not_edit(programme: Programme) -> StateRefusal | None:
    """A closed programme stays as it is; everything else may be changed."""
    return StateRefusal.CLOSED if programme.state == Programme.State.CLOSED else None


def why_not_set(programme: Programme, rules: Rules) -> StateRefusal | ParameterRefusal | None:
    """The first reason against giving the programme these parameters."""
    if reason := why_not_edit(programme):
        return reason
    published = programme.state != Programme.State.DRAFT
    if published and rules.guidance != programme.rules.guidance:
        return StateRefusal.GUIDANCE_FIXED
    wrong = wrong_parameters(rules)
    return wrong[0][1] if wrong else None

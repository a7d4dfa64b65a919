"""The parameters of a programme as data: defaults, bounds, words. One list, read by forms and rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

# What the cards count where the programme says nothing else: by the way places are given.
NUMBERS = {"place": "free", "wishes": "wishes", "office": "none"}


def whole(default: int, low: int, high: int, label: Text, *, unit: Text = "", hint: Text = "") -> Any:
    """A whole number with its bounds, both included."""
    meta = {"low": low, "high": high, "label": label, "unit": unit, "hint": hint}
    return field(default=default, metadata=meta)


def choice(default: str, choices: Iterable[tuple[str, Text]], label: Text, *, hint: Text = "") -> Any:
    return field(default=default, metadata={"choices": list(choices), "label": label, "hint": hint})


def switch(default: bool, label: Text, *, hint: Text = "") -> Any:
    return field(default=default, metadata={"switch": True, "label": label, "hint": hint})


@dataclass(frozen=True, kw_only=True)
class Rules:
    """All parameters of one programme. Source of defaults and bounds: the domain reference, section 2.3."""

    guidance: str = choice(
        "group",
        [("group", _("Groups with a mentor")), ("pair", _("One-to-one pairs"))],
        _("What is formed"),
    )
    min_to_start: int = whole(4, 1, 8, _("A group starts at"), unit=_("participants"))
    places: int = whole(8, 1, 12, _("and has at most"), unit=_("participants"))
    ideal_size: int = whole(6, 1, 12, _("The best size is"), unit=_("participants"))
    mentors: int = whole(2, 0, 2, _("Mentors in a group, at most"))
    self_run: bool = switch(False, _("Groups may run themselves without a mentor"))
    swap: bool = switch(False, _("The two of a pair may change roles half-way through the year"))

    expected_people: int = whole(60, 1, 60000, _("Participants you expect"), unit=_("people"))

    cap_hours: int = whole(18, 6, 40, _("Hours per person, at most"), unit=_("h"))
    meeting_minutes: int = whole(120, 60, 240, _("One meeting lasts"), unit=_("min"))
    meetings: int = whole(7, 2, 12, _("Meetings of a group in the year"))
    event_minutes: int = whole(120, 0, 240, _("The joint opening and closing last, each"), unit=_("min"))
    events_count: bool = switch(True, _("Joint events count in the hours"))
    rhythm: str = choice(
        "monthly",
        [
            ("fortnightly", _("Every two weeks")),
            ("monthly", _("About monthly")),
            ("group", _("The group decides")),
        ],
        _("Rhythm"),
    )
    first_within_days: int = whole(28, 7, 60, _("The first own meeting is within"), unit=_("days"))
    agreement_by_meeting: int = whole(
        2,
        1,
        3,
        _("A group has its agreement by meeting"),
        hint=_("Its people are reminded; nothing is barred."),
    )
    goals_most: int = whole(3, 1, 5, _("Goals of a group, at most"))
    max_gap_days: int = whole(60, 30, 120, _("A group is quiet when it has not met for"), unit=_("days"))

    enrol_way: str = choice(
        "wishes",
        [
            ("wishes", _("Ranked wishes, then groups are formed")),
            ("place", _("First come, first served")),
            ("office", _("The office decides")),
        ],
        _("How places are given"),
    )
    order: str = choice(
        "time",
        [("time", _("Who came first")), ("lottery", _("A draw"))],
        _("Among equals goes first"),
        hint=_("For waiting lists, and for places that the office gives."),
    )
    new_first: bool = switch(True, _("People new in the job or back from leave go first"))
    waiting_list: bool = switch(True, _("Full groups have a waiting list"))
    offer_hours: int = whole(72, 1, 336, _("A place offered from the waiting list is held for"), unit=_("h"))
    newcomers: str = choice(
        "group",
        [
            ("group", _("When the group agrees")),
            ("open", _("Always, while a place is free")),
            ("closed", _("Never")),
        ],
        _("A running group takes newcomers"),
    )
    wishes: int = whole(3, 1, 5, _("Ranked wishes, at most"))
    wish_for: str = choice("theme", [("theme", _("Themes")), ("group", _("Groups"))], _("People wish for"))
    numbers_shown: str = choice(
        "way",
        [
            ("way", _("What fits how places are given")),
            ("wishes", _("Wishes beside the places")),
            ("free", _("Free places")),
            ("none", _("No numbers")),
        ],
        _("What the public cards show"),
    )
    manager: str = choice(
        "told",
        [("off", _("Not involved")), ("told", _("Told")), ("approve", _("Approves once"))],
        _("The line manager is"),
    )
    silence_days: int = whole(
        0,
        0,
        60,
        _("A manager’s silence means yes after"),
        unit=_("days"),
        hint=_("0: silence stays silence."),
    )

    common_windows: int = whole(1, 1, 4, _("Weekly times that a whole group must share, at least"))
    windows_wished: int = whole(4, 1, 8, _("Weekly times that a whole group should share"))
    day_from: int = whole(7, 6, 16, _("Meetings start at the earliest at"), unit=_("o’clock"))
    day_to: int = whole(21, 12, 22, _("and end at the latest at"), unit=_("o’clock"))
    weekends: bool = switch(False, _("Meetings at weekends are possible"))

    mentor_min_years: int = whole(3, 0, 10, _("A mentor has worked at least"), unit=_("years"))
    mentor_groups: int = whole(2, 1, 12, _("A mentor has at most"), unit=_("groups"))
    mentor_factor: int = whole(2, 1, 3, _("A mentor’s hours count times"))
    time_model: str = choice(
        "working_time",
        [
            ("working_time", _("Working time, planned in advance")),
            ("joint_planning", _("Joint-planning time")),
            ("own_time", _("Own time")),
            ("credits", _("Study credits")),
        ],
        _("The time is"),
    )
    hourly_cost: int = whole(40, 0, 200, _("Cost of one working hour"), unit=_("€"))
    fee: int = whole(0, 0, 5000, _("A mentor’s fee for a group"), unit=_("€"))
    support_answer_days: int = whole(
        3,
        1,
        10,
        _("Whoever asks for a talk in confidence gets an answer within"),
        unit=_("working days"),
    )
    hold_hours: int = whole(
        24, 0, 168, _("Mails about places wait, so that publishing can be undone, for"), unit=_("h")
    )

    @property
    def numbers(self) -> str:
        """What the public cards count: "free" places, "wishes", or "none"."""
        return NUMBERS[self.enrol_way] if self.numbers_shown == "way" else self.numbers_shown

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Rules":
        """Rules from stored values; unknown keys (of older versions) are left out."""
        return rules_of(tuple(values.items()))


@lru_cache(maxsize=512)
def rules_of(values: tuple[tuple[str, Any], ...]) -> Rules:
    """The same for the same values: a page asks for them many times."""
    known = {item.name for item in fields(Rules)}
    return Rules(**{key: value for key, value in values if key in known})


@dataclass(frozen=True)
class Parameter:
    """One parameter for a form: its name, default and words."""

    name: str
    default: Any
    label: Text
    hint: Text = ""
    unit: Text = ""
    low: int | None = None
    high: int | None = None
    choices: tuple[tuple[str, Text], ...] = ()


PARAMETERS = {
    item.name: Parameter(
        name=item.name,
        default=item.default,
        label=item.metadata["label"],
        hint=item.metadata.get("hint", ""),
        unit=item.metadata.get("unit", ""),
        low=item.metadata.get("low"),
        high=item.metadata.get("high"),
        choices=tuple(item.metadata.get("choices", ())),
    )
    for item in fields(Rules)
}

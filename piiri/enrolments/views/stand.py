"""Where somebody stands before a group: which one button they see."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple, cast

from django.urls import reverse

from piiri.base.ring import letters
from piiri.enrolments import queries, rules
from piiri.enrolments.models import Application
from piiri.enrolments.queries import Doorstep, Nearby, NextDate
from piiri.enrolments.rules import EnrolRefusal, Stage
from piiri.enrolments.views import cards
from piiri.groups.models import Group
from piiri.groups.queries import Card
from piiri.groups.rules import GroupRefusal

State = Application.State
LANGUAGES = cards.LANGUAGES


class Beside(NamedTuple):
    """A group beside a full one."""

    group: Nearby
    address: str
    when: str
    language: str
    is_online: bool


@dataclass(frozen=True)
class Stand:
    """A group as one person sees it at one moment.

    `may` is False for the office and those above it; `found_full` where a press has just found it full.
    """

    step: Doorstep
    now: datetime
    may: bool = True
    found_full: bool = False

    @cached_property
    def what(self) -> str:
        """take, offered, wait, full, listed, wish, placed, before, closed, over, complete or office."""
        step, terms = self.step, self.step.programme.rules
        if not self.may:
            return "office"
        reason = rules.why_not_take(step.group, mine=step.mine, terms=terms, now=self.now)
        if reason == EnrolRefusal.NOT_AT_ONCE:
            at = rules.stage(step.programme, now=self.now)
            return "wish" if at == Stage.OPEN else at.value
        if reason:
            return reason.value if reason in TOLD else "closed"
        if not self.is_full:
            return "take"
        if self.offer:
            return "offered"
        if not terms.waiting_list:
            return "full"
        return "listed" if self.is_listed else "wait"

    @cached_property
    def is_full(self) -> bool:
        """No free place, or others in a list go first."""
        return (
            self.found_full
            or not self.step.free
            or (self.step.awaited and queries.is_awaited(self.step.group))
        )

    @cached_property
    def offer(self) -> str:
        """The uid of the place that is held for them here; "" where none is."""
        mine, step = self.step.mine, self.step
        if mine is None or step.in_all == step.free + step.members:  # no place is held for anybody
            return ""
        held = queries.offer_open_to(mine)
        return held.uid if held and held.group_id == step.group.pk else ""

    @cached_property
    def is_listed(self) -> bool:
        """Whether they stand in a list for the group already."""
        mine, group = self.step.mine, self.step.group
        waits = mine is not None and mine.state == State.WAITING
        return bool(waits and mine and queries.stands_in_list(mine, group=group))

    @property
    def number(self) -> int | None:
        """What the programme counts on its cards: free places, or nothing."""
        return self.step.free if self.step.programme.rules.numbers == "free" else None

    @cached_property
    def wished(self) -> int:
        """How many wish for it, where the programme counts wishes and there are enough to say it; else 0."""
        programme, group = self.step.programme, self.step.group
        if programme.rules.numbers != "wishes":
            return 0
        count = queries.wished_for(group, programme=programme)
        return count if rules.is_told(count) else 0

    @property
    def to_start(self) -> int:
        """How many more participants the group needs to start; 0 when it has begun or can."""
        group, step = self.step.group, self.step
        if group.state == Group.State.RUNNING or self.number is None:
            return 0
        return max(0, group.min_to_start - step.members)

    @property
    def seats(self) -> str:
        """The glyph."""
        step, mentors = self.step, len(self.mentors)
        free = step.in_all if self.number is None else step.free
        return letters(mentors=mentors, taken=step.in_all - free, free=free)

    @cached_property
    def mentors(self) -> list[str]:
        """One entry a mentor: the name where they chose to show it, else ""."""
        return self.step.mentors

    @cached_property
    def next(self) -> NextDate | None:
        """When one comes first, or next."""
        return queries.next_date(self.step.group, programme=self.step.programme, now=self.now)

    @cached_property
    def units(self) -> tuple[str, ...]:
        """Names of workplaces to choose from."""
        return queries.unit_names(self.step.programme, minute=int(self.now.timestamp()) // 60)

    @property
    def hue(self) -> str:
        """The colour of the theme."""
        return self.step.group.theme.hue if self.step.group.theme else "spruce"

    @property
    def addresses(self) -> dict[str, str]:
        """Where the buttons of the card lead; `wish` is the uid of what one wishes for here."""
        group, programme = self.step.group, self.step.programme
        form = reverse("enrolments:enrol", args=[programme.organisation.slug, programme.slug])
        by_group = programme.rules.wish_for == "group" or group.theme is None
        return {
            "take": f"{self.here}take/",
            "wait": f"{self.here}wait/",
            "enrol": form,
            "wish": group.uid if by_group or not group.theme else group.theme.uid,
        }

    @cached_property
    def here(self) -> str:
        """The group's own page."""
        programme = self.step.programme
        return reverse(
            "enrolments:group", args=[programme.organisation.slug, programme.slug, self.step.group.uid]
        )

    def page(self) -> dict[str, Any]:
        """What the page says of the group."""
        step, group, programme = self.step, self.step.group, self.step.programme
        return {
            "step": step,
            "stand": self,
            "group": group,
            "theme": group.theme,
            "name": group.name,
            "programme": programme,
            "organisation": programme.organisation,
            "hue": self.hue,
            "about": group.text or (group.theme.text if group.theme else ""),
            "when": cards.when(cast("Card", group), minutes=programme.rules.meeting_minutes),
            "next": self.next,
            "names": [name for name in self.mentors if name],
            "language": LANGUAGES.get(group.language, group.language),
            "is_online": group.form == Group.Form.ONLINE,
            "is_running": group.state == Group.State.RUNNING,
            "way": queries.way_in_words(programme),
            "near": self.near,
            **self.addresses,
            "opens": queries.opening(programme, now=self.now) if self.what == "before" else None,
        }

    @cached_property
    def near(self) -> list[Beside]:
        """The next best groups where this one is full."""
        if self.what not in ("wait", "full", "listed", "complete"):
            return []
        step, programme = self.step, self.step.programme
        found = queries.next_best(
            step.group, programme=programme, sensitive=step.signed_in, second=int(self.now.timestamp())
        )
        minutes, slugs = programme.rules.meeting_minutes, [programme.organisation.slug, programme.slug]
        return [
            Beside(
                group=one,
                address=reverse("enrolments:group", args=[*slugs, one.uid]),
                when=cards.when(cast("Card", one), minutes=minutes),
                language=LANGUAGES.get(one.language, one.language),
                is_online=one.form == Group.Form.ONLINE,
            )
            for one in found
        ]


TOLD = (
    EnrolRefusal.PLACED,
    EnrolRefusal.BEFORE,
    EnrolRefusal.CLOSED,
    EnrolRefusal.OVER,
    GroupRefusal.COMPLETE,
)

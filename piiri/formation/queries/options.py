"""One person on the workbench: why they sit where they sit, and where else they could."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from piiri.enrolments.models import Application
from piiri.formation import bench_sentences, moves, scoring, sentences
from piiri.formation.models import Run
from piiri.formation.moves import Question
from piiri.formation.problem import Offer, Participant
from piiri.formation.queries.asked import asked_of
from piiri.formation.queries.effects import Change, Effect, effect_of, live_groups, people_of, time_of
from piiri.formation.queries.explaining import titles_of
from piiri.formation.sentences import Why

OF_A_WISH = 8  # groups of one wish that are shown, those with room and a common time first
OF_ANY_THEME = 12  # groups that are shown beyond the wishes


@dataclass(frozen=True)
class Option:
    """A group that somebody could move to, or not; `group` "" is a wish that has no group at all.

    `rank` counts wishes from 1, None: no wish, and any theme is fine. `text` says what the move does, or
    why it cannot be; it names nobody.
    """

    group: str
    name: str
    rank: int | None
    rank_text: str
    at: str
    works: bool
    text: str


@dataclass(frozen=True)
class Seat:
    """Somebody of a proposal for the office: where they sit and what speaks for it, or why nowhere."""

    uid: str
    name: str
    workplace: str
    job: str
    years: int | None
    group: str | None
    group_name: str
    at: str
    locked: bool
    gone: bool
    why: list[Why]
    unmet: list[str]


@dataclass(frozen=True)
class Numbers:
    """A proposal on its card: shares in whole percent, workplaces a group on average."""

    people: int
    groups: int
    first_wishes: int
    share_a_time: int
    workplaces: float
    left_out: int

    @property
    def placed(self) -> int:
        return self.people - self.left_out


def numbers(run: Run) -> Numbers:
    """What the card of a proposal shows; shares are of those with a place, and common time is a hard rule."""
    asked, assignment = asked_of(run), run.proposal.get("assignment", {})
    members = moves.members_of(assignment)
    stands = [moves.stand(asked, group, people, sitting=0, least=1) for group, people in members.items()]
    placed = sum(stand.people for stand in stands)
    first = sum(stand.first_wishes for stand in stands)
    workplaces = sum(stand.workplaces for stand in stands)
    return Numbers(
        people=len(assignment),
        groups=len(members),
        first_wishes=round(100 * first / placed) if placed else 0,
        share_a_time=100,
        workplaces=round(workplaces / len(members), 1) if members else 0.0,
        left_out=len(assignment) - placed,
    )


def seat(run: Run, uid: str) -> Seat | None:
    """One person of a proposal by the application's uid; None when there is nobody of that uid in it."""
    assignment: Mapping[str, str | None] = run.proposal.get("assignment", {})
    row = (
        Application.objects.filter(uid=uid, programme=run.programme)
        .defer("wish")
        .select_related("person", "unit")
        .first()
    )
    if row is None or uid not in assignment:
        return None
    codes = run.proposal.get("reasons", {}).get(uid, {})
    group = assignment[uid] or None
    live = live_groups(run, [group] if group else []).get(group or "")
    at = time_of(run, live, run.proposal.get("windows", {})) if live else ""
    return Seat(
        uid=uid,
        name=row.person.name or row.name_as_written or row.person.email,
        workplace=row.unit.name if row.unit else row.workplace,
        job=row.job,
        years=row.years,
        group=group,
        group_name=live.name if live else "",
        at=at,
        locked=uid in run.proposal.get("locked", ()),
        gone=row.state not in Application.STANDING,
        why=sentences.why(codes, at=at),
        unmet=sentences.why_not(codes, titles=titles_of(sentences.wished([codes]))),
    )


def options(run: Run, application: str) -> list[Option]:
    """Where else somebody could sit: their wishes in order, then any theme where that is ticked.

    A wish with several groups gives one row a group, those that work first and the nearest few of many; a
    wish without a group one row that says so. Of any theme only the first few that work are there. Empty for
    somebody not in the question.
    """
    asked = asked_of(run)
    person, assignment = asked.people.get(application), run.proposal.get("assignment", {})
    if person is None or application not in assignment:
        return []
    live, people = live_groups(run, asked.offers), people_of([application])
    titles = titles_of(person.themes)
    seated = moves.members_of(assignment)

    def option(offer: Offer, rank: int | None) -> Option:
        change = Change(run, asked, {application: offer.id}, live, seated)
        return _option(change, offer, rank, effect_of(change, people))

    found: list[Option] = []
    for rank, offers in enumerate(_by_rank(asked, person), start=1):
        others = [one for one in offers if one.id != assignment[application]]
        rows = [option(one, rank) for one in _nearest(asked, person, others, seated)[:OF_A_WISH]]
        found += sorted(rows, key=lambda one: (not one.works, one.name.casefold()))
        if not offers and rank <= len(person.themes):
            found.append(_no_group(titles.get(person.themes[rank - 1], ""), rank))
    if person.any_theme:
        beyond = _beyond(asked, person, seated)
        rows_beyond = (option(one, None) for one in beyond if one.id != assignment[application])
        found += islice((one for one in rows_beyond if one.works), OF_ANY_THEME)
    return found


def _by_rank(asked: Question, person: Participant) -> list[list[Offer]]:
    """The offers of each wish, the first wish first."""
    found: list[list[Offer]] = [[] for _ in range(max(len(person.themes), len(person.groups)))]
    for offer in asked.problem.groups:
        rank = scoring.rank_of(person, offer)
        if rank is not None:
            found[rank].append(offer)
    return found


def _beyond(asked: Question, person: Participant, members: Mapping[str, Sequence[str]]) -> list[Offer]:
    """Offers that are no wish and that could do by language, place and time; those most full first."""
    others = [one for one in asked.problem.groups if scoring.rank_of(person, one) is None]
    fitting = [one for one in others if _could_do(asked, person, one, members)]
    return sorted(fitting, key=lambda one: (-len(members.get(one.id, ())), one.id))


def _nearest(
    asked: Question, person: Participant, offers: Sequence[Offer], members: Mapping[str, Sequence[str]]
) -> list[Offer]:
    """Offers, those first that could do, of them those most full."""
    return sorted(
        offers,
        key=lambda one: (
            not _could_do(asked, person, one, members), -len(members.get(one.id, ())), one.id,
        ),
    )  # fmt: skip


def _could_do(
    asked: Question, person: Participant, offer: Offer, members: Mapping[str, Sequence[str]]
) -> bool:
    """Whether language, place, room and time are no obstacle; a quick look at one offer."""
    sitting, least = members.get(offer.id, ()), asked.problem.hard.min_common_slots
    return (
        offer.language in person.languages
        and offer.region in person.regions
        and len(sitting) < offer.upper
        and (moves.common(asked, offer.id, sitting) & person.available).bit_count() >= least
    )


def _option(change: Change, offer: Offer, rank: int | None, effect: Effect) -> Option:
    live = change.live.get(offer.id)
    return Option(
        group=offer.id,
        name=live.name if live else "",
        rank=rank,
        rank_text=bench_sentences.rank_in_words(rank),
        at=time_of(change.run, live, change.windows_after) if live else "",
        works=effect.allowed,
        text=bench_sentences.near_miss_in_words(effect.rule) if effect.rule else effect.text,
    )


def _no_group(title: str, rank: int) -> Option:
    return Option(
        "", title, rank, bench_sentences.rank_in_words(rank), "", False, bench_sentences.no_group_in_words()
    )

"""Clauses as a reader sees them, and the versions a group has had."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import QuerySet
from django.utils.translation import get_language

from piiri.agreements import clauses
from piiri.agreements.models import Agreement, Clause, Signature
from piiri.base.prepared import PreparedRows
from piiri.groups.models import Group


@dataclass(frozen=True)
class ClauseText:
    """A clause in words. `language` is "" where they are the reader's, else that of the words.

    `uid` and `edition` are "" and 0 for a ready clause that nobody has begun from yet.
    """

    code: str
    title: str
    text: str
    language: str = ""
    uid: str = ""
    edition: int = 0
    in_own_words: bool = False

    @property
    def is_own(self) -> bool:
        """Whether the group has added it."""
        return not self.code


def facts_of(group: Group, *, code: str) -> clauses.Facts:
    """What the ready clause names, from the group's programme.

    Its contact person is whom people of groups can talk to in confidence, else the name on its page.
    """
    programme, contact = group.programme, ""
    if clauses.names_contact(code):
        contact = str(programme.contact_person or programme.contact_name)
    return clauses.Facts(contact=contact, most_goals=programme.rules.goals_most)


def readers_language() -> str:
    """The language in which ready clauses are said."""
    language = get_language() or "en"
    return language if language in ("fi", "sv", "en") else "en"


def ready_clauses(group: Group, *, without: frozenset[str] = frozenset()) -> list[ClauseText]:
    """The ready clauses in the reader's language, but those in the agreement already. No query."""
    language = readers_language()
    return [
        ClauseText(
            code,
            clauses.title_of(code, language=language),
            clauses.text_of(code, language=language, facts=facts_of(group, code=code)),
        )
        for code in clauses.catalogue()
        if code not in without
    ]


def clauses_of(agreement: Agreement, *, most: int | None = None) -> list[ClauseText]:
    """The clauses of a version in their order, at most so many. One query; needs group and programme."""
    rows = written(most).rows(agreement=agreement.text_key)
    for clause in rows:
        clause.agreement = agreement
    return [said(clause, group=agreement.group) for clause in rows]


@lru_cache(maxsize=4)
def written(most: int | None) -> PreparedRows:
    """The query of `clauses_of`: every look at a group's page asks it."""

    def build(*, agreement: int) -> QuerySet[Clause]:
        return Clause.objects.filter(agreement=agreement)[:most]

    return PreparedRows(Clause, build, numbers=["agreement"])


def said(clause: Clause, *, group: Group) -> ClauseText:
    """One clause in words: the reader's where it is a ready one, else its own."""
    reader = readers_language()
    language = clause.language or reader
    ready = bool(clause.code) and not clause.language
    title = clauses.title_of(clause.code, language=language) if clause.code else clause.title
    text = str(clause.text)
    if ready:
        text = clauses.text_of(clause.code, language=language, facts=facts_of(group, code=clause.code))
    return ClauseText(
        code=clause.code,
        title=str(title),
        text=text,
        language="" if language == reader else language,
        uid=clause.uid,
        edition=clause.edition,
        in_own_words=not ready,
    )


@dataclass(frozen=True)
class Version:
    """One line of the history: a version and its text, or a change of its spelling."""

    agreement: Agreement
    clauses: list[ClauseText]
    signed: int
    ready_at: datetime
    changed: tuple[str, ...] = ()

    @property
    def is_fix(self) -> bool:
        """Whether only the spelling changed here."""
        return self.agreement.cause == Agreement.Cause.SPELLING


def history(group: Group) -> list[Version]:
    """Every version that holds or has held, newest first, in three queries.

    `changed` names the clauses that are not word for word those of the version before.
    """
    rows = list(Agreement.objects.filter(group=group).ready().order_by("-number", "-fix"))
    texts: dict[int, list[ClauseText]] = {}
    here = Clause.objects.filter(agreement__group=group).select_related("agreement__group")
    for clause in here:
        texts.setdefault(clause.agreement_id, []).append(said(clause, group=group))
    signed: dict[int, int] = {}
    for number in Signature.objects.filter(group=group).values_list("number", flat=True):
        signed[number] = signed.get(number, 0) + 1
    versions = []
    for at, row in enumerate(rows):
        before = rows[at + 1].text_key if at + 1 < len(rows) else None
        versions.append(
            Version(
                agreement=row,
                clauses=texts.get(row.text_key, []),
                signed=signed.get(row.number, 0),
                ready_at=row.ready_at or row.began_at,
                changed=differing(texts.get(row.text_key, []), texts.get(before, [])) if before else (),
            )
        )
    return versions


def differing(now: list[ClauseText], before: list[ClauseText]) -> tuple[str, ...]:
    """Titles of clauses that were added, changed or left out."""
    old, new = {(one.title, one.text) for one in before}, {(one.title, one.text) for one in now}
    changed = [one.title for one in now if (one.title, one.text) not in old]
    gone = [one.title for one in before if (one.title, one.text) not in new and one.title not in changed]
    return (*changed, *gone)

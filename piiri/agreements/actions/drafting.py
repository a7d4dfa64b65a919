"""An agreement is written: begun from the ready clauses or from the version in force, edited, made ready."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from piiri.agreements import clauses, queries, rules
from piiri.agreements.models import Agreement, Clause
from piiri.agreements.rules import AgreementRefusal
from piiri.audit import actions as audit
from piiri.base.errors import Refused
from piiri.groups.models import Group
from piiri.people.models import Person

State, Cause = Agreement.State, Agreement.Cause


def begin(group: Group, *, by: Person, now: datetime) -> Agreement:
    """Begin a draft: of the ready clauses, or of the version in force. One that is being written is joined.

    Raises Refused with GROUP_NOT_LIVING.
    """
    if reason := rules.why_not_write(group):
        raise Refused(reason)
    try:
        return begin_new(group, by=by, now=now)
    except IntegrityError:
        return Agreement.objects.draft().get(group=group)


@transaction.atomic
def begin_new(group: Group, *, by: Person, now: datetime) -> Agreement:
    """The draft, new; an IntegrityError where there is one. The text of the version in force is copied."""
    draft = Agreement.objects.create(group=group, began_at=now)
    standing = queries.standing_of(group)
    if standing is None:
        rows = [Clause(order=order, code=code) for order, code in enumerate(clauses.catalogue(), start=1)]
    else:
        before = Clause.objects.filter(agreement=standing.text_key).select_related("agreement__group")
        rows = [copy_of(clause, into=draft) for clause in before]
    for row in rows:
        row.agreement = draft
    Clause.objects.bulk_create(rows)
    audit.record("agreement_begun", by=by, about=draft, now=now, place=group.uid)
    return draft


def copy_of(clause: Clause, *, into: Agreement) -> Clause:
    """The same words, to be sealed anew: where they lie is a part of the seal."""
    row = Clause(agreement=into, order=clause.order, code=clause.code, language=clause.language)
    row.title, row.text = clause.title, clause.text
    return row


def claim_draft(draft: Agreement) -> None:
    """Note one more edit of a draft, alone until this is done; raise Refused where it is none any more."""
    if Agreement.objects.filter(pk=draft.pk, state=State.DRAFT).update(edits=F("edits") + 1) != 1:
        raise Refused(AgreementRefusal.NOT_A_DRAFT)


@transaction.atomic
def change_clause(
    clause: Clause, *, text: str, language: str, edition: int, by: Person, now: datetime, title: str = ""
) -> Clause:
    """Write a clause anew in one language. A ready clause in its own words is kept as its code alone.

    `edition` is that of the text the writer began from: raises Refused with CHANGED where somebody else
    was faster, and with NOT_A_DRAFT. Without text a ready clause gets its ready words back.
    """
    claim_draft(clause.agreement)
    claimed = Clause.objects.filter(pk=clause.pk, edition=edition)
    if claimed.update(edition=F("edition") + 1) != 1:
        raise Refused(AgreementRefusal.CHANGED)
    put_words(clause, title=title, text=text, language=language)
    clause.edition = edition + 1
    clause.save(update_fields=["title", "text", "language"])
    place = clause.agreement.group.uid
    audit.record("clause_changed", by=by, about=clause, now=now, place=place, code=clause.code)
    return clause


def put_words(clause: Clause, *, title: str, text: str, language: str) -> None:
    """The words of a clause; none where they are the ready ones."""
    if clause.code and (not text or is_ready(clause, text=text, language=language)):
        clause.title = clause.text = clause.language = ""
        return
    clause.title, clause.text, clause.language = "" if clause.code else title, text, language


def is_ready(clause: Clause, *, text: str, language: str) -> bool:
    """Whether these are the ready words, spaces apart."""
    facts = queries.facts_of(clause.agreement.group, code=clause.code)
    ready = clauses.text_of(clause.code, language=language, facts=facts)
    return " ".join(text.split()) == ready


@transaction.atomic
def add_clause(
    draft: Agreement,
    *,
    by: Person,
    now: datetime,
    title: str = "",
    text: str = "",
    language: str = "",
    code: str = "",
) -> Clause:
    """Add a clause of the group's own at the end, or put back a ready one (`code`) that was left out.

    Raises Refused: NOT_A_DRAFT, TOO_MANY_CLAUSES, IN_ALREADY.
    """
    claim_draft(draft)
    here = Clause.objects.filter(agreement=draft)
    if here.count() >= rules.MOST_CLAUSES:
        raise Refused(AgreementRefusal.TOO_MANY_CLAUSES)
    if code and here.filter(code=code).exists():
        raise Refused(AgreementRefusal.IN_ALREADY)
    last = here.aggregate(last=Max("order"))["last"] or 0
    order = list(clauses.catalogue()).index(code) + 1 if code else max(last, len(clauses.catalogue())) + 1
    row = Clause(agreement=draft, order=order, code=code)
    if not code:
        put_words(row, title=title, text=text, language=language)
    row.save()
    audit.record("clause_added", by=by, about=row, now=now, place=draft.group.uid, code=code)
    return row


@transaction.atomic
def leave_out_clause(clause: Clause, *, edition: int, by: Person, now: datetime) -> None:
    """Take a clause out of a draft. Raises Refused: NOT_A_DRAFT, CHANGED where somebody just rewrote it."""
    claim_draft(clause.agreement)
    if Clause.objects.filter(pk=clause.pk, edition=edition).delete()[0] != 1:
        raise Refused(AgreementRefusal.CHANGED)
    place = clause.agreement.group.uid
    audit.record("clause_left_out", by=by, about=clause, now=now, place=place, code=clause.code)


@transaction.atomic
def put_away_draft(draft: Agreement, *, by: Person, now: datetime) -> None:
    """Give up a draft; the version in force stays. Raises Refused with NOT_A_DRAFT."""
    claim_draft(draft)
    Agreement.objects.filter(pk=draft.pk).delete()
    audit.record("draft_put_away", by=by, about=draft, now=now, place=draft.group.uid)


@transaction.atomic
def make_ready(draft: Agreement, *, edits: int, meaning: bool, by: Person, now: datetime) -> Agreement:
    """Let the draft hold from now on. `meaning`: a new version, all sign again; else the spelling changed.

    A first version is always a new one. `edits` is the draft's count as it was read. Raises Refused:
    NOT_A_DRAFT, CHANGED, EMPTY, and CHANGED too where the version in force changed at the same moment.
    """
    number_of_clauses = Clause.objects.filter(agreement=draft).count()
    if reason := rules.why_not_ready(draft, clauses=number_of_clauses, edits=edits):
        raise Refused(reason)
    before = queries.standing_of(draft.group)
    replace(before)
    values = numbers_after(before, meaning=meaning, now=now) | {"state": State.STANDING, "ready_at": now}
    unread = Agreement.objects.filter(pk=draft.pk, state=State.DRAFT, edits=edits)
    if unread.update(**values) != 1:
        raise Refused(AgreementRefusal.CHANGED)
    for name, value in values.items():
        setattr(draft, name, value)
    facts = {"number": draft.number, "cause": draft.cause}
    audit.record("agreement_ready", by=by, about=draft, now=now, place=draft.group.uid, **facts)
    return draft


def replace(before: Agreement | None) -> None:
    """The version in force holds no longer; raise Refused where somebody replaced it meanwhile."""
    if before is None:
        return
    if Agreement.objects.filter(pk=before.pk, state=State.STANDING).update(state=State.PAST) != 1:
        raise Refused(AgreementRefusal.CHANGED)


def numbers_after(before: Agreement | None, *, meaning: bool, now: datetime) -> dict[str, object]:
    """Number, fix, cause and the number's beginning of what follows."""
    if before is None:
        return {"number": 1, "fix": 0, "cause": Cause.FIRST, "numbered_at": now}
    if meaning:
        return {"number": before.number + 1, "fix": 0, "cause": Cause.MEANING, "numbered_at": now}
    return {
        "number": before.number,
        "fix": before.fix + 1,
        "cause": Cause.SPELLING,
        "numbered_at": before.numbered_at,
    }

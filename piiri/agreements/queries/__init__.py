"""What pages and other rooms read of agreements: texts, signatures, goals, what is asked of a person."""

from piiri.agreements.queries.cards import (
    AgreementCard,
    Ask,
    Signed,
    asks,
    card,
    counted,
    own_signature,
    signed_of,
    standing_of,
)
from piiri.agreements.queries.goals import Suggestion, goals, private_goals, suggestions
from piiri.agreements.queries.people import Sitter, has_everybody_said_yes, seats, sitting
from piiri.agreements.queries.sending import (
    settled_suggestions,
    unasked,
    unreminded,
    with_newcomers,
)
from piiri.agreements.queries.texts import (
    ClauseText,
    Version,
    clauses_of,
    facts_of,
    history,
    readers_language,
    ready_clauses,
    said,
)

__all__ = [
    "AgreementCard",
    "Ask",
    "ClauseText",
    "Signed",
    "Sitter",
    "Suggestion",
    "Version",
    "asks",
    "card",
    "clauses_of",
    "counted",
    "facts_of",
    "goals",
    "has_everybody_said_yes",
    "history",
    "own_signature",
    "private_goals",
    "readers_language",
    "ready_clauses",
    "said",
    "seats",
    "settled_suggestions",
    "signed_of",
    "sitting",
    "standing_of",
    "suggestions",
    "unasked",
    "unreminded",
    "with_newcomers",
]

"""The query language: from what is typed to a query, its errors, and the query as it prints."""

from bot.domain.query.faults import QueryError
from bot.domain.query.hints import Hint, hints
from bot.domain.query.outlets import Outlets
from bot.domain.query.parser import MAX_CHARACTERS, MAX_DEPTH, MAX_TERMS, parse
from bot.domain.query.printed import Query
from bot.domain.query.tree import (
    And,
    Exact,
    Kind,
    Language,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Scope,
    Scoped,
    Site,
    Word,
)

__all__ = [
    "MAX_CHARACTERS",
    "MAX_DEPTH",
    "MAX_TERMS",
    "And",
    "Exact",
    "Hint",
    "Kind",
    "Language",
    "Near",
    "Node",
    "Not",
    "Or",
    "Outlets",
    "Phrase",
    "Query",
    "QueryError",
    "Scope",
    "Scoped",
    "Site",
    "Word",
    "hints",
    "parse",
]

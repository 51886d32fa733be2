"""The query language, version 2: `parse` reads any text that holds a word.

    query    = both { "OR" both }
    both     = group { "AND" group }
    group    = item { item }                          side by side: any of them
    item     = { "NOT" | "-" | "+" } near
    near     = operand { ( "w/" n | "pre/" n | "/s" | "/p" ) operand }
    operand  = { field ":" | "=" | "==" | "exact:" } atom
    atom     = ( word [ "~" n ] | '"' phrase '"' [ "~" n ] | [ unit ":" ] "(" query ")" ) [ "^" weight ]
    field    = "title" | "heading" | "text"
    unit     = "sentence" | "paragraph" | "section" | "document"
    facts    = [ "-" | "NOT" ] ( name ":" value | name ":(" value { "OR" value } ")" )    anywhere

- Words side by side belong together more closely than AND and OR bind: `a b AND c` is `(a OR b) AND c`. Signs
  of nearness bind most closely: `a b w/5 c` is `a OR (b w/5 c)`.
- An exclusion that merely stands beside something (`a OR b -c`, `a OR b NOT c`) holds for the whole query,
  or for the parentheses that it stands in: `(a OR b) AND NOT c`. As an operand of AND or OR it stays there.
- `+a b` requires a; b only raises the rank.
- Parentheses within a word belong to it when they open and close there: `4(a)(2)`.
- Facts (`type:law`, `date:2023..2024`) hold for the whole query, wherever they stand in it.

docs/query-language.md explains it by examples, which the tests read.
"""

from __future__ import annotations

from dataclasses import dataclass

from .bare import bare
from .syntax import Syntax

__all__ = [
    "GRAMMAR_VERSION",
    "MAX_CHARACTERS",
    "MAX_DEPTH",
    "MAX_NOTICES",
    "MAX_WORDS",
    "Parsed",
    "parse",
]

GRAMMAR_VERSION = 2
MAX_CHARACTERS = 10_000
MAX_WORDS = 1_000
MAX_DEPTH = 50  # of parentheses
MAX_NOTICES = 12  # a query of a thousand stray operators need not be told of each


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query's tree, and a sentence for everything that was forgiven."""

    tree: Syntax
    notices: tuple[str, ...]


def parse(query: str) -> Parsed:
    """Read a query as leniently as can be.

    Raises QuerySyntax when it holds no word at all, QueryTooCostly when it is longer than 10,000
    characters, holds more than 1,000 words or nests parentheses deeper than 50. Takes linear time.
    """
    if (known := bare(query)) is not None:
        return Parsed(known, ())
    from .parser import parsed  # most queries are bare words

    return Parsed(*parsed(query))

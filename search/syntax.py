"""The syntax tree of a query, and the query that prints it with every operator written out.

Values only; what the words mean in an index is decided in `reading`. Trees are canonical: build composite
nodes with `all_of`, `any_of` and `but_not`, and equal readings are equal trees.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..index.query import FieldName

__all__ = [
    "AllOf",
    "AnyOf",
    "Chunk",
    "Except",
    "Preferring",
    "Quoted",
    "Syntax",
    "all_of",
    "any_of",
    "but_not",
    "leaves",
    "render",
]


@dataclass(frozen=True, slots=True)
class Chunk:
    """What stands between white space: a word (`chemicals`, `chem*`), or several that belong together
    (`S/RES/1373`). span: its columns in the query, from 0, half open; takes no part in equality."""

    text: str
    field: FieldName = FieldName.ANY
    span: tuple[int, int] = dataclasses.field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Quoted:
    """What stands between quotation marks, white space folded."""

    text: str
    field: FieldName = FieldName.ANY
    span: tuple[int, int] = dataclasses.field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Matches where all children do."""

    children: tuple[Syntax, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Matches where one child or more does."""

    children: tuple[Syntax, ...]


@dataclass(frozen=True, slots=True)
class Except:
    """Matches where the child does not."""

    child: Syntax


@dataclass(frozen=True, slots=True)
class Preferring:
    """`+a b`: matches where all that is required does; the optional children only raise the rank."""

    required: tuple[Syntax, ...]
    optional: tuple[Syntax, ...]


Syntax = Chunk | Quoted | AllOf | AnyOf | Except | Preferring


def all_of(children: Iterable[Syntax]) -> Syntax:
    """The conjunction of one or more children, without conjunctions directly inside it."""
    flat = [part for child in children for part in (child.children if isinstance(child, AllOf) else (child,))]
    return flat[0] if len(flat) == 1 else AllOf(tuple(flat))


def any_of(children: Iterable[Syntax]) -> Syntax:
    """The disjunction of one or more children, without disjunctions directly inside it."""
    flat = [part for child in children for part in (child.children if isinstance(child, AnyOf) else (child,))]
    return flat[0] if len(flat) == 1 else AnyOf(tuple(flat))


def but_not(child: Syntax) -> Syntax:
    """The negation of the child; of a negation, what it negates."""
    return child.child if isinstance(child, Except) else Except(child)


def leaves(tree: Syntax, *, excluded: bool = True) -> Iterator[Chunk | Quoted]:
    """All words and phrases in the order of the query; `excluded`: negated ones too."""
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, Chunk | Quoted):
            yield node
        elif isinstance(node, Except):
            if excluded:
                stack.append(node.child)
        elif isinstance(node, Preferring):
            stack.extend(reversed(node.required + node.optional))
        else:
            stack.extend(reversed(node.children))


def render(tree: Syntax) -> str:
    """The query that reads as this tree (within the limits of `grammar`), every operator written out."""
    match tree:
        case Chunk():
            return _prefixed(tree.field, tree.text)
        case Quoted():
            return _prefixed(tree.field, f'"{tree.text}"')
        case AllOf():
            return " AND ".join(map(_operand, tree.children))
        case AnyOf():
            return " OR ".join(map(_operand, tree.children))
        case Except():
            return f"NOT {_operand(tree.child)}"
        case Preferring():
            required = [f"+{_operand(child)}" for child in tree.required]
            return " ".join([*required, *map(_operand, tree.optional)])


def _operand(tree: Syntax) -> str:
    simple = isinstance(tree, Chunk | Quoted | Except)
    return render(tree) if simple else f"({render(tree)})"


def _prefixed(name: FieldName, text: str) -> str:
    return text if name is FieldName.ANY else f"{name}:{text}"

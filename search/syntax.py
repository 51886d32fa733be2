"""The syntax tree of a query, and the query that prints it with every operator written out.

Values only; what the words mean in an index is decided in `reading`. Trees are canonical: build composite
nodes with `all_of`, `any_of`, `but_not` and `boosted`, and equal readings are equal trees.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..index.query import FieldName, Unit

__all__ = [
    "AllOf",
    "AnyOf",
    "Boosted",
    "Chunk",
    "Except",
    "Facts",
    "Narrowed",
    "Nearby",
    "Preferring",
    "Quoted",
    "Scoped",
    "Syntax",
    "all_of",
    "any_of",
    "boosted",
    "but_not",
    "children_of",
    "leaves",
    "render",
]

MOST_WEIGHT = 1_000.0


@dataclass(frozen=True, slots=True)
class Chunk:
    """What stands between white space: a word (`chemicals`, `chem*`), or several that belong together
    (`S/RES/1373`). span: its columns in the query, from 0, half open; takes no part in equality.
    exact: "", "=" (no other forms of the word) or "==" (the same capitals, too).
    edits: how many letters may differ (`chemcal~1`), 0 to 2.
    """

    text: str
    field: FieldName = FieldName.ANY
    span: tuple[int, int] = dataclasses.field(default=(0, 0), compare=False)
    exact: str = ""
    edits: int = 0


@dataclass(frozen=True, slots=True)
class Quoted:
    """What stands between quotation marks, white space folded. span, exact: as of a chunk.
    slop: how many other words may stand between two of its words (`"a b"~3`)."""

    text: str
    field: FieldName = FieldName.ANY
    span: tuple[int, int] = dataclasses.field(default=(0, 0), compare=False)
    exact: str = ""
    slop: int = 0


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


@dataclass(frozen=True, slots=True)
class Nearby:
    """`a w/5 b`: both at most so many words apart in one paragraph; `a pre/5 b`: the left one first.

    Each side is a word, a phrase, or any of some, all of one field.
    """

    left: Syntax
    right: Syntax
    distance: int
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Scoped:
    """`section:(…)`: matches where one such unit does."""

    child: Syntax
    unit: Unit


@dataclass(frozen=True, slots=True)
class Boosted:
    """`a^2`: matches where the child does; its words count so many times in the order of the hits."""

    child: Syntax
    weight: float


@dataclass(frozen=True, slots=True)
class Facts:
    """`type:law`, `date:2023..2024`: what must be known of a document (or, negated, must not be).

    name: as written in a query: a field, or "date", "since", "before" and the like.
    values: any of which is enough; of dates a single one, no longer relative to the day of asking.
    """

    name: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The root of a query with facts. child: None where it holds no words, and all documents answer that
    the facts are true of."""

    child: Syntax | None
    facts: tuple[Facts, ...]


Syntax = Chunk | Quoted | AllOf | AnyOf | Except | Preferring | Nearby | Scoped | Boosted | Narrowed


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


def boosted(child: Syntax, weight: float) -> Syntax:
    """The child with a weight, of four digits and at most 1,000; what is excluded has none."""
    if weight == 1 and not isinstance(child, Boosted):
        return child  # nearly always
    if isinstance(child, Boosted):
        weight *= child.weight
        child = child.child
    weight = float(f"{min(weight, MOST_WEIGHT):.4f}")
    return child if weight == 1 or isinstance(child, Except) else Boosted(child, weight)


def leaves(tree: Syntax, *, excluded: bool = True) -> Iterator[Chunk | Quoted]:
    """All words and phrases in the order of the query; `excluded`: negated ones too."""
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, Chunk | Quoted):
            yield node
        elif not isinstance(node, Except) or excluded:
            stack.extend(reversed(children_of(node)))


def children_of(tree: Syntax) -> tuple[Syntax, ...]:
    """The trees directly beneath one, in the order of the query."""
    match tree:
        case AllOf(children) | AnyOf(children):
            return children
        case Preferring(required, optional):
            return required + optional
        case Nearby(left, right):
            return left, right
        case Except(child) | Scoped(child) | Boosted(child):
            return (child,)
        case Narrowed(child):
            return () if child is None else (child,)
        case _:
            return ()


def render(tree: Syntax) -> str:
    """The query that reads as this tree (within the limits of `grammar`), every operator written out."""
    match tree:
        case Chunk() | Quoted():
            return _leaf(tree)
        case AllOf():
            return " AND ".join(map(_operand, tree.children))
        case AnyOf():
            return " OR ".join(map(_operand, tree.children))
        case Except():
            return f"NOT {_operand(tree.child)}"
        case Preferring():
            required = [f"+{_operand(child)}" for child in tree.required]
            return " ".join([*required, *map(_operand, tree.optional)])
        case Nearby():
            sign = "pre" if tree.ordered else "w"
            return f"{_operand(tree.left)} {sign}/{tree.distance} {_operand(tree.right)}"
        case Scoped():
            return f"{tree.unit}:({render(tree.child)})"
        case Boosted():
            return f"{_weighable(tree.child)}^{f'{tree.weight:.4f}'.rstrip('0').rstrip('.')}"
        case Narrowed():
            words = [] if tree.child is None else [render(tree.child)]
            return " ".join([*words, *map(_facts, tree.facts)])


def _operand(tree: Syntax) -> str:
    simple = isinstance(tree, Chunk | Quoted | Except | Scoped | Boosted)
    return render(tree) if simple else f"({render(tree)})"


def _weighable(tree: Syntax) -> str:
    plain = isinstance(tree, Quoted) or (isinstance(tree, Chunk) and tree.text[-1:].isalpha())
    return render(tree) if plain else f"({render(tree)})"


def _leaf(leaf: Chunk | Quoted) -> str:
    if isinstance(leaf, Chunk):
        text = leaf.text + (f"~{leaf.edits}" if leaf.edits else "")
    else:
        text = f'"{leaf.text}"' + (f"~{leaf.slop}" if leaf.slop else "")
    text = leaf.exact + text
    return text if leaf.field is FieldName.ANY else f"{leaf.field}:{text}"


def _facts(facts: Facts) -> str:
    values = [value if _is_bare(value) else f'"{value}"' for value in facts.values]
    listed = values[0] if len(values) == 1 else f"({' OR '.join(values)})"
    return f"{'-' * facts.negated}{facts.name}:{listed}"


def _is_bare(value: str) -> bool:
    """Is a value read as it stands, without quotation marks?"""
    return all(char.isalnum() or char in "-_./*" for char in value) and value[-1:].isalnum()

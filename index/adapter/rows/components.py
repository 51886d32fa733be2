"""Analysers as JSON: which of Whoosh's tokenizers and filters, with which plain arguments.

    {"part": "StopFilter", "stoplist": {"set": ["a", "the"]}, "minsize": 2, "maxsize": null, "renumber": true}

Only what the tables below name is described, and only that is made again: nothing is imported by a name
that a file holds, and nothing unpickled. A description counts only if the part made from it is the same as
the original, attribute by attribute.
"""

# mypy: allow-untyped-calls
# Whoosh is typed in part, and its older releases not at all.

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from whoosh import analysis
from whoosh.analysis.analyzers import CompositeAnalyzer
from whoosh.lang import lovins, paicehusk, porter

from ....errors import IndexProblem
from ...analysis.analyser import PolicyAnalyzer

__all__ = ["describe_part", "make_part", "same"]

_STEMS: Final[Mapping[str, Any]] = {
    "porter": porter.stem,
    "lovins": lovins.stem,
    "paicehusk": paicehusk.stem,
}
_TYPES: Final[Mapping[str, Any]] = {"float": float, "int": int, "str": str}
_FLAGS = re.ASCII | re.IGNORECASE | re.MULTILINE | re.DOTALL | re.VERBOSE | re.UNICODE

_PARTS: Final[Mapping[str, Mapping[str, str]]] = {
    "IDTokenizer": {},
    "RegexTokenizer": {"expression": "expression", "gaps": "gaps"},
    "CharsetTokenizer": {"charmap": "charmap"},
    "PathTokenizer": {"expression": "expr"},
    "NgramTokenizer": {"minsize": "min", "maxsize": "max"},
    "PassFilter": {},
    "ReverseTextFilter": {},
    "LowercaseFilter": {},
    "StripFilter": {},
    "StopFilter": {"stoplist": "stops", "minsize": "min", "maxsize": "max", "renumber": "renumber"},
    "CharsetFilter": {"charmap": "charmap"},
    "DelimitedAttributeFilter": {
        "delimiter": "delim",
        "attribute": "attr",
        "default": "default",
        "type": "type",
    },
    "SubstitutionFilter": {"pattern": "pattern", "replacement": "replacement"},
    "StemFilter": {"stemfn": "stemfn", "lang": "lang", "ignore": "ignore", "cachesize": "cachesize"},
    "DoubleMetaphoneFilter": {
        "primary_boost": "primary_boost",
        "secondary_boost": "secondary_boost",
        "combine": "combine",
    },
    "CompoundWordFilter": {"wordset": "wordset", "keep_compound": "keep_compound"},
    "BiWordFilter": {"sep": "sep"},
    "ShingleFilter": {"size": "size", "sep": "sep"},
}
"""Parts whose arguments can be read from their attributes: argument -> attribute."""


_KINDS: Final[Mapping[str, Any]] = {
    "expression": (str, re.Pattern),
    "charmap": dict,
    "minsize": int,
    "maxsize": (int, type(None)),
    "size": int,
    "sep": str,
    "delimiter": (str, re.Pattern),
    "stoplist": (set, frozenset, list, tuple),
    "wordset": (set, frozenset, list, tuple),
}
"""Of which types arguments are."""


def describe_part(part: Any) -> dict[str, Any]:
    """The part as JSON; IndexProblem when it is none that `make_part` can make again."""
    described = _describe(part)
    try:
        again = make_part(described)
    except ValueError:
        raise _unknown(part) from None
    if not same(again, part):
        raise _unknown(part)
    return described


def make_part(described: Any) -> Any:
    """The part that was described. ValueError, TypeError, KeyError or re.error for anything else."""
    name, arguments = described["part"], {key: value for key, value in described.items() if key != "part"}
    if name in _SPECIAL:
        return _SPECIAL[name][2](arguments)
    if name not in _PARTS or arguments.keys() != _PARTS[name].keys():
        raise ValueError(f"unknown part of an analyser {str(name)[:60]!r}")
    given = {key: _value(value) for key, value in arguments.items()}
    for key, value in given.items():
        if key in _KINDS and not isinstance(value, _KINDS[key]):
            raise TypeError(
                f"{key} of another type"
            )  # Whoosh would fail on it, but only when it reads a text
    return getattr(analysis, name)(**given)


def _composite(items: Sequence[Any]) -> CompositeAnalyzer:
    """ValueError where nothing cuts the text into words first, or where something does so again."""
    first = (analysis.Tokenizer, analysis.Analyzer)
    if not items or not isinstance(items[0], first) or any(isinstance(item, first) for item in items[1:]):
        raise ValueError("an analyser begins with what cuts a text into words, and then has filters")
    return CompositeAnalyzer(*items)


def same(one: Any, other: Any) -> bool:
    """Whether two values, parts of analysers or their attributes are alike; Whoosh's own `==` looks at some
    attributes only."""
    if type(one) is not type(other):
        return False
    if isinstance(one, re.Pattern):
        return bool(one.pattern == other.pattern and one.flags == other.flags)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if type(one).__module__.startswith(("whoosh.analysis", "whoosh.formats", "whoosh.columns")):
        return same(_attributes(one), _attributes(other))
    return bool(one == other) or (isinstance(one, float) and one != one and other != other)


def _attributes(part: Any) -> dict[str, Any]:
    # A stemmer's cache is no part of what it does.
    return {name: value for name, value in vars(part).items() if name != "_stem"}


def _describe(part: Any) -> dict[str, Any]:
    name = type(part).__name__
    if name in _SPECIAL and type(part) is _SPECIAL[name][0]:
        return {"part": name, **_SPECIAL[name][1](part)}
    if name not in _PARTS or type(part) is not getattr(analysis, name):
        raise _unknown(part)
    return {"part": name, **{key: _plain(getattr(part, at), part) for key, at in _PARTS[name].items()}}


def _plain(value: Any, part: Any) -> Any:
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        return {"regex": [value.pattern, int(value.flags & _FLAGS)]}
    if type(value) in (set, frozenset, list, tuple) and all(type(word) is str for word in value):
        return {type(value).__name__: sorted(value) if isinstance(value, set | frozenset) else list(value)}
    if type(value) is dict and all(type(key) is int for key in value):
        return {"map": [[key, _plain(to, part)] for key, to in sorted(value.items())]}
    for kind, known in (("stem", _STEMS), ("type", _TYPES)):
        for name, thing in known.items():
            if value is thing:
                return {kind: name}
    raise _unknown(part)


def _value(plain: Any) -> Any:
    if not isinstance(plain, dict):
        if plain is not None and type(plain) not in (bool, int, float, str):
            raise TypeError("no plain argument")
        return plain
    ((kind, value),) = plain.items()
    if kind == "regex":
        return re.compile(_text(value[0]), value[1] & int(_FLAGS))
    if kind == "map":
        return {int(key): _value(to) for key, to in value}
    if kind in _MANY:
        return _MANY[kind](map(_text, value))
    return (_STEMS if kind == "stem" else _TYPES)[value]


_MANY: Final[Mapping[str, Callable[[Any], Any]]] = {
    "set": set,
    "frozenset": frozenset,
    "list": list,
    "tuple": tuple,
}


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _unknown(part: Any) -> IndexProblem:
    kind = f"{type(part).__module__}.{type(part).__name__}"
    return IndexProblem(
        f"an index cannot keep {kind}, or one of its arguments, as a part of an analyser",
        hint="Compose analysers of Whoosh's own tokenizers and filters, with plain arguments",
    )


# Parts that are made in ways of their own: class, how to describe it, how to make it


def _describe_words(part: Any) -> dict[str, Any]:
    """An IntraWordFilter, which keeps what it made from its arguments rather than these."""
    delims = re.sub(r"\\(.)", r"\1", part.delims, flags=re.DOTALL)
    for words, numbers in itertools.product((True, False), repeat=2):
        given = {
            "delims": delims,
            "splitwords": words,
            "splitnums": numbers,
            "mergewords": part.mergewords,
            "mergenums": part.mergenums,
        }
        if same(analysis.IntraWordFilter(**given), part):
            return given
    raise _unknown(part)


_ENDS: Final[Mapping[int, str | None]] = {0: None, -1: "start", 1: "end"}

_SPECIAL: Final[
    Mapping[str, tuple[Any, Callable[[Any], dict[str, Any]], Callable[[dict[str, Any]], Any]]]
] = {
    "CompositeAnalyzer": (
        CompositeAnalyzer,
        lambda part: {"items": [_describe(item) for item in part.items]},
        lambda given: _composite([make_part(item) for item in given["items"]]),
    ),
    "TeeFilter": (
        analysis.TeeFilter,
        lambda part: {"filters": [_describe(item) for item in part.filters]},
        lambda given: analysis.TeeFilter(*map(make_part, given["filters"])),
    ),
    "MultiFilter": (
        analysis.MultiFilter,
        lambda part: {"filters": {mode: _describe(item) for mode, item in part.filters.items()}},
        lambda given: analysis.MultiFilter(
            **{mode: make_part(item) for mode, item in given["filters"].items()}
        ),
    ),
    "NgramFilter": (
        analysis.NgramFilter,
        lambda part: {"minsize": part.min, "maxsize": part.max, "at": _ENDS[part.at]},
        lambda given: analysis.NgramFilter(int(given["minsize"]), int(given["maxsize"]), given["at"]),
    ),
    "IntraWordFilter": (
        analysis.IntraWordFilter,
        _describe_words,
        lambda given: analysis.IntraWordFilter(**{key: _value(value) for key, value in given.items()}),
    ),
    "PolicyAnalyzer": (
        PolicyAnalyzer,
        lambda part: {"language": part.language},
        lambda given: PolicyAnalyzer(_text(given["language"])),
    ),
}

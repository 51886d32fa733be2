"""The body of a front-matter block as flat fields, read from YAML's events.

Reading events instead of loading objects gives a bound on nesting, refuses aliases before they can
multiply, keeps keys and list items as they were written, and knows the line of every complaint.
Importing this module imports `yaml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import yaml

from .model import MetaValue

__all__ = ["YamlProblem", "read_yaml_block"]

_DEPTH = 16
_TOO_DEEP = f"fields are nested more than {_DEPTH} deep"
_LONGEST_NAME = 200
_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlProblem(Exception):
    """The block is not YAML that we read.

    line: of the block, from 0; cause: a phrase; refused: it is YAML, but of a kind that we do not follow.
    """

    def __init__(self, line: int, cause: str, *, refused: bool) -> None:
        super().__init__(cause)
        self.line = line
        self.cause = cause
        self.refused = refused


def read_yaml_block(
    block: str, typed: Callable[[str], MetaValue | None]
) -> tuple[dict[str, MetaValue], list[tuple[int, str]]]:
    """Flatten a YAML mapping: `{"a.b": value}`, with keys in lower case, and the (line, key) of every
    field that a later one of the same name replaces.

    typed: gives the value of a plain scalar from its text (None: no value); quoted, block and explicitly
        tagged scalars stay text. List items stay text; a mapping in a list becomes "key: value, key: value".
    Raises YamlProblem on bad YAML, on aliases, on nesting beyond 16 levels and on
    names that are not plain text of at most 200 characters.
    """
    reader = _Reader(block, typed)
    try:
        reader.read()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, cause = mark.line if mark else 0, error.problem or "bad YAML"
        if "nesting depth" in cause:  # of newer parsers, which look ahead of what was read
            raise YamlProblem(line, _TOO_DEEP, refused=True) from error
        raise YamlProblem(line, cause, refused=False) from error
    except (yaml.YAMLError, UnicodeError) as error:
        raise YamlProblem(0, "a character that YAML does not allow", refused=False) from error
    return reader.fields, reader.replaced


class _Reader:
    def __init__(self, block: str, typed: Callable[[str], MetaValue | None]) -> None:
        self.fields: dict[str, MetaValue] = {}
        self.replaced: list[tuple[int, str]] = []
        self._seen: set[str] = set()
        self._typed = typed
        self._events: Iterator[yaml.Event] = yaml.parse(block, Loader=_LOADER)

    def read(self) -> None:
        for event in self._events:
            if isinstance(event, yaml.MappingStartEvent):
                self._mapping("", 1)
            elif isinstance(event, yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.AliasEvent):
                raise _refused(event, "a field has the form `key: value`")

    def _mapping(self, prefix: str, depth: int) -> None:
        for key in self._events:
            if isinstance(key, yaml.MappingEndEvent):
                return
            name = prefix + self._name(key)
            value = self._next(depth)
            if isinstance(value, yaml.MappingStartEvent):
                self._mapping(f"{name}.", depth + 1)
            elif isinstance(value, yaml.SequenceStartEvent):
                self._put(_line(key), name, tuple(self._items(depth + 1)))
            elif isinstance(value, yaml.ScalarEvent):
                self._put(_line(key), name, self._scalar(value))

    def _items(self, depth: int) -> Iterator[str]:
        """The items of a list as text; those of a list within it follow in their place."""
        while not isinstance(item := self._next(depth), yaml.SequenceEndEvent):
            if isinstance(item, yaml.SequenceStartEvent):
                yield from self._items(depth + 1)
            elif isinstance(item, yaml.MappingStartEvent):
                yield ", ".join(self._pairs(depth + 1))
            elif isinstance(item, yaml.ScalarEvent) and item.value:
                yield item.value.strip()

    def _pairs(self, depth: int) -> Iterator[str]:
        while not isinstance(key := self._next(depth), yaml.MappingEndEvent):
            name = self._name(key)
            value = self._next(depth)
            if isinstance(value, yaml.ScalarEvent):
                yield f"{name}: {value.value.strip()}"
            elif isinstance(value, yaml.SequenceStartEvent):
                yield f"{name}: {', '.join(self._items(depth + 1))}"
            else:
                yield f"{name}: {', '.join(self._pairs(depth + 1))}"

    def _next(self, depth: int) -> yaml.Event:
        event = next(self._events)
        if isinstance(event, yaml.AliasEvent):
            raise _refused(event, "aliases (`*name`) are not followed")
        if depth > _DEPTH:
            raise _refused(event, _TOO_DEEP)
        return event

    def _name(self, key: yaml.Event) -> str:
        if not isinstance(key, yaml.ScalarEvent) or not key.value.strip():
            raise _refused(key, "the name of a field must be plain text")
        if len(key.value) > _LONGEST_NAME:
            raise _refused(key, f"the name of a field is longer than {_LONGEST_NAME} characters")
        return " ".join(key.value.lower().split())

    def _scalar(self, event: yaml.ScalarEvent) -> MetaValue | None:
        plain = event.implicit[0] and event.tag is None
        text = event.value.strip()
        return self._typed(text) if plain else text

    def _put(self, line: int, name: str, value: MetaValue | None) -> None:
        if name in self._seen:
            self.replaced.append((line, name))
        self._seen.add(name)
        self.fields.pop(name, None)
        if value is not None:
            self.fields[name] = value


def _line(event: yaml.Event) -> int:
    return event.start_mark.line if event.start_mark else 0


def _refused(event: yaml.Event, cause: str) -> YamlProblem:
    return YamlProblem(_line(event), cause, refused=True)

"""JSON, as registers and archives hand it out."""

from __future__ import annotations

import json
from collections.abc import Callable

from . import Made
from .plans import PLANS, Plan

__all__ = ["documents"]

Value = dict[str, object] | list[object]


def documents() -> list[Made]:
    """A file for each plan, with its paragraphs in one record or under its headings."""
    return [_made(plan, shape) for plan, shape in zip(PLANS, _SHAPES, strict=True)]


def _made(plan: Plan, shape: Callable[[Plan], Value]) -> Made:
    value = shape(plan)
    is_lines = shape is _lines
    content = "".join(f"{json.dumps(one)}\n" for one in value) if is_lines else json.dumps(value, indent=1)
    return Made(
        f"{plan.name}.{'jsonl' if is_lines else 'json'}",
        content.encode("utf-16" if shape is _single else "utf-8"),
        _headings(value) if shape is _tree else (),
        tuple((words, None) for words in _words(plan)),
        plan.middle,
        plan.title,
    )


def _headings(value: Value) -> tuple[tuple[int, str], ...]:
    """The names of lists that hold something."""
    assert isinstance(value, dict)
    return tuple((1, name) for name, under in value.items() if isinstance(under, list) and under)


def _words(plan: Plan) -> list[str]:
    return [f"{one.label} {one.words}".strip() for one in plan.parts if one.kind in ("p", "li", "n")]


def _record(plan: Plan) -> dict[str, object]:
    record = {"id": plan.name, "title": plan.title, "lang": plan.language, "author": plan.author}
    return {**record, "date": "2021-05-04", "body": "\n\n".join(_words(plan))}


def _other(plan: Plan) -> dict[str, object]:
    return {"id": "other", "title": "Another", "body": "Another text."}


def _list(plan: Plan) -> Value:
    return [_record(plan), _other(plan)]


def _lines(plan: Plan) -> Value:
    return [_record(plan), _other(plan)]


def _wrapped(plan: Plan) -> Value:
    return {"took": 3, "hits": {"total": 1, "hits": [{"_id": "x", "_source": _record(plan)}]}}


def _single(plan: Plan) -> Value:
    return _record(plan)


def _html(plan: Plan) -> Value:
    page = "".join(f"<p>{words}</p>" for words in _words(plan))
    return [{"id": 1, "title": plan.title, "date": "2021-05-04", "content": {"rendered": page}}]


def _tree(plan: Plan) -> Value:
    tree: dict[str, object] = {"titel": plan.title, "date": "2021-05-04"}
    under: list[object] = []
    for part in plan.parts:
        if part.kind == "h":
            tree[part.words] = under = []
        elif part.kind != "t":
            under.append({"note": f"{part.label} {part.words}".strip()})
    return tree


_SHAPES = (_list, _lines, _wrapped, _single, _html, _tree)

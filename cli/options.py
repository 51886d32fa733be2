"""Options that several commands have, and the type of their numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from .locate import VARIABLE

__all__ = [
    "AtLeast",
    "Seconds",
    "color_option",
    "context_option",
    "format_option",
    "index_option",
    "pager_option",
]

F = TypeVar("F", bound=Callable[..., Any])


if TYPE_CHECKING:
    _Number = click.ParamType[int]
    _Seconds = click.ParamType[float]
else:
    _Number = _Seconds = click.ParamType  # generic in later releases only


class AtLeast(_Number):
    """A whole number that is not too small."""

    name = "integer"

    def __init__(self, least: int) -> None:
        self._least = least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            number = int(value)
        except ValueError:
            self.fail(f"{value!r} is not a whole number", param, ctx)
        if number < self._least:
            self.fail(f"{number} is less than {self._least}", param, ctx)
        return number


class Seconds(_Seconds):
    """A time limit: a number more than 0."""

    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            number = float(value)
        except ValueError:
            self.fail(f"{value!r} is not a number of seconds", param, ctx)
        if not 0 < number < float("inf"):
            self.fail(f"{value} is not more than 0", param, ctx)
        return number


def index_option(purpose: str) -> Callable[[F], F]:
    """`--index`, explained for one command."""
    default = f"the variable {VARIABLE}, else the nearest folder .docsearch, else your own"
    return click.option(
        "--index",
        "index_path",
        metavar="FOLDER",
        type=click.Path(),
        help=f"The index {purpose} (default: {default}).",
    )


def format_option(*forms: str, explained: str) -> Callable[[F], F]:
    """`--format`; the first form is the default."""
    return click.option(
        "--format", "form", type=click.Choice(forms), default=forms[0], show_default=True, help=explained
    )


def context_option(default: int | None, explained: str) -> Callable[[F], F]:
    """`--context N`."""
    return click.option(
        "--context",
        metavar="N",
        type=AtLeast(0),
        default=default,
        show_default=default is not None,
        help=explained,
    )


def pager_option(command: F) -> F:
    """`--no-pager`."""
    return click.option("--no-pager", is_flag=True, help="Never show a long answer through a pager.")(command)


def color_option(command: F) -> F:
    """`--color`."""
    return click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        help="Use colours; auto: on a terminal, unless NO_COLOR is set or TERM is dumb, or with FORCE_COLOR.",
    )(command)

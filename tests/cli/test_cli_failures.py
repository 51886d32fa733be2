"""Every way in which a run can fail ends in words on stderr and an exit code, never in a traceback."""

from __future__ import annotations

import errno
from typing import Any

import click
import pytest
from docsearch import errors
from docsearch.cli.terminal import folded


@pytest.mark.parametrize("name", errors.__all__)
def test_every_error_of_ours_gives_its_message_and_hint(name: str, index: Any, run: Any) -> None:
    index.failure = getattr(errors, name)("it is broken", hint="Mend it", path="/srv/x")
    ran = run("water")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "docsearch: error: /srv/x: it is broken\nMend it\n"


def test_an_error_without_path_and_hint_is_one_line(index: Any, run: Any) -> None:
    index.failure = errors.QuerySyntax("the query is empty")
    assert run("").err == "docsearch: error: the query is empty\n"


def test_what_an_error_quotes_cannot_act_on_the_terminal(index: Any, run: Any) -> None:
    index.failure = errors.QuerySyntax("unknown field \x1b[31mred", hint="Not \u202eevil\nno")
    ran = run("water")
    assert ran.err == "docsearch: error: unknown field \\x1b[31mred\nNot \\u202eevil no\n"


@pytest.mark.parametrize(
    ("failure", "says"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/srv/x"), "/srv/x: No space left on device"),
        (MemoryError(), "not enough memory"),
        (click.ClickException("no such thing"), "no such thing"),
        (ZeroDivisionError("division by zero"), "a bug in docsearch: ZeroDivisionError: division by zero"),
        (RecursionError("too deep"), "a bug in docsearch: RecursionError"),
    ],
)
def test_foreign_errors_are_told_in_words(failure: Exception, says: str, index: Any, run: Any) -> None:
    index.failure = failure
    ran = run("water")
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert "Traceback" not in ran.err


def test_a_bug_shows_its_traceback_when_that_is_asked_for(
    index: Any, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.failure = ZeroDivisionError("division by zero")
    assert "DOCSEARCH_DEBUG=1" in run("water").err
    monkeypatch.setenv("DOCSEARCH_DEBUG", "1")
    assert "Traceback" in run("water").err


def test_ctrl_c_in_a_search_ends_it(index: Any, run: Any) -> None:
    index.failure = KeyboardInterrupt()
    ran = run("water")
    assert (ran.code, ran.out, ran.err) == (130, "", "docsearch: stopped\n")


def test_a_line_is_folded_between_words_and_keeps_those_that_are_longer() -> None:
    painted = "\x1b[31mdocsearch: error:\x1b[0m /a/path/that/is/long: no index stands here"
    assert folded(painted, 24).split("\n") == [
        "\x1b[31mdocsearch: error:\x1b[0m",
        "/a/path/that/is/long: no",
        "index stands here",
    ]
    assert folded("/a/path/that/is/long x", 8) == "/a/path/that/is/long\nx"
    assert folded(painted, 80) == painted


def test_a_closed_pipe_is_no_error(index: Any, run: Any) -> None:
    index.failure = BrokenPipeError(errno.EPIPE, "Broken pipe")
    ran = run("water")
    assert (ran.code, ran.out, ran.err) == (0, "", "")

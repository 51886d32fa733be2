"""The command `docsearch`: which of its commands is meant, and how a run begins and ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

import click

from . import failures, terminal

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

__all__ = ["application", "main"]

# Modules, loaded when asked for, so that a query does not pay for the others.
_COMMANDS = {
    "search": ".search",
    "index": ".index",
    "status": ".status",
    "show": ".show",
    "open": ".open",
    "timeline": ".timeline",
    "suggest": ".suggest",
    "acronyms": ".acronyms",
    "evaluate": ".evaluate",
    "check": ".check",
    "repair": ".repair",
    "similar": ".similar",
    "completion": ".completion",
}
_DEFAULT = "search"
_COMPLETE = "_DOCSEARCH_COMPLETE"
_LIKE_A_COMMAND = 0.8  # of difflib's ratio: one slip in a word of five or six letters

_EPILOG = """\b
Examples:
  docsearch index ~/articles              read a folder into your own index
  docsearch precursor chemicals           search it
  docsearch '"precursor chemicals" -fentanyl'
  docsearch index                         bring it up to date
  docsearch show CITATION                 read a hit in its context
  docsearch open CITATION                 open its file, a PDF at its page
  docsearch help index                    explain a command

\b
The index is the one named by --index or the variable DOCSEARCH_INDEX, else the
nearest folder .docsearch in the current folder or above it, else your own.

\b
Exit status: 0 something was found, 1 nothing was found, 2 an error
(index: 0 clean, 1 something could not be read, 2 an error).

\b
Hits and passages are shown as the index holds them. After a change of files,
`docsearch index` brings it up to date.
"""


class _Commands(click.Group):
    """A group in which whatever is not a command is a query."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command = import_module(_COMMANDS[cmd_name], __package__).command
        return command if isinstance(command, click.Command) else None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args and not ctx.resilient_parsing:
            click.echo(ctx.get_help(), color=ctx.color)
            ctx.exit(failures.ERROR)
        return super().parse_args(ctx, self._with_command(ctx, args))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands and the group's options, and the options of the command that needs no name."""
        items = super().shell_complete(ctx, incomplete)
        default = self.get_command(ctx, _DEFAULT)
        if default is not None and incomplete.startswith("-"):
            with click.Context(default, parent=ctx) as inner:
                items += default.shell_complete(inner, incomplete)
        return list({item.value: item for item in items}.values())

    def _with_command(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments with the command that they mean in front.

        The first word decides, also behind options; behind `--` all words are a query's.
        """
        if not args or args[0] in ctx.help_option_names or args[0] == "--version":
            return args
        if args[0] == "help" and len(args) <= 2 and set(args[1:]) <= _COMMANDS.keys():
            return [*args[1:], "--help"]
        if not args[0].startswith("-"):
            return args if args[0] in _COMMANDS else [_DEFAULT, *args]
        place = self._first_word(ctx, args)
        if place is None or args[place] not in _COMMANDS:
            return [_DEFAULT, *args]
        return [args[place], *args[:place], *args[place + 1 :]]

    def _first_word(self, ctx: click.Context, args: list[str]) -> int | None:
        """Index of the first argument that is neither an option nor an option's value."""
        valued = self._options_with_value(ctx)
        place = 0
        while place < len(args) and args[place] != "--":
            if not args[place].startswith("-") or args[place] == "-":
                return place
            place += 2 if args[place] in valued else 1
        return None

    def _options_with_value(self, ctx: click.Context) -> set[str]:
        commands = [self.get_command(ctx, name) for name in _COMMANDS]
        return {
            name
            for command in commands
            if command is not None
            for option in command.params
            if isinstance(option, click.Option) and not option.is_flag
            for name in option.opts
        }


def _print_version(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    # Reading a distribution's metadata is slow, and nothing else needs it.
    from importlib.metadata import PackageNotFoundError, version

    try:
        release = version("policy-docsearch")
    except PackageNotFoundError:
        release = "(not installed: running from its sources)"
    click.echo(f"docsearch {release}")
    ctx.exit()


@click.group(
    name="docsearch",
    cls=_Commands,
    epilog=_EPILOG,
    options_metavar="",
    subcommand_metavar="QUERY... | COMMAND ...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Show the version and exit.",
)
def application() -> None:
    """Find the right paragraph in a collection of documents.

    `docsearch QUERY` is short for `docsearch search QUERY`. A first word that is the name of a command
    is that command; `docsearch search -- status` searches for the word. `docsearch help COMMAND` is
    `docsearch COMMAND --help`.
    """


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line (`sys.argv` by default); the exit code. Never raises."""
    terminal.prepare()
    given = list(sys.argv[1:] if args is None else args)
    instruction = os.environ.get(_COMPLETE)
    if instruction:
        # Only a shell asks for this.
        from click.shell_completion import shell_complete

        return shell_complete(application, {}, "docsearch", _COMPLETE, instruction)
    try:
        code = _run(given)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last place that can say it in words
        return failures.report(error, given)
    return code


def _run(args: list[str]) -> int:
    try:
        with application.make_context("docsearch", args) as context:
            code = int(application.invoke(context) or 0)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    if code == failures.NOTHING and _may_command(args) and (command := _meant(args[0])):
        terminal.say(f"If you meant the command: {command}")
    return code


def _may_command(args: Sequence[str]) -> bool:
    """Whether the first word may have been meant for a command: it stands alone, or before a path, a citation
    or an option."""
    if args[0].startswith("-"):
        return False
    return len(args) == 1 or any(
        set(each) & set("/@") or each.startswith("-") or os.path.exists(each) for each in args[1:2]
    )


def _meant(word: str) -> str:
    """The command that a word was perhaps meant for, when nothing was found for it; else ""."""
    if word == "version":
        return "docsearch --version"
    # Only for an answer without hits.
    from difflib import get_close_matches

    close = get_close_matches(word, [*_COMMANDS, "help"], n=1, cutoff=_LIKE_A_COMMAND)
    return f"docsearch {close[0]}" if close and word not in _COMMANDS else ""

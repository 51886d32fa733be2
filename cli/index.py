"""`docsearch index`: make an index, or bring it up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from ..errors import SourceMissing
from . import options, session, terminal
from .failures import Stopped
from .progress import Meter, meter_for

__all__ = ["command"]

_CLEAN, _WITH_GAPS = 0, 1

_EPILOG = """\b
Examples:
  docsearch index ~/articles ~/laws     add two folders to your own index
  docsearch index                       bring it up to date
  docsearch index --here                index this folder, in ./.docsearch
  docsearch index --index /srv/laws.index /srv/laws

\b
A file that cannot be read is passed over, listed by `docsearch status --gaps`
and remembered in the exit status. Ctrl-C keeps what was done so far.

\b
Exit status: 0 all was read, 1 something was not, 2 an error and nothing changed.
"""


@click.command(name="index", epilog=_EPILOG, short_help="Make an index, or bring it up to date.")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "--here",
    is_flag=True,
    help="Use the index ./.docsearch; without PATHS, make it from this folder.",
)
@click.option(
    "--rebuild", is_flag=True, help="Read everything again, beside the live index, and swap at the end."
)
@click.option(
    "--allow-removals",
    is_flag=True,
    help="Let more than a fifth of a folder's documents go, if that many files are gone.",
)
@click.option(
    "--wait",
    metavar="SECONDS",
    type=options.AtLeast(0),
    default=10,
    show_default=True,
    help="How long to wait while another process writes to the index.",
)
@options.index_option("to make or update")
@click.option(
    "--workers",
    metavar="N",
    type=options.AtLeast(1),
    help="Read with N processes (default: one for each core).",
)
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
def command(
    paths: tuple[str, ...],
    here: bool,
    rebuild: bool,
    allow_removals: bool,
    wait: int,
    index_path: str | None,
    workers: int | None,
    quiet: bool,
) -> int:
    """Make an index from PATHS (folders and files), or bring it up to date.

    Without PATHS, all that the index was made from is looked at again. What is new, changed, renamed or
    gone is found by itself; the rest is not read again.
    """
    if here and index_path:
        raise click.UsageError("--here and --index name two different indexes; give one of them")
    index, located = session.open_for_writing(index_path, here=here, create=bool(paths) or here)
    if here and not paths and index.generation == 0:
        paths = (".",)
    meter = meter_for(quiet=quiet)
    with index, _explaining(meter, paths, rebuild):
        report = index.update(
            paths or None,
            rebuild=rebuild,
            allow_removals=allow_removals,
            wait=wait,
            workers=workers,
            progress=meter,
        )
    if not quiet:
        from .render import report as printer  # not needed by those who are quiet

        style = terminal.style_for("auto")
        text = printer.render(report, located.description, style, options=located.options)
        terminal.write(text, colour=style.colour)
    return _WITH_GAPS if report.gaps else _CLEAN


@contextmanager
def _explaining(meter: Meter, paths: tuple[str, ...], rebuild: bool) -> Iterator[None]:
    """Clear the progress line whatever happens; on Ctrl-C say what is kept; on a path that is not there,
    how to search for its words."""
    try:
        yield
    except KeyboardInterrupt as stop:
        raise Stopped(_kept(meter, rebuild)) from stop
    except SourceMissing as error:
        words = " ".join(["index", *paths])
        raise SourceMissing(
            error.message,
            hint=f"{error.hint}. To search for these words: docsearch search -- {words}".removeprefix(". "),
            path=error.path,
        ) from error
    finally:
        meter.clear()


def _kept(meter: Meter, rebuild: bool) -> str:
    if rebuild:
        return "the index is as it was; a rebuild begins anew"
    searchable = meter.last.searchable if meter.last else 0
    kept = f"{searchable:,} documents are kept and searchable" if searchable else "nothing is lost"
    return f"{kept}; the same command goes on from there"

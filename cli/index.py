"""`docsearch index`: make an index, or bring it up to date."""

from __future__ import annotations

import gc
import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Unpack

import click

from ..corpus.ignore import is_on_purpose
from ..errors import SourceMissing, Unsupported
from ..index.limits import Limits
from ..index.reports import UpdateReport
from . import options, session, terminal
from .failures import Stopped
from .progress import Meter, meter_for
from .render import report as printer

if TYPE_CHECKING:
    from ..search.options import UpdateOptions

__all__ = ["command"]

_CLEAN, _WITH_GAPS = 0, 1
_GARBAGE = 200_000  # new objects between two collections

_EPILOG = """\b
Examples:
  docsearch index ~/articles ~/laws     add two folders to your own index
  docsearch index                       bring it up to date
  docsearch index --here                index this folder, in ./.docsearch
  docsearch index --index /srv/laws.index /srv/laws
  docsearch index --watch ~/laws        and follow what changes, until Ctrl-C

\b
A file that cannot be read is passed over and listed by `docsearch status --gaps`.
Ctrl-C keeps what was done so far.

\b
To take a folder out, name all that shall stay:
  docsearch index --rebuild ~/articles --allow-removals

\b
The files of the index may hold deleted text until they are written anew. To be
rid of it at once:
  docsearch index --purge

\b
Exit status: 0 all was read, or nothing has changed since it was told what was
not; 1 something could not be read; 2 an error (what was committed before stays).
"""


def _patterns(_ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]) -> list[str] | None:
    """None where none were given: they stay as they are."""
    return [pattern for pattern in given if pattern] if given else None


@click.command(name="index", epilog=_EPILOG, short_help="Make an index, or bring it up to date.")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "--here",
    is_flag=True,
    help="Use the index ./.docsearch; without PATHS, make it from this folder.",
)
@click.option(
    "--include",
    metavar="PATTERN",
    multiple=True,
    callback=_patterns,
    help="Read only files that match, such as '*.pdf' or 'acts/' (as in a .gitignore); may be repeated. Kept "
    "with PATHS until other patterns are given; '' drops them.",
)
@click.option(
    "--exclude",
    metavar="PATTERN",
    multiple=True,
    callback=_patterns,
    help="Leave out what matches; like --include. Files named .docsearchignore do so in their folders.",
)
@click.option(
    "--language",
    metavar="CODE",
    help="The language of documents in PATHS that state none (en, de, es), instead of what their words tell. "
    "Kept with PATHS until another is given; '' drops it.",
)
@click.option(
    "--rebuild", is_flag=True, help="Read everything again, beside the live index, and swap at the end."
)
@click.option(
    "--allow-removals",
    is_flag=True,
    help="Let documents go even if they are more than a fifth, and more than ten, of those of one of PATHS; "
    "and all those of a path that --rebuild no longer names.",
)
@click.option(
    "--purge",
    is_flag=True,
    help="Then take the text of what was deleted or replaced from the disk, too.",
)
@click.option("--purge-versions", is_flag=True, help="The same, and the versions that were kept.")
@click.option(
    "--keep-versions/--no-keep-versions",
    default=None,
    help="From now on, keep the text of documents that are replaced or removed as versions of the past, "
    "or do not. (Not kept at first; searches do not see them.)",
)
@click.option(
    "--semantic/--no-semantic",
    default=None,
    help="From now on, give paragraphs vectors of what they mean, for `docsearch search --semantic`, or take "
    "them away. (None at first. Some 20 ms of a processor for each. Needs the extra `semantic`: "
    "pip install 'policy-docsearch[semantic]'.)",
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
@click.option(
    "--time-limit",
    metavar="SECONDS",
    type=options.AtLeast(1),
    default=60,
    show_default=True,
    help="How long a file may take to be read, and 2 seconds more for each MB; then it is passed over.",
)
@click.option(
    "--memory-limit",
    metavar="MB",
    type=options.AtLeast(64),
    default=2048,
    show_default=True,
    help="How much memory a file may take while it is read.",
)
@click.option(
    "--size-limit",
    metavar="MB",
    type=options.AtLeast(1),
    default=256,
    show_default=True,
    help="Pass over larger files.",
)
@click.option("--ocr", is_flag=True, help="Read scanned pages, with the program tesseract (seconds a page).")
@click.option("--watch", is_flag=True, help="Then stay, and bring it up to date whenever a file changes.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
def command(
    paths: tuple[str, ...],
    here: bool,
    purge: bool,
    purge_versions: bool,
    index_path: str | None,
    time_limit: int,
    memory_limit: int,
    size_limit: int,
    ocr: bool,
    watch: bool,
    quiet: bool,
    **asked: Unpack[UpdateOptions],
) -> int:
    """Make an index from PATHS (folders and files), or bring it up to date.

    Without PATHS, all that the index was made from is looked at again. What is new, changed, renamed or
    gone is found by itself; the rest is not read again.
    """
    if here and index_path:
        raise click.BadOptionUsage(
            "--here", "--here and --index name two different indexes; give one of them"
        )
    if ocr:
        _require_tesseract()
    if watch:
        _require_watchfiles()
    index, located = session.open_for_writing(index_path, here=here, create=bool(paths) or here)
    outdated = index.outdated and not asked["rebuild"]
    if here and not paths and index.generation == 0 and not outdated:
        paths = (".",)
    meter = meter_for(quiet=quiet)
    asked["limits"] = Limits(time_limit, memory_limit << 20, size_limit << 20, ocr)
    asked["progress"] = meter
    report = purged = None
    with index, session.naming_it(located), _explaining(meter, paths, asked["rebuild"]), _collecting_less():
        if outdated:
            from .upgrade import make_anew  # few indexes are old

            as_before: UpdateOptions = {**asked, "include": None, "exclude": None, "language": None}
            report = make_anew(index, as_before if paths else asked, meter)
        # Where all was handed over by programs there is nothing to look at again, but something to purge.
        purging = purge or purge_versions
        again = not purging or asked["semantic"] is not None
        if paths or (report is None and (again or index.status().roots)):
            report = index.update(paths or None, **asked)
        if purging:
            purged = index.purge(versions=purge_versions, wait=asked["wait"])
        meter.clear()
        if not quiet:
            style = terminal.style_for("auto")
            text = (
                printer.render(report, located.description, style, options=located.options) if report else ""
            )
            text += printer.render_purge(purged, style) if purged else ""
            terminal.write(text, colour=style.colour)
        if watch:
            from .following import follow  # few ask for it

            return follow(index, located, meter, asked, quiet=quiet)
    return _status(report, asked["rebuild"] or outdated) if report else _CLEAN


def _require_tesseract() -> None:
    import shutil  # few ask for it

    from ..corpus.scans import PROGRAM

    if shutil.which(PROGRAM) is None:
        raise Unsupported(
            f"--ocr needs the program {PROGRAM}, which is not installed",
            hint="Install it (Debian: apt install tesseract-ocr; macOS: brew install tesseract), "
            "or leave out --ocr",
        )


def _require_watchfiles() -> None:
    """Before anything is read, which may take hours."""
    from ..index.following import require_watchfiles  # few ask for it

    require_watchfiles()


def _status(report: UpdateReport, rebuild: bool) -> int:
    """A run that neither changed nor found anything leaves out gaps that an earlier one has told, so that
    one that is repeated every night does not fail for ever; and what was left out on purpose."""
    changed = rebuild or report.added or report.changed or report.renamed or report.removed
    gaps = {gap for gap in report.gaps if not is_on_purpose(gap[1])}
    return _WITH_GAPS if gaps and (changed or gaps - report.known_gaps) else _CLEAN


@contextmanager
def _collecting_less() -> Iterator[None]:
    """What an index knows of its sources are many small objects without cycles: looking through them again
    and again for garbage took a third of an update with nothing to do."""
    before = gc.get_threshold()
    gc.set_threshold(_GARBAGE, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _explaining(meter: Meter, paths: tuple[str, ...], rebuild: bool) -> Iterator[None]:
    """Clear the progress line whatever happens; on Ctrl-C say what is kept; on a path that is not there,
    how to search for its words."""
    try:
        yield
    except KeyboardInterrupt as stop:
        raise Stopped(_kept(meter, rebuild)) from stop
    except SourceMissing as error:
        if paths and all(map(_may_be_a_word, paths)):
            words = shlex.join(["index", *paths])
            error.hint = f"{error.hint}. To search for these words: docsearch search -- {words}"
        raise
    finally:
        meter.clear()


def _may_be_a_word(path: str) -> bool:
    return not (os.path.lexists(path) or set(path) & set("/\\.~"))


def _kept(meter: Meter, rebuild: bool) -> str:
    if rebuild:
        return "the index is as it was; a rebuild begins anew"
    searchable = meter.last.searchable if meter.last else 0
    kept = f"{searchable:,} documents are kept and searchable" if searchable else "nothing is lost"
    return f"{kept}; the same command goes on from there"

"""The subcommands of `python bench/run.py`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from . import judging, tables, trust, words
from .engines import MODES, PEERS, peer
from .peers import available, install
from .places import BenchError, Places
from .progress import say
from .results import Run, new_run, save
from .speed import (
    REFERENCE,
    ask_all,
    build_all,
    measure_filtered,
    measure_pool,
    measure_threads,
    measure_wider,
)
from .texts import Queries, read_queries, text_of

__all__ = ["main"]

_CORPUS = "dc-law"
_WIDER = ("dc-law", "de-gesetze")
_THREADED = "docsearch_product"
_ENGINES = [peer.name for peer in PEERS]
_PARTS = ("engines", "threads", "pool", "product", "thrice", "wider", "filtered")


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        options.run(options, Places.from_environment())
    except BenchError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench/run.py", description=Places.__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("install", help="install the peers into an environment of their own")
    command.set_defaults(run=_install)
    command = commands.add_parser("measure", help="measure, and write bench/results/DATE-NAME.json")
    command.add_argument("name", help="of the file of results")
    command.add_argument("--parts", type=_listed(_PARTS), default=_PARTS, metavar="A,B", help="of: all parts")
    command.add_argument("--engines", type=_listed(_ENGINES), metavar="A,B", help="only these")
    command.add_argument("--rounds", type=int, default=5, help="of every query (5)")
    command.add_argument("--builds", type=int, default=3, help="of every index (3)")
    command.add_argument("--blocks", type=int, help="only so many, for a trial")
    command.add_argument("--queries", type=int, help="only so many, for a trial")
    command.add_argument("--files", type=int, help="only so many, for a trial")
    command.set_defaults(run=_measure)
    command = commands.add_parser("judge", help="judge the ranking on obliqa; write results likewise")
    command.add_argument("name", help="of the file of results")
    command.add_argument("--rounds", type=int, default=3, help="for the times (3)")
    command.add_argument("--queries", type=int, help="only so many, for a trial")
    command.add_argument("--semantic", action="store_true", help="with the first hits ordered by meaning")
    command.set_defaults(run=_judge)
    command = commands.add_parser("pdf", help="set PDFs, read them, and write results likewise")
    command.add_argument("name", help="of the file of results")
    command.add_argument("--rounds", type=int, default=3, help="of reading (3)")
    command.add_argument("--files", type=int, default=2_000, help="to set and to read (2,000)")
    command.set_defaults(run=_pdf)
    command = commands.add_parser(
        "words", help="index texts of millions of words, and write results likewise"
    )
    command.add_argument("name", help="of the file of results")
    command.add_argument("--words", type=int, default=5_000_000, help="different ones (5,000,000)")
    command.set_defaults(run=_words)
    command = commands.add_parser("compare", help="two judgements, question by question")
    command.add_argument("before", type=Path)
    command.add_argument("after", type=Path)
    command.set_defaults(run=_compare)
    command = commands.add_parser("table", help="print the tables of a file of results")
    command.add_argument("file", type=Path)
    command.set_defaults(run=lambda options, places: print(tables.table(options.file), end=""))
    command = commands.add_parser("page", help="put all tables anew into docs/benchmarks.md")
    command.set_defaults(run=_page)
    return parser


def _listed(allowed: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    def parse(text: str) -> tuple[str, ...]:
        names = tuple(text.split(","))
        if unknown := [name for name in names if name not in allowed]:
            raise argparse.ArgumentTypeError(f"no {', '.join(unknown)}; there are {', '.join(allowed)}")
        return names

    return parse


def _install(options: argparse.Namespace, places: Places) -> None:
    for note in install(places):
        say(note)


def _measure(options: argparse.Namespace, places: Places) -> None:
    run = new_run()
    run["rounds"] = options.rounds
    if {"engines", "threads", "pool", "thrice", "wider", "filtered"} & set(options.parts):
        queries = read_queries(places.queries(), options.queries)
        run["queries"] = {mode: len(queries.of(mode)) for mode in MODES}
        _measure_engines(run, options, places, queries)
    if {"product", "thrice"} & set(options.parts):
        _measure_product(run, options, places)
    say(f"written: bench/results/{save(run, options.name).name}")


def _measure_engines(run: Run, options: argparse.Namespace, places: Places, queries: Queries) -> None:
    flat, run["text"] = text_of(places, [_CORPUS], options.blocks)
    engines = [found for found in map(peer, options.engines or _ENGINES) if available(found, places)]
    reference = peer(REFERENCE)
    if {"engines", "threads", "pool"} & set(options.parts):
        run["engines"] = build_all(engines, places, flat, run["text"], options.builds)
        ask_all(engines, places, queries, options.rounds, run["engines"])
    if "threads" in options.parts and _THREADED in run["engines"]:
        found = measure_threads(peer(_THREADED), places, queries, options.rounds)
        run["engines"][_THREADED]["threads"] = found
    if "pool" in options.parts and _THREADED in run["engines"]:
        run["engines"][_THREADED]["pool"] = measure_pool(peer(_THREADED), places, queries, options.rounds)
    if "filtered" in options.parts:
        run["filtered"] = measure_filtered(places, flat, queries, options.rounds)
    if "thrice" in options.parts:
        flat, text = text_of(places, [_CORPUS], options.blocks, times=3)
        run["thrice"] = measure_wider(reference, places, flat, text, queries, options.rounds)
    if "wider" in options.parts:
        flat, text = text_of(places, _WIDER, options.blocks)
        run["wider"] = measure_wider(reference, places, flat, text, queries, options.rounds)


def _measure_product(run: Run, options: argparse.Namespace, places: Places) -> None:
    # Imported here: the figures of engines need no corpus of files.
    from .product import measure_product, measure_thrice

    if "product" in options.parts:
        run["product"] = measure_product(places, _CORPUS, options.builds, options.files)
    if "thrice" in options.parts:
        run.setdefault("product", {})["thrice"] = measure_thrice(places, _CORPUS, options.files)


def _judge(options: argparse.Namespace, places: Places) -> None:
    # Imported here: everything else works where docsearch is not installed.
    from .obliqa import judge

    found = judge(places, options.rounds, options.queries, semantic=options.semantic)
    say(f"written: bench/results/{save(found, options.name).name}")
    print(judging.table(found), end="")


def _pdf(options: argparse.Namespace, places: Places) -> None:
    # Imported here, for the same reason.
    from . import pdf

    found = pdf.measure(places, options.files, options.rounds)
    say(f"written: bench/results/{save(found, options.name).name}")
    print(pdf.table(found), end="")


def _words(options: argparse.Namespace, places: Places) -> None:
    found = words.measure(places, options.words)
    say(f"written: bench/results/{save(found, options.name).name}")
    print(words.table(found), end="")


def _compare(options: argparse.Namespace, places: Places) -> None:
    print(judging.compare(judging.load(options.before), judging.load(options.after)), end="")


def _page(options: argparse.Namespace, places: Places) -> None:
    for page in (tables.PAGE, tables.README):
        page.write_text(tables.refreshed(page.read_text(encoding="utf-8")), encoding="utf-8")
    trust.PAGE.write_text(trust.refreshed(trust.PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())

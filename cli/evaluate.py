"""`docsearch evaluate`: how good the ranking is, by questions whose answers are known."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from ..index.query import Scope
from ..search.ranking import Ranking
from . import options, session, terminal
from .render.style import ColourChoice

__all__ = ["command"]

_EPILOG = """\b
Files (UTF-8):
  queries    a line each: id, tab, question; or the topics of TREC
  qrels      a line each: question 0 answer grade, as TREC has it; or question,
             answer and (if not 1) grade, separated by tabs
  passages   columns separated by tabs, with the header docid, file, first_line,
             last_line: then answers are passages, else keys or paths of documents

\b
Examples:
  docsearch evaluate --queries questions.tsv --qrels answers.tsv
  docsearch evaluate --queries q.tsv --qrels q.qrels --against plain
  docsearch evaluate --queries q.tsv --qrels q.qrels --semantic --against default
  docsearch evaluate --queries q.tsv --qrels q.qrels --per-query --format json

\b
Exit status: 0 judged, 2 an error.
"""

_FILE = click.Path(path_type=Path)


@click.command(
    name="evaluate", epilog=_EPILOG, short_help="Judge the ranking by questions with known answers."
)
@click.option("--queries", metavar="FILE", type=_FILE, required=True, help="The questions.")
@click.option("--qrels", metavar="FILE", type=_FILE, required=True, help="Which answers are relevant.")
@click.option("--passages", metavar="FILE", type=_FILE, help="The lines of the passages that qrels names.")
@click.option(
    "--depth",
    metavar="N",
    type=options.AtLeast(1),
    default=10,
    show_default=True,
    help="How many answers count.",
)
@click.option(
    "--ranking",
    type=click.Choice([ranking.value for ranking in Ranking]),
    default=Ranking.DEFAULT.value,
    show_default=True,
    help="What comes first, as for a search.",
)
@click.option("--semantic", is_flag=True, help="With the first 100 hits ordered by what they mean, too.")
@click.option(
    "--against",
    type=click.Choice([ranking.value for ranking in Ranking]),
    help="Compare with this ranking, by words alone, question by question, with a paired randomisation test.",
)
@click.option(
    "--scope",
    type=click.Choice([scope.value for scope in Scope]),
    default=Scope.DOCUMENT.value,
    show_default=True,
    help="What AND, OR and NOT are asked of, as for a search.",
)
@click.option("--per-query", is_flag=True, help="Also show every question's own figures.")
@options.format_option("text", "json", explained="text to read, json for programs.")
@options.index_option("to judge")
@options.color_option
def command(
    queries: Path,
    qrels: Path,
    passages: Path | None,
    depth: int,
    ranking: str,
    semantic: bool,
    against: str | None,
    scope: str,
    per_query: bool,
    form: Literal["text", "json"],
    index_path: str | None,
    color: ColourChoice,
) -> int:
    """Ask every judged question, and tell how near to the top the relevant answers come.

    The figures are nDCG, mean average precision (MAP), recall and mean reciprocal rank (MRR), as trec_eval
    defines them, over the first answers (`--depth`). Of several hits in one answer the first counts.
    """
    from ..search.evaluating import compare
    from .judged import read_judgements, read_passages, read_questions
    from .render import evaluation as printed

    questions, judgements = read_questions(queries), read_judgements(qrels)
    ranges = None if passages is None else read_passages(passages)
    style = terminal.style_for(color)
    index, _ = session.open_for_reading(index_path)
    with index:
        found = [
            index.evaluate(
                questions,
                judgements,
                passages=ranges,
                depth=depth,
                ranking=name,
                scope=scope,
                semantic=meant,
            )
            for name, meant in ((ranking, semantic), (against, False))
            if name
        ]
    names = [f"{ranking} + meaning" if semantic else ranking, against or ""][: len(found)]
    compared = compare(found[1], found[0]) if against else ()
    if form == "json":
        terminal.use_utf8()
        terminal.write(printed.as_json(names, found, compared, per_query=per_query))
    else:
        terminal.write(
            printed.render(names, found, compared, style, per_query=per_query), colour=style.colour
        )
    return 0

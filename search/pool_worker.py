"""A process that searches for another: `python -P -m docsearch.search.pool_worker FOLDER`.

Over its standard input come pickled questions (least generation, query, options), over its standard output
go pickled answers: first its generation, then `Results` or an error for each question. It ends when its input
does.
"""

from __future__ import annotations

import os
import pickle
import sys
from typing import IO

from ..errors import DocsearchError
from .facade import Index, open_index
from .results import Results

__all__ = ["main"]


def main(folder: str) -> None:
    """Answer until the input ends."""
    # What a library prints must not get between the answers.
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        index = open_index(folder)
    except DocsearchError as error:
        _send(output, error)
        return
    _send(output, index.generation)
    while True:
        try:
            (created, generation), query, options = pickle.load(sys.stdin.buffer)  # noqa: S301 - of our own process
        except EOFError:
            return
        try:
            index = _at_least(index, created, generation)
            answer: Results | Exception = index.search(query, **options)
        except Exception as error:  # noqa: BLE001 - raised again where the question was asked
            answer = error
        _send(output, answer)


def _at_least(index: Index, created: str, generation: int) -> Index:
    """The index, or a newer one when it does not see the generation yet, or is not the one that was made
    then."""
    if index.generation >= generation and index.engine.manifest.created == created:
        return index
    fresh = index.refresh()
    if fresh is not index:
        index.close()
    return fresh


def _send(output: IO[bytes], answer: object) -> None:
    pickle.dump(answer, output, pickle.HIGHEST_PROTOCOL)
    output.flush()


if __name__ == "__main__":
    main(sys.argv[1])

"""tantivy on the judged questions: the same paragraphs, our list of common words, neighbours as phrases.

So what is left between the two is what our ranking adds to BM25 with a good list and pairs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

import docsearch
from docsearch.corpus.languages import stop_words
from docsearch.search.judgements import Passages

from .client import Client
from .engines import peer
from .passages import ranks_of
from .places import Places, fresh

__all__ = ["TITLE", "asked_of_tantivy", "judge_tantivy"]

TITLE = "tantivy, with our stop list and pairs x 0.3"

_DEPTH = 100
_BOOST = 0.3  # the best of 0, 0.2, 0.3 and 0.5


def judge_tantivy(
    places: Places,
    index: docsearch.Index,
    passages: Passages,
    questions: Sequence[tuple[str, str]],
    relevant: Mapping[str, frozenset[str]],
    *,
    boost: float = _BOOST,
) -> list[list[int]]:
    """Ranks of the relevant passages, as `obliqa.judge` has them."""
    names, texts = _paragraphs(index, passages)
    folder = fresh(places.work / "indexes" / "obliqa-tantivy")
    flat = folder.with_suffix(".tsv")
    flat.write_text("".join(f"{at}\t{text}\n" for at, text in enumerate(texts)), encoding="utf-8")
    queries = [asked_of_tantivy(text, boost) for _, text in questions]
    with Client(peer("tantivy"), places) as client:
        client.do("build", flat=str(flat), folder=str(folder))
        client.do("open", folder=str(folder))
        found = client.do("find", queries=queries, k=_DEPTH)["ids"]
    return [
        ranks_of((names[int(each)] for each in ids), relevant[question])
        for ids, (question, _) in zip(found, questions, strict=True)
    ]


def asked_of_tantivy(question: str, boost: float = _BOOST) -> str:
    """Its words but the common ones, once each, and neighbours as phrases that may have a word in between."""
    common = stop_words("en")
    words = [word for word in re.findall(r"\w+", question.lower()) if word not in common]
    pairs = {f'"{one} {other}"~1^{boost}': None for one, other in pairwise(words) if one != other}
    return " ".join([*dict.fromkeys(words), *(pairs if boost else ())])


def _paragraphs(index: docsearch.Index, passages: Passages) -> tuple[list[str], list[str]]:
    """Of all documents: the passage of each paragraph, and its text in one line."""
    names, texts = [], []
    keys = index.keys()
    for key in keys:
        document = index.document(key)
        if document is None:
            continue
        path = key.partition("/")[2]
        for number, paragraph in enumerate(document.paragraphs):
            names.append(passages.at(path, paragraph.line or 0) or f"{key}#{number}")
            texts.append(" ".join(document.text[paragraph.start : paragraph.end].split()))
    return names, texts

r"""Results, status and passages as strict JSON, for programs. docs/cli.md tells the keys.

Ranges are half-open and count characters (Unicode code points) of the document's canonical text. Numbers
that JSON cannot hold (NaN, infinities, which front matter may contain) become null; lone surrogates and
characters that act on a terminal are written `\uXXXX`, so the text that a program reads is unchanged.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ...corpus.located import locate
from ...corpus.model import Gap, Metadata, MetaValue, PartialDate
from ...index.reports import Status
from ...search.citing import Resolved
from ...search.results import Hit, Results, Snippet
from .page import Around, Neighbour, Page
from .passage import headings, line, page_label
from .safe import UNSAFE

if TYPE_CHECKING:
    from ...index.changes import Changes
    from ...index.checking import CheckReport
    from ...search.acronyms import Acronym
    from ...search.facets import Facet
    from ...search.similar import Similar
    from ...search.suggest import Suggestion
    from ...search.timeline import Bucket, Timeline

__all__ = [
    "SCHEMA",
    "render",
    "render_acronyms",
    "render_lines",
    "render_passage",
    "render_similar",
    "render_status",
    "render_suggestions",
    "render_timeline",
]

SCHEMA = 1
"""Version of the layout; it changes when a key changes its meaning or goes, not when one is added."""

Json = dict[str, Any]


def render(page: Page) -> str:
    """One object: the answer with all its hits."""
    return _dump(_answer(page), indent=2)


def render_lines(page: Page) -> str:
    """One hit in each line; no hits: ""."""
    return "".join(_dump(_hit(hit, page)) for hit in page.results)


def render_check(report: CheckReport) -> str:
    """What a check found."""
    return _dump(
        {
            "schema": SCHEMA,
            "sound": report.sound,
            "generation": report.generation,
            "files": report.files,
            "bytes": report.bytes,
            "findings": [{"where": found.where, "what": found.what} for found in report.findings],
            "sources": report.sources,
            "differing": [{"where": found.where, "what": found.what} for found in report.differing],
            "seconds": round(report.seconds, 3),
        }
    )


def render_status(
    status: Status,
    gaps: tuple[Gap, ...] | None = None,
    changes: Changes | None = None,
    fingerprint: str | None = None,
) -> str:
    """What an index says of itself; the rest only where it was asked for."""
    content: Json = {
        "schema": SCHEMA,
        "path": status.path or None,
        "format": status.format,
        "generation": status.generation,
        "created": status.created.isoformat(),
        "updated": status.updated.isoformat(),
        "incomplete": status.incomplete,
        "roots": [
            {
                "name": root.name,
                "path": root.path,
                "include": root.include,
                "exclude": root.exclude,
                "language": root.language or None,
            }
            for root in status.roots
        ],
        "documents": status.documents,
        "sections": status.sections,
        "paragraphs": status.paragraphs,
        "languages": dict(status.languages),
        "gaps": status.gaps,
        "segments": status.segments,
        "size": status.size,
        "analysers": dict(status.analysers),
        "keep_versions": status.keep_versions,
        "versions": status.versions,
        "versions_size": status.versions_size,
        "semantic": status.semantic,
        "vectors_size": status.vectors_size,
    }
    if gaps is not None:
        content["gap_list"] = [{"key": gap.key, "part": gap.part, "reason": gap.reason} for gap in gaps]
    if changes is not None:
        names = ("new", "changed", "renamed", "gone", "unchanged", "missing")
        content["changes"] = {name: getattr(changes, name) for name in names}
    if fingerprint is not None:
        content["fingerprint"] = fingerprint
    return _dump(content, indent=2)


def render_timeline(timeline: Timeline) -> str:
    """The documents that answer, over time."""
    content: Json = {
        "schema": SCHEMA,
        "tree": timeline.tree,
        "notices": list(timeline.notices),
        "step": timeline.step,
        "field": timeline.field,
        "buckets": list(map(_bucket, timeline.buckets)),
        "imprecise": list(map(_bucket, timeline.imprecise)),
        "undated": timeline.undated,
        "documents": timeline.documents,
    }
    return _dump(content, indent=2)


def _bucket(bucket: Bucket) -> Json:
    return {"date": str(bucket.date), "documents": bucket.documents}


def render_similar(similar: Similar) -> str:
    """What is like a text."""
    content: Json = {
        "schema": SCHEMA,
        "source": similar.source or None,
        "words": [
            {"word": each.word, "paragraphs": each.paragraphs, "weight": each.weight}
            for each in similar.words
        ],
        "totals": {"paragraphs": similar.totals.paragraphs, "documents": similar.totals.documents},
        "hits": [{"shared": list(each.shared), **_hit(each.hit, None)} for each in similar.hits],
    }
    return _dump(content, indent=2)


def render_acronyms(found: Sequence[Acronym]) -> str:
    """What the documents explain."""
    acronyms = [
        {
            "short": each.short,
            "long": each.long,
            "paragraphs": each.paragraphs,
            "key": each.key,
            "citation": each.citation,
        }
        for each in found
    ]
    return _dump({"schema": SCHEMA, "acronyms": acronyms}, indent=2)


def render_suggestions(found: Sequence[Suggestion]) -> str:
    """What could be typed."""
    suggestions = [{"text": each.text, "paragraphs": each.paragraphs, "kind": each.kind} for each in found]
    return _dump({"schema": SCHEMA, "suggestions": suggestions}, indent=2)


def render_passage(citation: str, found: Resolved, near: Around) -> str:
    """The paragraph that a citation names, in its context."""
    document, paragraph = found.document, found.paragraph
    place = locate(document.anchors, paragraph.start)
    content: Json = {
        "schema": SCHEMA,
        "citation": citation,
        "status": found.status,
        "note": found.note,
        "key": document.key,
        "title": document.meta.title,
        "meta": _meta(document.meta),
        "headings": list(headings(document, paragraph.section)),
        "section": list(document.sections[paragraph.section].path),
        "paragraph": paragraph.ordinal,
        "line": line(document, paragraph),
        "page": page_label(document, paragraph.start),
        "sheet": place.sheet,
        "cell": place.cell,
        "kind": paragraph.kind,
        "start": paragraph.start,
        "end": paragraph.end,
        "text": document.text[paragraph.start : paragraph.end],
        "context": _around(near),
    }
    return _dump(content, indent=2)


def _answer(page: Page) -> Json:
    results = page.results
    return {
        "schema": SCHEMA,
        "index": page.index or None,
        "reading": _reading(results),
        "totals": {
            "units": results.totals.units,
            "paragraphs": results.totals.paragraphs,
            "documents": results.totals.documents,
        },
        "seconds": results.seconds,
        "documents": results.documents,
        "gaps": results.gaps,
        "incomplete": results.incomplete,
        "near_words": [
            {
                "word": near.word,
                "suggestions": [{"word": word, "paragraphs": count} for word, count in near.suggestions],
            }
            for near in results.near_words
        ],
        "offers": [
            {
                "query": offer.query,
                "scope": str(offer.scope),
                "why": offer.why,
                "documents": offer.documents,
                "paragraphs": offer.paragraphs,
            }
            for offer in results.offers
        ],
        "cursor": results.cursor or None,
        "facets": [_facet(facet, page.facet_values) for facet in results.facets],
        "explanations": [[asdict(share) for share in shares] for shares in results.explanations],
        "folded": results.folded,
        "partial": results.partial,
        "hits": [_hit(hit, page) for hit in results],
    }


def _facet(facet: Facet, most: int) -> Json:
    return {
        "field": facet.field,
        "documents": facet.documents,
        "missing": facet.missing,
        "distinct": len(facet.values),
        "values": [
            {
                "value": str(each.value) if isinstance(each.value, PartialDate) else _plain(each.value),
                "documents": each.documents,
                "typed": each.typed,
            }
            for each in facet.values[:most]
        ],
    }


def _reading(results: Results) -> Json:
    reading = results.reading
    return {
        "query": reading.query,
        "tree": reading.tree,
        "notices": list(reading.notices),
        "scope": str(reading.scope),
        "ranking": str(reading.ranking),
        "grammar": reading.grammar,
        "analysers": dict(reading.analysers),
        "generation": reading.generation,
        "where": None if reading.where is None else repr(reading.where),
        "sort": None if reading.sort is None else f"{'-' * reading.sort.descending}{reading.sort.field}",
        "collapse": reading.collapse or None,
        "duplicates": str(reading.duplicates),
        "semantic": reading.semantic,
    }


def _hit(hit: Hit, page: Page | None) -> Json:
    content: Json = {
        "rank": hit.rank,
        "score": _finite(hit.score),
        "key": hit.key,
        "root": hit.root,
        "path": hit.path,
        "title": hit.title,
        "date": str(hit.date) if hit.date else None,
        "meta": _meta(hit.meta),
        "title_highlights": _spans(hit.title_highlights),
        "headings": list(hit.headings),
        "heading_highlights": [_spans(spans) for spans in hit.heading_highlights],
        "section": list(hit.section),
        "paragraph": hit.paragraph,
        "kind": hit.kind,
        "line": hit.line,
        "page": hit.page,
        "sheet": hit.sheet,
        "cell": hit.cell,
        "start": hit.start,
        "end": hit.end,
        "text": hit.text,
        "snippets": [_snippet(snippet) for snippet in hit.snippets],
        "citation": hit.citation,
        "group_size": hit.group_size,
        "duplicates": list(hit.duplicates),
        "stale": hit.stale,
    }
    near = page.around.get(hit.citation) if page is not None else None
    if near is not None:
        content["context"] = _around(near)
    return content


def _snippet(snippet: Snippet) -> Json:
    return {
        "start": snippet.start,
        "end": snippet.end,
        "text": snippet.text,
        "highlights": _spans(snippet.highlights),
    }


def _spans(spans: Sequence[tuple[int, int]]) -> list[list[int]]:
    return [list(span) for span in spans]


def _around(near: Around) -> Json:
    return {
        "before": [_neighbour(one) for one in near.before],
        "after": [_neighbour(one) for one in near.after],
    }


def _neighbour(one: Neighbour) -> Json:
    return {"text": one.text, "heading": one.heading, "kind": one.kind}


def _meta(meta: Metadata) -> Json:
    return {
        "title": meta.title,
        "title_guessed": meta.title_guessed,
        "language": meta.language,
        "language_guessed": meta.language_guessed,
        "type": meta.type,
        "source": meta.source,
        "place": meta.place,
        "published": _date(meta.published),
        "effective": _date(meta.effective),
        "ended": _date(meta.ended),
        "extra": _extra(meta.extra),
    }


def _date(date: PartialDate | None) -> Json | None:
    if date is None:
        return None
    return {"date": str(date), "precision": date.precision, "guessed": date.guessed}


def _extra(extra: Mapping[str, MetaValue]) -> Json:
    return {name: _plain(value) for name, value in extra.items()}


def _plain(value: MetaValue) -> Any:
    if isinstance(value, float):
        return _finite(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _dump(content: Json, indent: int | None = None) -> str:
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=indent)
    # Inside strings json has escaped C0 itself; newlines left are those of the layout.
    return UNSAFE.sub(lambda found: found[0] if found[0] == "\n" else f"\\u{ord(found[0]):04x}", text) + "\n"

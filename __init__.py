"""docsearch: full-text search for policy documents.

>>> import docsearch
>>> with docsearch.open_samples() as index:
...     results = index.search("precursor chemicals", limit=1)
>>> results[0].title != ""
True

Names are loaded when they are first used, so that importing docsearch costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .corpus.citation import Citation
    from .corpus.model import (
        Document,
        Gap,
        Metadata,
        Paragraph,
        PartialDate,
        Section,
    )
    from .corpus.record import Record
    from .errors import (
        CitationUnresolved,
        CorpusError,
        DocsearchError,
        IndexCorrupt,
        IndexIncompatible,
        IndexLocked,
        IndexMissing,
        IndexProblem,
        QueryError,
        QuerySyntax,
        QueryTooCostly,
        RemovalsRefused,
        SourceMissing,
        Unreadable,
        Unsupported,
    )
    from .index.changes import Changes
    from .index.checking import CheckReport, Finding
    from .index.limits import Limits
    from .index.query import Scope
    from .index.records import Totals
    from .index.repair import RepairReport
    from .index.reports import PassageReport, Progress, PurgeReport, Root, Status, UpdateReport
    from .index.versions import Version
    from .index.where import All, AnyOf, Eq, Exists, Filter, In, Negate, Prefix, Range
    from .search.acronyms import Acronym
    from .search.caring import check, repair
    from .search.citing import Resolved
    from .search.evaluating import Comparison, Evaluation
    from .search.evaluating import compare as compare_evaluations
    from .search.facade import Index
    from .search.facade import open_index as open
    from .search.facets import Facet, FacetValue
    from .search.judgements import Passages, Scores
    from .search.offers import Offer
    from .search.pool import SearchPool
    from .search.ranking import Ranking
    from .search.results import Hit, NearWord, QueryReading, Results, Snippet
    from .search.samples import open_samples
    from .search.similar import DistinctiveWord, Similar, SimilarHit
    from .search.suggest import Suggestion
    from .search.timeline import Bucket, Timeline

_HOMES = {
    "corpus.citation": "Citation",
    "corpus.model": "Document Gap Metadata Paragraph PartialDate Section",
    "corpus.record": "Record",
    "errors": (
        "CitationUnresolved CorpusError DocsearchError IndexCorrupt IndexIncompatible IndexLocked "
        "IndexMissing IndexProblem QueryError QuerySyntax QueryTooCostly RemovalsRefused SourceMissing "
        "Unreadable Unsupported"
    ),
    "index.changes": "Changes",
    "index.checking": "CheckReport Finding",
    "index.limits": "Limits",
    "index.query": "Scope",
    "index.records": "Totals",
    "index.reports": "PassageReport Progress PurgeReport Root Status UpdateReport",
    "index.repair": "RepairReport",
    "index.versions": "Version",
    "index.where": "All AnyOf Eq Exists Filter In Negate Prefix Range",
    "search.caring": "check repair",
    "search.citing": "Resolved",
    "search.evaluating": "Comparison Evaluation",
    "search.facade": "Index",
    "search.facets": "Facet FacetValue",
    "search.offers": "Offer",
    "search.judgements": "Passages Scores",
    "search.pool": "SearchPool",
    "search.ranking": "Ranking",
    "search.results": "Hit NearWord QueryReading Results Snippet",
    "search.samples": "open_samples",
    "search.similar": "DistinctiveWord Similar SimilarHit",
    "search.acronyms": "Acronym",
    "search.suggest": "Suggestion",
    "search.timeline": "Bucket Timeline",
}
_WHERE = {name: (home, name) for home, names in _HOMES.items() for name in names.split()}
_WHERE["open"] = ("search.facade", "open_index")
_WHERE["compare_evaluations"] = ("search.evaluating", "compare")

__all__ = [
    "Acronym",
    "All",
    "AnyOf",
    "Bucket",
    "Changes",
    "CheckReport",
    "Citation",
    "CitationUnresolved",
    "Comparison",
    "CorpusError",
    "DistinctiveWord",
    "DocsearchError",
    "Document",
    "Eq",
    "Evaluation",
    "Exists",
    "Facet",
    "FacetValue",
    "Filter",
    "Finding",
    "Gap",
    "Hit",
    "In",
    "Index",
    "IndexCorrupt",
    "IndexIncompatible",
    "IndexLocked",
    "IndexMissing",
    "IndexProblem",
    "Limits",
    "Metadata",
    "NearWord",
    "Negate",
    "Offer",
    "Paragraph",
    "PartialDate",
    "PassageReport",
    "Passages",
    "Prefix",
    "Progress",
    "PurgeReport",
    "QueryError",
    "QueryReading",
    "QuerySyntax",
    "QueryTooCostly",
    "Range",
    "Ranking",
    "Record",
    "RemovalsRefused",
    "RepairReport",
    "Resolved",
    "Results",
    "Root",
    "Scope",
    "Scores",
    "SearchPool",
    "Section",
    "Similar",
    "SimilarHit",
    "Snippet",
    "SourceMissing",
    "Status",
    "Suggestion",
    "Timeline",
    "Totals",
    "Unreadable",
    "Unsupported",
    "UpdateReport",
    "Version",
    "check",
    "compare_evaluations",
    "open",
    "open_samples",
    "repair",
]


def __getattr__(name: str) -> Any:
    try:
        home, attribute = _WHERE[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    value = getattr(import_module(f".{home}", __name__), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)

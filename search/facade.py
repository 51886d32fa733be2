"""The library's front door: `docsearch.open(path)` gives an `Index`.

An `Index` is a snapshot: what it finds does not change while it is open, whoever writes beside it.
`update`, `add` and `delete` write a new generation; `refresh` gives an `Index` that sees it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..corpus.citation import Citation
from ..corpus.model import Document, Gap
from ..errors import DocsearchError, IndexIncompatible, IndexMissing, IndexProblem
from ..index.arguments import check_text
from ..index.engine import LocalEngine
from ..index.query import Scope
from ..index.storage import FolderStorage, Storage
from .duplicates import Duplicates
from .options import Options, by_fields, count_of, filter_or_none, one_of, seconds_or_none, synonyms_or_none
from .ranking import Ranking

if TYPE_CHECKING:
    from ..corpus.record import Record
    from ..index.adapter import WhooshIndex
    from ..index.changes import Changes
    from ..index.grouping import Step
    from ..index.limits import Limits
    from ..index.manifest import Manifest
    from ..index.reports import PassageReport, ProgressSink, PurgeReport, Status, UpdateReport
    from ..index.versions import Version
    from ..index.where import Filter
    from .acronyms import Acronym
    from .citing import Resolved
    from .evaluating import Evaluation
    from .judgements import Passages
    from .narrowing import Where
    from .results import Results
    from .similar import Similar
    from .suggest import Suggestion
    from .synonyms import Synonyms
    from .timeline import Timeline

__all__ = ["Index", "open_index"]


def open_index(path: str | os.PathLike[str], *, create: bool = False) -> Index:
    """Open the index in a folder.

    create: allow that none stands there yet, or none that can be read: the first `update` or `add` makes it,
        `update(rebuild=True)` replaces it, and everything else raises what is wrong.
    Raises IndexMissing, IndexIncompatible or IndexCorrupt.
    """
    return Index(FolderStorage(path), create=create)


class Index:
    """A searchable snapshot of an index, and the way to write its next generation.

    Safe to share between threads, and usable in a forked child. A context manager; closing it frees the
    files, after which every call raises IndexProblem.
    """

    def __init__(self, storage: Storage, *, create: bool = False) -> None:
        self._storage = storage
        self._closed = False
        self._engine: LocalEngine | None = None
        self._whoosh: WhooshIndex | None = None
        self._problem: IndexProblem | None = None
        try:
            self._engine = LocalEngine(storage)
        except IndexProblem as problem:
            if not create:
                raise
            if not isinstance(problem, IndexMissing):
                self._problem = problem  # whoever asks is told; a rebuild need not ask

    @property
    def path(self) -> Path | None:
        """The folder; None for an index in memory."""
        return self._storage.path

    @property
    def generation(self) -> int:
        """The generation that this snapshot sees; 0 before the first commit."""
        self._check_open()
        return 0 if self._engine is None else self._engine.statistics().generation

    @property
    def outdated(self) -> bool:
        """Whether an earlier version of this program made the index, so that every call raises
        IndexIncompatible until `update(rebuild=True)` has made it anew (only where it was opened with
        `create=True`). Without `allow_removals` that is refused where anything would be lost."""
        if not isinstance(self._problem, IndexIncompatible):
            return False
        from ..index.former import was_made_earlier  # few indexes are old

        return was_made_earlier(self._storage)

    # Asking

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        offset: int = 0,
        scope: Scope | str = Scope.DOCUMENT,
        group: bool = False,
        snippets: int = 2,
        ranking: Ranking | str = Ranking.DEFAULT,
        where: Where | None = None,
        sort: str = "",
        collapse: str = "",
        facets: Sequence[str] = (),
        explain: bool = False,
        duplicates: Duplicates | str = Duplicates.SHOW,
        strict: bool = False,
        after: str = "",
        synonyms: Synonyms | str | os.PathLike[str] | None = None,
        timeout: float | None = None,
        acronyms: bool = True,
        semantic: bool = False,
    ) -> Results:
        """The best paragraphs for a query (docs/query-language.md), with exact totals.

        limit, offset: which hits, counted in their order; a limit of 0 gives totals only.
        scope: the unit of which Boolean operators are asked: "paragraph", "section" or "document".
        group: only the best paragraph of each document.
        snippets: the most stretches of text to choose in each hit. With 0 a hit's passage (all but its rank,
            score, key and group size) is fetched when it is first asked for.
        ranking: "default" (words, their nearness, headings, titles) or "plain" (BM25 over all words and
            phrases of the query in the paragraphs' text; no common word is left out).
        where: of which documents to ask (docs/library.md): a filter such as `Range("published", "2020")`, or
            values by field, such as `{"type": "law", "published": ("2020", "2022-06")}`. The answer is that
            of an index which holds no others, scores, suggestions and counts of gaps included.
        sort: the field to order by instead of the score, such as "published"; "-published" for the greatest
            first. Documents without a value come last.
        collapse: a field of whose every value only the first hit is kept; `Hit.group_size` counts them all.
        facets: by what to count all documents that answer (`Results.facets`): "source", "place", "type",
            "lang", "year", "month", "folder", "heading", or "meta.NAME" for any other field.
        explain: also how the score of each hit came about (`Results.explanations`).
        duplicates: "show" leaves every paragraph a hit of its own. "fold" makes one hit of paragraphs with
            nearly the same words, the best of them; `Hit.duplicates` names the documents of the others,
            `Results.folded` counts them. limit and offset count what is left, totals count all.
        strict: refuse (QueryTooCostly) a word that stands for more words than are searched for (`a*`),
            instead of taking the most frequent and saying so.
        after: the cursor of the page before (`Results.cursor`, or "start"), instead of an offset: pages of
            one generation and question fit together; QueryError says when that generation is gone.
        synonyms: words that mean the same, at half the weight (docs/query-language.md): the path of a file,
            or what `Synonyms.load` made of it.
        timeout: seconds after which to answer with what was found until then (`Results.partial` says so);
            with `strict`, QueryTooCostly instead. The clock is looked at between steps of a search: a step
            (a segment, some megabytes of text) is finished first. None: no limit.
        acronyms: a word that the documents explain as an acronym also finds what it stands for, and that the
            acronym, at a low weight (docs/query-language.md); False: only what was typed. The plain ranking
            searches for that only, anyway.
        semantic: order the first hundred hits anew, by their scores and by how near they are to the query in
            meaning. For questions in English; needs an index with vectors (`update(semantic=True)`) and the
            extra `semantic`: IndexProblem without them. QueryError together with `sort`.
        Raises QuerySyntax for an empty query, QueryTooCostly beyond the limits, QueryError for another
        scope, ranking or facet, or for what is no filter.
        """
        from .searcher import search  # an update searches nothing

        filter, order, collapse = by_fields(where, sort, collapse)
        engine = self.engine
        options = Options(
            limit=count_of("limit", limit),
            offset=count_of("offset", offset),
            scope=one_of(Scope, scope, "scope"),
            group=group,
            snippets=count_of("snippets", snippets),
            ranking=one_of(Ranking, ranking, "ranking"),
            where=filter,
            sort=order,
            collapse=collapse,
            facets=facets,
            explain=explain,
            duplicates=one_of(Duplicates, duplicates, "choice"),
            strict=strict,
            after=after,
            synonyms=synonyms_or_none(synonyms),
            timeout=seconds_or_none(timeout),
            acronyms=acronyms,
            semantic=semantic,
        )
        with engine.turn.lock:
            return search(engine, query, options)

    def filter(self, facts: str) -> Filter:
        """The filter that facts in the query language mean in this index, for `where`: `type:pdf since:2020`.

        QueryError for other words, and for values that no document has.
        """
        from .filtering import filter_from  # most searches name no fields

        return filter_from(self.engine, facts)

    def timeline(
        self,
        query: str,
        *,
        step: Step | None = None,
        field: str = "published",
        scope: Scope | str = Scope.DOCUMENT,
        where: Where | None = None,
    ) -> Timeline:
        """All documents that answer a query, counted over time.

        step: "day", "month", "year" or "decade"; None: the smallest that gives a picture.
        field: whose dates. scope, where: as for `search`, which raises the same errors.
        """
        from .timeline import timeline  # most sessions draw none

        engine = self.engine
        with engine.turn.lock:
            return timeline(
                engine,
                query,
                step=step,
                field=field,
                scope=one_of(Scope, scope, "scope"),
                where=filter_or_none(where),
            )

    def evaluate(
        self,
        questions: Mapping[str, str],
        judgements: Mapping[str, Mapping[str, int]],
        *,
        passages: Passages | None = None,
        depth: int = 10,
        ranking: Ranking | str = Ranking.DEFAULT,
        scope: Scope | str = Scope.DOCUMENT,
        where: Where | None = None,
        semantic: bool = False,
    ) -> Evaluation:
        """How near to the top the relevant answers of questions come: nDCG, MAP, recall and MRR.

        questions: by id. judgements: by question's id the grade of each answer (above 0: relevant). An answer
        is the key or path of a document, or the id of one of the `passages` (that in whose lines a hit's
        paragraph begins). depth: how many answers count. The rest is as for `search`, which raises the same
        errors; QueryError when no question has a relevant answer.
        """
        from .evaluating import evaluate  # a search judges nothing

        def ask(question: str, limit: int, offset: int) -> Results:
            return self.search(
                question,
                limit=limit,
                offset=offset,
                scope=scope,
                ranking=ranking,
                where=where,
                semantic=semantic,
                snippets=0,
                duplicates=Duplicates.SHOW,  # judgements name each of them
            )

        return evaluate(ask, questions, judgements, passages=passages, depth=depth)

    def suggest(
        self, beginning: str, *, limit: int = 10, where: Where | None = None
    ) -> tuple[Suggestion, ...]:
        """Completions of what was typed so far: words of the index, and phrases that occur in it, the most
        frequent first. After a space the words before it are complete, and phrases go on with them.

        where: as for `search`. Raises QueryError for what is no text, QueryTooCostly beyond 200 characters.
        """
        from .suggest import suggest  # a search suggests nothing

        filter = filter_or_none(where)
        engine = self.engine
        with engine.turn.lock:
            return suggest(engine, beginning, limit=limit, where=filter)

    def acronyms(self, prefix: str = "", *, where: Where | None = None) -> tuple[Acronym, ...]:
        """The acronyms that the documents explain (`Financial Action Task Force (FATF)`), with the words that
        each stands for, the most frequent first, and where; those that begin with the prefix, capitals aside.

        where: as for `search`. Raises QueryError for what is no text.
        """
        from .acronyms import acronyms  # a search lists none

        filter = filter_or_none(where)
        engine = self.engine
        with engine.turn.lock:
            return acronyms(engine, prefix, where=filter)

    def similar(
        self,
        citation: str | Citation = "",
        *,
        text: str = "",
        limit: int = 10,
        group: bool = True,
        where: Where | None = None,
    ) -> Similar:
        """What is like a cited paragraph, a document (by its key) or a text: the paragraphs that share its
        distinctive words, with these. The document that is asked about is left out.

        group: of each document its nearest paragraph only. where: as for `search`.
        Raises CitationUnresolved, and QueryError unless there is either a citation or a text.
        """
        from .similar import similar  # a search compares nothing

        filter = filter_or_none(where)
        engine = self.engine
        with engine.turn.lock:
            return similar(engine, citation, text=text, limit=limit, group=group, where=filter)

    def resolve(self, citation: str | Citation) -> Resolved:
        """The paragraph that a citation names, also when it has moved; CitationUnresolved when it is gone."""
        from .citing import resolve  # a search resolves nothing

        return resolve(self.engine, citation)

    def document(self, key: str) -> Document | None:
        """A whole document; None when the index holds none with this key."""
        check_text("key", key)
        return self.engine.document(key)

    def versions(self, key: str) -> tuple[Version, ...]:
        """What is held of a document over time, the oldest first: the versions that were replaced or removed
        while such were kept (see `update`), and last the current one, if there is one. Empty for an unknown
        key; a document that was renamed began anew under its new key.

        Kept versions are in no other answer: not in searches, totals, statistics or keys.
        """
        check_text("key", key)
        return self.engine.versions(key)

    def keys(self, prefix: str = "") -> tuple[str, ...]:
        """Sorted keys of all documents that begin with the prefix."""
        check_text("prefix", prefix)
        return self.engine.keys(prefix)

    def gaps(self) -> tuple[Gap, ...]:
        """Everything that was met and not read, with its reason."""
        return self.engine.gaps()

    def status(self) -> Status:
        """What the index holds, from what, and since when."""
        from .caring import status_of  # no part of a search

        return status_of(self.engine, self._storage)

    def changes(self) -> Changes:
        """Which files are new, changed, renamed or gone since they were indexed: what `update` would find.

        Goes over the folders that the index was made from; a file is read only where size and time leave a
        doubt.
        """
        from ..index.changes import find_changes  # no part of a search

        engine = self.engine
        return find_changes(engine.manifest.roots, engine.rows, self.path)

    def fingerprint(self) -> str:
        """The same for two indexes that hold the same documents, however these came together, and another
        for any others (ARCHITECTURE.md defines it)."""
        from ..index.merkle import fingerprint  # as above

        return fingerprint(self.engine.snapshot)

    # Writing

    def update(
        self,
        paths: Sequence[str | os.PathLike[str]] | None = None,
        *,
        include: Sequence[str] | None = None,
        exclude: Sequence[str] | None = None,
        language: str | None = None,
        rebuild: bool = False,
        allow_removals: bool = False,
        keep_versions: bool | None = None,
        semantic: bool | None = None,
        wait: float = 10.0,
        workers: int | None = None,
        limits: Limits | None = None,
        progress: ProgressSink | None = None,
    ) -> UpdateReport:
        """Bring the index up to date with files and folders; this snapshot sees it after the call.

        paths: new or known roots; None: all that the index was made from.
        include, exclude: patterns, as in `.gitignore`, of what to read only and of what to leave out of them,
            from now on; None leaves them as they are, an empty list drops them.
        language: of their documents that state none, from now on, instead of what their words tell; "" for
            that again, None leaves it as it is.
        rebuild: read everything anew beside the live index and swap at the end.
        allow_removals: permit an update that removes more than a fifth of a root's documents (and more
            than ten); without it such an update stops with RemovalsRefused, and nothing changes.
        keep_versions: True keeps, from now on, the versions of documents that any call replaces or removes
            (see `versions`), False no more; None leaves it as it is. At first they are not kept.
        semantic: True gives all paragraphs, and from now on new ones, vectors of what they mean, for
            `search(semantic=True)` (docs/library.md says what that takes); False takes them away; None leaves
            it as it is. At first there are none. Needs the extra `semantic`; IndexProblem without it.
        wait: seconds to wait for another writer; then IndexLocked.
        workers: reading processes; None: one for each core when there is much to read.
        limits: what one file may take (60 seconds, 2 GB of memory, 256 MB in size, and more of both for
            larger ones); beyond them it is a gap. Time and memory are kept where another process reads.
        progress: called some ten times a second.
        """
        from ..index.limits import Limits
        from ..index.update import update  # readers of files are not loaded by a search

        self._check_open()
        report = update(
            self._storage,
            paths,
            include=include,
            exclude=exclude,
            language=language,
            rebuild=rebuild,
            allow_removals=allow_removals,
            keep_versions=keep_versions,
            semantic=semantic,
            wait=wait,
            workers=workers,
            limits=Limits() if limits is None else limits,
            progress=progress,
        )
        self._reopen()
        return report

    def follow(
        self,
        *,
        wait: float = 10.0,
        workers: int | None = None,
        limits: Limits | None = None,
        progress: ProgressSink | None = None,
        stop: threading.Event | None = None,
    ) -> Iterator[UpdateReport | DocsearchError]:
        """Update whenever something changes in what the index was made from, until `stop` is set.

        Changes that come together are one update. Each step is the report of an update that changed
        something, or the error of one that could not be done: the next change tries again. The other
        arguments are those of `update`. Needs the library watchfiles; IndexProblem without it.
        """
        from ..index.following import changes  # no part of a search

        self._check_open()
        stop = threading.Event() if stop is None else stop
        for _ in changes(self.engine.manifest.roots, self.path, stop):
            try:
                report = self.update(wait=wait, workers=workers, limits=limits, progress=progress)
            except DocsearchError as error:
                yield error
                continue
            if report.did_something:
                yield report

    def add(self, documents: Iterable[Record], *, wait: float = 10.0) -> UpdateReport:
        """Index texts that a program hands over; each replaces the record of the same key."""
        from ..index.update import add_records  # as above

        self._check_open()
        report = add_records(self._storage, documents, wait=wait)
        self._reopen()
        return report

    def add_passages(
        self, passages: Iterable[tuple[str, str]], *, language: str = "en", wait: float = 10.0
    ) -> PassageReport:
        """Index texts that are passages already, each with its key: ten times as fast as `add`.

        Each becomes a document of one paragraph, as it stands (white space around it goes): no headings,
        title or metadata are looked for. It replaces the document of the same key; of several with the same
        key the last counts; one that has not changed is passed over. All in one commit, or none.
        language: of all of them, as in `Record`. wait: as for `update`.
        Raises CorpusError for a key that a record cannot have.
        """
        from ..index.passages import add_passages  # as above

        self._check_open()
        report = add_passages(self._storage, passages, language=language, wait=wait)
        self._reopen()
        return report

    def delete(self, keys: Iterable[str], *, wait: float = 10.0) -> UpdateReport:
        """Remove records by their keys; keys that are not there are passed over."""
        from ..index.update import delete  # as above

        self._check_open()
        report = delete(self._storage, keys, wait=wait)
        self._reopen()
        return report

    def purge(self, *, versions: bool = False, wait: float = 10.0) -> PurgeReport:
        """Take what was deleted or replaced from the disk: until then, files of the index may go on holding
        its text. Afterwards no file holds text, metadata or a key of a deleted document, nor a word that only
        such documents had; readers that have old files open keep them until they are closed.

        The former keys of a renamed document are kept as long as it lives, for its citations.
        Rewrites only what holds deleted documents. Versions that are kept (see `versions`) are meant to stay:
        `versions=True` drops them all, too. IndexLocked as for `update`.
        """
        from ..index.purge import purge  # as above

        self._check_open()
        report = purge(self._storage, versions=versions, wait=wait)
        self._reopen()
        return report

    # Lifetime

    def refresh(self) -> Index:
        """An Index of the current generation: this one when nothing has changed, else a new one.

        The old one stays usable until it is closed. IndexMissing where its folder has gone or been moved.
        """
        self._check_open()
        fresh = Index(self._storage, create=True)
        if self._engine is not None and fresh._engine is None and fresh._problem is None:
            raise IndexMissing(
                "the index is no longer there",
                path=str(self.path or "the index in memory"),
                hint="Open it where it is now. This Index goes on to answer from the files it holds open",
            )
        return self if fresh._manifest == self._manifest and fresh._problem is None else fresh

    def close(self) -> None:
        """Free the files. May be called again."""
        self._closed = True
        self._engine = self._whoosh = None

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def engine(self) -> LocalEngine:
        """The engine beneath (docsearch.search.engine.Engine), for programs that build their own queries."""
        self._check_open()
        if self._problem is not None:
            raise self._problem
        if self._engine is None:
            raise IndexMissing(
                "no index stands here yet",
                path=str(self.path or "the index in memory"),
                hint="Make one with `docsearch index FOLDER`, or call `update` or `add` first",
            )
        return self._engine

    @property
    def whoosh(self) -> WhooshIndex:
        """This snapshot as a `whoosh.index.Index` (docs/whoosh.md); what its writers commit, this Index sees
        after the commit. The first call on a generation reads the metadata of all its documents."""
        from ..index.adapter import WhooshIndex  # a search loads neither Whoosh's readers nor its searchers

        engine = self.engine
        if self._whoosh is None or self._whoosh.generation != engine.manifest.generation:
            self._whoosh = WhooshIndex(engine.snapshot, self._reopen)
        return self._whoosh

    @property
    def _manifest(self) -> Manifest | None:
        """What tells two generations apart, also those of an index that was deleted and made again."""
        return None if self._engine is None else self._engine.manifest

    def _check_open(self) -> None:
        if self._closed:
            raise IndexProblem("this Index was closed", hint="Open the index again")

    def _reopen(self) -> None:
        self._problem = None
        self._engine = LocalEngine(self._storage)

"""Taking in texts that are passages already, by columns: without a document, a source or a row for each.

The segments are those that `segment.build_segment` makes of documents of one paragraph, byte for byte.
"""

from __future__ import annotations

import zlib
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial
from itertools import islice, pairwise, takewhile

import numpy as np

from ..corpus.decode import canonical
from ..corpus.languages import language_code
from ..corpus.model import Gap
from ..corpus.reading import EMPTY
from ..errors import CorpusError
from .arguments import pair_of
from .arrays import set_at
from .aside import aside
from .catalog import SourceRow
from .handed import LONGEST_KEY, check_key
from .inverter import Inverter
from .known import KnownTerms
from .manifest import FileEntry
from .merge import merge
from .meter import Meter
from .reports import PassageReport
from .rows import passage_source
from .segment import BuiltSegment, Segment, Terms, write_segment
from .snapshot import View
from .storage import Storage
from .stream import LEVEL, Compress, at_once
from .tables import TableWriter
from .writer import IndexWriter

__all__ = ["PassageSegment", "add_passages"]

_BATCH = 1 << 20
_FEW = 64  # passages that are counted together
_SEGMENT = 88 << 20
"""Characters of a segment. Making one takes up to six bytes of memory for each."""
_MOST_WORDS = 1 << 20
"""Different words, each of which takes some 700 bytes until its segment is written: of a text in one language
there are a tenth as many."""
_WAITING = 8
_PAIRS = {tuple, list}
_REPLACED = [(char[-1:], char) for char in map(str.encode, "\x85\u2028\u2029")]
"""What `corpus.decode.canonical` replaces, but for carriage returns, NULs and lone surrogates; with its last
byte, which is rare and looked for sooner than several."""
_NO_GAPS: Mapping[str, tuple[Gap, ...]] = {}


def add_passages(
    storage: Storage, passages: Iterable[tuple[str, str]], *, language: str = "en", wait: float = 10.0
) -> PassageReport:
    """Take in texts, each with its key, as documents of one paragraph: all in one commit, or none when
    anything is raised (by the iterable, too).

    A text is taken as it stands, but for white space around it and what `corpus.decode.canonical` replaces.
    It replaces the document of its key; one that has not changed is passed over; of several with the same
    key the last counts. An empty text gives no document and a gap.

    CorpusError for a key that a record cannot have, or a language that is none; IndexProblem for the key of
    a file's document.
    """
    code = language_code(language) if isinstance(language, str) else None
    if code is None:
        raise CorpusError(f"{language!r} is no language", hint='Give its ISO 639-1 code, such as "en"')
    meter = Meter(None)
    with IndexWriter.open(storage, wait=wait) as writer, ThreadPoolExecutor(1) as pool:
        intake = _Intake(storage, writer, code, pool)
        for keys, texts in _batches(passages):
            intake.take(keys, texts)
        return intake.finish(meter)


def _batches(passages: Iterable[tuple[str, str]]) -> Iterator[tuple[list[str], list[str]]]:
    """Keys and texts, about a megabyte of them at a time."""
    keys: list[str] = []
    texts: list[str] = []
    size = 0
    if not isinstance(passages, Iterable):
        raise CorpusError(
            f"the passages are {ascii(passages)[:40]} ({type(passages).__name__}), not pairs of key and text",
            hint="Hand over a list, or any iterable, of pairs",
        )
    some = iter(passages)
    while few := tuple(islice(some, _FEW)):
        new_keys, new_texts = _parted(few)
        keys += new_keys
        texts += new_texts
        size += sum(map(len, new_texts)) + 64 * len(few)
        if size >= _BATCH:
            yield keys, texts
            keys, texts, size = [], [], 0
    if keys:
        yield keys, texts


def _parted(passages: Sequence[tuple[str, str]]) -> tuple[Iterable[str], Sequence[str]]:
    """Keys and texts of some passages, one at least; CorpusError where one is none."""
    if {*map(type, passages)} <= _PAIRS and {*map(len, passages)} == {2}:
        keys, texts = zip(*passages, strict=True)
        if {*map(type, texts)} == {str}:
            return keys, texts
    keys, texts = zip(*map(pair_of, passages), strict=True)  # tells which one is none
    return keys, texts


def _compressing(pool: Executor) -> Compress:
    """Compression in another thread: zlib lets go of the interpreter meanwhile. A few megabytes may wait."""
    waiting: deque[Future[list[bytes]]] = deque()

    def pack(blocks: Sequence[bytes]) -> list[bytes]:
        return [zlib.compress(block, LEVEL) for block in blocks]

    def compress(blocks: Sequence[bytes]) -> Callable[[], Sequence[bytes]]:
        if len(waiting) >= _WAITING:
            waiting.popleft().result()
        waiting.append(pool.submit(pack, blocks))
        return waiting[-1].result

    return compress


class _Intake:
    """One call of `add_passages` under way."""

    def __init__(self, storage: Storage, writer: IndexWriter, language: str, pool: Executor) -> None:
        self._writer = writer
        self._language = language
        self._previous = () if writer.previous is None else writer.previous.views
        self._had = writer.documents
        self._beside_files = writer.has_files
        self._begin = partial(
            PassageSegment,
            storage,
            language,
            KnownTerms(view.segment for view in self._previous),
            pool,
        )
        self._segment = self._begin()
        self._taken: set[str] = set()  # keys; only while there is something that they could repeat
        self._gaps: dict[str, tuple[Gap, ...]] = {}
        self._unchanged = 0
        self._changed = writer.previous is None

    def take(self, keys: list[str], texts: list[str]) -> None:
        """Some passages more."""
        _check_keys(keys)
        if self._beside_files:
            for key in keys:
                self._writer.refuse_file(key)
        texts = list(map(str.strip, texts))
        if len(set(keys)) < len(keys):
            keys, texts = _last_of_each(keys, texts)
        if self._had:
            keys, texts = self._without_unchanged(keys, texts)
        gaps: dict[str, tuple[Gap, ...]] = {}
        joined = _joined(texts)
        if joined is None:
            gaps = _made_canonical(keys, texts)
        if "" in texts:
            joined = None
            gaps |= {key: (Gap(key, EMPTY),) for key, text in zip(keys, texts, strict=True) if not text}
        self._add(keys, texts, {key: told for key, told in gaps.items() if told}, joined)
        if self._segment.size >= _SEGMENT or self._segment.words > _MOST_WORDS:
            self._flush()

    def _without_unchanged(self, keys: list[str], texts: list[str]) -> tuple[list[str], list[str]]:
        new = [at for at, (key, text) in enumerate(zip(keys, texts, strict=True)) if self._is_new(key, text)]
        self._unchanged += len(keys) - len(new)
        self._taken.update(keys[at] for at in new)
        return [keys[at] for at in new], [texts[at] for at in new]

    def _is_new(self, key: str, text: str) -> bool:
        if key in self._taken or not self._writer.holds_passage(key):
            return True
        for view in self._previous:
            number = view.find(key)
            if number is not None:
                segment = view.segment
                language = segment.languages[segment.language_of[number]]
                return (language, segment.text(number)) != (self._language, text)
        return True

    def _add(
        self,
        keys: list[str],
        texts: list[str],
        gaps: dict[str, tuple[Gap, ...]],
        joined: bytes | None,
    ) -> None:
        for key in keys if self._gaps else ():
            self._gaps.pop(key, None)
        self._gaps |= gaps
        held = [at for at, text in enumerate(texts) if text] if gaps else range(len(texts))
        if len(held) < len(texts):
            keys, texts = [keys[at] for at in held], [texts[at] for at in held]
        self._segment.add(keys, texts, gaps, joined)

    def _flush(self) -> None:
        built, passages = self._segment.finish()
        rows = self._writer.rows
        if built.documents or any(rows.get(row.source.key) != row for row in built.rows):
            self._writer.add(built, passages)
            self._changed = True
        self._segment = self._begin()

    def finish(self, meter: Meter) -> PassageReport:
        self._flush()
        writer = self._writer
        new = writer.uncommitted
        gone = [key for key in self._gaps if not writer.owns(key) and _held(self._previous, key)]
        changed = self._had - (writer.documents - new) - len(gone)
        if self._changed:
            complete = writer.previous is None or writer.previous.manifest.complete
            writer.commit(complete=complete)
        return PassageReport(
            added=new - changed,
            changed=changed,
            unchanged=self._unchanged,
            gaps=tuple(sorted((gap.key, gap.told()) for gaps in self._gaps.values() for gap in gaps)),
            documents=writer.documents,
            seconds=meter.seconds,
            generation=writer.generation,
        )


class PassageSegment:
    """A segment that is being made of passages in one language."""

    def __init__(
        self, storage: Storage, language: str, terms: Terms | None = None, pool: Executor | None = None
    ) -> None:
        """terms: as for `segment.build_segment`. pool: one thread that helps."""
        self._storage = storage
        self._language = language
        self._pool = pool
        self._tables = TableWriter(_compressing(pool) if pool is not None else at_once)
        lexicon = None if terms is None else terms.lexicon(language)
        self._inverter = Inverter(language, lexicon=lexicon, likeness=True, helper=pool)
        self._noted: dict[str, tuple[int, SourceRow]] = {}  # by key, with the documents there were then
        self.size = 0

    def add(
        self,
        keys: Sequence[str],
        texts: Sequence[str],
        gaps: Mapping[str, tuple[Gap, ...]] = _NO_GAPS,
        joined: bytes | None = None,
    ) -> None:
        """Documents of one paragraph, which is the text: canonical, not empty, and without white space
        around it. Keys are distinct within a call; a document of an earlier call is replaced.

        gaps: what is to be told of keys. Those that are not among `keys` lose the document that they have.
        joined: the texts in UTF-8, NULs between, where that is at hand. UnicodeEncodeError for lone
        surrogates."""
        if texts:
            together = "\0".join(texts).encode() if joined is None else joined
            borders = set_at(np.frombuffer(together, np.uint8) == 0)
            ends = np.append(borders, len(together))
            self._tables.add_plain(keys, texts, together, ends, self._language)
            self._inverter.add_joined(together, ends)
        self.size += sum(map(len, texts))
        held = set(keys) if gaps else ()
        for key, told in gaps.items():
            row = SourceRow(passage_source(key), (key,) if key in held else (), told)
            self._noted[key] = (self._tables.documents, row)

    @property
    def words(self) -> int:
        """Different words that are held."""
        return self._inverter.words

    def finish(self) -> tuple[BuiltSegment, Sequence[bytes]]:
        """The segment, with the rows of what was noted; and keys of the other documents in it."""
        tables = self._tables
        order = tables.in_key_order()
        replaced = {one for one, other in pairwise(order) if tables.keys[one] == tables.keys[other]}
        rows: dict[bytes, SourceRow] = {}
        for key, (count, row) in self._noted.items():
            numbers = _numbers(key.encode(), tables.keys, order)
            if not numbers or numbers[-1] < count:
                rows[key.encode()] = row
                replaced.update(() if row.documents else numbers)
        left = tables.documents - len(replaced)
        file = self._write(order, replaced) if left else None
        passages = tables.keys
        if replaced or rows:
            passages = [key for at, key in enumerate(passages) if at not in replaced and key not in rows]
        return BuiltSegment(file, left, left, tuple(rows.values())), passages

    def _write(self, order: Sequence[int], replaced: set[int]) -> FileEntry:
        counts = dict.fromkeys(("paragraphs", "sections", "documents"), self._tables.documents)
        self._tables.end()
        self._inverter.end()
        columns = self._tables.columns.columns()
        arranged = partial(self._tables.arrays, order)
        del self._tables  # its rows are as large as the postings to come
        waiting = aside(self._pool, arranged)
        del arranged
        fields = {f"text.{self._language}": self._inverter.finish()}
        fields = {name: inverted for name, inverted in fields.items() if inverted.surfaces}
        file = write_segment(self._storage, counts, [self._language], waiting(), fields, columns, self._pool)
        if not replaced:
            return file
        # Keys that come twice are rare, and known only now: the segment is written again without the former.
        view = View(Segment(self._storage, file), np.array(sorted(replaced), np.uint32))
        kept = merge(self._storage, [view])
        self._storage.remove(file.name)
        return kept


def _last_of_each(keys: Sequence[str], texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """Each key with its last text, where that stands."""
    last: dict[str, str] = {}
    for key, text in zip(keys, texts, strict=True):
        last.pop(key, None)
        last[key] = text
    return list(last), list(last.values())


def _numbers(key: bytes, keys: Sequence[bytes], order: Sequence[int]) -> list[int]:
    """The numbers of the documents with a key, ascending."""
    first = bisect_left(order, key, key=keys.__getitem__)
    return list(takewhile(lambda number: keys[number] == key, islice(order, first, None)))


def _check_keys(keys: Sequence[str]) -> None:
    """CorpusError for a key that no record can have."""
    try:
        fine = "".join(keys).isprintable() and "" not in keys and max(map(len, keys)) <= LONGEST_KEY
    except TypeError:
        fine = False
    if not fine:
        for key in keys:
            check_key(key)


def _made_canonical(keys: Sequence[str], texts: list[str]) -> dict[str, tuple[Gap, ...]]:
    """Put the texts that are not into canonical form; what is to be told of that, by key."""
    gaps: dict[str, tuple[Gap, ...]] = {}
    for at, (key, text) in enumerate(zip(keys, texts, strict=True)):
        decoded = canonical(text)
        texts[at] = decoded.text.strip()
        gaps[key] = tuple(Gap(key, problem, "encoding") for problem in decoded.problems)
    return gaps


def _joined(texts: Sequence[str]) -> bytes | None:
    """The texts in UTF-8, NULs between; None when one of them, at least, is not in canonical form."""
    try:
        together = "\0".join(texts).encode()
    except UnicodeEncodeError:
        return None  # there are lone surrogates
    if b"\r" in together or together.count(b"\0") != len(texts) - 1:
        return None
    if not together.isascii() and any(last in together and char in together for last, char in _REPLACED):
        return None
    return together


def _held(views: Iterable[View], key: str) -> bool:
    return any(view.find(key) is not None for view in views)

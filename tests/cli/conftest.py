"""A small article, an index that answers what a test tells it to, and the command line in its own folder."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from docsearch.cli import locate, main
from docsearch.corpus.citation import Citation, words_hash
from docsearch.corpus.model import Document, Gap, Metadata, Paragraph, PartialDate, Section
from docsearch.index.changes import Changes
from docsearch.index.query import Scope
from docsearch.index.records import Totals
from docsearch.index.reports import Progress, ProgressSink, PurgeReport, Root, Status, UpdateReport
from docsearch.search import facade, samples
from docsearch.search.citing import Resolved
from docsearch.search.results import Hit, QueryReading, Results, Snippet

GOLDEN = Path(__file__).parent.parent / "golden" / "cli"

TEXT = """# Water act

The ministry grants **permits** for discharge into rivers.

## Permits

Whoever discharges waste water needs a [permit](https://example.org/permit) of
the authority. A permit is valid for ten years.

It may be withdrawn.

## Fees

The fee is 100 euros.
"""


def _document() -> Document:
    starts = [TEXT.index(words) for words in ("The ministry", "Whoever", "It may", "The fee")]
    ends = [TEXT.index("\n\n", start) if "\n\n" in TEXT[start:] else len(TEXT) - 1 for start in starts]
    lines = [TEXT.count("\n", 0, start) + 1 for start in starts]
    where = [(1, 1), (2, 1), (2, 2), (3, 1)]
    first, second = TEXT.index("## Permits"), TEXT.index("## Fees")
    return Document(
        key="laws/water act.md",
        text=TEXT,
        sections=(
            Section("", 0, None, (0,), (0, 0), 0, 0, 0, 0),
            Section("Water act", 1, None, (1,), (2, 11), 0, len(TEXT), 0, 4),
            Section("Permits", 2, 1, (1, 1), (first + 3, first + 10), first, second, 1, 3),
            Section("Fees", 2, 1, (1, 2), (second + 3, second + 7), second, len(TEXT), 3, 4),
        ),
        paragraphs=tuple(
            Paragraph(start, end, section, ordinal, line)
            for start, end, line, (section, ordinal) in zip(starts, ends, lines, where, strict=True)
        ),
        meta=Metadata(
            title="Water act",
            type="text/markdown",
            source="Gazette",
            place="Riverton",
            published=PartialDate(2021, 3, guessed=True),
            extra={"number": 7, "tags": ("water", "fees")},
        ),
    )


def _hit(document: Document) -> Hit:
    """The second paragraph of the article, "permit" marked in both of its sentences."""
    paragraph = document.paragraphs[1]
    text = document.text[paragraph.start : paragraph.end]
    cut = text.index("A permit") + paragraph.start
    marks = [_marks(document.text, "permit]", 6), _marks(document.text, "permit is", 6)]
    return Hit(
        rank=1,
        score=7.25,
        key=document.key,
        root="laws",
        path="water act.md",
        title=document.meta.title,
        meta=document.meta,
        headings=("Water act", "Permits"),
        section=(1, 1),
        paragraph=1,
        line=paragraph.line,
        page="",
        start=paragraph.start,
        end=paragraph.end,
        text=text,
        snippets=(
            Snippet(paragraph.start, cut - 1, document.text[paragraph.start : cut - 1], (marks[0],)),
            Snippet(cut, paragraph.end, document.text[cut : paragraph.end], (marks[1],)),
        ),
        citation=str(Citation(document.key, (1, 1), 1, words_hash(text))),
    )


def _marks(text: str, words: str, length: int) -> tuple[int, int]:
    start = text.index(words)
    return start, start + length


@dataclass
class FakeIndex:
    """Answers with what stands in it, and notes what it was asked."""

    results: Results
    status_: Status
    known: Document
    path: Path | None = Path("/srv/laws.index")
    generation: int = 3
    gaps_: tuple[Gap, ...] = ()
    report: UpdateReport | None = None
    purged: PurgeReport | None = None
    resolved: Resolved | None = None
    failure: BaseException | None = None
    steps: list[Progress] = field(default_factory=list)
    asked: list[tuple[str, Any]] = field(default_factory=list)

    def search(self, query: str, **options: Any) -> Results:
        self.asked.append((query, options))
        self._fail()
        return self.results

    def resolve(self, citation: str) -> Resolved:
        self.asked.append((citation, {}))
        self._fail()
        assert self.resolved is not None
        return self.resolved

    def document(self, key: str) -> Document | None:
        return self.known if key == self.known.key else None

    def status(self) -> Status:
        self._fail()
        return self.status_

    def gaps(self) -> tuple[Gap, ...]:
        return self.gaps_

    @property
    def outdated(self) -> bool:
        return False

    def changes(self) -> Changes:
        return Changes((), (), (), (), 0, (), 0.0)

    def fingerprint(self) -> str:
        return "1:00"

    def update(
        self, paths: Any = None, *, progress: ProgressSink | None = None, **options: Any
    ) -> UpdateReport:
        self.asked.append(("update", {"paths": paths, **options}))
        for step in self.steps if progress else ():
            progress(step)  # type: ignore[misc]
        self._fail()
        assert self.report is not None
        return self.report

    def purge(self, **options: Any) -> PurgeReport:
        self.asked.append(("purge", options))
        self._fail()
        return self.purged or PurgeReport(3, 1, versions=0, kept=0, bytes=1234, seconds=0.1, generation=5)

    def _fail(self) -> None:
        if self.failure is not None:
            raise self.failure

    def __enter__(self) -> FakeIndex:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@dataclass
class Run:
    """What a run of the command left behind."""

    code: int
    out: str
    err: str


Runner = Callable[..., Run]


@pytest.fixture
def document() -> Document:
    return _document()


@pytest.fixture
def hit(document: Document) -> Hit:
    return _hit(document)


@pytest.fixture
def results(hit: Hit) -> Results:
    """One hit for the query "permit"."""
    return Results(
        hits=(hit,),
        totals=Totals(units=1, paragraphs=1, documents=1),
        seconds=0.0124,
        reading=QueryReading("permit", "permit", (), Scope.DOCUMENT, 1, (("en", "a1"),), 3),
        documents=2,
        gaps=0,
        incomplete=False,
    )


@pytest.fixture
def nothing(results: Results) -> Results:
    """The same question without any hit."""
    return replace(results, hits=(), totals=Totals(0, 0, 0))


@pytest.fixture
def status() -> Status:
    return Status(
        path="/srv/laws.index",
        format=1,
        generation=3,
        created=dt.datetime(2024, 1, 1, 12, tzinfo=dt.UTC),
        updated=dt.datetime(2024, 5, 6, 7, 8, tzinfo=dt.UTC),
        incomplete=False,
        roots=(Root("laws", "/srv/laws"),),
        documents=2,
        sections=8,
        paragraphs=1234,
        languages={"en": 1230, "de": 4},
        gaps=0,
        segments=1,
        size=3_456_789,
        analysers={"en": "a1", "de": "b2"},
    )


@pytest.fixture
def report() -> UpdateReport:
    return UpdateReport(
        added=("laws/new.md",),
        changed=(),
        renamed=(("laws/a.md", "laws/b.md"),),
        removed=("laws/old.md",),
        unchanged=12,
        gaps=(),
        documents=14,
        bytes=3_400_000,
        seconds=0.31,
        generation=4,
    )


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine shows through: no index, no terminal, no wishes in the environment."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(locate, "own_index", lambda: tmp_path / "own" / "index")
    for name in ("DOCSEARCH_INDEX", "DOCSEARCH_DEBUG", "NO_COLOR", "FORCE_COLOR", "TERM", "LESS", "PAGER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Runner:
    """Run `docsearch` in this process, as `run("status", "--gaps")`."""

    def call(*args: str) -> Run:
        capsys.readouterr()
        code = main(args)
        captured = capsys.readouterr()
        return Run(code, captured.out, captured.err)

    return call


@pytest.fixture
def index(
    results: Results,
    status: Status,
    document: Document,
    report: UpdateReport,
    monkeypatch: pytest.MonkeyPatch,
) -> FakeIndex:
    """What every command opens, whatever path it names. DOCSEARCH_INDEX names it, so it is not announced."""
    fake = FakeIndex(results, status, document, report=report)
    monkeypatch.setattr(facade, "open_index", lambda path, create=False: fake)
    monkeypatch.setattr(samples, "open_samples", lambda: fake)
    monkeypatch.setenv("DOCSEARCH_INDEX", "/srv/laws.index")
    return fake


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compare with a file of tests/golden/cli; write it instead when DOCSEARCH_GOLDEN=write is set."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if os.environ.get("DOCSEARCH_GOLDEN") == "write":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare

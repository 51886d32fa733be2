"""What was set out to be reached, and how far a run got: every measure as a ratio with its bound."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from .figures import percentile
from .results import Run

__all__ = ["GOALS", "Goal", "Outcome", "mb_per_second", "outcomes"]

OURS = "docsearch_engine"

Figure = Callable[[Run], float]


@dataclass(frozen=True, slots=True)
class Goal:
    """A measure: ours against theirs, or ours alone (then the bound is in its own unit).

    at_least: the ratio should reach the bound; else it should not exceed it. Figures raise KeyError for a
    run that lacks them.
    """

    measure: str
    unit: str
    ours: Figure
    theirs: Figure | None
    bound: float
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """ratio: ours to theirs; ours itself where nothing is compared."""

    goal: Goal
    ours: float
    theirs: float | None
    ratio: float

    @property
    def met(self) -> bool:
        return self.ratio >= self.goal.bound if self.goal.at_least else self.ratio <= self.goal.bound


def outcomes(run: Run) -> Iterator[Outcome]:
    """An outcome for every goal whose figures the run holds."""
    for goal in GOALS:
        try:
            ours = goal.ours(run)
            theirs = None if goal.theirs is None else goal.theirs(run)
        except KeyError:
            continue
        yield Outcome(goal, ours, theirs, ours if theirs is None else ours / theirs)


def mb_per_second(run: Run, engine: str) -> float:
    """Megabytes (10^6) of text a second, by the median of its builds."""
    found = run["engines"][engine]
    return found["bytes"] / 1e6 / median(found["seconds"])


def _indexing(engine: str) -> Figure:
    return lambda run: mb_per_second(run, engine)


def _asking(engine: str, mode: str, percent: int) -> Figure:
    return lambda run: percentile(run["engines"][engine]["us"][mode], percent) / 1000


def _size(engine: str) -> Figure:
    return lambda run: run["engines"][engine]["size"] / 1e6


def _queries(mode: str, name: str, bounds: tuple[float, float]) -> Sequence[Goal]:
    return [
        Goal(
            f"{name}, p{percent}, to tantivy's",
            "ms",
            _asking(OURS, mode, percent),
            _asking("tantivy", mode, percent),
            bound,
        )
        for percent, bound in zip((50, 95), bounds, strict=True)
    ]


def _filtered(share: str, mode: str) -> Figure:
    return lambda run: percentile(run["filtered"][share]["us"][mode], 95) / 1000


def _narrowed() -> Sequence[Goal]:
    return [
        Goal(
            f"{name} of the dates that {share} of the blocks have, p95, to all",
            "ms",
            _filtered(share, mode),
            _filtered("all", mode),
            2.0,
        )
        for mode, name in (("or", "OR"), ("and", "AND"), ("phrase", "phrase"))
        for share in ("10%", "1%", "0.1%")
    ]


def _rate(of: Literal["threads", "pool"], side: Literal["one", "many"]) -> Figure:
    def rate(run: Run) -> float:
        found = run["engines"]["docsearch_product"][of]
        seconds = found["one"] if side == "one" else found["many"]
        return found["queries"] / median(seconds)

    return rate


GOALS: tuple[Goal, ...] = (
    Goal("indexing, to tantivy's", "MB/s", _indexing(OURS), _indexing("tantivy"), 1.0, True),
    Goal("indexing, to FTS5's", "MB/s", _indexing(OURS), _indexing("fts5"), 1.8, True),
    Goal("indexing, to stock Whoosh's", "MB/s", _indexing(OURS), _indexing("stock_whoosh"), 30, True),
    *_queries("or", "OR", (1.5, 1.0)),
    Goal("OR, p95, to FTS5's", "ms", _asking(OURS, "or", 95), _asking("fts5", "or", 95), 1 / 40),
    *_queries("and", "AND", (2.5, 1.0)),
    *_queries("phrase", "phrase", (3.0, 1.1)),
    *_narrowed(),
    Goal(
        "20 threads on one `Index`, to one thread",
        "queries/s",
        _rate("threads", "many"),
        _rate("threads", "one"),
        0.85,
        True,
    ),
    Goal(
        "a pool of 2 processes, to one process",
        "queries/s",
        _rate("pool", "many"),
        _rate("pool", "one"),
        1.0,
        True,
    ),
    Goal("index size with text, to tantivy's", "MB", _size(OURS), _size("tantivy"), 1.35),
    Goal("index size with text, to FTS5's", "MB", _size(OURS), _size("fts5"), 0.65),
    Goal(
        "OR, p95, on dc-law and de-gesetze, to dc-law alone",
        "ms",
        lambda run: percentile(run["wider"]["us"]["or"], 95) / 1000,
        _asking(OURS, "or", 95),
        2.5,
    ),
    Goal("peak memory of the engine", "MB", lambda run: run["engines"][OURS]["peak"] / 1e6, None, 800),
    Goal(
        "peak memory of the engine, the text three times over",
        "MB",
        lambda run: run["thrice"]["peak"] / 1e6,
        None,
        800,
    ),
    Goal("peak memory of `docsearch index`", "MB", lambda run: run["product"]["peak"] / 1e6, None, 800),
    Goal(
        "peak memory of `docsearch index`, the files three times over",
        "MB",
        lambda run: run["product"]["thrice"]["peak"] / 1e6,
        None,
        800,
    ),
    Goal(
        "`docsearch index`, to flattening the same files by a short script",
        "s",
        lambda run: median(run["product"]["index"]),
        lambda run: median(run["product"]["flatten_by_other"]),
        1.5,
    ),
    Goal(
        "`docsearch index`, to flattening the same files by `bench.flatten`",
        "s",
        lambda run: median(run["product"]["index"]),
        lambda run: median(run["product"]["flatten"]),
        1.5,
    ),
    Goal("update of 10 changed files", "s", lambda run: median(run["product"]["update"]), None, 1.0),
    Goal("pass with nothing to do", "s", lambda run: median(run["product"]["nothing"]), None, 0.8),
    Goal(
        '`docsearch "precursor chemicals"`, to `python -c "import numpy, click"`',
        "ms",
        lambda run: median(run["product"]["question"]),
        lambda run: median(run["product"]["imports"]),
        2.0,
    ),
)

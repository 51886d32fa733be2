"""Raw numbers as the tables of docs/benchmarks.md."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from statistics import median

from . import judging, pdf, words
from .engines import MODES, PEERS, Mode
from .figures import percentiles
from .goals import mb_per_second, outcomes
from .places import ROOT
from .results import FOLDER, EngineRun, Run, load

__all__ = ["PAGE", "README", "essence", "refreshed", "table"]

PAGE = ROOT / "docs" / "benchmarks.md"
README = ROOT / "README.md"

_PLACE = re.compile(r"(<!-- results: (\S+) -->\n).*?(<!-- end of results -->)", re.DOTALL)
_ESSENCE = re.compile(r"(<!-- essence: (\S+) -->\n).*?(<!-- end of essence -->)", re.DOTALL)
_BASE = "tantivy"
_NONE = "–"
_SHOWN: dict[Mode, str] = {"or": "OR", "and": "AND", "phrase": "phrase"}


def table(path: Path) -> str:
    """A file of results in Markdown: of a run of `measure`, `judge`, `pdf` or `words`."""
    if judging.is_judgement(path):
        return judging.table(judging.load(path))
    if pdf.is_pdf_run(path):
        return pdf.table(pdf.load(path))
    if words.is_words_run(path):
        return words.table(words.load(path))
    run = load(path)
    parts = [_heading(run)]
    if "engines" in run:
        parts += [_indexing(run), _asking(run)]
    if "filtered" in run:
        parts.append(_filtered(run))
    parts.append(_goals(run))
    return "\n\n".join(parts) + "\n"


def refreshed(page: str) -> str:
    """A page with every table, between its markers, made anew from its committed file."""
    page = _PLACE.sub(lambda found: f"{found[1]}\n{table(FOLDER / found[2])}\n{found[3]}", page)
    return _ESSENCE.sub(lambda found: f"{found[1]}\n{essence(load(FOLDER / found[2]))}\n{found[3]}", page)


def essence(run: Run) -> str:
    """What the README tells of a run: the engines side by side, then the command as people run it."""
    shown = [peer for peer in PEERS if peer.name in run["engines"] and peer.limit is None]
    engines = [run["engines"][peer.name] for peer in shown]
    rows = [("indexing, MB/s", *(_short(mb_per_second(run, peer.name)) for peer in shown))]
    for mode, name in (("or", "any of the words"), ("and", "all of the words"), ("phrase", "a phrase")):
        rows.append((f"{name}, p50 / p95, ms", *(_half_and_most(each["us"].get(mode)) for each in engines)))
    rows.append(("index with its text, MB", *(_short(each["size"] / 1e6) for each in engines)))
    product = run["product"]
    table = _grid(["", *(peer.title for peer in shown)], rows)
    whole, changed, one = (
        median(each) for each in (product["index"], product["update"], product["question"])
    )
    files = product["files"]
    return (
        f"{table}\n\n`docsearch index` takes {whole:.1f} s for the {files:,} files of these blocks, "
        f"{changed:.1f} s after ten of them\n"
        f"have changed, and a question in a process of its own {one:.0f} ms.\n"
    )


def _half_and_most(us: Sequence[float] | None) -> str:
    if not us:
        return _NONE
    half, most, _ = percentiles(us)
    return f"{_short(half / 1000)} / {_short(most / 1000)}"


def _heading(run: Run) -> str:
    machine = run["machine"]
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    lines = [
        f"Measured on {run['date']} at commit `{run['commit']}` with `{run['command']}`: {machine['cpu']}, "
        f"{machine['cores']} cores, {machine['memory_gb']} GB, {machine['system']}, load "
        f"{machine['load']:.2f}; Python {machine['python']}, {packages}."
    ]
    if "text" in run:
        text = run["text"]
        lines.append(f"Text: {text['name']}, {text['blocks']:,} blocks, {text['bytes'] / 1e6:.1f} MB.")
    if "queries" in run:
        counts = ", ".join(f"{run['queries'][mode]:,} {_SHOWN[mode]}" for mode in MODES)
        lines.append(f"Queries: {counts}; medians of {run['rounds']} rounds.")
    return " ".join(lines)


def _known(run: Run) -> Iterator[tuple[str, EngineRun]]:
    for peer in PEERS:
        if (found := run["engines"].get(peer.name)) is not None:
            part = "" if peer.limit is None else f" ({found['blocks']:,} blocks)"
            versions = " ".join(
                version for name, version in found["versions"].items() if name == peer.packages[0]
            )
            yield f"{peer.title}{part} {versions}".rstrip(), found


def _indexing(run: Run) -> str:
    base = run["engines"].get(_BASE)
    names = [peer.name for peer in PEERS if peer.name in run["engines"]]
    rows = []
    for name, (title, found) in zip(names, _known(run), strict=True):
        whole = base is not None and found["blocks"] == base["blocks"]
        rate = mb_per_second(run, name)
        to_base = rate / mb_per_second(run, _BASE) if base is not None else None
        smaller = found["size"] / base["size"] if base is not None and whole else None
        rows.append(
            (
                title,
                _times(rate, to_base),
                f"{median(found['seconds']):.1f}",
                _megabytes(found["peak"]),
                _times(found["size"] / 1e6, smaller),
                f"{found['size'] / found['bytes']:.2f}",
            )
        )
    head = ("engine", "MB/s (to tantivy)", "seconds", "peak MB", "index MB (to tantivy)", "index to text")
    return _grid(head, rows)


def _asking(run: Run) -> str:
    base = run["engines"].get(_BASE, EngineRun()).get("us", {})
    rows = []
    for title, found in _known(run):
        cells = (_mode(mode, found.get("us", {}), base) for mode in MODES)
        same = found.get("agreeing", {})
        agreeing = " / ".join(f"{same[mode]:.0%}" if mode in same else _NONE for mode in MODES)
        rows.append((title, *cells, agreeing))
    head = ("p50 / p95 / p99 in ms (to tantivy)", *_SHOWN.values(), "same totals as docsearch")
    return _grid(head, rows)


def _mode(mode: Mode, times: dict[str, list[float]], base: dict[str, list[float]]) -> str:
    if mode not in times:
        return _NONE
    ours = percentiles(times[mode])
    cell = " / ".join(_short(value / 1000) for value in ours)
    if mode in base:
        ratios = zip(ours, percentiles(base[mode]), strict=True)
        cell += f" ({' / '.join(_short(one / other) for one, other in ratios)})"
    return cell


def _filtered(run: Run) -> str:
    base = run["filtered"]["all"]["us"]
    rows = [
        (share, *(_mode(mode, found["us"], base) for mode in MODES))
        for share, found in run["filtered"].items()
    ]
    return _grid(("blocks kept by a date range: p50 / p95 / p99 in ms (to all)", *_SHOWN.values()), rows)


def _goals(run: Run) -> str:
    rows = []
    for outcome in outcomes(run):
        goal = outcome.goal
        alone = outcome.theirs is None
        sign = "at least" if goal.at_least else "at most"
        bound = f"{sign} {_short(goal.bound)}{f' {goal.unit}' if alone else ' x'}"
        rows.append(
            (
                goal.measure,
                f"{_short(outcome.ours)} {goal.unit}",
                _NONE if outcome.theirs is None else f"{_short(outcome.theirs)} {goal.unit}",
                _NONE if alone else f"{_short(outcome.ratio)} x",
                bound,
                "yes" if outcome.met else "no",
            )
        )
    return _grid(("measure", "docsearch", "compared with", "ratio", "goal", "met"), rows)


def _times(value: float, ratio: float | None) -> str:
    return _short(value) if ratio is None else f"{_short(value)} ({_short(ratio)} x)"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.0f}" if size else _NONE


def _short(value: float) -> str:
    """Three significant digits, without an exponent."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def _grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)

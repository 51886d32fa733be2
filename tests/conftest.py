"""Settings and helpers that all tests share."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from docsearch.corpus.model import Document
from docsearch.search.engine import Engine
from hypothesis import settings

# No timed assertions: the machine that runs the tests may be slow or busy.
settings.register_profile("docsearch", deadline=None, print_blob=True)
settings.load_profile("docsearch")


_FIGURES = pytest.StashKey[dict[str, dict[str, float]]]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long forms of bounded checks run where `-m slow` asks for them, or DOCSEARCH_SLOW is set."""
    if not os.environ.get("DOCSEARCH_SLOW") and config.option.markexpr != "slow":
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason="a long form: -m slow runs it"))


@pytest.fixture
def figures(pytestconfig: pytest.Config) -> Callable[..., None]:
    """figures(part, **numbers): what a long form came to; told at the end of the run, and kept in the
    JSON file that DOCSEARCH_FIGURES names, with the commit and the machine (`bench/trust.py`)."""

    def note(part: str, **numbers: float) -> None:
        pytestconfig.stash.setdefault(_FIGURES, {})[part] = numbers
        if path := os.environ.get("DOCSEARCH_FIGURES"):
            sys.path.append(str(Path(__file__).parent.parent))  # `bench` belongs to no package
            from bench import trust  # few runs note figures

            trust.note(Path(path), part, numbers)

    return note


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for part, numbers in config.stash.get(_FIGURES, {}).items():
        told = ", ".join(f"{name.replace('_', ' ')} {number:,}" for name, number in numbers.items())
        terminalreporter.write_line(f"{part}: {told}")


def _support(name: str) -> Any:
    """A module of tests/support, which is no package: the tests are collected without one."""
    full_name = f"docsearch_tests_{name}"
    if full_name not in sys.modules:
        path = Path(__file__).parent / "support" / f"{name}.py"
        spec = importlib.util.spec_from_file_location(full_name, path)
        if spec is None or spec.loader is None:
            raise ImportError(f"no module at {path}")
        module = importlib.util.module_from_spec(spec)
        sys.modules[full_name] = module
        spec.loader.exec_module(module)
    return sys.modules[full_name]


@pytest.fixture(scope="session")
def make_document() -> Callable[..., Document]:
    """make_document(key, text, *, title="", language="en"): `#` headings, blank lines between paragraphs."""
    found: Callable[..., Document] = _support("documents").make_document
    return found


@pytest.fixture(scope="session")
def reference_engine() -> Callable[[Sequence[Document]], Engine]:
    """The class ReferenceEngine: brute force over documents, to compare the real engine with."""
    found: Callable[[Sequence[Document]], Engine] = _support("reference_engine").ReferenceEngine
    return found


@pytest.fixture(scope="session")
def engine_of(
    make_document: Callable[..., Document], reference_engine: Callable[[Sequence[Document]], Engine]
) -> Callable[..., Engine]:
    """engine_of(*texts, language="en") or engine_of(**{key: text}): a reference engine over documents with
    the keys `0`, `1`, ... or as given."""

    def make(*texts: str, language: str = "en", **by_key: str) -> Engine:
        named = {str(number): text for number, text in enumerate(texts)} | by_key
        return reference_engine([make_document(key, text, language=language) for key, text in named.items()])

    return make

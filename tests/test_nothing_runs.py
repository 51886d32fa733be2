"""Nothing in an index, a document or a file of synonyms is executed or fetched, or acts on a terminal."""

from __future__ import annotations

import ast
import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docsearch
import pytest
from docsearch import whoosh_index
from docsearch.cli.render.safe import UNSAFE
from docsearch.errors import IndexProblem
from hostile import FORMATS, PICKLE

ROOT = Path(__file__).parent.parent
PROGRAM = Path(__file__).parent / "support" / "hostile.py"

# What may stand where: between processes of one's own, and NLTK's own modules, one without the rest.
ALLOWED = {
    ("search/pool.py", "pickle"),
    ("search/pool_worker.py", "pickle"),
    ("index/analysis/lean.py", "exec_module"),
    ("index/analysis/lean.py", "__import__"),
}
MODULES = ("pickle", "cPickle", "marshal", "shelve", "dill", "code", "runpy", "imp")
CALLS = ("eval", "exec", "compile", "__import__", "exec_module", "run_path", "run_module")
LOADS = ("load", "load_all", "unsafe_load", "full_load")  # of yaml, without a safe loader


def suspects(tree: ast.AST) -> Iterator[str]:
    """What could run something that came in as data."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.partition(".")[0] in MODULES)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield from [node.module] if node.module.partition(".")[0] in MODULES else []
        elif isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name) and called.id in CALLS:
                yield called.id
            elif isinstance(called, ast.Attribute):
                if called.attr in CALLS and not is_module(called.value, "re"):
                    yield called.attr
                elif (
                    called.attr in LOADS and isinstance(called.value, ast.Name) and called.value.id == "yaml"
                ):
                    yield "yaml"
            yield from ("shell" for word in node.keywords if word.arg == "shell")
            yield from ("allow_pickle" for word in node.keywords if word.arg == "allow_pickle")


def is_module(value: ast.expr, name: str) -> bool:
    return isinstance(value, ast.Name) and value.id == name


def test_no_source_of_ours_can_run_data() -> None:
    files = [path for name in ("corpus", "index", "search", "cli") for path in (ROOT / name).rglob("*.py")]
    files += ROOT.glob("*.py")
    found = {
        (path.relative_to(ROOT).as_posix(), suspect)
        for path in files
        for suspect in suspects(ast.parse(path.read_text("utf-8")))
    }
    assert len(files) > 200
    assert found == ALLOWED


def test_what_is_looked_for_is_found() -> None:
    for source in ("import pickle", "eval(x)", "f.exec_module(m)", "yaml.load(x)", "run(x, shell=True)"):
        assert len(list(suspects(ast.parse(source)))) == 1, source
    assert list(suspects(ast.parse("re.compile(x); yaml.safe_load(x); self.load(x)"))) == []


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What was seen, left behind and printed while hostile files were indexed and asked for in every way."""
    folder = tmp_path_factory.mktemp("hostile")
    program = [sys.executable, "-W", "ignore", str(PROGRAM), str(folder)]
    return json.loads(subprocess.run(program, stdout=subprocess.PIPE, text=True, check=True).stdout)


def test_nothing_is_executed_or_fetched(done: Any) -> None:
    assert done["proved"]
    assert done["seen"] == ""
    assert done["left"] == []
    indexed = done["outputs"][0]
    assert "(14 added)" in indexed[2]
    assert indexed[1] == 1  # with gaps


def test_nothing_that_is_printed_acts_on_a_terminal(done: Any) -> None:
    assert len(done["outputs"]) > 30
    for arguments, _, out, err in done["outputs"]:
        assert not UNSAFE.search((out + err).replace("\n", "")), arguments
        assert "Traceback" not in err
        assert "this is a bug" not in err


def test_tables_for_spreadsheets_hold_no_formula(done: Any) -> None:
    (out,) = (out for arguments, _, out, _ in done["outputs"] if "csv" in arguments)
    rows = list(csv.reader(io.StringIO(out)))
    assert any("cmd|" in cell for row in rows for cell in row)
    assert not [cell for row in rows for cell in row if cell.startswith(tuple("=+-@\t\r"))]


def test_json_is_strict(done: Any) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    outputs = {form: out for form in FORMATS for arguments, _, out, _ in done["outputs"] if form in arguments}
    for text in (outputs["json"], *outputs["jsonl"].splitlines()):
        json.loads(text, parse_constant=refuse)
        text.encode()


@pytest.mark.parametrize(
    "name", ["MANIFEST", "catalog-*", "segment-*", "deletions-*", "MAIN_1.toc", "_MAIN_1.toc"]
)
def test_a_pickle_in_the_place_of_a_file_is_no_file(tmp_path: Path, name: str) -> None:
    with docsearch.open(tmp_path / "index", create=True) as index:
        index.add_passages([("a", "A permit."), ("b", "Another permit.")])
        index.delete(["a"])
    (file,) = list((tmp_path / "index").glob(name)) or [tmp_path / "index" / name]
    file.write_bytes(PICKLE)
    if name.endswith(".toc"):  # Whoosh's own, which nothing here reads
        assert docsearch.open(tmp_path / "index").search("permit").totals.documents == 1
        return
    with pytest.raises(IndexProblem):
        everything(tmp_path / "index")
    with pytest.raises(IndexProblem):
        whoosh_index.open_dir(tmp_path / "index")


def everything(path: Path) -> None:
    with docsearch.open(path) as index:
        index.document("b")
        _ = index.engine.rows

"""Schemas of callers as JSON, and what stands on disk: nothing that could run, everything checked."""

# mypy: allow-untyped-calls

from __future__ import annotations

import importlib.metadata
import json
import re
from pathlib import Path
from typing import Any

import pytest
from docsearch import Record
from docsearch.errors import DocsearchError, IndexCorrupt, IndexIncompatible, IndexProblem
from docsearch.index.adapter import installed
from docsearch.index.adapter.rows.components import describe_part, make_part, same
from docsearch.index.adapter.rows.fieldtypes import schema_from_plain, schema_to_plain
from docsearch.index.adapter.rows.generation import Generation
from docsearch.index.analysis.analyser import PolicyAnalyzer
from docsearch.index.storage import FolderStorage, MemoryStorage
from docsearch.search.facade import Index, open_index
from docsearch.whoosh_index import create_in, create_in_memory, exists_in, open_dir
from whoosh import analysis, columns, fields, formats, query
from whoosh.fields import Schema
from whoosh.lang import lovins
from whoosh.support.charset import accent_map

TEXT = "Wi-Fi PowerShot2000's rivers; the ÉTÉ of state-parties^2.5 a/b 12:30"

ANALYSERS = [
    analysis.StandardAnalyzer(),
    analysis.StandardAnalyzer(stoplist=["x"], minsize=1, maxsize=9, gaps=True, expression=r"[,.\s]+"),
    analysis.StemmingAnalyzer(),
    analysis.StemmingAnalyzer(stemfn=lovins.stem, ignore=["rivers"], cachesize=-1),
    analysis.FancyAnalyzer(),
    analysis.LanguageAnalyzer("fr"),
    analysis.SimpleAnalyzer(re.compile(r"\w+", re.ASCII)),
    analysis.KeywordAnalyzer(lowercase=True, commas=True),
    analysis.IDAnalyzer(lowercase=True),
    analysis.NgramAnalyzer(2, 4),
    analysis.NgramWordAnalyzer(2, 3, at="start"),
    analysis.RegexTokenizer() | analysis.CharsetFilter(accent_map),
    analysis.PathTokenizer(),
    analysis.RegexTokenizer(r"\S+") | analysis.DelimitedAttributeFilter(),
    analysis.RegexTokenizer() | analysis.SubstitutionFilter("-", "_") | analysis.ReverseTextFilter(),
    analysis.RegexTokenizer() | analysis.TeeFilter(analysis.PassFilter(), analysis.LowercaseFilter()),
    analysis.RegexTokenizer()
    | analysis.MultiFilter(index=analysis.LowercaseFilter(), query=analysis.PassFilter()),
    analysis.RegexTokenizer() | analysis.DoubleMetaphoneFilter(combine=True),
    analysis.RegexTokenizer() | analysis.CompoundWordFilter({"power", "shot"}),
    analysis.SimpleAnalyzer() | analysis.BiWordFilter() | analysis.StripFilter(),
    analysis.SimpleAnalyzer() | analysis.ShingleFilter(3, sep=" "),
    analysis.RegexTokenizer(r"\S+") | analysis.IntraWordFilter("-'", splitnums=False, mergewords=True),
    PolicyAnalyzer("en"),
]


@pytest.mark.parametrize("analyser", ANALYSERS, ids=range(len(ANALYSERS)))
def test_analysers_survive_as_json(analyser: Any) -> None:
    described = json.loads(json.dumps(describe_part(analyser), sort_keys=True))
    again = make_part(described)
    assert same(again, analyser)
    for mode in ("index", "query"):
        tokens = [(t.text, t.pos, t.boost) for t in analyser(TEXT, positions=True, boosts=True, mode=mode)]
        assert [
            (t.text, t.pos, t.boost) for t in again(TEXT, positions=True, boosts=True, mode=mode)
        ] == tokens
        assert tokens


class OwnFilter(analysis.Filter):  # type: ignore[misc, unused-ignore]
    def __call__(self, tokens: Any) -> Any:  # type: ignore[override, unused-ignore]
        return tokens


class OwnText(fields.TEXT):  # type: ignore[misc, unused-ignore]
    pass


@pytest.mark.parametrize(
    "field",
    [
        fields.TEXT(analysis.RegexTokenizer() | OwnFilter()),
        fields.TEXT(analysis.StemmingAnalyzer(stemfn=lambda word: word)),
        fields.TEXT(analysis.RegexTokenizer() | analysis.LoggingFilter()),
        OwnText(),
        fields.FieldType(formats.PositionBoosts(), analysis.StandardAnalyzer()),
        fields.TEXT(phrase=False, vector=formats.Positions()),
        fields.COLUMN(columns.PickleColumn(columns.VarBytesColumn())),
        fields.COLUMN(columns.CompressedBytesColumn(module="bz2")),
        fields.ReverseField(fields.TEXT()),
    ],
)
def test_what_cannot_be_kept_is_refused_at_once(field: Any) -> None:
    with pytest.raises(IndexProblem, match=r"the field '(rev_)?odd' cannot be kept in an index") as raised:
        create_in_memory(Schema(odd=field))
    assert raised.value.hint


FIELDS = [
    fields.ID(stored=True, unique=True, sortable=True, field_boost=2.0),
    fields.IDLIST(expression=re.compile(r"[^;]+")),
    fields.KEYWORD(commas=True, lowercase=True, scorable=True, vector=True),
    fields.TEXT(chars=True, vector=formats.Frequency(), sortable=True, spelling=True, multitoken_query="and"),
    fields.TEXT(analysis.StemmingAnalyzer(), spelling=True, sortable=columns.RefBytesColumn(4, b"abcd")),
    fields.NGRAM(2, 5, queryor=True, phrase=True),
    fields.NGRAMWORDS(3, 3, at="end"),
    fields.NUMERIC(int, 16, signed=False, shift_step=0, sortable=True),
    fields.NUMERIC(float, default=1.5, sortable=True),
    fields.NUMERIC(int, 64, decimal_places=3, sortable=columns.NumericColumn("q", default=-7)),  # type: ignore[arg-type, unused-ignore]
    fields.DATETIME(sortable=True, unique=True),
    fields.BOOLEAN(stored=True, field_boost=0.5),
    fields.STORED(),
    fields.COLUMN(columns.BitColumn()),
    fields.COLUMN(columns.FixedBytesColumn(2, b"\0\xff")),
    fields.FieldType(formats.Frequency(), analysis.StandardAnalyzer(), scorable=True),
]


@pytest.mark.parametrize("field", FIELDS, ids=range(len(FIELDS)))
def test_fields_survive_as_json(field: Any) -> None:
    schema = Schema(one=field)
    schema.add("dyn_*", field, glob=True)
    described = schema_to_plain(schema)
    again = schema_from_plain(json.loads(json.dumps(described, sort_keys=True, allow_nan=False)))
    assert again.names() == schema.names()
    assert schema_to_plain(again) == described
    assert type(again["dyn_x"]) is type(field)
    for name in ("stored", "unique", "scorable", "indexed", "multitoken_query", "spelling"):
        assert getattr(again["one"], name, None) == getattr(field, name, None)


def test_columns_hold_what_fits() -> None:
    kinds: dict[str, Any] = {
        "bit": columns.BitColumn(),
        "byte": columns.NumericColumn("b", default=-1),
        "real": columns.NumericColumn("f"),
        "two": columns.FixedBytesColumn(2),
        "text": columns.CompressedBytesColumn(),
    }
    ix = create_in_memory(Schema(**{name: fields.COLUMN(kind) for name, kind in kinds.items()}))
    values = {"bit": True, "byte": -128, "real": 0.5, "two": b"ab", "text": b"x" * 9}
    with ix.writer() as writer:
        writer.add_document(**values)
        writer.add_document()
        for name, bad in (("byte", 128), ("byte", "x"), ("two", b"abc"), ("text", "x")):
            with pytest.raises(IndexProblem, match=f"column of the field {name!r}"):
                writer.add_document(**{name: bad})
    reader = ix.reader()
    found = {name: [*reader.column_reader(name, translate=False)] for name in kinds}
    defaults = {"bit": False, "byte": -1, "real": 0.0, "two": b"\0\0", "text": b""}
    assert found == {name: [values[name], defaults[name]] for name in kinds}
    backwards: Any = reader.column_reader("byte", reverse=True, translate=False)
    assert [backwards.sort_key(number) for number in (0, 1)] == [128, 1]


# On disk


def filled(path: Path) -> None:
    ix = create_in(
        path,
        Schema(path=fields.ID(stored=True, unique=True, sortable=True), content=fields.TEXT(stored=True)),
    )
    for path_, text in (("a", "river treaty"), ("b", "river")):
        with ix.writer() as writer:
            writer.add_document(path=path_, content=text)
    ix.delete_by_term("path", "b")


def test_no_file_holds_a_pickle_or_a_class(tmp_path: Path) -> None:
    filled(tmp_path)
    for file in tmp_path.iterdir():
        content = file.read_bytes()
        assert b"whoosh." not in content
        assert not content.startswith(b"\x80")
    manifest = json.loads((tmp_path / "MANIFEST").read_bytes())
    assert manifest["format"] == "whoosh-1"
    assert set(manifest["schema"]["fields"]) == {"path", "content"}


def test_damage_is_told(tmp_path: Path) -> None:
    filled(tmp_path)
    for file in sorted(tmp_path.iterdir()):
        if file.name in ("LOCK", ".gitignore"):
            continue
        whole = file.read_bytes()
        for damaged in (
            whole[:-1],
            whole[: len(whole) // 2],
            b"",
            bytes(len(whole)),
            whole[:-60] + b"x" + whole[-59:],
        ):
            file.write_bytes(damaged)
            with pytest.raises(IndexProblem):
                open_dir(tmp_path)
            assert not exists_in(tmp_path)
        file.unlink()
        with pytest.raises(IndexProblem):
            open_dir(tmp_path)
        file.write_bytes(whole)
    assert open_dir(tmp_path).doc_count() == 1


def test_any_flipped_byte_gives_an_error_or_an_answer(tmp_path: Path) -> None:
    filled(tmp_path)
    segment = next(file for file in tmp_path.iterdir() if file.name.startswith("segment-"))
    whole = segment.read_bytes()
    for at in range(0, len(whole), 7):
        segment.write_bytes(whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :])
        try:
            ix = open_dir(tmp_path)
            with ix.searcher() as searcher:
                results = searcher.search(query.Phrase("content", ["river", "treaty"]), sortedby="path")
                [hit.fields() for hit in results]
        except DocsearchError:
            continue
    segment.write_bytes(whole)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"version": 2}, IndexIncompatible),
        ({"fields": {"x": {"type": "Unknown"}}}, IndexIncompatible),
        ({"fields": {"x": {"type": "TEXT", "analyzer": {"part": "os.system"}}}}, IndexCorrupt),
        ({"fields": {"x": {"type": "TEXT", "analyzer": {"part": "LoggingFilter"}}}}, IndexCorrupt),
        ({"fields": {"x": {"type": "TEXT", "stored": 1}}}, IndexCorrupt),
        ({"fields": {"x": {"type": "TEXT", "format": ["Format", 1.0]}}}, IndexCorrupt),
        ({"fields": {"x": {"type": "ID", "column": {"column": "PickleColumn", "child": 1}}}}, IndexCorrupt),
        ({"fields": {"_x": {"type": "ID"}}}, IndexCorrupt),
        ({"fields": []}, IndexCorrupt),
    ],
)
def test_a_forged_schema_is_refused(change: dict[str, Any], error: type[DocsearchError]) -> None:
    with pytest.raises(error):
        schema_from_plain({"version": 1, "fields": {}, "dynamic": {}, **change})


def test_the_two_kinds_of_index_are_told_apart(tmp_path: Path) -> None:
    filled(tmp_path / "own")
    with pytest.raises(IndexIncompatible, match=r"whoosh-1.*whoosh_index\.open_dir"):
        open_index(tmp_path / "own")
    with Index(FolderStorage(tmp_path / "product"), create=True) as index:
        index.add([])
    for attempt in (
        lambda: open_dir(tmp_path / "product"),
        lambda: create_in(tmp_path / "product", Schema()),
    ):
        with pytest.raises(IndexIncompatible, match=r"docsearch\.open"):
            attempt()


@pytest.mark.parametrize("damage", ["flipped", "short", "gone"])
def test_an_index_of_the_other_kind_is_not_replaced_when_it_is_damaged(tmp_path: Path, damage: str) -> None:
    with Index(FolderStorage(tmp_path), create=True) as index:
        index.add([Record("a", "The only copy.")])
    manifest = tmp_path / "MANIFEST"
    content = manifest.read_bytes()
    if damage == "gone":
        manifest.unlink()
    else:
        manifest.write_bytes(content[:99] + (b"X" + content[100:] if damage == "flipped" else b""))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.name != "LOCK"}
    with pytest.raises(IndexProblem, match="docsearch"):
        create_in(tmp_path, Schema())
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.name != "LOCK"} == before


class FailingStorage(MemoryStorage):
    """Fails at the step that is named by its number; -1: never."""

    left = -1

    def step(self) -> None:
        if self.left == 0:
            raise IndexProblem("no space", hint="Make room")
        self.left -= 1

    def write(self, name: str, chunks: Any) -> None:
        self.step()
        super().write(name, chunks)

    def replace(self, name: str, content: bytes) -> None:
        self.step()
        super().replace(name, content)


@pytest.mark.parametrize("step", range(2))
def test_a_commit_that_fails_changes_nothing(step: int) -> None:
    from docsearch.whoosh_index import RowIndex

    storage = FailingStorage()
    ix = RowIndex.create(storage, Schema(path=fields.ID(stored=True, unique=True)))
    for path in "abc":
        with ix.writer() as writer:
            writer.add_document(path=path)
    names = storage.names()
    writer = ix.writer()
    writer.update_document(path="a")
    writer.add_document(path="d")
    storage.left = step
    with pytest.raises(IndexProblem, match="no space"):
        writer.commit()
    storage.left = -1
    ix.writer().cancel()  # sweeps away what a failed rename has left
    assert storage.names() == names
    assert sorted(stored["path"] for stored in ix.reader().all_stored_fields()) == ["a", "b", "c"]
    with ix.writer() as writer:
        writer.add_document(path="e")
    assert ix.doc_count() == 4


def test_a_dead_writers_files_are_swept() -> None:
    storage = MemoryStorage()
    from docsearch.whoosh_index import RowIndex

    ix = RowIndex.create(storage, Schema(path=fields.ID))
    storage.write("segment-dead", [b"x"])
    ix.writer().cancel()
    assert storage.names() == {"MANIFEST"}
    assert Generation.from_bytes(bytes(storage.read("MANIFEST")), "").segments == ()


def test_two_whooshes_at_once_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    versions = {"whoosh3": "3.54", "Whoosh-Reloaded": "2.7.5"}
    monkeypatch.setattr(installed, "_version", versions.get)
    with pytest.raises(IndexProblem, match=r"whoosh3 3\.54 and Whoosh-Reloaded 2\.7\.5 are") as raised:
        installed.check_whoosh()
    assert "install whoosh3 alone" in raised.value.hint
    monkeypatch.setattr(installed, "_version", {"Whoosh-Reloaded": "2.7.5"}.get)
    installed.check_whoosh()


def test_the_installed_whoosh_is_seen() -> None:
    found = [name for name in ("whoosh3", "Whoosh-Reloaded") if installed._version(name)]
    assert len(found) == 1
    assert importlib.metadata.version(found[0]) == installed._version(found[0])

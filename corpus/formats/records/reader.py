"""The readers of JSON and JSON Lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ....errors import Unreadable
from ...decode import Decoded, canonical, decode_stated
from ...draft import Draft
from ...members import member_key
from ...model import Document, Gap, Reading
from ...reading import EMPTY
from .find import Record, records_of
from .names import Names
from .parse import lines, parse
from .write import fields_of, write_data, write_record

__all__ = ["JsonReader", "read_json"]


class JsonReader:
    """A reader of JSON and JSON Lines whose fields have the given names."""

    def __init__(self, names: Names | None = None) -> None:
        self._names = names or Names()

    def __call__(self, content: bytes | str, *, key: str, name: str, media_type: str) -> Reading:
        """Read a file. A reader, as `registry.Reader` says."""
        decoded = canonical(content) if isinstance(content, str) else decode_stated(content, "utf-8")
        text = decoded.text.lstrip("\ufeff")
        gaps = [*_encoding_gaps(key, decoded)]
        if not text.strip():
            raise Unreadable(EMPTY)
        found = self._lines(key, text, gaps) if _is_lines(text) else records_of(parse(text), self._names)
        if found is None:
            return self._whole(parse(text), gaps, key=key, name=name, media_type=media_type)
        documents = tuple(self._documents(found, gaps, key=key, name=name, media_type=media_type))
        return Reading(documents, tuple(gaps) if documents or gaps else (Gap(key, EMPTY),))

    def _lines(self, key: str, text: str, gaps: list[Gap]) -> Iterator[Record]:
        """The records of the lines; a line that is no object is one with a text, a broken one a gap."""
        for number, value, problem in lines(text):
            if problem:
                gaps.append(Gap(key, problem, part=f"line {number}"))
            elif isinstance(value, dict):
                yield (records_of([value], self._names) or [value])[0]
            elif value is not None:
                yield {"text": value if isinstance(value, str) else str(value)}

    def _documents(
        self, records: Iterable[Record], gaps: list[Gap], *, key: str, name: str, media_type: str
    ) -> Iterator[Document]:
        seen: set[str] = set()
        for number, record in enumerate(records, start=1):
            identity = self._names.identity_of(record)
            identity = str(number) if not identity or identity in seen else identity
            seen.add(identity)
            member = member_key(key, identity.encode("utf-8", "replace").decode("utf-8"))
            draft = Draft()
            write_record(record, self._names, draft)
            fields = fields_of(record, self._names)
            document = draft.document(key=member, name=f"{number}", media_type=media_type, fields=fields)
            if document is None:
                gaps.append(Gap(member, EMPTY))
            else:
                yield document

    def _whole(self, value: object, gaps: list[Gap], *, key: str, name: str, media_type: str) -> Reading:
        draft = Draft()
        write_data(value, draft)
        fields = fields_of(value, self._names) if isinstance(value, dict) else {}
        document = draft.document(key=key, name=name, media_type=media_type, fields=fields)
        return Reading((document,), tuple(gaps)) if document else Reading((), (*gaps, Gap(key, EMPTY)))


read_json = JsonReader()
"""The reader with the usual names."""


def _is_lines(text: str) -> bool:
    """Whether more than one line is a value of its own."""
    sound = 0
    for number, (_, _, problem) in enumerate(lines(text[:200_000])):
        sound += not problem
        if number >= 3:
            break
    return sound >= 2


def _encoding_gaps(key: str, decoded: Decoded) -> Iterator[Gap]:
    for problem in decoded.problems:
        yield Gap(key, problem, part="encoding")

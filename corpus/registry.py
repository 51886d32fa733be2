"""The readers by media type, and the two ways into them: a file's bytes, or a record of a program.

Another format plugs in with one call:

    register("text/html", read_html)
"""

from __future__ import annotations

from functools import partial
from typing import Protocol

from ..errors import CorpusError, Unsupported
from . import formats
from .languages import language_code
from .magic import byte_order_mark, format_of, is_binary, refusal, unsupported, wide_encoding
from .model import Gap, Reading
from .record import Record
from .sniff import text_format

__all__ = [
    "Reader",
    "carried_readers",
    "is_risky",
    "media_type_of",
    "read_bytes",
    "read_record",
    "refusal",
    "register",
    "registered_types",
]


class Reader(Protocol):
    """What reads one media type."""

    def __call__(self, content: bytes | str, *, key: str, name: str, media_type: str) -> Reading:
        """Read a source: a file's bytes, or text that a program hands over.

        key: of the document, and of the gaps. name: the file's, for what it may tell (a title, a date).

        CorpusError where nothing can be read of it: the caller makes that a gap. What can be read in part
        is read, with gaps for the rest.
        """
        ...


_registered: dict[str, Reader] = {}
_handed: dict[str, Reader] = {}  # those that a program has registered
_SIMPLE = frozenset({"text/plain", "text/markdown"})
_MARKDOWN = frozenset({"md", "markdown", "mdown", "mkd", "mkdn"})
_BY_NAME = {
    **dict.fromkeys(_MARKDOWN, "text/markdown"),
    **dict.fromkeys(("html", "htm", "xhtml", "xht", "shtml"), "text/html"),
    "eml": "message/rfc822",
    **dict.fromkeys(("xml", "akn", "uslm", "rss", "atom"), "application/xml"),
    **dict.fromkeys(("json", "geojson"), "application/json"),
    **dict.fromkeys(("jsonl", "ndjson"), "application/jsonl"),
    **dict.fromkeys(("mbox", "mbx"), "application/mbox"),
    **dict.fromkeys(("csv", "xls"), "text/csv"),  # many programs call their tables of text `.xls`
    **dict.fromkeys(("tsv", "tab"), "text/tab-separated-values"),
}
"""By how the name of a file ends that holds text; all other text is plain."""


def register(media_type: str, reader: Reader) -> None:
    """Make `reader` the one for a media type from now on, in this process and those that read for it.

    Reading processes import it by its name. One that they cannot import (a lambda, a method, a function of
    the script that runs) makes updates read in this process, where no limit of time or memory is kept.
    """
    _readers()[media_type] = _handed[media_type] = reader


def registered_types() -> tuple[str, ...]:
    """The media types of the readers that a program has registered."""
    return tuple(_handed)


def carried_readers() -> dict[str, str] | None:
    """The registered readers by media type, each as `module:function` for another process; None when it could
    not import one of them."""
    from .carrying import home_of  # here, since few programs register any

    homes = {media_type: home_of(reader) for media_type, reader in _handed.items()}
    return None if None in homes.values() else {kind: home for kind, home in homes.items() if home}


def is_risky(media_type: str) -> bool:
    """Whether reading a file should be watched: it is no plain text or Markdown, whose readers are simple and
    ours."""
    if media_type in _SIMPLE:
        return media_type in _handed
    return media_type in formats.HOMES or media_type in _registered


def _readers() -> dict[str, Reader]:
    if not _registered:
        # Not at the top: a query imports this package, but no reader.
        from .reading import read_markdown, read_plain_text

        _registered.update({"text/plain": read_plain_text, "text/markdown": read_markdown})
    return _registered


def media_type_of(name: str, data: bytes) -> str:
    """The media type of a file: what its bytes look like; where they are text, what its name says.

    name: `.md`, `.markdown` and the like are Markdown, `.csv` is rows; what no name tells is plain text.
    Unsupported for bytes that are neither text nor of a known format.
    """
    if not byte_order_mark(data)[0]:
        known = format_of(data)
        if known is not None:
            return known.media_type
        if not wide_encoding(data) and is_binary(data):
            raise unsupported()
        if (told := text_format(data)) is not None:
            return told
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    return _BY_NAME.get(suffix, "text/plain")


def read_bytes(key: str, name: str, data: bytes, *, media_type: str | None = None) -> Reading:
    """Read a file's bytes into a document, with a gap for all that could not be read.

    media_type: where it is known; else `media_type_of`. Bytes that are no text, or hold no word, give no
    document and a gap that says why. Never raises for any bytes, as far as readers keep their word.
    """
    try:
        chosen = _bare(media_type) if media_type else media_type_of(name, data)
        return _reader(chosen, data)(data, key=key, name=name, media_type=chosen)
    except CorpusError as error:
        return Reading((), (Gap(key, error.message),))


def read_record(record: Record) -> Reading:
    """Read a record: its type chooses the reader, and what it states wins over what its text tells.

    A date or language that cannot be read is left out, with a gap that quotes it. A text without a word
    gives no document and a gap, as for a file.
    """
    # Not at the top, for the same reason as the readers.
    from .stated import with_stated

    chosen = _bare(record.type)
    try:
        reading = _reader_of(record, chosen)(record.text, key=record.key, name=record.key, media_type=chosen)
    except CorpusError as error:
        return Reading((), (Gap(record.key, error.message),))
    return with_stated(reading, record)


def _reader_of(record: Record, media_type: str) -> Reader:
    """What reads a record of a type: its language is not guessed where it is stated."""
    language = language_code(record.language) if record.language else None
    if language is None or media_type not in _SIMPLE or media_type in _handed:
        return _reader(media_type, b"")
    from .reading import read_markdown, read_plain_text

    return partial(read_markdown if media_type == "text/markdown" else read_plain_text, language=language)


def _reader(media_type: str, data: bytes) -> Reader:
    reader = _readers().get(media_type)
    if reader is None and (reader := formats.load(media_type)) is not None:
        _registered[media_type] = reader
    if reader is not None:
        return reader
    known = format_of(data)
    raise unsupported(known) if known else Unsupported(f"no reader for {media_type} is installed")


def _bare(media_type: str) -> str:
    """The type without its parameters (`; charset=utf-8`): the content itself tells the encoding."""
    return media_type.partition(";")[0].strip().lower()

"""What is known of a document: from its front matter, its first lines, its dateline and its name."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from itertools import islice

from .dateline import Dateline, read_dateline
from .dates import find_date, parse_date
from .languages import guess_language, language_code
from .model import Metadata, MetaValue, PartialDate
from .sentences import each_sentence

__all__ = ["describe"]


def _ranked(names: str) -> Mapping[str, int]:
    return {name: rank for rank, name in enumerate(names.split())}


# Names of fields, the most telling first; spaces and hyphens are read as underscores.
_TITLE = _ranked("title headline titel überschrift titulo título titre titolo")
_SOURCE = _ranked("source publisher agency quelle herausgeber fuente éditeur fonte")
_PLACE = _ranked("place location city ort lugar lieu luogo")
_LANGUAGE = _ranked("language lang locale sprache idioma langue")
_PUBLISHED = _ranked(
    "published publication_date date_published published_at published_on pubdate publish_date date issued "
    "issue_date date_issued adopted date_adopted created created_at date_created ausfertigungsdatum datum "
    "veröffentlicht fecha fecha_de_publicación fecha_de_publicacion date_de_publication publié_le data"
)
_EFFECTIVE = _ranked(
    "effective effective_date date_effective effective_from in_force in_force_from in_force_since "
    "entry_into_force commencement commencement_date valid_from start_date inkrafttreten in_kraft_seit "
    "gültig_ab entrada_en_vigor vigente_desde entrée_en_vigueur en_vigueur"
)
_ENDED = _ranked(
    "ended end_date repealed repealed_on repeal_date date_repealed expires expired expiry expiry_date "
    "expiration_date valid_until valid_to außerkrafttreten außer_kraft_seit gültig_bis derogado "
    "vigente_hasta abrogé_le"
)

# A label and its value in a line, or, as in definition lists, on two: `Date: 1 May 2020`.
_LABELLED = re.compile(
    r"^[*_>\s]{0,8}(?P<label>[^\W\d_][^\n:*_]{2,30}?)[*_]*\s*:[*_]*[ \t]+(?P<value>\S[^\n]{0,80})",
    re.MULTILINE,
)
_LABEL_REACH = 2_000  # characters of the opening in which labelled lines stand
_LEADING_PARAGRAPHS = 3  # a byline and a summary may precede the dateline
_VALUE_REACH = 200
_BODY_REACH = 20_000

_NAME_DATE = re.compile(
    r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2})(?P<mark>[-_.]?)(?P<month>[01][0-9])"
    r"(?:(?P=mark)(?P<day>[0-3][0-9]))?(?![0-9])"
)
_HASH = re.compile(r"(?=[0-9a-f]*[0-9])[0-9a-f]{8,}", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3}")
_EXTENSION = re.compile(r"\.[a-z][a-z0-9]{0,7}\Z", re.IGNORECASE)
_NAMELESS = frozenset({"index", "_index", "readme", "main", "default", "document", "text", "content"})
_TITLE_LENGTH = 80
_TITLE_REACH = 500  # characters in which so much of a sentence stands


def describe(
    *,
    name: str,
    media_type: str,
    fields: Mapping[str, MetaValue],
    heading: str | None,
    opening: Sequence[str],
    body: str,
    language: str = "",
) -> Metadata:
    """Gather a document's metadata; never raises.

    name: its path, whose last part may tell a title and a date. fields: front matter, names in lower case.
    heading: one that precedes every paragraph. opening: the words of the first paragraphs.
    body: the text without front matter; only its first 20,000 characters are looked at.
    language: the code, where it is known.

    What the front matter states comes first, then labelled lines of the opening (`Effective: 1 May 2020`),
    then the dateline, then the name. A value that is worked out rather than stated is marked as guessed.
    Fields that found no use, and those that could not be understood, stay in `extra` as they are.
    """
    left = _Fields(fields)
    labels = _Fields(_labelled_lines(opening))
    dateline = _dateline(opening)
    title = left.take_text(_TITLE).rstrip(" —–-:") or _folded(heading or "")
    stated = left.take_language()
    guessed = not language and stated is None
    language = language or stated or guess_language(f"{title}\n{body[:_BODY_REACH]}").code
    return Metadata(
        title=title or _title_from_name(name) or _title_from_text(opening, language) or name,
        title_guessed=not title,
        language=language,
        language_guessed=guessed,
        type=media_type,
        source=left.take_text(_SOURCE) or (dateline.source if dateline else ""),
        place=left.take_text(_PLACE) or (dateline.place if dateline else ""),
        published=left.take_date(_PUBLISHED)
        or labels.take_date(_PUBLISHED)
        or (dateline.date if dateline else None)
        or _date_from_name(name),
        effective=left.take_date(_EFFECTIVE) or labels.take_date(_EFFECTIVE),
        ended=left.take_date(_ENDED) or labels.take_date(_ENDED),
        extra=left.rest(),
    )


class _Fields:
    """Fields that are taken away one by one as they are understood."""

    def __init__(self, fields: Mapping[str, MetaValue]) -> None:
        self._fields = dict(fields)
        self._normal = {name: name.replace(" ", "_").replace("-", "_") for name in fields}

    def rest(self) -> dict[str, MetaValue]:
        return self._fields

    def take_text(self, names: Mapping[str, int]) -> str:
        for name, value in self._present(names):
            text = _folded(", ".join(value) if isinstance(value, tuple) else str(value))
            if text and not isinstance(value, bool):
                del self._fields[name]
                return text
        return ""

    def take_language(self) -> str | None:
        for name, value in self._present(_LANGUAGE):
            if isinstance(value, str) and (code := language_code(value)):
                if not re.search("[-_]", value):  # the country of `en-GB` is kept
                    del self._fields[name]
                return code
        return None

    def take_date(self, names: Mapping[str, int]) -> PartialDate | None:
        """The first that is a date; one that only holds a date is a guess and keeps its field."""
        present = self._present(names)
        for name, value in present:
            if date := _exact_date(value):
                del self._fields[name]
                return date
        for _, value in present:
            if isinstance(value, str) and (date := find_date(value[:_VALUE_REACH])):
                return PartialDate(date.year, date.month, date.day, guessed=True)
        return None

    def _present(self, names: Mapping[str, int]) -> list[tuple[str, MetaValue]]:
        if not self._fields:
            return []
        found = [name for name in self._fields if self._normal[name] in names]
        found.sort(key=lambda name: names[self._normal[name]])
        return [(name, self._fields[name]) for name in found]


def _exact_date(value: MetaValue) -> PartialDate | None:
    if isinstance(value, dt.date):
        return PartialDate(value.year, value.month, value.day)
    if isinstance(value, bool):
        return None
    return parse_date(str(value)) if isinstance(value, int | str) else None


def _labelled_lines(opening: Sequence[str]) -> dict[str, MetaValue]:
    head = "\n".join(opening)[:_LABEL_REACH]
    found: dict[str, MetaValue] = {}
    for line in _LABELLED.finditer(head):
        value = line["value"].strip(" \t*_")
        if parse_date(value):
            found.setdefault(line["label"].strip().lower(), value)
    return found


def _dateline(opening: Sequence[str]) -> Dateline | None:
    lines = (read_dateline(paragraph) for paragraph in opening[:_LEADING_PARAGRAPHS])
    return next(filter(None, lines), None)


def _folded(text: str) -> str:
    return " ".join(text.split())


def _stem(name: str) -> str:
    """The last part of a path without its extension; `v1.2 final` has none."""
    last = name.rpartition("/")[2]
    return _EXTENSION.sub("", last) or last


def _date_from_name(name: str) -> PartialDate | None:
    name = _stem(name)
    found = _NAME_DATE.search(name)
    # `2001-10.md` is rather a section than a month, `report-2023-03.txt` is not.
    if found is None or not (found["day"] or (found["mark"] in ("-", "_") and _WORD.search(name))):
        return None
    day = int(found["day"]) if found["day"] else None
    try:
        return PartialDate(int(found["year"]), int(found["month"]), day, guessed=True)
    except ValueError:
        return None


def _title_from_name(name: str) -> str:
    """`water_act-2019.txt` -> `Water act 2019`; "" for a name that holds no word."""
    stem = _stem(name)
    folder = name.rpartition("/")[0].rpartition("/")[2]
    if stem.lower() in _NAMELESS and folder:
        stem = folder
    parts = [part for part in re.split(r"[\s_-]+", stem) if part and not _HASH.fullmatch(part)]
    if parts and re.fullmatch(r"0[0-9]*", parts[0]):  # a counter that keeps files in order
        del parts[0]
    title = " ".join(parts)
    if not _WORD.search(title):
        return ""
    return title[0].upper() + title[1:]


def _title_from_text(opening: Sequence[str], language: str) -> str:
    """The first sentence, without dateline, cut at a word border."""
    for paragraph in opening:
        dateline = read_dateline(paragraph)
        begin = dateline.end if dateline else 0
        head = paragraph[begin : begin + _TITLE_REACH]
        for start, end in islice(each_sentence(head, language=language), 1):
            return _cut(_folded(head[start:end].lstrip("#>*_ \t")).rstrip(".*_ "))
    return ""


def _cut(text: str) -> str:
    if len(text) <= _TITLE_LENGTH:
        return text
    head = text[:_TITLE_LENGTH]
    return (head.rpartition(" ")[0] or head).rstrip(" ,;:—–-") + "…"

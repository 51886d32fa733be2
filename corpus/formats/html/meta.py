"""What a page states of itself: in meta tags, in JSON-LD, in its title."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...draft import clean
from ...model import MetaValue
from .tree import Element
from .visible import is_shown

__all__ = ["fields_of"]

# By field of front matter: names of meta tags, the most telling first. `json:` is a path in JSON-LD.
_SOURCES = {
    "title": "citation_title dc.title dcterms.title og:title json:headline twitter:title",
    "published": "citation_publication_date article:published_time dc.date.issued dcterms.issued dc.date "
    "dcterms.date json:datePublished datepublished citation_date citation_online_date dcterms.created "
    "dc.date.created pubdate publishdate publish-date publication_date date og:published_time "
    "json:dateCreated",
    "modified": "article:modified_time dcterms.modified dc.date.modified og:updated_time last-modified "
    "json:dateModified",
    "author": "citation_author author dc.creator dcterms.creator article:author json:author byl",
    "source": "og:site_name citation_journal_title citation_publisher dc.publisher dcterms.publisher "
    "publisher json:publisher application-name",
    "description": "description og:description dc.description dcterms.description json:description",
    "keywords": "keywords news_keywords article:tag dc.subject dcterms.subject",
    "url": "og:url dc.identifier.uri",
    "language": "dc.language dcterms.language content-language language og:locale json:inLanguage",
    "effective": "dcterms.valid",
}
_TELLING = frozenset({"meta", "script", "link", "title", "h1", "time"})
_SEPARATORS = re.compile(r"\s+[|–—·•»:-]+\s+|\s*\|\s*|\s+::\s+")
_LARGEST = 1_000_000  # characters of JSON-LD that are looked at
_MOST = 200  # objects of JSON-LD
_LONGEST = 2_000  # characters of a value


def fields_of(root: Element) -> dict[str, MetaValue]:
    """Fields by the names of front matter."""
    telling = [one for one in root.elements() if one.name in _TELLING]
    stated = _meta_tags(telling)
    for name, value in _linked_data(telling):
        stated.setdefault(f"json:{name}", value)
    fields: dict[str, MetaValue] = {}
    for field, names in _SOURCES.items():
        if value := next((stated[name.lower()] for name in names.split() if stated.get(name.lower())), ""):
            fields[field] = value
    if language := root.get("lang") or root.get("xml:lang"):
        fields["language"] = language
    if canonical := _canonical(telling):
        fields["url"] = canonical
    if title := _title(telling, fields):
        fields["title"] = title
    if "published" not in fields and (date := _time(telling)):
        fields["published"] = date
    return fields


def _meta_tags(telling: Sequence[Element]) -> dict[str, str]:
    """The content of meta tags by name; authors and keywords are gathered, of others the first counts."""
    found: dict[str, str] = {}
    for meta in telling:
        if meta.name != "meta":
            continue
        name = (
            meta.get("name") or meta.get("property") or meta.get("itemprop") or meta.get("http-equiv")
        ).lower()
        value = _value(meta.get("content"))
        if not name or not value:
            continue
        if name in ("citation_author", "author", "dc.creator", "article:tag") and name in found:
            if value not in found[name] and len(found[name]) < _LONGEST:
                found[name] += f"; {value}"
        else:
            found.setdefault(name, value)
    return found


def _value(words: str) -> str:
    return clean(words[: 4 * _LONGEST]).replace("\n", " ")[:_LONGEST]


def _linked_data(telling: Sequence[Element]) -> Iterator[tuple[str, str]]:
    """Names and values of the objects in JSON-LD, in lower case, those that tell of a work first."""
    objects: list[Mapping[str, Any]] = []
    for script in telling:
        if script.name == "script" and "ld+json" in script.get("type").lower():
            objects.extend(_objects(script.words()))
    objects.sort(key=lambda one: "datePublished" not in one and "headline" not in one)
    for one in objects[:_MOST]:
        for name, value in one.items():
            if words := _spelt(value):
                yield name.lower(), _value(words)


def _objects(written: str) -> list[Mapping[str, Any]]:
    if len(written) > _LARGEST:
        return []
    try:
        data = json.loads(written, strict=False)
    except (ValueError, RecursionError):
        return []
    found = data if isinstance(data, list) else [data]
    graphs = [one["@graph"] for one in found if isinstance(one, dict) and isinstance(one.get("@graph"), list)]
    return [one for group in (found, *graphs) for one in group if isinstance(one, dict)]


def _spelt(value: object) -> str:
    """A value of JSON-LD as words: text, the name of a thing, or the names of several."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        name = value.get("name")
        return name if isinstance(name, str) else ""
    if isinstance(value, list):
        return "; ".join(filter(None, (_spelt(one) for one in value[:20] if not isinstance(one, list))))
    return ""


def _canonical(telling: Sequence[Element]) -> str:
    for link in telling:
        if link.name == "link" and "canonical" in link.get("rel").lower().split():
            return _value(link.get("href"))
    return ""


def _title(telling: Sequence[Element], fields: Mapping[str, MetaValue]) -> str:
    """What the page is called, without the name of the site that titles end or begin with."""
    stated = str(fields.get("title", ""))
    written = next(
        (_value(one.words()) for one in telling if one.name == "title" and one.words().strip()), ""
    )
    heads = {_value(one.words()) for one in telling if one.name == "h1" and is_shown(one)}
    title = stated or written
    parts = [part for part in _SEPARATORS.split(title) if part]
    site = str(fields.get("source", "")).lower()
    if title in heads or len(parts) < 2:
        return title
    for head in heads:
        if head and (title.startswith(head) or title.endswith(head)):
            return head
    kept = [part for part in parts if part.lower() != site]
    return kept[0] if len(kept) == 1 else title


def _time(telling: Sequence[Element]) -> str:
    """The date of publication that a `<time>` of the page states."""
    for time in telling:
        if time.name == "time" and (time.has("pubdate") or time.get("itemprop").lower() == "datepublished"):
            return _value(time.get("datetime") or time.words())
    return ""

"""What a document in XML states of itself: FRBR and publication data, Dublin Core, its title page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...draft import clean
from ...model import MetaValue
from ..html.tree import Element

__all__ = ["fields_of"]

_LONGEST = 500  # characters of a value
_REACH = 3_000  # elements from the start in which metadata stand

# By field of front matter: elements in whose words it stands, the most telling first; with `@`, in an
# attribute; with `/`, of elements within another.
_SOURCES = {
    "title": "doctitle shorttitle official-title articleinfo/title title-group/article-title titlestmt/title "
    "frbralias@value metadata/title meta/title dc/title langue amtabk jurabk title",
    "published": "publication@date frbrwork/frbrdate@date docdate@date attestation-date@date "
    "publicationstmt/date@when meta/date metadata/date issued created pubdate action-date@date "
    "ausfertigung-datum docdate date",
    "language": "frbrlanguage@language meta/language metadata/language language",
    "author": "meta/creator metadata/creator docproponent docauthor creator author",
    "source": "publication@showas meta/publisher metadata/publisher publisher",
    "place": "frbrcountry@value",
    "effective": "enteredintoforcedate efficacy@start effective-date effectivedate",
    "number": "docnumber legis-num frbrnumber@value",
    "identifier": "frbrthis@value identifier",
    "type": "doctype legis-type",
    "modified": "frbrexpression/frbrdate@date modified",
    "description": "meta/description metadata/description",
}


def fields_of(root: Element) -> dict[str, MetaValue]:
    """Fields by the names of front matter."""
    found = _first_of_each(root)
    fields: dict[str, MetaValue] = {}
    for field, sources in _SOURCES.items():
        for source in sources.split():
            if value := found.get(source):
                fields[field] = value
                break
    if language := root.get("lang"):
        fields["language"] = language
    if subject := _referred(root, found.get("frbrauthor@href", "")):
        fields.setdefault("author", subject)
    return fields


def _first_of_each(root: Element) -> Mapping[str, str]:
    """The first words and attributes of the elements near the start: `name`, `above/name`, `name@key`."""
    found: dict[str, str] = {}
    for above, element in _near(root):
        words = _value(element.words())
        for path in (element.name, *(f"{name}/{element.name}" for name in above)):
            if words and path not in found:
                found[path] = words
            for key in ("date", "value", "language", "when", "showas", "href", "start"):
                if value := _value(element.get(key)):
                    found.setdefault(f"{path}@{key}", value)
    return found


def _near(root: Element) -> Iterator[tuple[tuple[str, ...], Element]]:
    """The first elements with the names above them, the body of the text left out."""
    left: list[tuple[tuple[str, ...], Element]] = [((), root)]
    count = 0
    while left and count < _REACH:
        above, element = left.pop()
        count += 1
        yield above, element
        inner = (*above[-3:], element.name)
        children = [one for one in element.children if isinstance(one, Element) and one.name not in _BODIES]
        left.extend((inner, child) for child in reversed(children))


_BODIES = frozenset({"body", "main", "mainbody", "legis-body", "textdaten", "back", "attachments"})


def _referred(root: Element, reference: str) -> str:
    """What a reference (`#parliament`) is called."""
    wanted = reference.removeprefix("#")
    for _, element in _near(root) if wanted else ():
        if element.get("eid") == wanted or element.get("id") == wanted:
            return _value(element.get("showas"))
    return ""


def _value(words: str) -> str:
    return clean(words[: 4 * _LONGEST]).replace("\n", " ")[:_LONGEST]

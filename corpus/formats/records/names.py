"""Which fields of a record are its text and its identity. Title, dates and the like go by the names of front
matter, as everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Names"]

_TEXT = (
    *(
        "text",
        "body",
        "content",
        "fulltext",
        "full_text",
        "body_text",
        "content_text",
        "plain_text",
        "raw_text",
    ),
    *(
        "content_html",
        "body_html",
        "html",
        "markdown",
        "articlebody",
        "bodytext",
        "texto",
        "contenu",
        "inhalt",
    ),
)
_IDENTITY = ("id", "_id", "uuid", "guid", "doc_id", "document_id", "docid", "identifier", "key")
_RENDERED = ("rendered", "value", "text", "html", "content", "#text", "$t")


@dataclass(frozen=True, slots=True)
class Names:
    """Names of fields, the most telling first, in lower case.

    text: what is read. identity: what a record's key ends in. aliases: further fields by the name of front
    matter that they stand for, such as `{"bill_name": "title"}`.
    """

    text: tuple[str, ...] = _TEXT
    identity: tuple[str, ...] = _IDENTITY
    aliases: tuple[tuple[str, str], ...] = ()

    def text_of(self, record: Mapping[str, object]) -> tuple[str, object]:
        """The name and value of the field that holds a record's text; ("", None) when none does."""
        lower = {name.lower(): name for name in record}
        for wanted in self.text:
            if wanted in lower and _worded(value := _rendered(record[lower[wanted]])):
                return lower[wanted], value
        return "", None

    def identity_of(self, record: Mapping[str, object]) -> str:
        """What a record calls itself; "" when it does not."""
        for wanted in self.identity:
            value = record.get(wanted)
            if isinstance(value, str | int) and not isinstance(value, bool) and 0 < len(str(value)) <= 200:
                return str(value)
        return ""


def _rendered(value: object) -> object:
    """What is within, of `{"rendered": "<p>…"}`."""
    if isinstance(value, dict):
        return next((value[name] for name in _RENDERED if isinstance(value.get(name), str)), value)
    return value


def _worded(value: object) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(one, str) for one in value)
    return isinstance(value, str) and bool(value.strip())

"""The short names of media types: who has Word files asks for `type:docx`, not for 71 letters."""

from __future__ import annotations

__all__ = ["media_types", "short_name"]

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
_PRESENTATION, _SHEET, _TEXT = (
    "presentationml.presentation",
    "spreadsheetml.sheet",
    "wordprocessingml.document",
)

_SHORT = {
    "application/pdf": "pdf",
    f"{_OFFICE}.{_TEXT}": "docx",
    f"{_OFFICE}.{_SHEET}": "xlsx",
    f"{_OFFICE}.{_PRESENTATION}": "pptx",
    f"{_OPEN}.text": "odt",
    f"{_OPEN}.spreadsheet": "ods",
    f"{_OPEN}.presentation": "odp",
    "application/epub+zip": "epub",
    "application/rtf": "rtf",
    "text/html": "html",
    "text/plain": "txt",
    "text/markdown": "md",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/jsonl": "jsonl",
    "message/rfc822": "eml",
    "application/vnd.ms-outlook": "msg",
}
_KINDS = {name: (media_type,) for media_type, name in _SHORT.items()} | {
    "htm": ("text/html",),
    "text": ("text/plain",),
    "word": tuple(each for each, name in _SHORT.items() if name in ("docx", "odt", "rtf")),
    "excel": tuple(each for each, name in _SHORT.items() if name in ("xlsx", "ods")),
    "powerpoint": tuple(each for each, name in _SHORT.items() if name in ("pptx", "odp")),
    "mail": ("message/rfc822", "application/vnd.ms-outlook"),
}


def media_types(name: str) -> tuple[str, ...]:
    """The media types that a short name means, without regard to capitals; none where it is no such name.

    >>> media_types("HTML"), media_types("mail"), media_types("law")
    (('text/html',), ('message/rfc822', 'application/vnd.ms-outlook'), ())
    """
    return _KINDS.get(name.casefold(), ())


def short_name(media_type: str) -> str:
    """The short name that means this media type alone; the type itself where it has none.

    >>> short_name("application/pdf"), short_name("application/xml"), short_name("law")
    ('pdf', 'application/xml', 'law')
    """
    return _SHORT.get(media_type, media_type)

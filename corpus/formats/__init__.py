"""Readers of formats that are not plain text, one module each, imported only when its format is met."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from ...errors import Unsupported

if TYPE_CHECKING:
    from ..registry import Reader

__all__ = ["HOMES", "load"]

HOMES: dict[str, str] = {
    "application/zip": "archive:read_zip",
    "application/x-tar": "archive:read_tar",
    "application/gzip": "archive:read_compressed",
    "application/x-bzip2": "archive:read_compressed",
    "application/x-xz": "archive:read_compressed",
    "application/pdf": "pdf.reader:read_pdf",
    "text/html": "html:read_html",
    "application/xml": "xml.reader:read_xml",
    "text/xml": "xml.reader:read_xml",
    "application/json": "records.reader:read_json",
    "application/jsonl": "records.reader:read_json",
    "message/rfc822": "mail.reader:read_mail",
    "application/mbox": "mail.mailbox:read_mailbox",
    "application/vnd.ms-outlook": "mail.outlook:read_outlook",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx:read_docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx:read_xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx:read_pptx",
    "application/vnd.oasis.opendocument.text": "odf:read_odt",
    "application/vnd.oasis.opendocument.spreadsheet": "odf:read_ods",
    "application/vnd.oasis.opendocument.presentation": "odf:read_odp",
    "application/epub+zip": "epub:read_epub",
    "application/rtf": "rtf:read_rtf",
    "text/csv": "delimited:read_delimited",
    "text/tab-separated-values": "delimited:read_delimited",
}
"""Media type -> `module:function` in this package."""


def load(media_type: str) -> Reader | None:
    """The reader of a media type; None when there is none.

    Unsupported when the library that it stands on is not installed.
    """
    home = HOMES.get(media_type)
    if home is None:
        return None
    module, _, function = home.partition(":")
    try:
        reader: Reader = getattr(import_module(f".{module}", __name__), function)
    except ModuleNotFoundError as error:
        raise Unsupported(
            f"reading {media_type} needs the library {error.name}, which is not installed: "
            "pip install 'policy-docsearch[formats]'"
        ) from error
    return reader

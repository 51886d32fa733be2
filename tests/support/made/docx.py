"""Word documents, written part by part."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from . import Made
from .plans import PLANS, Part, Plan
from .zipped import HEAD, relations, zipped

__all__ = ["STYLES", "documents", "package", "para", "run"]

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_CONTENT = f"""{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml"
ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""

# Localised ids, as a French Word gives them; the names are English whatever the language.
STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{identity}"><w:name w:val="{name}"/>{more}</w:style>'
    for identity, name, more in (
        ("Titre1", "heading 1", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>'),
        ("Titre2", "heading 2", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>'),
        ("Titre3", "heading 3", '<w:pPr><w:outlineLvl w:val="2"/></w:pPr>'),
        ("Numero", "List Number", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'),
        ("Kapitel", "Kapitel", '<w:basedOn w:val="Titre1"/>'),
        ("TM1", "toc 1", ""),
        ("Sommaire", "TOC Heading", '<w:basedOn w:val="Titre1"/>'),
    )
)
NUMBERING = """<w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%2)"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1.%2.%3"/></w:lvl>
</w:abstractNum><w:abstractNum w:abstractNumId="8"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/>
<w:lvlText w:val="\uf0b7"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/>
</w:lvlOverride></w:num>"""


def package(
    body: str,
    *,
    styles: str = STYLES,
    numbering: str = NUMBERING,
    footnotes: Sequence[str] = (),
    core: str = "",
    more: dict[str, str] | None = None,
) -> bytes:
    """A document of a body (XML). footnotes: their words; the first has the id 1."""
    notes = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:footnoteRef/></w:r>{run(words)}</w:p></w:footnote>'
        for number, words in enumerate(footnotes, 1)
    )
    return zipped(
        {
            "[Content_Types].xml": _CONTENT,
            "_rels/.rels": relations(
                ("officeDocument", "word/document.xml"), ("core-properties", "docProps/core.xml")
            ),
            "word/document.xml": f"{HEAD}<w:document {W} {_R}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": relations(
                ("styles", "styles.xml"), ("numbering", "numbering.xml"), ("footnotes", "footnotes.xml")
            ),
            "word/styles.xml": f"{HEAD}<w:styles {W}>{styles}</w:styles>",
            "word/numbering.xml": f"{HEAD}<w:numbering {W}>{numbering}</w:numbering>",
            "word/footnotes.xml": f"{HEAD}<w:footnotes {W}>{notes}</w:footnotes>",
            "docProps/core.xml": HEAD
            + '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
            'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
            f'xmlns:dcterms="http://purl.org/dc/terms/">{core}</cp:coreProperties>',
            **(more or {}),
        }
    )


def run(words: str, properties: str = "") -> str:
    """A run of letters. properties: XML."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(words)}</w:t></w:r>'


def para(words: str, style: str = "", properties: str = "", more: str = "") -> str:
    """A paragraph in two runs, as editing leaves them. more: XML behind its words."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    half = len(words) // 2
    runs = run(words[:half]) + run(words[half:])
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{runs}{more}</w:p>"


def documents() -> list[Made]:
    """A Word document for each plan."""
    return list(map(_document, PLANS))


def _document(plan: Plan) -> Made:
    notes = [part.words for part in plan.parts if part.kind == "n"]
    parts = list(plan.parts)
    body, number = [], 0
    truth: list[tuple[str, int | None]] = []
    for part, after in zip(parts, [*parts[1:], Part("p")], strict=True):
        if part.kind == "n":
            truth.append((part.words, None))
            continue
        mark = ""
        if after.kind == "n":
            number += 1
            mark = f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'
        body.append(_block(part, mark))
        truth.extend(_paragraphs(part))
    core = f"<dc:title>{escape(plan.title)}</dc:title><dc:creator>{escape(plan.author)}</dc:creator>"
    return Made(
        f"{plan.name}.docx",
        package("".join(body), footnotes=notes, core=core),
        tuple((part.level, part.words) for part in parts if part.kind == "h"),
        tuple(truth),
        plan.middle,
        plan.title,
    )


def _paragraphs(part: Part) -> list[tuple[str, int | None]]:
    if part.kind == "t":
        return [("\n".join(" | ".join(row) for row in part.rows), None)]
    return [] if part.kind == "h" else [(f"{part.label} {part.words}".strip(), None)]


def _block(part: Part, mark: str) -> str:
    if part.kind == "h":
        return para(part.words, f"Titre{part.level}", more=mark)
    if part.kind == "li":
        return para(part.words, "Numero", more=mark)
    if part.kind == "t":
        rows = [[para(cell) for cell in row] for row in part.rows]
        rows[-1][-1] = para(part.rows[-1][-1], more=mark)
        cells = "".join(
            "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in row) + "</w:tr>" for row in rows
        )
        return f"<w:tbl>{cells}</w:tbl>"
    return para(part.words, more=mark)

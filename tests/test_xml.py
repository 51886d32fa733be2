"""XML: numbers and headings of laws as printed, entries of feeds, all else by its form; and no bombs."""

from __future__ import annotations

import pytest
from docsearch.corpus import media_type_of, read_bytes
from docsearch.corpus.members import within_limits
from docsearch.corpus.model import Document, Reading
from made import Made
from made.plans import PLANS
from made.xml import documents, feed


def read(content: str | bytes, name: str = "a.xml") -> Reading:
    with within_limits():
        return read_bytes("a.xml", name, content.encode() if isinstance(content, str) else content)


def document(content: str | bytes) -> Document:
    (only,) = read(content).documents
    return only


def words(content: str | bytes) -> list[tuple[str, str]]:
    found = document(content)
    return [(one.kind, found.text[one.start : one.end]) for one in found.paragraphs]


def headings(content: str | bytes) -> list[tuple[int, str]]:
    return [(one.level, one.title) for one in document(content).sections[1:]]


@pytest.mark.parametrize("made", documents(), ids=lambda made: made.name)
def test_vocabularies(made: Made) -> None:
    found = [text for _, text in words(made.content)]
    assert [paragraph for paragraph, _ in made.paragraphs if paragraph not in found] == []
    assert headings(made.content) == list(made.headings)
    meta = document(made.content).meta
    assert (meta.title, str(meta.published)) == (made.title, "2021-05-04")


def act(body: str) -> str:
    return f"<akomaNtoso><act><body>{body}</body></act></akomaNtoso>"


def test_numbers_stand_where_they_are_printed() -> None:
    body = """<part><num>PART 1</num><section><num>§ 2</num><heading>Dues</heading>
    <subsection><num>(1)</num><paragraph><num>(a)</num><content><p>Vessels;</p></content></paragraph>
    <paragraph><num>(b)</num><content><p>rafts<authorialNote marker="1"><p>Of logs.</p></authorialNote>.</p>
    </content></paragraph></subsection><subsection><num>(2)</num><heading>Time</heading><content><p>Yearly.</p></content>
    </subsection><subsection><num>(3)</num></subsection></section><section><num>3.</num><content><p>End.</p>
    </content></section></part>"""
    assert headings(act(body)) == [(1, "PART 1"), (2, "§ 2 Dues")]
    assert words(act(body)) == [
        ("item", "(1) (a) Vessels;"),
        ("item", "(b) rafts [1]."),
        ("text", "[1] Of logs."),
        ("item", "(2) Time. Yearly."),
        ("item", "(3)"),
        ("item", "3. End."),
    ]


def test_headings_in_quotations_are_quoted() -> None:
    body = """<article><num>Article 1</num><content><p>It reads: <mod><quotedStructure><article>
    <num>Article 9</num><heading>New</heading><content><p>New words.</p></content></article></quotedStructure>
    </mod> Now.</p></content></article>"""
    assert headings(act(body)) == [(1, "Article 1")]
    assert [kind for kind, _ in words(act(body))] == ["text", "quote", "quote", "text"]


def test_what_a_law_states() -> None:
    meta = document(
        """<akomaNtoso><act><meta><identification><FRBRWork><FRBRdate date="2021-05-04"/>
        <FRBRauthor href="#p"/><FRBRnumber value="5"/></FRBRWork><FRBRExpression>
        <FRBRlanguage language="deu"/></FRBRExpression></identification>
        <publication date="2021-05-10" showAs="Gazette"/><references>
        <TLCOrganization eId="p" showAs="Parliament"/></references></meta>
        <body><p>Words.</p></body></act></akomaNtoso>"""
    ).meta
    assert (str(meta.published), meta.source, meta.language) == ("2021-05-10", "Gazette", "de")
    assert (meta.extra["author"], meta.extra["number"]) == ("Parliament", "5")


@pytest.mark.parametrize("atom", [False, True])
def test_entries_of_feeds_are_documents(atom: bool) -> None:
    plan = PLANS[0]
    reading = read(feed(plan, atom=atom))
    (entry,) = reading.documents
    assert entry.key == f"a.xml!/{'tag:x,2021:' if atom else 'x.example/'}{plan.name}"
    assert plan.middle in entry.text
    assert (entry.meta.title, entry.meta.source, str(entry.meta.published)) == (
        plan.title,
        "News",
        "2021-05-04",
    )
    assert entry.meta.extra["url"] == "https://x.example/1"
    assert [gap.key for gap in reading.gaps] == ["a.xml!/2"]


def test_records_are_rows() -> None:
    port = "<port><name>{}</name><depth>{}</depth></port>"
    assert words(f"<ports>{port.format('North', 7)}{port.format('South', '')}</ports>") == [
        ("text", "name: North; depth: 7"),
        ("text", "name: South"),
    ]


def test_tables_lists_and_mixed_words() -> None:
    text = """<doc><sec><title>Rates</title><p>All <b>bold</b> and<br/>broken &amp; <i>so</i> on.</p>
    <table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table><pre>x
    y</pre></sec></doc>"""
    assert words(text) == [
        ("text", "All bold and\nbroken & so on."),
        ("table", "a | b\nc | d"),
        ("code", "x\ny"),
    ]


def test_pages_in_xml_are_pages() -> None:
    text = '<?xml version="1.0"?><!DOCTYPE x><x:html xmlns:x="http://www.w3.org/1999/xhtml"><x:p>Words.</x:p></x:html>'
    assert words(text) == [("text", "Words.")]
    assert document(text).meta.type == "text/html"


BOMB = "<!DOCTYPE a [<!ENTITY b 'b'>{}]><a>&c;</a>"


@pytest.mark.parametrize(
    "declaration",
    [
        "<!ENTITY c '&b;&b;'>",
        "<!ENTITY c SYSTEM 'file:///etc/passwd'>",
        "<!ENTITY c PUBLIC 'x' 'http://x.example/'>",
        "<!ENTITY % c 'x'>",
        f"<!ENTITY c '{'x' * 1_000}'>",
        "".join(f"<!ENTITY c{i} 'x'>" for i in range(6_000)),
    ],
)
def test_entities_that_could_harm_are_refused(declaration: str) -> None:
    reading = read(BOMB.format(declaration))
    assert not reading.documents
    assert "it declares entities" in reading.gaps[0].reason


def test_other_entities_are_read() -> None:
    assert words(BOMB.format("<!ENTITY c 'see'>")) == [("text", "see")]
    assert words("<?xml version='1.0'?><!DOCTYPE a SYSTEM 'a.dtd'><a>a&nbsp;&mdash;b</a>") == [
        ("text", "a —b")
    ]


def test_damage_is_told_and_the_rest_is_read() -> None:
    reading = read("<?xml version='1.0'?>\n<doc><p>One.<p>Two.</q> & Three.</doc>")
    assert "Three." in reading.documents[0].text
    assert reading.gaps[0].reason.startswith("it is no well-formed XML at line 2 (mismatched tag)")
    assert "no XML element" in read("nothing").gaps[0].reason


def test_encodings() -> None:
    text = "<?xml version='1.0' encoding='{}'?><a>Wörter für Flüsse</a>"
    for encoding in ("iso-8859-1", "utf-16", "utf-8", "windows-1250"):
        assert words(text.format(encoding).encode(encoding)) == [("text", "Wörter für Flüsse")]


def test_xml_is_told_by_its_first_line() -> None:
    for content in (b"<?xml version='1.0'?><a/>", b"\n<rss version='2.0'>", b"<an:akomaNtoso xmlns:an='x'>"):
        assert media_type_of("a.txt", content) == "application/xml"
    assert media_type_of("a.txt", b"<a>not told</a>") == "text/plain"
    assert media_type_of("a.xml", b"<a>by name</a>") == "application/xml"

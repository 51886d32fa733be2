"""Web pages: what is content, what structure it has, what the page states of itself."""

from __future__ import annotations

import re
from html import escape

import pytest
from docsearch.corpus import read_bytes
from docsearch.corpus.formats.html.tokens import attributes_of, tokens
from docsearch.corpus.formats.html.tree import DEEPEST, parse
from docsearch.corpus.model import Document
from hypothesis import given
from hypothesis import strategies as st
from made import Made
from made.html import documents

SENTENCE = "Whoever discharges waste water needs a permit, and it is the ministry that grants permits."


def read(page: str | bytes, name: str = "page.html") -> Document:
    content = page.encode() if isinstance(page, str) else page
    (document,) = read_bytes("key", name, content, media_type="text/html").documents
    return document


def paragraphs(page: str | bytes) -> list[tuple[str, str]]:
    document = read(page)
    return [(one.kind, document.text[one.start : one.end]) for one in document.paragraphs]


def words(page: str | bytes) -> list[str]:
    return [text for _, text in paragraphs(page)]


def headings(page: str | bytes) -> list[tuple[int, str]]:
    return [(one.level, one.title) for one in read(page).sections[1:]]


@pytest.mark.parametrize("made", documents(), ids=lambda made: made.name)
def test_content_without_what_is_around_it(made: Made) -> None:
    (document,) = read_bytes("key", made.name, made.content).documents
    assert headings(made.content) == list(made.headings)
    assert words(made.content) == [paragraph for paragraph, _ in made.paragraphs]
    assert document.meta.title == made.title


@pytest.mark.parametrize(
    ("html", "read"),
    [
        ("<p>one<p>two", [("text", "one"), ("text", "two")]),
        ("one<br>two<br><br>three", [("text", "one\ntwo"), ("text", "three")]),
        ("a &amp; b&nbsp;&sect;&#8239;3 co&shy;op", [("text", "a & b § 3 coop")]),
        ("<ol type=a start=3><li>x<li value=7>y</ol>", [("item", "c. x"), ("item", "g. y")]),
        ("<ol reversed><li>x<li>y</ol>", [("item", "2. x"), ("item", "1. y")]),
        ("<ol style='list-style: none'><li>(a) x</ol>", [("item", "(a) x")]),
        ("<ol><li>(a) x<li>§ 4 y</ol>", [("item", "(a) x"), ("item", "§ 4 y")]),
        ("<ol type=I><li>x<ul><li>y</ul>z</ol>", [("item", "I. x"), ("item", "y"), ("item", "z")]),
        ("<dl><dt>t<dd>d<dt>u<dd><p>e<p>f</dl>", [("item", "t\nd"), ("item", "u\ne"), ("item", "f")]),
        ("<dl><dt>alone</dl>after", [("item", "alone"), ("text", "after")]),
        ("<blockquote><p>q</blockquote>p", [("quote", "q"), ("text", "p")]),
        ("<pre>a\n  b</pre>", [("code", "a\nb")]),
        ("<pre>One line here.\n\nAnother one.</pre>", [("text", "One line here."), ("text", "Another one.")]),
        (
            "<table><tr><th>h<th>i<tr><td>a<td><p>b<p>c</table>",
            [("table", "h | i\na | b c")],
        ),
        ("<table><tr><td>1.<td>x<tr><td>(b)<td>y</table>", [("item", "1. x"), ("item", "(b) y")]),
        ("<table>w<tr><td>x<td>y</table>", [("text", "w"), ("text", "x"), ("text", "y")]),
        ("<table><tr><td><h2>x</h2>y</table>", [("text", "y")]),
        ("x<sup><a href=#1>1</a></sup> m<sup>2</sup>", [("text", "x [1] m2")]),
        ("<p>He said <q>no</q>.", [("text", "He said “no”.")]),
        ("<b><p>x</b><i>y</i></p>z", [("text", "xy"), ("text", "z")]),
        ("<ruby>x<rp>(</rp><rt>y</rt></ruby>", [("text", "xy")]),
    ],
)
def test_elements(html: str, read: list[tuple[str, str]]) -> None:
    assert paragraphs(f"<!doctype html><body>{html}") == read


def test_what_is_not_for_reading() -> None:
    page = f"""<p>{SENTENCE}</p><script>if (a < b) "<p>no</p>"</script><style>no</style><!-- no <p>no</p> -->
    <template>no</template><p hidden>no</p><p style="display: none">no</p><button>no</button>
    <select><option>no</select><textarea>no</textarea><svg><text>no</text></svg><dialog>no</dialog>
    <iframe>no</iframe><i aria-hidden=true>no</i><p title="no">yes<img alt=no>"""
    assert words(page) == [SENTENCE, "yes"]


def test_nothing_is_lost_where_the_guess_fails() -> None:
    """Pages whose marks mislead: all their words are kept."""
    assert words(f"<div class=menu><p>{SENTENCE}</div>") == [SENTENCE]
    assert words(f"<main>Loading</main><div><p>{SENTENCE}<p>{SENTENCE}</div>")[1:] == [SENTENCE] * 2
    assert words(f"<nav><p>{SENTENCE}</nav>") == [SENTENCE]
    links = "".join(f"<li><a href=x>Act {i}</a>" for i in range(9))
    assert len(words(f"<ul>{links}</ul>")) == 9
    assert words(f"<p>x</p><script>var a = '{SENTENCE}'") == ["x"]
    assert words(f"<p>a <!-- b <p>{SENTENCE}")[-1] == SENTENCE
    assert words(f"<p>a < b <3 <p title='x>{SENTENCE}")[-1] == SENTENCE


def test_the_title_outside_of_the_content() -> None:
    page = f"<header><h1>Of water</h1></header><main><h2>Scope</h2><p>{SENTENCE}</main>"
    assert headings(page) == [(1, "Of water"), (2, "Scope")]
    page = f"<header><nav><a href=x>Home</a></nav><h1>Of water</h1></header><div><p>{SENTENCE}</div>"
    assert headings(page) == [(1, "Of water")]
    assert words(page) == [SENTENCE]


def test_bold_lines_are_headings_where_there_are_none() -> None:
    assert headings(f"<p><b>PART I</b><p><strong>Powers</strong> <p>{SENTENCE}<p>{SENTENCE}") == [
        (1, "PART I"),
        (2, "Powers"),
    ]


def test_regulations_as_the_official_journal_sets_them() -> None:
    item = "<table><tr><td><p>{}</p></td><td><p>{}</p>{}</td></tr></table>"
    page = "<p class='oj-ti-section-1'>CHAPTER I<p class='oj-ti-art'>Article 1<p class='oj-sti-art'>Scope"
    page += "<p>It says:"
    page += item.format("(a)", "first:", item.format("(i)", "inner;", "")) + item.format("(b)", "second.", "")
    assert headings(page) == [(1, "CHAPTER I"), (3, "Article 1"), (4, "Scope")]
    assert words(page) == ["It says:", "(a) first:", "(i) inner;", "(b) second."]


def test_what_the_page_states() -> None:
    page = """<html lang=de-AT><title>Wasserabgabe - Amt für Flüsse</title>
    <meta property=og:site_name content="Amt für Flüsse"><meta name=description content="Von der Abgabe">
    <meta name=author content="A. Bach"><meta name=author content="B. See">
    <meta property="article:published_time" content="2023-05-04T10:00:00+02:00">
    <link rel=canonical href="https://amt.example/a"><p>Das Wasser ist frei."""
    meta = read(page).meta
    assert (meta.title, meta.source, meta.language) == ("Wasserabgabe", "Amt für Flüsse", "de")
    assert (str(meta.published), meta.title_guessed) == ("2023-05-04", False)
    assert meta.extra["author"] == "A. Bach; B. See"
    assert meta.extra["description"] == "Von der Abgabe"
    assert meta.extra["url"] == "https://amt.example/a"


@pytest.mark.parametrize(
    "head",
    [
        "<meta name=DC.date content=2021-02-03>",
        "<meta name=citation_publication_date content=2021/02/03>",
        '<script type="application/ld+json">{"@graph": [{}, {"datePublished": "2021-02-03"}]}</script>',
        '<script type="application/ld+json">[{"datePublished": "2021-02-03T01:00Z"}]</script>',
        '<time pubdate datetime="2021-02-03">yesterday</time>',
        '<script type="application/ld+json">{"broken</script><meta name=date content="3 February 2021">',
    ],
)
def test_dates(head: str) -> None:
    assert str(read(f"{head}<p>{SENTENCE}").meta.published) == "2021-02-03"


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("<meta charset=windows-1251>", "cp1251"),
        ('<?xml version="1.0" encoding="koi8-r"?><html>', "koi8-r"),
        ("<meta http-equiv=content-type content='text/html; charset=iso-8859-1'>", "utf-8"),  # not true
        ("", "utf-16"),
        ("<meta charset=x-unknown>", "utf-8"),
    ],
)
def test_encodings(head: str, encoding: str) -> None:
    assert words(f"{head}<p>Закон о воде".encode(encoding))[-1] == "Закон о воде"


@given(st.lists(st.tuples(st.sampled_from(["p", "div", "li", "td", "h2", "b"]), st.text(max_size=20))))
def test_no_word_is_lost(blocks: list[tuple[str, str]]) -> None:
    page = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in blocks)
    letters = re.findall(r"[a-zA-Z]", "".join(text for _, text in blocks))
    reading = read_bytes("k", "a.html", f"<html>{page}".encode("utf-8", "replace"))
    found = "".join(document.text for document in reading.documents)
    assert re.findall(r"[a-zA-Z]", found) == letters


@given(st.text(alphabet="<>/!-?[]=\"' abpscriptd&;#", max_size=200))
def test_any_soup_is_cut_and_walked(soup: str) -> None:
    root = parse(soup)
    assert all(kind in ("open", "close", "words") for kind, _, _ in tokens(soup))
    assert isinstance(root.words(), str)
    attributes_of(soup)


@pytest.mark.parametrize(
    "part",
    [
        "<div>",
        "<b>",
        "<table><tr><td>",
        "<ul><li>",
        "<!--",
        "<![CDATA[",
        "</",
        "<a b='",
        '<a ="',
        "&",
        "<script",
    ],
)
def test_what_never_ends_is_read_to_the_end(part: str) -> None:
    page = part * 20_000
    text = read(f"<html><p>{SENTENCE}{page} <p>The last words.").text
    assert SENTENCE in text
    assert "The last words." in text or part == "<script"
    depth = 0
    here = parse(page)
    while here.children and (inner := [one for one in here.children if not isinstance(one, str)]):
        here, depth = inner[0], depth + 1
    assert depth <= DEEPEST

"""Bytes become canonical text, or a refusal that says what they look like; nothing else ever happens."""

from __future__ import annotations

import codecs
import gzip
import io
import random
import zipfile

import pytest
from docsearch.corpus.decode import Decoded, canonical, decode
from docsearch.corpus.magic import format_of, is_binary, refusal, wide_encoding
from docsearch.errors import Unsupported
from hypothesis import example, given
from hypothesis import strategies as st

GERMAN = (
    "Die zuständige Behörde übermittelt dem Minister die Liste der Vorläuferstoffe.\n"
    "Maßgeblich ist die Größe der Lieferung; für Ausfuhren gelten die §§ 3 bis 5.\n"
)
SPANISH = "El Ministerio señaló que la vacunación de los niños comenzará después. ¿Cuánto costará?\n"
FRENCH = "Le ministère a présenté « une stratégie nationale » pour l’énergie ; ça coûtera 3 €.\n"
ENGLISH = "The Minister’s statement – issued on 5 March – said that “no café” would be closed.\n"
POLISH = (
    "Ministerstwo Zdrowia ogłosiło w czwartek nową strategię ochrony środowiska.\n"
    "Posłowie przyjęli ustawę, która wejdzie w życie w przyszłym roku; współpraca będzie ściślejsza.\n"
)
RUSSIAN = "Депутаты приняли закон о противодействии незаконному обороту наркотиков.\n" * 2
JAPANESE = "国会議員は薬物の不正取引に対抗する法律を可決し、来年施行される予定である。\n" * 8


@pytest.mark.parametrize("text", [GERMAN, SPANISH, FRENCH, ENGLISH, POLISH, RUSSIAN, JAPANESE])
def test_utf8_is_read_as_it_stands(text: str) -> None:
    assert decode(text.encode()) == Decoded(text, "utf-8")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides_and_is_dropped(encoding: str) -> None:
    found = decode(GERMAN.encode(encoding))
    assert (found.text, found.problems) == (GERMAN, ())


@pytest.mark.parametrize(
    ("mark", "encoding"), [(codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF32_BE, "utf-32-be")]
)
def test_big_endian_marks(mark: bytes, encoding: str) -> None:
    assert decode(mark + RUSSIAN.encode(encoding)) == Decoded(RUSSIAN, encoding)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_text_without_a_mark_is_known_by_its_nuls(encoding: str) -> None:
    assert decode(GERMAN.encode(encoding)) == Decoded(GERMAN, encoding)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "cp1252"),
        (SPANISH, "cp1252"),
        (SPANISH[:40], "latin-1"),
        (FRENCH, "cp1252"),
        (ENGLISH, "cp1252"),
        ("café", "cp1252"),
        (GERMAN, "cp850"),
        (SPANISH, "mac_roman"),
        (POLISH, "cp1250"),
        (POLISH, "iso8859-2"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
    ],
)
def test_older_encodings_are_detected(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).text == text


def test_a_legacy_letter_far_into_the_file_is_found() -> None:
    text = "The rules apply to all.\n" * 20_000 + GERMAN
    assert decode(text.encode("cp1252")).text == text


def test_damaged_utf8_stays_utf8_and_says_so() -> None:
    data = bytearray(GERMAN.encode())
    data[2] = 0xFF
    found = decode(bytes(data))
    assert (found.encoding, found.text.count("\ufffd")) == ("utf-8", 1)
    assert found.text.endswith("§§ 3 bis 5.\n")
    assert found.problems == ("1 character not valid in UTF-8, the first at character 2",)


def test_bytes_that_no_encoding_explains_are_read_as_western() -> None:
    found = decode(b"price \x81\x8d\x8f\x90\x9d \xff\xfe per tonne, as agreed in the annex\n")
    assert found.text.startswith("price ")
    assert found.text.endswith("per tonne, as agreed in the annex\n")


def test_newlines_are_normalised() -> None:
    assert decode(b"a\r\nb\rc\nd\xc2\x85e\xe2\x80\xa8f\xe2\x80\xa9g").text == "a\nb\nc\nd\ne\nf\ng"
    assert decode(b"one\fpage").text == "one\fpage"


def test_nuls_become_spaces_one_for_one() -> None:
    found = decode(b"Article 5\0\0 applies to all parties and their agents.")
    assert found.text == "Article 5   applies to all parties and their agents."
    assert found.problems == ("2 NUL bytes in the text, read as spaces",)
    assert decode(b"abc\0def").text == "abc def"


def test_lone_surrogates_of_a_program_are_replaced() -> None:
    found = canonical("a\ud800b\udfff\r\nc")
    assert (found.text, found.problems) == (
        "a\ufffdb\ufffd\nc",
        ("2 lone surrogates replaced, the first at character 1",),
    )


def _zip(member: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(member, "x" * 100)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "looks"),
    [
        (b"%PDF-1.7\nrest", "a PDF document"),
        (_zip("notes.txt"), "a ZIP archive"),
        (_zip("word/document.xml"), "a Word document"),
        (_zip("xl/workbook.xml"), "an Excel workbook"),
        (gzip.compress(b"text"), "a gzip archive"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "a PNG image"),
        (b"\x7fELF" + bytes(40), "a program (ELF)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40), "an older Microsoft Office file"),
        (b"<!DOCTYPE html>\n<p>Hello", "an HTML page"),
        (b'<?xml version="1.0"?>\n<!-- a -->\n<html xmlns="x">', "an HTML page"),
        (random.Random(7).randbytes(5_000), "binary data of an unknown format"),
        (bytes(5_000), "binary data of an unknown format"),
    ],
)
def test_what_is_no_text_is_refused_by_what_it_looks_like(data: bytes, looks: str) -> None:
    with pytest.raises(Unsupported, match="it looks like") as caught:
        decode(data)
    assert looks in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    "text", ["ID3 cards are issued", "OTTO von Bismarck", "MZ", "BM", "<htmlish> is a word"]
)
def test_text_that_begins_like_a_signature_is_text(text: str) -> None:
    assert decode(text.encode()).text == text


def test_control_bytes_count_by_their_share() -> None:
    assert not is_binary(b"\x1b[31mred\x1b[0m " * 50)
    assert is_binary(b"\x01\x02 word " * 50)
    assert wide_encoding(b"a\0b\0c\0") == "utf-16-le"
    assert wide_encoding(b"plain text") == ""


def test_names_that_need_no_opening() -> None:
    assert "a video" in (refusal("speech.MP4") or "")
    assert refusal("law.pdf") is None  # a reader may be installed for it
    assert refusal("png") is None
    assert refusal("law.txt") is None


@given(st.binary(max_size=400))
@example(b"\xff\xfe\x00\xd8")
@example(b"\xff\xfe\x00\x00\x00\xd8\x00\x00")
@example("\ud800".encode("utf-8", "surrogatepass") * 3)
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    try:
        found = decode(data)
    except Unsupported:
        return
    assert not any("\ud800" <= char <= "\udfff" or char in "\0\r\x85\u2028\u2029" for char in found.text)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(lambda t: f"x {t}\n"))
def test_any_printable_text_survives_utf8_and_marked_utf16(text: str) -> None:
    expected = text.replace("\u2028", "\n").replace("\u2029", "\n")
    assert decode(text.encode()).text == expected
    assert decode(text.encode("utf-16")).text == expected


@given(st.text(max_size=60))
def test_canonical_text_is_a_fixed_point(text: str) -> None:
    once = canonical(text)
    assert canonical(once.text) == Decoded(once.text, "utf-8")


def test_comments_before_the_first_element_are_passed_in_one_go() -> None:
    """Each comment may end in one place only: else thirty of them took half a minute."""
    comments = b"<!-- of a file -->\n" * 200
    assert format_of(comments + b"<web-app>") is None
    known = format_of(comments[: 19 * 150] + b"<!DOCTYPE html>")
    assert known is not None
    assert known.media_type == "text/html"

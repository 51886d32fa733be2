"""Mail: whose words, to whom, when; what is quoted, what is attached, what cannot be opened."""

from __future__ import annotations

from email.header import Header
from email.message import EmailMessage

import pytest
from docsearch.corpus import media_type_of, read_bytes
from docsearch.corpus.members import within_limits
from docsearch.corpus.model import Reading
from made import Made
from made.mail import documents, mailbox
from made.measure import measure

HEAD = (
    "From: Ann <ann@towns.example>\nDate: Tue, 4 May 2021 10:00:00 +0200\nMIME-Version: 1.0\nSubject: Dues\n"
)


def read(content: bytes | str, name: str = "a.eml") -> Reading:
    with within_limits():
        return read_bytes("a.eml", name, content.encode() if isinstance(content, str) else content)


def words(reading: Reading) -> list[tuple[str, str]]:
    return [
        (one.kind, document.text[one.start : one.end])
        for document in reading.documents
        for one in document.paragraphs
    ]


@pytest.mark.parametrize("made", documents(), ids=lambda made: made.name)
def test_messages_of_many_programs(made: Made) -> None:
    reading = read(made.content)
    document = reading.documents[0]
    found = [document.text[one.start : one.end] for one in document.paragraphs]
    assert [paragraph for paragraph, _ in made.paragraphs if paragraph not in found] == []
    meta = document.meta
    assert (meta.title, str(meta.published), meta.type) == (made.title, "2021-05-04", "message/rfc822")
    assert meta.extra["to"] == "Ann Lee <ann@towns.example>"
    assert f"{meta.extra['author']} <office@{meta.language}.example>" == meta.extra["from"]
    assert not reading.gaps


def test_headings_of_pages_and_most_of_those_of_plain_text() -> None:
    assert measure(tuple(documents())).f1 > 0.8


def test_attachments_are_documents_of_their_own() -> None:
    mail = EmailMessage()
    mail["Subject"] = "Papers"
    mail["From"] = "ann@towns.example"
    mail.set_content("See the papers.")
    mail.add_attachment(b"One paper.", "text", "plain", filename="paper.txt")
    mail.add_attachment(b"Another paper.", "text", "plain", filename="../paper.txt")
    mail.add_attachment(b"A third paper.", "text", "plain", filename="paper.txt")
    mail.add_attachment(b"\x89PNG\r\n", "image", "png", filename="plan.png")
    inner = EmailMessage()
    inner["Subject"] = "Earlier"
    inner.set_content("Earlier words.")
    mail.add_attachment(inner)
    reading = read(mail.as_bytes())
    assert {one.key: one.text for one in reading.documents} == {
        "a.eml": "See the papers.",
        "a.eml!/paper.txt": "One paper.",
        "a.eml!/2-paper.txt": "Another paper.",
        "a.eml!/3-paper.txt": "A third paper.",
        "a.eml!/Earlier.eml": "Earlier words.",
    }
    assert [gap.key for gap in reading.gaps] == ["a.eml!/plan.png"]


def test_replies_are_quotations() -> None:
    text = HEAD + "\nI agree.\n\nBob wrote:\n> We should\n> wait.\n>\n> Yes.\n>> No.\n\nAnn\n"
    assert words(read(text)) == [
        ("text", "I agree."),
        ("text", "Bob wrote:"),
        ("quote", "We should\nwait."),
        ("quote", "Yes."),
        ("quote", "No."),
        ("text", "Ann"),
    ]


def test_flowed_text_is_joined() -> None:
    text = HEAD + "Content-Type: text/plain; format=flowed\n\nThe dues are \nset each \nyear.\n\nYours\n"
    assert words(read(text)) == [("text", "The dues are set each year."), ("text", "Yours")]


def test_headers_in_other_scripts() -> None:
    subject = Header("Все дела", "koi8-r").encode()
    text = f"Message-ID: <a>\nDate: 4 May 2021\nFrom: =?utf-8?q?Zo=C3=AB?= <z@x>\nSubject: {subject}\n\nx"
    (document,) = read(text, "x").documents
    assert document.meta.title == "Все дела"
    assert document.meta.extra["author"] == "Zoë"


def test_a_message_that_only_carries_files_is_found_by_its_subject() -> None:
    reading = read(HEAD + 'Content-Disposition: attachment; filename="a.txt"\n\nWords.\n')
    assert [document.text for document in reading.documents] == ["Dues", "Words.\n"]


def test_what_is_encrypted_is_a_gap() -> None:
    text = HEAD + "Content-Type: multipart/encrypted; boundary=x\n\n--x\n\nVersion: 1\n--x--\n"
    reading = read(text)
    assert [gap.reason for gap in reading.gaps] == ["it is encrypted: save it decrypted from a mail program"]
    assert reading.documents[0].text == "Dues"


def test_a_mailbox() -> None:
    reading = read(mailbox(), "box.mbox")
    keys = [document.key for document in reading.documents]
    assert keys[0] == "a.eml!/harbour-dues@towns.example"
    assert len(keys) == len(documents()) + 1
    assert keys[-1].endswith("!/nötes.md")
    assert not reading.gaps


def test_messages_without_an_identity_are_counted_and_unescaped() -> None:
    one = b"From x Tue May  4 10:00:00 2021\nSubject: a\n\nWords.\n>From here on.\nFrom there on 2021\n\n"
    reading = read(one + one, "box.mbox")
    assert [document.key for document in reading.documents] == ["a.eml!/1", "a.eml!/2"]
    assert reading.documents[0].text == "Words.\nFrom here on.\nFrom there on 2021"
    assert read(b"no message", "box.mbox").gaps[0].reason.startswith("no message begins in it")


def test_mail_is_told_by_what_mail_programs_write() -> None:
    assert media_type_of("a.txt", f"{HEAD}\nWords".encode()) == "message/rfc822"
    assert media_type_of("a.txt", mailbox()) == "application/mbox"
    for memo in (
        "From: Ann\nDate: 4 May 2021\nSubject: Dues\n\nWords",
        "From the desk of 2021\nwords",
        "A: b\n",
    ):
        assert media_type_of("a.txt", memo.encode()) == "text/plain"


@pytest.mark.parametrize("depth", [10, 100, 3_000])
def test_deep_nesting_ends(depth: int) -> None:
    parts = "".join(f'Content-Type: multipart/mixed; boundary="b{i}"\n\n--b{i}\n' for i in range(depth))
    reading = read(f"{HEAD}{parts}Content-Type: text/plain\n\nWords at the bottom.")
    assert ("at the bottom" in reading.documents[0].text) if depth == 10 else reading.gaps

"""What readers of other formats write becomes a document whose every range is a quotation."""

from __future__ import annotations

import pytest
from docsearch.corpus import members
from docsearch.corpus.draft import Draft, clean
from docsearch.corpus.members import TooMuch, member_key, read_member, take, within_limits
from docsearch.corpus.model import Document
from hypothesis import given
from hypothesis import strategies as st


def written(draft: Draft, **fields: str) -> Document:
    document = draft.document(key="k", name="k.pdf", media_type="application/pdf", fields=fields)
    assert document is not None
    return document


def test_pages_headings_and_paragraphs() -> None:
    draft = Draft()
    draft.page("i")
    draft.heading("Water\n Act", 1)
    draft.paragraph("The Minister\n\n may make rules.")
    draft.page("ii")
    draft.page("1")
    draft.paragraph("(a) about fees;", "item")
    document = written(draft, title="Of water", author="The Parliament")
    assert document.text == "Water Act\n\nThe Minister\nmay make rules.\n\n(a) about fees;"
    assert [(s.title, s.level) for s in document.sections] == [("", 0), ("Water Act", 1)]
    assert [(p.kind, document.text[p.start : p.end]) for p in document.paragraphs] == [
        ("text", "The Minister\nmay make rules."),
        ("item", "(a) about fees;"),
    ]
    assert [(a.index, a.label, document.text[a.start : a.end][-5:]) for a in document.anchors] == [
        (0, "i", "ules."),
        (2, "1", "fees;"),
    ]
    assert document.meta.title == "Of water"
    assert document.meta.extra == {"author": "The Parliament"}


def test_without_words_there_is_no_document() -> None:
    draft = Draft()
    draft.page()
    draft.paragraph(" — \x00")
    assert not draft
    assert draft.document(key="k", name="k", media_type="text/x") is None


@given(st.lists(st.tuples(st.sampled_from("hpg"), st.text(max_size=30)), max_size=12))
def test_any_blocks_give_a_document_that_is_whole(blocks: list[tuple[str, str]]) -> None:
    draft = Draft()
    for kind, words in blocks:
        if kind == "h":
            draft.heading(words, 2)
        elif kind == "p":
            draft.paragraph(words)
        else:
            draft.page(words)
    document = draft.document(key="k", name="k", media_type="text/x")
    wanted = [clean(words) for kind, words in blocks if kind == "p" and any(map(str.isalnum, words))]
    if document is None:
        assert not wanted
        return
    found = [document.text[p.start : p.end] for p in document.paragraphs if p.kind == "text"]
    assert found == wanted
    ends = [(a.start, a.end) for a in document.anchors]
    assert ends == sorted(ends)
    assert all(0 <= start < end <= len(document.text) for start, end in ends)


def test_members_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "LARGEST", 100)
    with within_limits():
        take(100)
        with pytest.raises(TooMuch):
            take(1)
    with within_limits():
        take(100)
    monkeypatch.setattr(members, "DEEPEST", 0)
    with within_limits():
        reading = read_member("a.zip!/b.txt", "b.txt", b"words")
    assert not reading.documents
    assert "deep" in reading.gaps[0].reason


def test_a_members_key_cannot_climb_out() -> None:
    assert member_key("a.zip", "/../../etc/passwd") == "a.zip!/etc/passwd"
    assert member_key("a.zip", "..") == "a.zip!/member"
    assert "\n" not in member_key("a.zip", "a\nb")

"""Metadata: the best source wins, guesses say so, and no field is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pytest
from docsearch.corpus.metadata import describe
from docsearch.corpus.model import Metadata, MetaValue, PartialDate
from hypothesis import given
from hypothesis import strategies as st

STORY = (
    "Washington DC, 15 March 2023 (TDI): The United States (US) Secretary of State spoke with the Foreign "
    "Secretary of Mexico to discuss security cooperation. The talks went on."
)


def meta(
    fields: Mapping[str, MetaValue] | None = None,
    *,
    name: str = "notes/000_fc7eb9e95de41056.txt",
    heading: str | None = None,
    opening: Sequence[str] = (),
) -> Metadata:
    return describe(
        name=name,
        media_type="text/plain",
        fields=fields or {},
        heading=heading,
        opening=opening,
        body="\n\n".join(opening),
    )


def test_a_news_story_without_title() -> None:
    found = meta(opening=[STORY, "More words."])
    assert found == Metadata(
        title="The United States (US) Secretary of State spoke with the Foreign Secretary of…",
        title_guessed=True,
        language="en",
        language_guessed=True,
        type="text/plain",
        source="TDI",
        place="Washington DC",
        published=PartialDate(2023, 3, 15),
    )


def test_front_matter_wins() -> None:
    fields: dict[str, MetaValue] = {
        "title": "  Water:\n a plan — ",
        "date": dt.date(2024, 5, 6),
        "source": "The Office",
        "place": "Geneva",
        "lang": "en-GB",
        "effective-date": "1 June 2024",
        "Valid until": "ignored, since names are in lower case",
        "valid until": 2030,
        "tags": ("a", "b"),
        "pages": 12,
    }
    found = meta(fields, heading="Another", opening=[STORY])
    assert (found.title, found.title_guessed) == ("Water: a plan", False)
    assert (found.source, found.place) == ("The Office", "Geneva")
    assert (found.language, found.language_guessed) == ("en", False)
    assert (str(found.published), str(found.effective), str(found.ended)) == (
        "2024-05-06",
        "2024-06-01",
        "2030",
    )
    assert found.extra == {
        "lang": "en-GB",
        "Valid until": "ignored, since names are in lower case",
        "tags": ("a", "b"),
        "pages": 12,
    }


def test_the_more_telling_date_is_taken_and_the_other_kept() -> None:
    found = meta({"created": dt.date(2020, 1, 1), "published": dt.date(2021, 1, 1)})
    assert str(found.published) == "2021-01-01"
    assert found.extra == {"created": dt.date(2020, 1, 1)}


@pytest.mark.parametrize("value", ["soon", "31 June 2023", True, 0.5, ("2023",), ""])
def test_a_date_that_cannot_be_read_is_kept_as_it_is(value: MetaValue) -> None:
    found = meta({"date": value})
    assert found.published is None
    assert found.extra == {"date": value}


def test_a_date_within_words_is_a_guess_and_its_words_are_kept() -> None:
    found = meta({"effective": "30 days after 1 May 2020"})
    assert found.effective == PartialDate(2020, 5, 1)
    assert found.effective.guessed
    assert found.extra == {"effective": "30 days after 1 May 2020"}


def test_stated_flags_and_empty_fields_are_no_text() -> None:
    found = meta({"title": "", "source": True, "place": 7}, heading="A heading")
    assert (found.title, found.source, found.place) == ("A heading", "", "7")
    assert found.extra == {"title": "", "source": True}


def test_a_language_that_is_none_is_kept_and_the_text_is_asked() -> None:
    found = meta(
        {"language": "various"},
        opening=["Der Rat hat die Verordnung über die Ausfuhr mit Mehrheit angenommen."],
    )
    assert (found.language, found.language_guessed) == ("de", True)
    assert found.extra == {"language": "various"}


@pytest.mark.parametrize(
    ("line", "published", "effective", "ended"),
    [
        ("Date: 15 March 2023", "2023-03-15", "None", "None"),
        (
            "**Published:** March 15, 2023\n**Effective:** 2023-04\n**Expires:** 2025",
            "2023-03-15",
            "2023-04",
            "2025",
        ),
        ("Effective date : 1 May 2020", "None", "2020-05-01", "None"),
        ("Ausfertigungsdatum\n:   1977-06-27", "1977-06-27", "None", "None"),
        ("> Fecha: 15 de marzo de 2023", "2023-03-15", "None", "None"),
        ("Date: to be announced in 2023", "None", "None", "None"),
        ("The date: 15 March 2023", "None", "None", "None"),
        ("Subject: 15 March 2023", "None", "None", "None"),
    ],
)
def test_labelled_lines(line: str, published: str, effective: str, ended: str) -> None:
    found = meta(opening=["A byline", f"{line}\nMore words."])
    assert (str(found.published), str(found.effective), str(found.ended)) == (published, effective, ended)
    assert found.extra == {}


def test_front_matter_before_lines_before_dateline_before_name() -> None:
    name = "2020-01-01-story.txt"
    fields = {"date": dt.date(2023, 1, 1)}
    opening = ["Date: 1 January 2022", "GENEVA, 1 January 2021 (AP) — The talks."]
    assert str(meta(fields, name=name, opening=opening).published) == "2023-01-01"
    assert str(meta(name=name, opening=opening).published) == "2022-01-01"
    assert str(meta(name=name, opening=opening[1:]).published) == "2021-01-01"
    assert meta(name=name).published == PartialDate(2020, 1, 1)


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("a/2023-03-15-report.md", "2023-03-15"),
        ("20230315_report.md", "2023-03-15"),
        ("report_2023.03.15.md", "2023-03-15"),
        ("report-2023-03.md", "2023-03"),
        ("2023-03-15/report.md", "None"),
        ("2001-10.md", "None"),
        ("47-2002.05(Perm).md", "None"),
        ("report-202303.md", "None"),
        ("report-2023-02-30.md", "None"),
        ("120230315.md", "None"),
    ],
)
def test_dates_in_names_are_guesses(name: str, date: str) -> None:
    found = meta(name=name).published
    assert str(found) == date
    assert found is None or found.guessed


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("acts/water_act-2019.txt", "Water act 2019"),
        ("01_Anti_Money_Laundering.md", "Anti Money Laundering"),
        ("report-deadbeef01.txt", "Report"),
        ("water-act/index.md", "Water act"),
        ("archive.zip!/S-RES-1373.txt", "S RES 1373"),
        ("Größe der Flüsse", "Größe der Flüsse"),
        ("v1.2 final", "V1.2 final"),
        ("facade.txt", "Facade"),
        ("000_fc7eb9e95de41056.txt", "The first sentence"),
        ("2023-03.txt", "The first sentence"),
        ("42.txt", "The first sentence"),
    ],
)
def test_titles_from_names(name: str, title: str) -> None:
    found = meta(name=name, opening=["GENEVA (AP) — The first\nsentence. The second."])
    assert (found.title, found.title_guessed) == (title, True)


def test_a_document_without_anything_is_called_by_its_name() -> None:
    assert meta(name="a/42.txt").title == "a/42.txt"


KEYS = st.sampled_from(
    ["title", "date", "lang", "source", "valid until", "effective", "place", "tags", "x", ""]
)
VALUES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["2023-03-15", "1 May 2020", "en-GB", "03/04/2020", "in 5 May 2020"]),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.lists(st.text(max_size=5), max_size=3).map(tuple),
)


@given(
    st.dictionaries(KEYS, VALUES),
    st.text(max_size=30),
    st.none() | st.text(max_size=30),
    st.lists(st.text(max_size=60), max_size=4),
)
def test_anything_is_described_and_no_field_is_lost(
    fields: dict[str, MetaValue], name: str, heading: str | None, opening: list[str]
) -> None:
    found = describe(
        name=name,
        media_type="text/plain",
        fields=fields,
        heading=heading,
        opening=opening,
        body="\n".join(opening),
    )
    used = {
        "title": not found.title_guessed,
        "lang": not found.language_guessed,
        "source": bool(found.source),
        "place": bool(found.place),
        "date": found.published is not None,
        "effective": found.effective is not None,
        "valid until": found.ended is not None,
    }
    for key, value in fields.items():
        assert key in found.extra or used[key]
        assert key not in found.extra or found.extra[key] is value

"""Datelines are read in their usual forms, and ordinary prose is not taken for one."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from docsearch.corpus.dateline import read_dateline
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("head", "place", "date", "source"),
    [
        ("Washington DC, 15 March 2023 (TDI): ", "Washington DC", "2023-03-15", "TDI"),
        ("LONDON, March 15, 2023 (Reuters) - ", "London", "2023-03-15", "Reuters"),
        ("(Reuters) - ", "", "None", "Reuters"),
        ("GENEVA (AP) — ", "Geneva", "None", "AP"),
        ("GENEVA (AP)—", "Geneva", "None", "AP"),
        ("NAIROBI, Kenya -- ", "Nairobi, Kenya", "None", ""),
        ("NAIROBI -- ", "Nairobi", "None", ""),
        ("MADRID, 15/03/2023 (EFE).- ", "Madrid", "2023-03-15", "EFE"),
        ("BERLIN, 15. März 2023 (dpa) – ", "Berlin", "2023-03-15", "dpa"),
        ("Berlin (dpa) - ", "Berlin", "None", "dpa"),
        ("Brussels, 4 May 2021 – ", "Brussels", "2021-05-04", ""),
        ("WASHINGTON, D.C. – March 15, 2023 – ", "Washington, D.C.", "2023-03-15", ""),
        ("WASHINGTON, March 15, 2023 /PRNewswire/ -- ", "Washington", "2023-03-15", "PRNewswire"),
        ("BEIJING, March 15 (Xinhua) -- ", "Beijing", "None", "Xinhua"),
        ("PARIS, le 15 mars 2023 (AFP) - ", "Paris", "2023-03-15", "AFP"),
        ("Port-au-Prince, Haiti (AP) — ", "Port-au-Prince, Haiti", "None", "AP"),
        ("**GENEVA, 15 March 2023** – ", "Geneva", "2023-03-15", ""),
        ("GENEVA (15 March 2023) – ", "Geneva", "2023-03-15", ""),
        ("ST. PETERSBURG, Russia (AP) — ", "St. Petersburg, Russia", "None", "AP"),
        ("RIO DE JANEIRO, 4 de maio de 2021 (Lusa) – ", "Rio de Janeiro", "2021-05-04", "Lusa"),
        ("N'DJAMENA, Chad (AP) -- ", "N'Djamena, Chad", "None", "AP"),
        ("Lagos, Lagos State, 5 May 2020 (NAN): ", "Lagos, Lagos State", "2020-05-05", "NAN"),
        ("Kyiv, 1 January 2024: ", "Kyiv", "2024-01-01", ""),
        ("Roma, 15 mar. (ANSA) - ", "Roma", "None", "ANSA"),
        ("San José, mayo de 2020 (EFE) - ", "San José", "2020-05", "EFE"),
    ],
)
def test_usual_forms(head: str, place: str, date: str, source: str) -> None:
    found = read_dateline(f"{head}The Council has agreed.")
    assert found is not None
    assert (found.place, str(found.date), found.source, found.end) == (place, date, source, len(head))


@pytest.mark.parametrize(
    "text",
    [
        "In Geneva, 15 March 2023 was a Wednesday.",
        "Geneva, 15 March 2023.",
        "Geneva, 15 March 2023 (AP)",
        "Geneva is a city - a big one.",
        "Paris",
        "London, England",
        "Article 5 - Scope",
        "Article 5: Scope",
        "Act 5, 2010 (the Act): The Council",
        "Order of the Council, 5 May 2010: the Council",
        "Rome Statute, 17 July 1998: The Court",
        "Treaty of Lisbon, 13 December 2007 – the parties",
        "Council of the European Union, 4 May 2021 – the ministers",
        "Smith v. Jones, 5 May 2010 (CA): the court",
        "Smith, John (2010): A study of water",
        "Authorised Person (AP) - means a person",
        "Associated Press (AP) — the agency",
        "EUROPEAN UNION (EU) - the members",
        "Definitions (DEF): the words",
        "Bank (AP): the account",
        "The Minister, Mr. Smith (Labour): I thank you.",
        "PENALTIES -- Any person who",
        "DEFINITIONS.—In this Act",
        "IN GENERAL -- The Mayor",
        "SUBCHAPTER II -- GENERAL",
        "FEDERAL RESERVE, Board -- the rates",
        "(a) - the text",
        "(A) — The text",
        "(AA) — The text",
        "Monday, 15 March 2023 – The committee met",
        "Press Release, 4 May 2021 – The office",
        "Published, 15 March 2023: the text",
        "Note: 15 March 2023 - the text",
        "Bis 26. Januar 2017: höherer Dienst",
        "Erlaß des Reichsarbeitsministers vom 24. August 1943 - II 8925/43",
        "1. Geneva (AP) - the text",
        "geneva (AP) - the text",
        "",
        " ",
    ],
)
def test_prose_is_no_dateline(text: str) -> None:
    assert read_dateline(text) is None


def test_only_the_head_of_a_paragraph_is_looked_at() -> None:
    assert read_dateline("x" * 10**6) is None
    assert read_dateline("Geneva, " * 100 + "4 May 2021 – The") is None


@given(st.text() | st.text("GENVAgenva ,.()-–—:/*0123456789AP\n"))
def test_any_text_is_answered(text: str) -> None:
    found = read_dateline(text)
    if found is not None:
        assert 0 < found.end < len(text)
        assert not text[found.end].isspace()
        assert found.place or found.source


@pytest.mark.corpus
def test_no_law_begins_with_a_dateline() -> None:
    if not os.environ.get("DOCSEARCH_CORPORA"):
        pytest.skip("DOCSEARCH_CORPORA is not set")
    files = sorted(Path(os.environ["DOCSEARCH_CORPORA"]).glob("*/**/*.md"))[::10]
    paragraphs = [
        paragraph
        for file in files
        for paragraph in re.split(r"\n\s*\n", file.read_text("utf-8", "replace")[:5000])[:8]
    ]
    assert len(paragraphs) > 10_000
    assert [paragraph for paragraph in paragraphs if read_dateline(paragraph)] == []

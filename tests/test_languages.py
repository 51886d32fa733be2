"""Languages are told by their function words; what cannot be told is said to be uncertain."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from docsearch.corpus.languages import LANGUAGES, LanguageGuess, guess_language, language_code, stop_words
from hypothesis import given
from hypothesis import strategies as st

PARAGRAPHS = {
    "en": "The Council adopted a resolution on the control of small arms yesterday. "
    "Every state shall report.",
    "es": "El Consejo adoptó ayer una resolución sobre el control de las armas ligeras. "
    "Los Estados deberán informar.",
    "de": "Der Rat hat gestern eine Entschließung über die Kontrolle von Waffen angenommen. "
    "Die Staaten berichten.",
    "fr": "Le Conseil a adopté hier une résolution sur le contrôle des armes légères. "
    "Les États doivent en rendre compte.",
    "pt": "O Conselho adotou ontem uma resolução sobre o controlo das armas ligeiras. "
    "Os Estados devem informar.",
    "it": "Il Consiglio ha adottato ieri una risoluzione sul controllo delle armi leggere. "
    "Gli Stati devono riferire.",
    "nl": "De Raad heeft gisteren een resolutie over de controle van wapens aangenomen. "
    "De lidstaten moeten berichten.",
    "ru": "Совет принял вчера резолюцию о контроле над лёгким оружием. "
    "Они не могут вывозить его без разрешения.",
    "ar": "اعتمد المجلس أمس قرارا بشأن مراقبة الأسلحة الخفيفة. "
    "يجب على الدول أن تقدم تقريرا كل سنة إلى الأمين عن ذلك.",
    "sv": "Rådet antog i går en resolution om kontroll av lätta vapen. "
    "Staterna ska rapportera varje år och får inte exportera.",
    "da": "Rådet vedtog i går en resolution om kontrol med våben. "
    "Staterne skal rapportere hvert år og må ikke udføre varer af den art.",
    "no": "Rådet vedtok i går en resolusjon om kontroll av våpen. "
    "Statene skal rapportere hvert år og må ikke eksportere noe etter loven.",
    "fi": "Neuvosto hyväksyi eilen päätöslauselman, joka koskee aseiden valvontaa. "
    "Valtioiden on raportoitava siitä, ja ne ovat vastuussa.",
    "hu": "A Tanács tegnap határozatot fogadott el a fegyverek ellenőrzéséről. "
    "Az államoknak minden évben jelentést kell tenniük.",
    "ro": "Consiliul a adoptat ieri o rezoluție privind controlul armelor. "
    "Statele trebuie să prezinte rapoarte și nu pot exporta.",
}


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_a_paragraph_is_told(code: str) -> None:
    assert guess_language(PARAGRAPHS[code]).code == code
    assert guess_language(PARAGRAPHS[code] * 500).code == code


@pytest.mark.parametrize("code", ["en", "es", "de", "fr", "pt", "it", "nl", "ru", "ar", "sv"])
def test_a_paragraph_without_near_relatives_is_certain(code: str) -> None:
    assert guess_language(PARAGRAPHS[code]).certain


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "en"),
        ("42 § 7", "en"),
        ("D.C. Law 3-16 — Day Care Policy Act of 1979", "en"),
        ("Hessisches Wassergesetz", "de"),
        ("Abkommen über den internationalen Währungsfonds", "de"),
        ("Ley de protección de datos", "es"),
        ("Статья 5", "ru"),
        ("المادة", "ar"),
        ("安理会", "zh"),
        ("安全保障理事会の決議", "ja"),
        ("Sprawozdanie o jakości wody", "pl"),
        ("Raport privind calitatea apei", "ro"),
        ("Verslag over de waterkwaliteit", "nl"),
        ("Звіт про якість води", "uk"),
    ],
)
def test_a_line_is_guessed(text: str, code: str) -> None:
    assert guess_language(text) == LanguageGuess(code, certain=False)


def test_tables_and_numbers_do_not_hide_the_language() -> None:
    assert guess_language(PARAGRAPHS["de"] + "\n" + "| 12,5 | 13 | A-7 |\n" * 3000).code == "de"


def test_two_languages_are_not_certain() -> None:
    assert not guess_language(f"{PARAGRAPHS['de']} {PARAGRAPHS['en']}").certain


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *(
            ("en", "en"),
            ("en-GB", "en"),
            ("de_AT.UTF-8", "de"),
            ("EN", "en"),
            ("German", "de"),
            ("Deutsch", "de"),
        ),
        *(("fra", "fr"), ("nb", "no"), ("nn-NO", "no"), ("pl", "pl"), (" español ", "es")),
        *(("", None), ("various", None), ("-", None), ("q1", None), ("öö", None)),
    ],
)
def test_stated_languages(name: str, code: str | None) -> None:
    assert language_code(name) == code


def test_stop_words_are_lower_case_words() -> None:
    for code in LANGUAGES:
        words = stop_words(code)
        assert 60 < len(words) < 250
        assert all(word == word.lower() and re.fullmatch(r"[^\W\d_]+", word) for word in words)
    assert {"what", "which", "must", "shall", "the", "under"} <= stop_words("en")
    assert stop_words("xx") == frozenset()


def test_domain_words_are_no_stop_words() -> None:
    assert not stop_words("en") & {
        "state",
        "law",
        "act",
        "person",
        "bank",
        "water",
        "right",
        "work",
        "use",
        "need",
    }


@given(st.text() | st.text("abcdeilnorstu ЖшЙаب ا", max_size=5000))
def test_any_text_is_answered(text: str) -> None:
    guess = guess_language(text)
    assert re.fullmatch("[a-z]{2}", guess.code)
    assert guess.code in LANGUAGES or not guess.certain
    assert guess == guess_language(text)
    assert language_code(text) is None or len(language_code(text) or "") == 2


@pytest.mark.corpus
@pytest.mark.parametrize(("corpus", "code"), [("dc-law", "en"), ("de-gesetze", "de")])
def test_the_corpora_are_told(corpus: str, code: str) -> None:
    root = os.environ.get("DOCSEARCH_CORPORA")
    if not root or not (Path(root) / corpus).is_dir():
        pytest.skip(f"no {corpus} in DOCSEARCH_CORPORA")
    files = sorted((Path(root) / corpus).rglob("*.md"))[::5]
    bodies = (file.read_text("utf-8", "replace").split("\n---\n", 1)[-1] for file in files)
    wrong = sum(guess_language(body).code != code for body in bodies)
    assert wrong <= len(files) / 500

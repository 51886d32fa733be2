"""One index, many languages: a query in each finds its paragraph, and what it marks is exact."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from docsearch import Index, Record
from docsearch.index.analysis.respelt import respelt
from docsearch.index.analysis.tokens import asked, tokenize
from docsearch.index.storage import MemoryStorage
from hypothesis import given
from hypothesis import strategies as st

ARTICLES = {
    "en": "# Water Act\n\nEvery municipality shall publish the results of its inspections of drinking water. "
    "The authority may withdraw permits from operators that pollute rivers.",
    "es": "# Ley de Aguas\n\nLos municipios publicarán la información sobre las inspecciones del agua. "
    "La autoridad podrá revocar las autorizaciones a los operadores que contaminen los ríos.",
    "de": "# Wassergesetz\n\nDie Gemeinden veröffentlichen die Ergebnisse der Prüfungen an öffentlichen "
    "Straßen. Die Behörde darf Genehmigungen widerrufen, wenn Betreiber die Flüsse verschmutzen.",
    "fr": "# Loi sur l'eau\n\nLes communes publient les résultats des contrôles de l'eau potable. L'autorité "
    "peut retirer les autorisations aux exploitants qui polluent les rivières et les forêts protégées.",
    "pt": "# Lei da Água\n\nOs municípios publicam os resultados das inspeções da água potável. A autoridade "
    "pode revogar as autorizações dos operadores que poluam os rios da região.",
    "it": "# Legge sulle acque\n\nI comuni pubblicano i risultati dei controlli sull'acqua potabile. "
    "L'autorità può revocare le autorizzazioni agli operatori che inquinano i fiumi della città.",
    "nl": "# Waterwet\n\nDe gemeenten publiceren de uitslagen van de controles van het drinkwater. De "
    "overheid mag vergunningen intrekken van bedrijven die rivieren vervuilen.",
    "ru": "# Закон о воде\n\nМуниципалитеты публикуют результаты проверок питьевой воды. Орган вправе "
    "отзывать разрешения у операторов, загрязняющих реки. Учёт ведётся ежегодно.",
    "ar": "# قانون المياه\n\nتنشر البلديات نتائج فحص مياه الشرب وفقاً لأحكام هذا القانون. ويجوز للسلطة "
    "أن تسحب التراخيص من المشغلين الذين يلوثون الأنهار.",
    "zh": "# 水法\n\n各市应当公布饮用水检验结果。主管机关可以撤销污染河流的经营者的许可证。",
    "ja": "# 水道法\n\n市は飲料水の検査結果を公表しなければならない。大臣は許可を取り消すことができる。",
    "ko": "# 수도법\n\n시는 물의 검사 결과를 공표하여야 한다. 관청은 하천 허가를 취소할 수 있다.",
    "th": "# พระราชบัญญัติน้ำ\n\nเทศบาลต้องเผยแพร่ผลการตรวจสอบน้ำดื่ม หน่วยงานอาจเพิกถอนใบอนุญาตได้",
}


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with Index(MemoryStorage(), create=True) as index:
        index.add(Record(code, text) for code, text in ARTICLES.items())
        yield index


def test_languages_are_told(index: Index) -> None:
    for code in ARTICLES:
        document = index.document(code)
        assert document is not None
        assert document.meta.language == code


@pytest.mark.parametrize(
    ("code", "query", "marked"),
    [
        ("en", "inspecting", "inspections"),
        ("es", "autorización", "autorizaciones"),
        ("es", "informacion", "información"),
        ("de", "Genehmigung", "Genehmigungen"),
        ("de", "strasse", "Straßen"),
        ("de", "Pruefung", "Prüfungen"),
        ("de", "veroeffentlichen", "veröffentlichen"),
        ("fr", "forêt", "forêts"),
        ("fr", "controles eau", "contrôles"),
        ("pt", "inspeção", "inspeções"),
        ("pt", "inspecoes", "inspeções"),
        ("it", "citta", "città"),
        ("it", "fiume", "fiumi"),
        ("nl", "vergunning", "vergunningen"),
        ("ru", "разрешение", "разрешения"),
        ("ru", "учет", "Учёт"),
        ("ar", "احكام", "لأحكام"),
        ("ar", "أَحْكَامِ", "لأحكام"),
        ("ar", "الانهار", "الأنهار"),
        ("zh", "饮用水", "饮用水"),
        ("zh", '"撤销污染"', "撤销污染"),
        ("ja", "飲料水", "飲料水"),
        ("ja", "検査 AND 許可", "検査"),
        ("ja", "臣", "臣"),
        ("ko", "하천", "하천"),
        ("th", "น้ำดื่ม", "น้ำดื่ม"),
    ],
)
def test_a_query_finds_its_language(index: Index, code: str, query: str, marked: str) -> None:
    hit = index.search(query)[0]
    assert hit.key == code
    marks = [hit.text[s - hit.start : e - hit.start] for each in hit.snippets for s, e in each.highlights]
    assert marked in marks


def test_what_stands_nowhere_whole_is_parted(index: Index) -> None:
    results = index.search("饮用水的检验结果")
    assert results[0].key == "zh"
    assert results.reading.tree == "饮用 OR 用水 OR 水的 OR 的检 OR 检验 OR 验结 OR 结果"
    assert "stands nowhere as a whole" in results.reading.notices[0]
    assert not index.search('"饮用水的检验结果"')


def test_a_word_of_several_languages_is_scored_once(index: Index) -> None:
    """`operator` has a term in each of the thirteen languages; a paragraph scores by its own alone."""
    alone = index.search("permits", ranking="plain")[0].score
    shared = index.search("authority", ranking="plain")[0].score
    assert 0 < shared <= alone * 1.2


@given(
    st.lists(st.text("水法律道 aかว가。", max_size=8), min_size=1, max_size=5),
    st.text("水法律道かว가", min_size=1, max_size=3),
)
def test_a_stretch_is_found_wherever_it_stands(texts: list[str], sought: str) -> None:
    with Index(MemoryStorage(), create=True) as index:
        index.add(Record(f"{at}", f"x {text}.", language="zh", title="x") for at, text in enumerate(texts))
        hits = index.search(f'"{sought}"', duplicates="show").hits
    assert {hit.key for hit in hits} == {f"{at}" for at, text in enumerate(texts) if sought in text}
    for hit in hits:
        marks = [hit.text[s - hit.start : e - hit.start] for each in hit.snippets for s, e in each.highlights]
        assert marks
        assert all(mark.startswith(sought) and mark.endswith(sought) for mark in marks)


@given(st.text("水法 aข้า.", max_size=12))
def test_what_is_asked_is_in_the_text(text: str) -> None:
    tokens = list(tokenize(text))
    assert set(asked(text)) <= set(tokens)
    assert {token.end for token in asked(text)} == {token.end for token in tokens}


@given(st.text("aouäöüeqß", max_size=8))
def test_respelling_leads_to_one_fold(word: str) -> None:
    other = respelt(word, "de")
    assert other != word
    if other is not None and any(char in "äöü" for char in word):
        assert not any(char in "äöü" for char in other)

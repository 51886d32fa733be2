"""Stems and terms: NLTK as the reference, Whoosh's stemmers where they agree with it, declared versions."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import whoosh.lang.snowball as light
from docsearch.index.analysis import (
    LANGUAGES,
    analyser_fingerprint,
    fold,
    lean,
    normalise,
    query_stemmer,
    query_term,
    stemmer,
    stems,
    term,
    tokenize,
)
from nltk.stem import snowball

LETTERS = {
    "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأؤئ",
    "da": "aeiouyæåø bcdfghjklmnprstvx",
    "de": "aeiouyäöü bcdfghjklmnpqrsßtvwxz",
    "en": "aeiouy bcdfghjklmnpqrstvwxz",
    "es": "aeiouáéíóúü bcdfghjlmnñpqrstvyz",
    "fi": "aeiouyäö dhjklmnprstv",
    "fr": "aeiouyâàëéêèïîôûù bcdfghjlmnpqrstvxç",
    "hu": "aáeéiíoóöőuúüű bcdfghjklmnprstvz",
    "it": "aeiouàèìòù bcdfghlmnpqrstvz",
    "nl": "aeiouyèëïüéö bcdfghjklmnpqrstvwz",
    "no": "aeiouyæåø bcdfghjklmnprstvx",
    "pt": "aeiouáéíóúâêôãõü bcdfghjlmnpqrstvxzç",
    "ro": "aeiouăâî bcdfghjlmnprstvxzșțşţ",
    "ru": "аеиоуыэюяё бвгджзйклмнпрстфхцчшщъь",
    "sv": "aeiouyäåö bcdfghjklmnprstvx",
}
RUSSIAN_ENDINGS = (
    "ивши ывшись вшись ее ими ыми ей ий ый ем им ого ему их ых ую яя ою ею ующ ющ ся сь ила ена ейте уйте "
    "ят ует уют ит ены ишь ью ия иями ями ами иях ях ости ость ейш ейше нн ешь нно"
)


def words_of(language: str, count: int) -> Iterator[str]:
    """Words that exercise a stemmer: random beginnings, and endings out of the stemmers' own tables."""
    chance = random.Random(5)
    endings = RUSSIAN_ENDINGS.split() if language == "ru" else _endings(language)
    letters = LETTERS[language].replace(" ", "")
    for _ in range(count):
        word = "".join(chance.choice(letters) for _ in range(chance.randint(1, 8)))
        if chance.random() < 0.1:
            word += chance.choice("éñçşœłαжعت中ʼx")
        yield normalise(word + "".join(chance.choice(endings) for _ in range(chance.randint(0, 3))))


def _endings(language: str) -> list[str]:
    found: set[str] = set()
    for kind in (getattr(snowball, f"{LANGUAGES[language]}Stemmer"), light.classes.get(language, object)):
        tables = [table for table in vars(kind).values() if isinstance(table, tuple)]
        found.update(ending for table in tables for ending in table if isinstance(ending, str))
    composed = {ending.replace("a~", "ã").replace("o~", "õ") for ending in found}
    return sorted(ending for ending in composed if ending.isalpha())


def test_every_language_has_letters_here() -> None:
    assert LETTERS.keys() == LANGUAGES.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_query_stems_as_the_index_did(language: str) -> None:
    ours, reference = query_stemmer(language), stemmer(language)
    differing = [word for word in words_of(language, 1500) if ours(word) != reference(word)]
    assert differing == []


@pytest.mark.parametrize("language", ["es", "it", "pt"])
def test_words_kept_for_nltk_do_differ(language: str) -> None:
    """So that the list of exceptions is cut when Whoosh's stemmers are mended."""
    differs = stems._ONLY_NLTK[language]
    kept = [word for word in words_of(language, 20_000) if differs.search(word)]
    assert any(stems._whoosh(language)(word) != stems._nltk(language)(word) for word in kept)


@pytest.mark.corpus
@pytest.mark.parametrize(("language", "name"), [("en", "dc-law"), ("de", "de-gesetze")])
def test_a_query_stems_real_words_as_the_index_did(language: str, name: str) -> None:
    surfaces = {normalise(token.raw) for text in corpus(name) for token in tokenize(text)}
    ours, reference = query_stemmer(language), stemmer(language)
    assert len(surfaces) > 5_000
    assert [word for word in surfaces if ours(word) != reference(word)] == []


def corpus(name: str, files: int = 1000) -> Iterator[str]:
    """The first texts of a corpus, be it a folder or an archive."""
    root = Path(os.environ.get("DOCSEARCH_CORPORA", ""))
    if not os.environ.get("DOCSEARCH_CORPORA"):
        pytest.skip("DOCSEARCH_CORPORA is not set")
    if (root / name).is_dir():
        for path in sorted((root / name).rglob("*.md"))[:files]:
            yield path.read_text("utf-8", "replace")
    elif (archive := root / f"{name}.tar.xz").is_file():
        with tarfile.open(archive) as members:
            for member in members:
                content = members.extractfile(member) if member.name.endswith(".md") else None
                if content is not None:
                    files -= 1
                    yield content.read().decode("utf-8", "replace")
                if files == 0:
                    return
    else:
        pytest.skip(f"no {name} in {root}")


@pytest.mark.parametrize(
    ("language", "surface", "expected"),
    [
        ("en", "chemicals", "chemic"),
        ("en", "us", "us"),
        ("de", "straße", "strass"),
        ("es", "información", "inform"),
        ("fr", "états", "etat"),
        ("pt", "nações", "naca"),
        ("sv", "ändringar", "andring"),
        ("ru", "жёлтые", "желт"),
        ("en", "co2", "co2"),
        ("en", "covid19s", "covid19s"),
        ("en", "x" * 65 + "ings", "x" * 65 + "ings"),
        ("zu", "chemicals", "chemicals"),
        ("zu", "información", "informacion"),
        ("en", "é" * 127, "e" * 127),
    ],
)
def test_terms(language: str, surface: str, expected: str) -> None:
    assert term(language)(surface) == query_term(language)(surface) == expected


def test_arabic_stems_do_not_depend_on_the_words_before() -> None:
    words = list(words_of("ar", 400))
    stem, used = stemmer("ar"), snowball.ArabicStemmer()
    assert [stem(word) for word in words] == [snowball.ArabicStemmer().stem(word) for word in words]
    # When this line fails, NLTK has mended its stemmer, and one for all words will do.
    assert [used.stem(word) for word in words] != [snowball.ArabicStemmer().stem(word) for word in words]


def test_a_failing_stemmer_leaves_the_surface(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(surface: str) -> str:
        return surface[99]

    monkeypatch.setattr(stems, "_nltk", lambda language: broken)
    assert stemmer("en")("chemicals") == "chemicals"
    monkeypatch.setattr(stems, "_nltk", lambda language: lambda surface: "")
    assert stemmer("en")("chemicals") == "chemicals"


@pytest.mark.parametrize("language", LANGUAGES)
def test_lean_stemmers_are_nltks(language: str) -> None:
    name = f"{LANGUAGES[language]}Stemmer"
    alone = getattr(lean._Lean(lean._folder()).module("nltk.stem.snowball"), name)
    assert alone is not getattr(snowball, name)
    words = list(words_of(language, 500))
    assert [alone().stem(word) for word in words] == [getattr(snowball, name)().stem(word) for word in words]


def test_stemming_loads_no_more_of_nltk_than_its_stemmers() -> None:
    script = (
        "import sys\n"
        "from docsearch.index.analysis import stemmer\n"
        "print(stemmer('en')('running'), stemmer('ru')('книгами'), 'nltk' in sys.modules)\n"
        "import nltk.stem.snowball as whole\n"
        "print(whole.EnglishStemmer().stem('running'), whole.__package__)\n"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert shown == "run книг False\nrun nltk.stem\n"


def test_another_nltk_is_imported_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(lean, "_folder", lambda: tmp_path)
    monkeypatch.delitem(sys.modules, "nltk.stem.snowball")
    assert lean.snowball().EnglishStemmer().stem("running") == "run"


def test_queries_do_without_nltk() -> None:
    script = (
        "import sys\n"
        "from docsearch.index.analysis import query_term\n"
        "assert query_term('en')('blockchains') == 'blockchain'\n"
        "for language in ('de', 'es', 'it', 'pt', 'ro', 'ar', 'ru', 'zu'):\n"
        "    query_term(language)('blockchains'), query_term(language)('automobile')\n"
        "print('nltk' in sys.modules, 'whoosh.analysis' in sys.modules)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "False"]


PROBE = (
    "The U.S. e.g. Mexico's chemicals, precursors' generously dying skies news 48-904.01 "
    "re-election's co₂ ﬁnancial las informaciones publicación ciudades niños "
    "aeropuertos seguridad rápidamente güenza "
    "die Straßen Häuser Gesetzgebung übermäßige Verordnungen Länder ärztliche "
    "l'État sécurité européennes développement généralement œuvres naïveté "
    "as nações segurança públicas informações lingüística rapidamente crianças "
    "le città sicurezza nazionali pubblicazioni qualità presenze libertà "
    "de veiligheid regeringen mogelijkheden vrijheid geïnteresseerde "
    "безопасность государственных ёлками постановления йод людей "
    "الأمن القومي والمعاهدات الدولية للبيئة كِتَابٌ المسؤولون ١٣٧٣ "
    "säkerhet ändringarna lagstiftningen sikkerhed ændringerne bekendtgørelsen sikkerheten forskrifter "
    "turvallisuus lainsäädännön yhteistyössä biztonság törvényeket együttműködés "
    "securitate națională legislaţiei cetățenilor İstanbul ısı żółć 北京市 ＥＵ９ ½ őszinteség"
)

PINNED = {
    "ar": ("ar/words-2/snowball-1", "22a131130518"),
    "da": ("da/words-2/snowball-1", "096ae054e3e4"),
    "de": ("de/words-2/snowball-1", "eb822e3d994d"),
    "en": ("en/words-2/snowball-1", "bd493557dc2f"),
    "es": ("es/words-2/snowball-1", "9ad7888ffa08"),
    "fi": ("fi/words-2/snowball-1", "40f060205256"),
    "fr": ("fr/words-2/snowball-1", "323b6d77a15a"),
    "hu": ("hu/words-2/snowball-1", "a45783889cf2"),
    "it": ("it/words-2/snowball-1", "66170b68de57"),
    "nl": ("nl/words-2/snowball-1", "ba3565326c86"),
    "no": ("no/words-2/snowball-1", "638199198682"),
    "pt": ("pt/words-2/snowball-2", "68fdb9fe605a"),
    "ro": ("ro/words-2/snowball-1", "28a6e599d193"),
    "ru": ("ru/words-2/snowball-1", "368c8169e620"),
    "sv": ("sv/words-2/snowball-1", "b88fcc334e02"),
    "zu": ("zu/words-2/unstemmed", "f377d420c633"),
}


@pytest.mark.parametrize("language", [*LANGUAGES, "zu"])
def test_terms_change_only_with_their_version(language: str) -> None:
    """When this fails, raise `_RULES` (tokens, spelling) or the language's `_STEMS`, then pin anew."""
    find = term(language)
    terms = " ".join(find(normalise(token.raw)) for token in tokenize(PROBE))
    digest = hashlib.blake2b(terms.encode(), digest_size=6).hexdigest()
    assert (analyser_fingerprint(language), digest) == PINNED[language], fold(terms)

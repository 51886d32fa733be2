"""Words of asking: they stand in a question whatever it is about, and tell no paragraph from another.

Data only. Unlike the common words (`corpus.function_words`) they are searched for, and they score in short
queries: `best execution`, `special purpose vehicle`.
"""

from __future__ import annotations

__all__ = ["ASKING", "DEFINING"]

_ENGLISH = """
specific specifically specifics specify specified particular particularly especially
example examples instance detail details detailed context regarding related relation
elaborate outline clarify understand refer provide provided provides involve involved take seek
best practice practices key approach align aligned accordance associated purpose purposes terms
"""

_GERMAN = """
beispiel beispiele beispielsweise genau genauer konkret konkrete konkreten einzelnen zusammenhang
bezug hinblick erläutern erklären verstehen angeben
"""

_SPANISH = """
ejemplo ejemplos específico específica específicos específicas concreto concreta detalle detalles
contexto relación respecto aclarar comprender
"""

_FRENCH = """
exemple exemples précis précise précisément particulier détail détails contexte égard préciser
comprendre expliquer
"""

ASKING = frozenset(" ".join((_ENGLISH, _GERMAN, _SPANISH, _FRENCH)).split())
"""In lower case, as typed."""

DEFINING = frozenset(
    {"definition", "define", "defined", "meaning", "bedeutung", "definición", "significado", "définition"}
)
"""Words by which a short query asks for the definition of the others."""

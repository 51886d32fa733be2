"""German words as they are typed without umlauts: `Buergschaft` for `Bürgschaft`, and the other way round."""

from __future__ import annotations

import re

__all__ = ["respelt"]

_TYPED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_DIGRAPH = re.compile("ae|oe|(?<![aeq])ue")  # not in `Frauen`, `neuer`, `Quelle`
_UMLAUTS = {"ae": "ä", "oe": "ö", "ue": "ü"}


def respelt(surface: str, language: str) -> str | None:
    """The other spelling of a German surface, as `normalise` leaves it; None where there is none.

    It need not be a word (`duell`, `düll`): ask only for those that the index holds.

    >>> respelt("buergschaft", "de"), respelt("prüfung", "de"), respelt("neuer", "de"), respelt("ue", "en")
    ('bürgschaft', 'pruefung', None, None)
    """
    if language != "de":
        return None
    other = surface.translate(_TYPED)
    if other == surface:
        other = _DIGRAPH.sub(lambda found: _UMLAUTS[found[0]], surface)
    return None if other == surface else other

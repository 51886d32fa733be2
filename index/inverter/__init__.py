"""The bulk inverter: from many texts to postings, by whole arrays.

`bounds` finds the words of a batch, `vocabulary` numbers them, `lexicon` knows their terms, `inverter`
gathers them, `sorting` makes postings of them, which `inverted` describes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .inverted import Inverted

if TYPE_CHECKING:
    from .inverter import Inverter

__all__ = ["Inverted", "Inverter"]


def __getattr__(name: str) -> Any:
    if name != "Inverter":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # Loaded when first used: a search reads postings and inverts nothing.
    from .inverter import Inverter

    return Inverter

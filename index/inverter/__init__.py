"""The bulk inverter: from many texts to postings, by whole arrays.

`bounds` finds the words of a batch, `vocabulary` numbers them, `inverter` sorts them into postings.
"""

from __future__ import annotations

from .inverter import Inverted, Inverter

__all__ = ["Inverted", "Inverter"]

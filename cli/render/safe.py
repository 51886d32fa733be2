"""Text of documents made harmless for a terminal: what would act on the screen is shown instead."""

from __future__ import annotations

import re

__all__ = ["UNSAFE", "escape", "one_line"]

UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""One character that acts instead of being shown: C0 and C1 controls (ESC, newline and tab among them),
bidirectional embeddings, overrides and isolates, and lone surrogates, which no stream can encode."""


def escape(text: str) -> str:
    r"""Every unsafe character as `\x1b` or `\u202e`; fold white space first where lines are to be kept.

    >>> escape("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    return UNSAFE.sub(_visible, text)


def one_line(text: str) -> str:
    """White space folded to single spaces, the rest escaped: for titles, headings, names."""
    return escape(" ".join(text.split()))


def _visible(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"

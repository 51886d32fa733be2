"""What a text's script tells of its language."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["by_script"]

_LETTER = re.compile(r"[^\W\d_]")
_SCRIPTS = {
    "ko": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3",
    "zh": "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff",
    "th": "\u0e00-\u0e7f",
    "lo": "\u0e80-\u0eff",
    "km": "\u1780-\u17ff",
    "my": "\u1000-\u109f",
    "el": "\u0370-\u03ff\u1f00-\u1fff",
    "he": "\u0590-\u05ff",
    "ka": "\u10a0-\u10ff",
    "hy": "\u0530-\u058f",
    "hi": "\u0900-\u097f",
    "bn": "\u0980-\u09ff",
    "ta": "\u0b80-\u0bff",
    "ru": "\u0400-\u04ff",
    "ar": "\u0600-\u06ff",
}
_KANA = "\u3040-\u30ff\uff66-\uff9f"
_PATTERNS = {code: re.compile(f"[{letters}]") for code, letters in {**_SCRIPTS, "kana": _KANA}.items()}
_OTHERS = (
    ("ru", "uk", re.compile("[іїєґІЇЄҐ]")),
    ("ru", "sr", re.compile("[ђћљњџјЂЋЉЊЏЈ]")),
    ("ar", "ur", re.compile("[ٹڈڑںے]")),
    ("ar", "fa", re.compile("[پچژگ]")),
)
"""Letters that tell another language of the same script."""

_KANA_SHARE = 0.05  # of a Japanese text, however many Chinese signs it has; Chinese quotes fewer
_OTHER_SHARE = 0.01


def by_script(text: str) -> str | None:
    """The language that most letters of the text point to; None where they are Latin, or none.

    >>> by_script("安理会"), by_script("安全保障理事会の決議"), by_script("Звіт про якість"), by_script("Act")
    ('zh', 'ja', 'uk', None)
    """
    if text.isascii():
        return None
    letters = len(_LETTER.findall(text))
    kana = len(_PATTERNS["kana"].findall(text))
    for code in _SCRIPTS:
        found = len(_PATTERNS[code].findall(text)) + (kana if code == "zh" else 0)
        if 2 * found > letters:
            if code == "zh" and kana > _KANA_SHARE * found:
                return "ja"
            return next(_relatives(code, text, found), code)
    return None


def _relatives(code: str, text: str, letters: int) -> Iterator[str]:
    for script, language, telling in _OTHERS:
        if script == code and len(telling.findall(text)) > _OTHER_SHARE * letters:
            yield language

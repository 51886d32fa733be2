"""Numbers as lists show them: `iv`, `B`, `3rd`."""

from __future__ import annotations

__all__ = ["columns", "letters", "ordinal", "roman"]

_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


def roman(number: int) -> str:
    """In small Roman numerals; in digits below 1 and above 3,999.

    >>> roman(4), roman(1994), roman(0)
    ('iv', 'mcmxciv', '0')
    """
    if not 0 < number < 4_000:
        return str(number)
    parts = []
    for value, sign in _ROMAN:
        parts.append(sign * (number // value))
        number %= value
    return "".join(parts)


def letters(number: int) -> str:
    """As word processors count: z, then aa, bb; in digits below 1 and above 20 times the alphabet.

    >>> letters(1), letters(26), letters(28)
    ('a', 'z', 'bb')
    """
    if not 0 < number <= 520:
        return str(number)
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def columns(number: int) -> str:
    """As spreadsheets count: z, then aa, ab; in digits below 1.

    >>> columns(1), columns(28)
    ('a', 'ab')
    """
    if number < 1:
        return str(number)
    found = ""
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(ord("a") + rest) + found
    return found


def ordinal(number: int) -> str:
    """
    >>> ordinal(1), ordinal(12), ordinal(23)
    ('1st', '12th', '23rd')
    """
    ending = "th" if number // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"

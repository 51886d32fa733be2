"""Whether one range can be chosen of each of several lists such that no two overlap."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["fits"]

Range = tuple[int, int]
"""First and last position."""


def fits(choices: Sequence[Sequence[Range]]) -> bool:
    """Whether there is such a choice. Polynomial when all ranges are of one position; else exponential in the
    number of lists.

    >>> fits([[(0, 0), (1, 1)], [(1, 1)], [(2, 2)]])
    True
    >>> fits([[(0, 1)], [(1, 2)]])
    False
    """
    if all(first == last for choice in choices for first, last in choice):
        return _assigned([[first for first, _ in choice] for choice in choices])
    return _scheduled(choices)


def _assigned(choices: Sequence[Sequence[int]]) -> bool:
    """Augmenting paths (Kuhn 1955), found breadth first: no recursion, whatever the number of lists."""
    taken: dict[int, int] = {}
    for new in range(len(choices)):
        came: dict[int, int] = {}  # by position: the list that would take it
        queue = [new]
        free = None
        for at in queue:
            for position in choices[at]:
                if position in came:
                    continue
                came[position] = at
                if position not in taken:
                    free = position
                    break
                queue.append(taken[position])
            if free is not None:
                break
        if free is None:
            return False
        position, owner = free, came[free]
        previous = {owner: position for position, owner in taken.items()}
        while True:
            taken[position] = owner
            if owner == new:
                break
            position = previous[owner]
            owner = came[position]
    return True


def _scheduled(choices: Sequence[Sequence[Range]]) -> bool:
    """By the sets of lists that are served, from left to right: each with the least position it needs."""
    ranges = sorted((last, first, at) for at, choice in enumerate(choices) for first, last in choice)
    needs = {0: -1}
    for last, first, at in ranges:
        for served, end in list(needs.items()):
            if not served >> at & 1 and end < first:
                needs.setdefault(served | 1 << at, last)
    return (1 << len(choices)) - 1 in needs

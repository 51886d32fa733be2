"""How well each format is read: `python bench/reading.py > bench/results/reading.md`.

What the documents made for the tests should give is known; `tests/support/made/measure.py` counts.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))

from made.measure import table

if __name__ == "__main__":
    print(table(), end="")

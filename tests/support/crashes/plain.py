"""Makes the change of a scenario where it is prepared, and notes nothing.

`python -m crashes.plain NAME FOLDER`, for whoever watches the process from outside.
"""

import sys
from pathlib import Path

from crashes.scenarios import Place, named

if __name__ == "__main__":
    folder = Path(sys.argv[2])
    named(sys.argv[1]).change(Place(folder / "disk", folder / "sources"))

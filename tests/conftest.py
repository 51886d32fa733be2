"""Settings that all tests share."""

from __future__ import annotations

from hypothesis import settings

# No timed assertions: the machine that runs the tests may be slow or busy.
settings.register_profile("docsearch", deadline=None, print_blob=True)
settings.load_profile("docsearch")

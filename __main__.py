"""`python -m docsearch` is the command `docsearch`."""

from .cli import main

if __name__ == "__main__":
    raise SystemExit(main())

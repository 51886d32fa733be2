"""`python -m docsearch` is the command `docsearch`."""

from .cli import run

if __name__ == "__main__":
    raise SystemExit(run())

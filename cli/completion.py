"""`docsearch completion`: the script that teaches a shell to complete docsearch's options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from . import terminal

__all__ = ["command"]

_EPILOG = """\b
Examples: what to type once; shells that are started afterwards know it.

\b
bash (4.4 or later, with the package bash-completion):
  mkdir -p ~/.local/share/bash-completion/completions
  docsearch completion bash > ~/.local/share/bash-completion/completions/docsearch

\b
bash without that package:
  mkdir -p ~/.docsearch-completion
  docsearch completion bash > ~/.docsearch-completion/bash
  echo '. ~/.docsearch-completion/bash' >> ~/.bashrc

\b
zsh:
  mkdir -p ~/.zfunc
  docsearch completion zsh > ~/.zfunc/_docsearch
  echo 'fpath=(~/.zfunc $fpath); autoload -Uz compinit; compinit' >> ~/.zshrc

\b
fish:
  mkdir -p ~/.config/fish/completions
  docsearch completion fish > ~/.config/fish/completions/docsearch.fish
"""


@click.command(name="completion", epilog=_EPILOG, short_help="Teach a shell to complete docsearch.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, shell: str) -> int:
    """Print a script with which SHELL completes commands and options of docsearch."""
    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"this version of click has no completion for {shell}")
    root = context.find_root()
    terminal.write(found(root.command, {}, "docsearch", "_DOCSEARCH_COMPLETE").source())
    return 0

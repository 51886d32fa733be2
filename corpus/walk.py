"""Which files a root holds: names, sizes and times, without opening any of them.

Read are regular files, and links to them. Left out without a word is what is hidden (names that begin
with a dot, the index folder `.docsearch` among them) and the folder of the index itself. Told as
`Unread`, with the reason, is everything else that was met and cannot be read: folders that may not be
listed, pipes and devices, broken links, links to folders outside the root. A link to a folder inside
the root adds nothing where that folder is read under its own name, and is followed once where it is
not (because it is hidden), so neither loops nor thickets of links matter.

Keys are valid, printable UTF-8 whatever the file system holds. Names are NFC; bytes that are not UTF-8
and control characters are written `%FF`. Where two names of one folder would become the same, the one
that needs no rewriting keeps it and the other is percent-encoded in full, which is stable as long as
both are there.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from ..errors import CorpusError, SourceMissing, Unreadable
from .ignore import FILES, FOLDER, LEFT_OUT, NAME, Rules

__all__ = ["Found", "Unread", "root_name", "spell", "spellings", "walk"]

_SPECIAL = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
_KIND = stat.S_IFMT(0o777777)
_ASCII = frozenset(range(0x20, 0x7F)) - {ord("%")}


class Found(NamedTuple):
    """A file to read. (A tuple, since a pass over a large folder makes tens of thousands of them.)

    path: relative to the root, POSIX form, as keys spell it; empty when the root is the file itself.
    file: its place as the operating system spells it, beginning with the root as it was given.
    size: bytes; mtime_ns: nanoseconds since the epoch. Of a link: those of the file it leads to.
    """

    path: str
    file: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that cannot be read, and why. `folder`: what lies beneath could not be seen, so that
    nothing may be concluded from its absence."""

    path: str
    file: str
    reason: str
    folder: bool = False


def spell(name: str) -> str:
    """A file name as keys spell it: NFC, with `%XX` for bytes that are not UTF-8 and for control characters.

    >>> spell("Wasserhaushalt.txt"), spell("two\\nlines"), spell("caf\\udce9")
    ('Wasserhaushalt.txt', 'two%0Alines', 'caf%E9')
    """
    if name.isascii() and name.isprintable():
        return name
    text = "".join(
        _percent(char.encode("utf-8", "surrogateescape"))
        if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")
        else char
        for char in os.fsencode(name).decode("utf-8", "surrogateescape")
    )
    # Last, since an accent that follows a byte's `%EC` is composed with it.
    return unicodedata.normalize("NFC", text)


def root_name(path: str, taken: Collection[str] = ()) -> str:
    """The name of a root, first part of its keys: its last component, made unique among those `taken`
    by `-2`, `-3` and so on (before the suffix of a file, which tells what to read it as).

    >>> root_name("/srv/laws"), root_name("/old/laws", {"laws"}), root_name("/note.txt", {"note.txt"})
    ('laws', 'laws-2', 'note-2.txt')
    """
    full = os.path.abspath(path)
    name = spell(os.path.basename(full) or os.path.splitdrive(full)[0].rstrip(":") or "root")
    stem, suffix = (name, "") if os.path.isdir(full) else os.path.splitext(name)
    number = 2
    while name in taken:
        name = f"{stem}-{number}{suffix}"
        number += 1
    return name


def walk(root: str, exclude: str | None = None, rules: Rules | None = None) -> Iterator[Found | Unread]:
    """Everything that `root`, a folder or a file, holds; always in the same order, not wholly sorted.

    exclude: a folder to leave out wherever it is met (that of the index).
    rules: what to leave out on purpose, beside what `.docsearchignore` files say. A folder that is left out,
        and the files of a folder that are, are told as one `Unread`.
    SourceMissing when the root is not there, Unreadable when it is there but cannot be looked into:
    neither may be taken for an empty root. Both are raised by the call, not by the first step.
    """
    try:
        status = os.stat(root)
        if stat.S_ISDIR(status.st_mode):
            os.scandir(root).close()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise SourceMissing(
            "there is no such file or folder", path=root, hint="Check the path, and that its disk is mounted"
        ) from error
    except (OSError, ValueError) as error:
        raise Unreadable(
            f"it cannot be opened ({_why(error)})", path=root, hint="Check its permissions"
        ) from error
    if stat.S_ISDIR(status.st_mode):
        return _Walk(root, exclude, rules or Rules()).run()
    return iter([_judge("", root, status)])


@dataclass(frozen=True, slots=True)
class _Folder:
    path: str
    file: str
    rules: Rules
    link: bool = False


class _Walk:
    """One walk over one folder. Folders are taken before links to folders, so that what has a path of its
    own keeps it."""

    def __init__(self, root: str, exclude: str | None, rules: Rules) -> None:
        self._root = root
        self._rules = rules
        self._real_root = os.path.realpath(root)
        self._seen: set[tuple[int, int]] = set()
        self._links: list[_Folder] = []
        if exclude is not None and os.path.isdir(exclude):
            self._enter(exclude)

    def run(self) -> Iterator[Found | Unread]:
        yield from self._descend(_Folder("", self._root, self._rules))
        while self._links:
            links, self._links = sorted(self._links, key=lambda link: link.path), []
            for link in links:
                yield from self._follow(link)

    def _descend(self, top: _Folder) -> Iterator[Found | Unread]:
        stack = [top]
        while stack:
            folder = stack.pop()
            try:
                if not self._enter(folder.file):
                    continue
                with os.scandir(folder.file) as entries:
                    named = _named([entry for entry in entries if not entry.name.startswith(".")])
            except OSError as error:
                yield Unread(folder.path, folder.file, f"the folder cannot be listed ({_why(error)})", True)
                continue
            within: list[_Folder] = []
            prefix = f"{folder.path}/" if folder.path else ""
            try:
                rules = folder.rules.within(folder.file, prefix)
            except (OSError, CorpusError) as error:
                yield Unread(prefix + NAME, os.path.join(folder.file, NAME), _rules_unread(error))
                rules = folder.rules
            left_out: Counter[str] = Counter()
            for name, entry in named:
                met = _meet(prefix + name, entry, rules)
                if met is None:
                    continue
                reason = rules.reason(met.path, folder=isinstance(met, _Folder))
                if isinstance(met, _Folder):
                    if reason:
                        yield Unread(met.path, met.file, f"{FOLDER}{reason.removeprefix(LEFT_OUT)}")
                    else:
                        (self._links if met.link else within).append(met)
                elif reason:
                    left_out[reason] += 1
                else:
                    yield met
            if left_out:
                yield Unread(folder.path, folder.file, _told(left_out))
            stack.extend(reversed(within))

    def _enter(self, folder: str) -> bool:
        """Whether the folder is met for the first time."""
        status = os.stat(folder)
        identity = (status.st_dev, status.st_ino)
        if identity in self._seen:
            return False
        self._seen.add(identity)
        return True

    def _follow(self, link: _Folder) -> Iterator[Found | Unread]:
        target = os.path.realpath(link.file)
        if not is_within(target, self._real_root):
            yield Unread(link.path, link.file, f"a link to a folder outside the root ({spell(target)})")
        else:
            yield from self._descend(link)


def is_within(path: str, folder: str) -> bool:
    """Whether a path is the folder or lies in it, by their words alone: give real, absolute paths.

    >>> is_within("/a/b", "/a"), is_within("/a", "/a"), is_within("/ab", "/a"), is_within("/a", "/")
    (True, True, False, True)
    """
    return path == folder or path.startswith(os.path.join(folder, ""))


def _rules_unread(error: OSError | CorpusError) -> str:
    why = error.message if isinstance(error, CorpusError) else f"it cannot be read ({_why(error)})"
    return f"nothing was left out by it: {why}"


def _told(left_out: Counter[str]) -> str:
    """
    >>> _told(Counter({"left out by `*.log` (--exclude)": 2, "left out by `*.tmp` (--exclude)": 1}))
    'files here are left out: 2 by `*.log` (--exclude), 1 by `*.tmp` (--exclude)'
    """
    counts = (f"{count:,} {reason.removeprefix(LEFT_OUT[:-3])}" for reason, count in sorted(left_out.items()))
    return f"{FILES}{', '.join(counts)}"


def _meet(path: str, entry: os.DirEntry[str], rules: Rules) -> Found | Unread | _Folder | None:
    """What an entry is; None when it has gone since its folder was listed."""
    try:
        if entry.is_dir(follow_symlinks=False):
            return _Folder(path, entry.path, rules)
        status = entry.stat()
    except FileNotFoundError:
        return Unread(path, entry.path, "the link leads nowhere") if entry.is_symlink() else None
    except OSError as error:
        return Unread(path, entry.path, f"it cannot be examined ({_why(error)})")
    mode = status.st_mode & _KIND
    if mode == stat.S_IFREG:
        return Found(path, entry.path, status.st_size, status.st_mtime_ns)
    if mode == stat.S_IFDIR:
        return _Folder(path, entry.path, rules, link=True)
    return _judge(path, entry.path, status)


def _judge(path: str, file: str, status: os.stat_result) -> Found | Unread:
    kind = stat.S_IFMT(status.st_mode)
    if kind == stat.S_IFREG:
        return Found(path, file, status.st_size, status.st_mtime_ns)
    return Unread(path, file, f"not a file but {_SPECIAL.get(kind, 'something else')}")


def _named(entries: list[os.DirEntry[str]]) -> list[tuple[str, os.DirEntry[str]]]:
    """Entries of one folder with their spelling, in its order."""
    plain = {entry.name: entry for entry in entries}
    return sorted(((spelling, plain[name]) for spelling, name in spellings(plain).items()), key=itemgetter(0))


def spellings(names: Collection[str]) -> dict[str, str]:
    """The names of one folder's entries by their spellings in keys, each of which is unique there.

    >>> spellings(["law.txt", "e\u0301.txt"])["\u00e9.txt"] == "e\u0301.txt"
    True
    """
    everything = "".join(names)
    if everything.isascii() and everything.isprintable():  # each is spelt as it is: nearly always
        return {name: name for name in names}
    spelled = [(spell(name), name) for name in names]
    taken: dict[str, str] = {}
    for name, raw in sorted(spelled, key=lambda item: (item[0] != item[1], item[1])):
        spelling = name if name not in taken else _percent(os.fsencode(raw), _ASCII)
        while spelling in taken:
            spelling += "%"
        taken[spelling] = raw
    return taken


def _percent(content: bytes, kept: frozenset[int] = frozenset()) -> str:
    return "".join(chr(byte) if byte in kept else f"%{byte:02X}" for byte in content)


def _why(error: OSError | ValueError) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()

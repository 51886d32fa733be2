"""A process that reads and builds batches for another: `python -P -m docsearch.index.worker`.

It speaks over its standard input and output: each message is a length (4 bytes, big-endian) and JSON.

    ->  {"index": folder, "tasks": [[key, root, path, file, size, language], ...],
         "limits": [seconds, memory, size], "readers": {media type: "module:function", ...}}
    <-  {"ready": true}                         once, when everything is imported
    <-  {"read": [files, bytes]}                now and then
    <-  {"at": place in tasks, or null}         before and after a file is read that may end the process
    <-  {"built": segment}                      or one of the next two, which end a batch
    <-  {"broken": reason}                      something that was read broke the build
    <-  {"error": [class, message, hint, path, position]}

It ends when its input does: with its parent, however that ended.
"""

from __future__ import annotations

import json
import os
import queue
import struct
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from typing import IO, Any

from .. import errors
from ..corpus.carrying import take_over
from .batch import BatchFailed, build_files
from .known import KnownTerms
from .limits import Limits, kept
from .plan import Task
from .storage import FolderStorage

__all__ = ["error_from_json", "main", "receive", "request", "send"]

_LENGTH = struct.Struct(">I")
_TELL_SECONDS = 0.1
_LIMITS = Limits()
_NO_READERS: Mapping[str, str] = {}


def send(stream: IO[bytes], message: dict[str, Any]) -> None:
    """Write one message. OSError when nobody reads any more."""
    # ASCII: names of files may hold lone surrogates, which only escapes carry over.
    content = json.dumps(message, ensure_ascii=True, separators=(",", ":")).encode()
    stream.write(_LENGTH.pack(len(content)) + content)
    stream.flush()


def receive(stream: IO[bytes]) -> dict[str, Any] | None:
    """Read one message; None at the end of the stream, also in the middle of a message."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    content = stream.read(length)
    if len(content) < length:
        return None
    message = json.loads(content)
    if not isinstance(message, dict):
        raise ValueError("a message is an object")
    return message


def request(
    folder: str,
    tasks: Sequence[Task],
    limits: Limits = _LIMITS,
    readers: Mapping[str, str] = _NO_READERS,
) -> dict[str, Any]:
    """The message that asks for a batch. readers: those of the program, by `registry.carried_readers`."""
    return {
        "index": folder,
        "tasks": [astuple(task) for task in tasks],
        "limits": astuple(limits),
        "readers": dict(readers),
    }


def error_from_json(value: list[Any]) -> errors.DocsearchError:
    """The error that a worker reported."""
    name, message, hint, path, position = value
    kind = getattr(errors, name) if name in errors.__all__ else errors.DocsearchError
    error: errors.DocsearchError = kind(message, hint=hint, path=path, position=position)
    return error


def main() -> None:
    """Serve batches until the input ends."""
    # What a reader prints must not get between the messages.
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    send(output, {"ready": True})
    requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    terms: dict[str, KnownTerms] = {}
    while True:
        message = requests.get()
        folder = message["index"]
        if folder not in terms:
            terms[folder] = KnownTerms.of(FolderStorage(folder))
        _serve(message, output, terms[folder])


def _listen(requests: queue.SimpleQueue[dict[str, Any]]) -> None:
    while (message := receive(sys.stdin.buffer)) is not None:
        requests.put(message)
    # Also in the middle of a batch: nobody is there to take it.
    os._exit(0)


def _serve(message: dict[str, Any], output: IO[bytes], terms: KnownTerms) -> None:
    told = _Told(output)
    tasks = [Task(*fields) for fields in message["tasks"]]
    limits = Limits(*message["limits"])

    @contextmanager
    def guard(number: int, size: int) -> Iterator[None]:
        send(output, {"at": number})
        with kept(limits, size):
            yield
        send(output, {"at": None})

    try:
        take_over(message["readers"])
        storage = FolderStorage(message["index"])
        built = build_files(storage, tasks, told.tell, terms, guard=guard, limits=limits)
    except BatchFailed as failure:
        answer: dict[str, Any] = {"broken": str(failure)}
    except errors.DocsearchError as error:
        answer = {"error": [type(error).__name__, error.message, error.hint, error.path, error.position]}
    else:
        answer = {"built": built.to_json()}
    told.flush()
    send(output, answer)


class _Told:
    """Gathers what was read, and says so some ten times a second."""

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output
        self._files = 0
        self._bytes = 0
        self._last = time.monotonic()

    def tell(self, files: int, size: int) -> None:
        self._files += files
        self._bytes += size
        if time.monotonic() - self._last >= _TELL_SECONDS:
            self.flush()

    def flush(self) -> None:
        if self._files or self._bytes:
            send(self._output, {"read": [self._files, self._bytes]})
        self._files = self._bytes = 0
        self._last = time.monotonic()


if __name__ == "__main__":
    main()

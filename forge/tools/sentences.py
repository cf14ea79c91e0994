"""`forge run minilm --text …`: how similar sentences are."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from forge.errors import ForgeError
from forge.tools.model_arguments import is_saved_program, is_text, load_model, progress
from forge.tools.runnable import Run, compiled_model
from forge.tools.terminal import stdout_console

if TYPE_CHECKING:
    from forge.zoo.sentences import SentenceTokenizer

Array = NDArray[Any]


def show_similarities(args: Namespace) -> None:
    """Compile a sentence encoder, and print the cosine similarity of each pair of sentences.

    Raises:
        ForgeError: the model has no tokenizer, or an option does not go with sentences.
    """
    for option in ("inputs", "compare", "repeat", "outputs", "batch"):
        if getattr(args, option) is not None:
            raise ForgeError(f"--text takes no --{option}")
    if is_text(args.model) or is_saved_program(args.model):
        raise ForgeError(f"{args.model} has no tokenizer", hint="forge run minilm --text …")
    model = load_model(args)
    if model.tokenizer is None:
        raise ForgeError(f"{args.model} has no tokenizer", hint="forge run minilm --text …")
    with progress(f"compiling {args.model}"):
        runnable = compiled_model(
            model, device=args.device, precision=args.precision, pipeline=args.pipeline
        )
    tokens = runnable.inputs[0].type.shape[1]
    similarities = cosine_similarities(runnable.run, model.tokenizer, args.text, tokens)
    if args.json:
        print(json.dumps({"sentences": args.text, "similarities": similarities.tolist()}, indent=2))
    else:
        stdout_console().print(similarity_table(args.text, similarities))


def cosine_similarities(
    run: Run, tokenizer: SentenceTokenizer, sentences: Sequence[str], tokens: int
) -> Array:
    """The cosine of the angle between the vectors of each two sentences.

    Args:
        run: a sentence encoder for one sentence at a time: ids and mask → a vector.
        tokenizer: turns sentences into ids and masks.
        sentences: longer ones than the encoder takes are cut.
        tokens: the length that the encoder is compiled for.
    """
    vectors: list[Array] = []
    for sentence in sentences:
        ids, mask = tokenizer.encode(sentence, tokens)
        vectors.append(run([ids, mask])[0].reshape(-1).astype(np.float64))
    matrix = np.stack(vectors)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    return matrix @ matrix.T


def similarity_table(sentences: Sequence[str], similarities: Array) -> Table:
    """The similarities of each sentence with the others."""
    table = Table(title="cosine similarity", title_justify="left")
    table.add_column("", justify="right")
    table.add_column("sentence")
    for number in range(1, len(sentences) + 1):
        table.add_column(str(number), justify="right")
    for number, (sentence, row) in enumerate(zip(sentences, similarities, strict=True), start=1):
        table.add_row(str(number), sentence, *(f"{value:.3f}" for value in row))
    return table

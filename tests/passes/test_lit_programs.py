"""Every pass, on the programs of its lit test: the same numbers, and reasons for what stayed."""

from pathlib import Path

import pytest

from forge.ir.text import parse_module, print_module
from forge.passes import DEFAULT_PIPELINE
from tests.passes.checking import (
    LIT_TESTS,
    PASSES_ON_REGISTERS,
    apply,
    assert_same_numbers,
    functions,
    lit_program,
    pass_of,
)

PROGRAMS = [
    *sorted(
        f"passes/{path.name}"
        for path in (LIT_TESTS / "passes").glob("*.mlir")
        if path.stem not in PASSES_ON_REGISTERS
    ),
    "lowering/convert_aten_to_transformer.mlir",
]


@pytest.mark.parametrize("path", PROGRAMS)
def test_a_pass_keeps_the_numbers(path: str) -> None:
    assert_same_numbers(lit_program(path), pass_of(Path(path).stem))


@pytest.mark.parametrize("path", PROGRAMS)
def test_the_pipeline_keeps_the_numbers(path: str) -> None:
    assert_same_numbers(lit_program(path), DEFAULT_PIPELINE)


@pytest.mark.parametrize("path", PROGRAMS)
def test_a_second_time_changes_nothing(path: str) -> None:
    module = lit_program(path)
    apply(module, pass_of(Path(path).stem))
    once = print_module(module)
    apply(module, pass_of(Path(path).stem))
    assert print_module(module) == once


REASONS = {
    "passes/convert_convolution_to_linear.mlir": {
        "overlapping": "its windows overlap, or leave gaps",
        "padded": "the image is padded",
        "dilated": "the convolution is dilated",
        "not_covered": "its windows do not cover the image",
        "grouped": "the convolution is grouped",
        "points": "its windows are single points",
        "transposed": "the convolution is transposed",
        "several_images": "it convolves several images",
        "one_image": "it does not convolve images of a batch",
        "of_sequences": "it does not convolve images of a batch",
    },
    "passes/fuse_activation.mlir": {
        "wrong_coefficient": "the argument of tanh is not √(2/π)·(x + 0.044715·x³)",
        "unscaled": "the argument of erf is not x/√2",
        "other_factor": "the argument of erf is not x/√2; σ(x) is not multiplied by x itself",
        "whole": "1 + its result is used for more than x/2·(1 + …)",
        "second_user": "1 + its result is used for more than x/2·(1 + …)",
        "broadcast": "σ(x) is not multiplied by x itself",
        "quick_gelu": "",
    },
    "passes/fuse_attention.mlir": {
        "other_axis": "the softmax is not over the keys, the last dimension",
        "scores_used": "the scores have other users",
        "probabilities_used": "the probabilities have other users",
        "scaled_by_a_tensor": "the scores are scaled by a tensor",
        "scaled_mask": "the scores are scaled behind a mask",
        "capped_mask": "the scores are capped behind a mask",
        "negative_cap": "the cap of the scores is not positive",
        "two_caps": "the scores are capped twice",
        "wide_mask": "the scores are broadcast to a mask",
        "middling_fill": "where the mask hides, the scores are -1e+09, which is seen",
        "scaled_bias": "what is added to the scores is scaled",
        "no_product": "the scores are no product of queries and keys",
        "broadcast_batch": "the batch dimensions of keys and values are broadcast",
        "broadcast_queries": "the batch dimensions are broadcast",
        "rounded": "the scores are less precise than the values",
        "precise_mask": "the mask is more precise than the values",
        "precise_queries": "queries, keys and values have several element types",
        "scaled_baddbmm": "what baddbmm adds is scaled",
        "added_values": "the product with the values is scaled, or something is added",
        "permuted_scores": "the probabilities are permuted",
        "tiled": "the heads are repeated one after another, and not each in its place",
        "repeated_keys": "the values are not repeated for groups of heads",
        "repeated_differently": "keys and values are repeated differently",
        "repeated_positions": "",
        "not_safe": "it is not zero where every score is −∞",
        "scale_used": "",
        "classifier": "",
    },
    "passes/fuse_linear_activation.mlir": {
        "second_user": "the linear layer has other users",
        "twice": "the linear layer has an activation already",
        "residual": "a residual is added before the activation",
        "other_scale": "y is scaled by 1.7, and not by 1.702",
        "other_factor": "",
        "no_square": "",
        "written_out_second_user": "; ".join(2 * ["the linear layer has other users"]),
        "no_layer": "",
    },
    "passes/fuse_mlp.mlir": {
        "no_activation": "",
        "second_user": "the hidden layer has other users",
        "other_rows": "",
        "split_elsewhere": "the layer is not split along its last dimension",
        "every_second": "",
        "part_used_twice": "the hidden layer has other users",
        "third_part": "the hidden layer has other users",
        "activated_whole": "",
        "hidden_residual": "the hidden layer has a residual; the hidden layer has a residual",
        "two_activations": "the second layer has an activation, too",
        "two_layouts": ("the weights have different layouts; the weights have different layouts"),
        "two_inputs": "the gate and the hidden layer have different inputs",
        "no_gate": "",
        "broadcast_gate": "the gate is broadcast",
        "gate_used_twice": "the hidden layer has other users",
    },
    "passes/fuse_normalization.mlir": {
        "other_factor": "what it is multiplied by is no tensor<4xf32>",
        "first_dimension": "the mean is not over the last dimensions, or drops them",
        "dropped_dimension": "the mean is not over the last dimensions, or drops them",
        "epsilon_outside": "epsilon is added outside of the root",
        "cubes": "",
        "other_tensor": "the root scales something else than what it is the root of",
        "second_user_of_mean": "what lies between has other users",
        "second_user_of_root": "the root is not used to scale what it is the root of alone",
        "converted_to_another_type": "its result is not converted back to tensor<2x4xbf16>",
        "wide_weight": "its weight or bias is not converted as its input is",
        "length": "the sum of squares is divided by 1, and not by 4",
        "other_epsilon": "epsilon is negative; epsilon is added outside of the root",
        "unbiased": "; ".join(2 * ["the sum of squares is divided by 3, and not by 4"]),
        "other_dimensions": (
            "the root scales something else than x − mean(x); "
            "the mean is not over the last dimensions, or drops them"
        ),
        "not_centered": (
            "the root scales something else than x − mean(x); what lies between has other users"
        ),
        "other_type": "its result is not of x's type, tensor<2x4xbf16>",
        "other_bias": (
            "its bias is added before; a multiple is added; what is added to it is no tensor<4xf32>"
        ),
    },
    "passes/fuse_gated_convolution.mlir": {
        "centred": "the convolution is not padded by one token less than its kernel has",
        "first_tokens_cut_off": "what follows the last token is not cut off",
        "dense": "the convolution is not depthwise",
        "grouped": "the convolution is not depthwise",
        "dilated": "the convolution is dilated",
        "strided": "the convolution skips tokens",
        "other_order": "what is convolved is not the product of the first and the last third",
        "halves": "what is convolved is not the product of the first and the last third",
        "other_axis": "what is convolved is not a product of channels",
        "not_swapped": "tokens and channels are not swapped in front of it",
        "not_swapped_back": "tokens and channels are not swapped back behind it",
        "no_gate": "its result is not scaled by the second third",
        "second_user": "what lies between has other users",
        "convolution_used_twice": "what follows the last token is not cut off",
    },
    "passes/fuse_residual.mlir": {
        "parallel": "the layer has a residual already",
        "second_user": "; ".join(2 * ["the layer has other users"]),
        "broadcast_residual": "the sum broadcasts or converts one of the two",
        "broadcast_layer": "the sum broadcasts or converts one of the two",
        "other_type": "the sum broadcasts or converts one of the two",
        "scaled_by_the_sum": "one of the two is scaled by the sum",
        "scaled_before": "the layer's result is scaled before the sum",
        "two_residuals": "the layer has a residual already",
        "norm_between": "",
    },
    "passes/fuse_rotary_embedding.mlir": {
        "swapped_halves": "what is swapped are not two halves, the upper one negated and first",
        "quarters": (
            "what is swapped are not two halves, the upper one negated and first; "
            "neighbours are put together as halves, or halves as neighbours"
        ),
        "other_dimension": "the halves are not those of the last dimension",
        "other_sum": "; ".join(2 * ["its use is not x·cos + rotated·sin, or it has others"]),
        "second_user": "its use is not x·cos + rotated·sin, or it has others",
        "broadcast": (
            "the tables broadcast what is rotated; "
            "cos must have 4 or 2 elements in its last dimension, got tensor<8x1xf32>"
        ),
        "subtracted": "its use is not x·cos + rotated·sin, or it has others",
        "two_tensors": "the halves are those of different tensors",
        "wrong_signs": (
            "the signs are not those of a rotation; it is not x₁·cos − x₂·sin ‖ x₂·cos + x₁·sin"
        ),
        "two_tables": "it is not x₁·cos − x₂·sin ‖ x₂·cos + x₁·sin",
        "halves_used": (
            "the products or their sums have other users; halves are put together as neighbours"
        ),
        "broadcast_parts": "; ".join(2 * ["the tables broadcast what is rotated"]),
        "complex_pairs": "its pairs are not put in a row, or have other users",
        "other_rest": (
            "what is rotated is not in front; "
            + "; ".join(2 * ["what is put behind it is not the rest of the tensor"])
        ),
        "converted_to_another_type": "its result is not converted back to tensor<8x4xbf16>",
    },
    "lowering/convert_aten_to_transformer.mlir": {
        "other_addmm": (
            "the product or the bias is scaled; the product or the bias is scaled; "
            "the bias is not a vector with one element for each output; "
            "the bias is not a vector with one element for each output"
        ),
        "no_weight": "the second operand is not a weight; the second operand is not a weight",
        "batched_weight": "the weight is not a matrix",
        "integer_table": "the table is not floating-point",
        "other_attention": (
            "there is no dimension of heads; the batch dimensions are broadcast; "
            "the heads are broadcast"
        ),
        "dropout": "there is dropout",
        "mean_used": "what its gradient needs is used",
    },
}
CASES = [(path, name) for path, reasons in REASONS.items() for name in reasons]


@pytest.mark.parametrize(("path", "name"), CASES)
def test_a_pass_says_why_it_did_not_fire(path: str, name: str) -> None:
    text = print_module(functions(lit_program(path))[name])
    report = apply(parse_module(text), pass_of(Path(path).stem))
    assert "; ".join(refusal.reason for refusal in report.refused) == REASONS[path][name]

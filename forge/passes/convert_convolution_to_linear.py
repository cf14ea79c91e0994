"""Compute convolutions whose windows tile the image as linear layers."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass

from forge.dialects import aten, transformer
from forge.ir.tensors import shaped
from forge.rewriting import Pattern, Rewriter, apply_patterns


@dataclass(frozen=True)
class ConvertConvolutionToLinearPass(ModulePass):
    """Replace convolutions that step as far as their kernels reach by `transformer.linear`.

    Their windows are the tiles of the image, each the inputs of one row of results: the patches
    that vision transformers embed. No window overlaps another, so nothing is copied twice. Intel's
    NPU compiler fills the three channels of an image up to sixteen for a convolution, and takes
    five to thirty times as long for ViT's as for the linear layer.

        %y = aten.conv2d %x, %w {stride = [4, 4]} : (tensor<1x3x8x8xf32>, tensor<6x3x4x4xf32>) …

    becomes

        %0 = aten.reshape %x {shape = [3, 2, 4, 2, 4]} : …
        %1 = aten.permute %0 {dims = [1, 3, 0, 2, 4]} : …
        %2 = aten.reshape %1 {shape = [1, 4, 48]} : …
        %3 = aten.reshape %w {shape = [6, 48]} : …
        %4 = transformer.linear %2, %3 : (tensor<1x4x48xf32>, tensor<6x48xf32>) -> …
        %5 = aten.permute %4 {dims = [0, 2, 1]} : …
        %y = aten.reshape %5 {shape = [1, 6, 2, 2]} : …
    """

    name = "convert-convolution-to-linear"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        apply_patterns(op, [TilesAsRows()])


_Convolution = aten.Conv2dOp | aten.ConvolutionOp
# Of channels, tiles down, rows of a tile, tiles across, columns of a tile.
_TILES_FIRST = [1, 3, 0, 2, 4]


class TilesAsRows(Pattern[_Convolution]):
    # conv(x, w) {stride = kernel}  →  image(linear(tiles(x), w))

    def match_and_rewrite(self, op: _Convolution, rewriter: Rewriter) -> None:
        image, kernel = shaped(op.input.type).shape, shaped(op.weight.type).shape
        if len(image) != 4 or len(kernel) != 4:
            return rewriter.no_match(op, "it does not convolve images of a batch")
        if image[0] != 1:
            # With a batch, the permutation has six dimensions; NPUs take five.
            return rewriter.no_match(op, "it convolves several images")
        if (reason := _does_not_tile(op, image[2:], kernel[2:])) is not None:
            return rewriter.no_match(op, reason)
        outputs, tile = kernel[0], prod(kernel[1:])

        def reshaped(value: SSAValue, *shape: int) -> SSAValue:
            return rewriter.insert(aten.ReshapeOp(value, list(shape)), before=op).result

        def permuted(value: SSAValue, dims: list[int]) -> SSAValue:
            return rewriter.insert(aten.PermuteOp(value, dims), before=op).result

        (channels, height, width), (rows, columns) = image[1:], kernel[2:]
        down, across = height // rows, width // columns
        x = reshaped(op.input, channels, down, rows, across, columns)
        x = reshaped(permuted(x, _TILES_FIRST), 1, down * across, tile)
        linear = transformer.LinearOp(x, reshaped(op.weight, outputs, tile), op.bias)
        y = permuted(rewriter.insert(linear, before=op).result, [0, 2, 1])
        return rewriter.replace(op, aten.ReshapeOp(y, [1, outputs, down, across]))


def _does_not_tile(op: _Convolution, image: tuple[int, ...], kernel: tuple[int, ...]) -> str | None:
    """Why the convolution's windows are not the tiles of its images; `None` if they are."""
    if isinstance(op, aten.ConvolutionOp) and op.get("transposed"):
        return "the convolution is transposed"
    if op.get("groups") != 1:
        return "the convolution is grouped"
    if _pair(op.get("stride")) != kernel:
        return "its windows overlap, or leave gaps"
    if prod(kernel) == 1:
        return "its windows are single points"
    if any(op.get("padding")):
        return "the image is padded"
    if _pair(op.get("dilation")) != (1, 1):
        return "the convolution is dilated"
    if any(size % step for size, step in zip(image, kernel, strict=True)):
        return "its windows do not cover the image"
    return None


def _pair(values: list[int]) -> tuple[int, ...]:
    """One number stands for both dimensions."""
    return (values[0], values[0]) if len(values) == 1 else tuple(values)

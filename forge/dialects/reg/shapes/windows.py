"""How many windows fit along the spatial axes: what convolutions and pools share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forge.dialects.reg.shapes.checks import check_rank
from forge.ir.shape_functions import ShapeError
from forge.ir.tensors import Shaped

SPATIAL = 2
"""The first spatial axis, after batch and channels."""


@dataclass(frozen=True)
class Windows:
    """The windows that slide over the spatial axes, one number an axis.

    Attributes:
        auto_pad: `explicit` for the pads as given, `valid` for none, `same_…` for as many as keep
            ⌈extent / stride⌉ windows.
        rounding_type: what becomes of a last window that does not fit: `floor` drops it, `ceil`
            keeps it, `ceil_torch` keeps it unless it would start in the border.
    """

    kernel: Sequence[int]
    strides: Sequence[int]
    dilations: Sequence[int]
    pads_begin: Sequence[int]
    pads_end: Sequence[int]
    auto_pad: str
    rounding_type: str = "floor"

    def check(self, rank: int) -> None:
        """There is one number an axis, and each makes sense.

        Raises:
            ShapeError: that is not so.
        """
        for name, values, least in (
            ("kernel", self.kernel, 1),
            ("strides", self.strides, 1),
            ("dilations", self.dilations, 1),
            ("pads_begin", self.pads_begin, None),
            ("pads_end", self.pads_end, None),
        ):
            if len(values) != rank:
                raise ShapeError(f"{name} must have one number for each of {rank} axes")
            if least is not None and min(values) < least:
                raise ShapeError(f"{name} {list(values)} must be {least} or more")

    def count(self, spatial: Sequence[int]) -> tuple[int, ...]:
        """How many windows there are along each axis.

        Raises:
            ShapeError: a window is larger than the padded extent.
        """
        self.check(len(spatial))
        return tuple(self._along(axis, extent) for axis, extent in enumerate(spatial))

    def window(self, axis: int) -> int:
        """The extent of a dilated window."""
        return (self.kernel[axis] - 1) * self.dilations[axis] + 1

    def _borders(self, axis: int, extent: int) -> tuple[int, int]:
        if self.auto_pad == "explicit":
            return self.pads_begin[axis], self.pads_end[axis]
        if self.auto_pad == "valid":
            return 0, 0
        stride = self.strides[axis]
        needed = (-(-extent // stride) - 1) * stride + self.window(axis) - extent
        less, more = max(needed, 0) // 2, -(-max(needed, 0) // 2)
        return (less, more) if self.auto_pad == "same_upper" else (more, less)

    def _along(self, axis: int, extent: int) -> int:
        stride, window = self.strides[axis], self.window(axis)
        before, after = self._borders(axis, extent)
        room = extent + before + after - window
        if room < 0:
            raise ShapeError(
                f"a window of {window} does not fit an extent of {extent} padded by {before} "
                f"and {after}"
            )
        if self.rounding_type == "floor":
            return room // stride + 1
        count = -(-room // stride) + 1
        starts_in_border = (count - 1) * stride >= extent + before
        return count - 1 if self.rounding_type == "ceil_torch" and starts_in_border else count


def check_image(data: Shaped, name: str) -> tuple[int, ...]:
    """The spatial extents of a batch of images with one to three spatial axes.

    Raises:
        ShapeError: it has another rank, or no elements.
    """
    check_rank(data, name, 3, 4, 5)
    if not data.numel:
        raise ShapeError(f"{name} has no elements: {data}")
    return data.shape[SPATIAL:]

"""The `reg` dialect: a flat list of instructions on virtual registers, each with a device.

Its instructions are those of OpenVINO's opset, one for one and under the opset's own type names
(`reg.MatMul`), and four of Forge's own: `reg.weight` names a tensor of the weight store,
`reg.copy` moves a register to another device, `reg.host` runs a kernel of PyTorch on the host.
"""

from __future__ import annotations

from xdsl.ir import Dialect

from forge.dialects.reg import ops, shapes
from forge.dialects.reg.base import RegOp
from forge.dialects.reg.host import HOST, HostOp
from forge.dialects.reg.ops import *  # noqa: F403 (its __all__ lists the instructions)
from forge.dialects.reg.placement import ConstantOp, CopyOp, WeightOp
from forge.dialects.reg.types import RegisterType, device_of, register_shaped, register_type

Reg = Dialect("reg", [*ops.OPERATIONS, ConstantOp, WeightOp, CopyOp, HostOp], [RegisterType])

__all__ = [
    "HOST",
    "ConstantOp",
    "CopyOp",
    "HostOp",
    "Reg",
    "RegOp",
    "RegisterType",
    "WeightOp",
    "device_of",
    "register_shaped",
    "register_type",
    "shapes",
]
__all__ += ops.__all__

"""Write forge/dialects/aten/ops.py: a typed class an operator, from PyTorch's schemas.

    python scripts/generate_aten.py            # write the file
    python scripts/generate_aten.py --check    # exit with 1 if it is stale

The list holds the functional operators of Core ATen and the composites that `torch.export` keeps.
Core ATen operators that are left out, and why:

- `*_backward`: Forge compiles inference;
- `rand`, `randn`, `randperm`: random, so not values of their arguments;
- `resize_`, `_native_batch_norm_legit`, `atan2.out`: they write to their arguments;
- `nonzero`, `_local_scalar_dense`: the shape, or the program, would depend on data;
- `sym_*`: they return symbols, not tensors, and shapes are static;
- `as_strided`, `empty_strided`: they speak of memory, which a tensor type does not have.
"""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "forge/dialects/aten/ops.py"
sys.path.insert(0, str(ROOT))

from forge.ir.torch_schema import Argument, Schema, parse_schema  # noqa: E402

OPERATORS = {
    "Elementwise, one tensor": """
        abs acos acosh angle asin asinh atan atanh bitwise_not ceil conj_physical cos cosh deg2rad
        erf erfc erfinv exp exp2 expm1 fill.Scalar fill.Tensor floor frac imag isfinite isinf isnan
        isneginf isposinf lgamma log log10 log1p log2 logical_not logit nan_to_num neg positive
        rad2deg real reciprocal round round.decimals rsqrt sigmoid sign sgn signbit sin sinc sinh
        sqrt square tan tanh trunc""",
    "Activations": """
        celu elu gelu glu hardshrink hardsigmoid hardswish hardtanh leaky_relu log_sigmoid mish
        prelu relu relu6 selu silu softplus softshrink threshold""",
    "Elementwise, several tensors": """
        __and__.Scalar __and__.Tensor __lshift__.Scalar __lshift__.Tensor __or__.Scalar
        __or__.Tensor __rshift__.Scalar __rshift__.Tensor __xor__.Scalar __xor__.Tensor
        add.Scalar add.Tensor addcdiv addcmul atan2 bitwise_and.Scalar bitwise_and.Tensor
        bitwise_left_shift.Tensor bitwise_left_shift.Tensor_Scalar bitwise_or.Scalar
        bitwise_or.Tensor bitwise_right_shift.Tensor bitwise_right_shift.Tensor_Scalar
        bitwise_xor.Scalar bitwise_xor.Tensor clamp clamp.Tensor clamp_max clamp_max.Tensor
        clamp_min clamp_min.Tensor clip clip.Tensor complex copysign.Scalar copysign.Tensor
        div.Scalar div.Scalar_mode div.Tensor div.Tensor_mode eq.Scalar eq.Tensor floor_divide
        floor_divide.Scalar fmax fmin fmod.Scalar fmod.Tensor ge.Scalar ge.Tensor gt.Scalar
        gt.Tensor heaviside hypot isclose le.Scalar le.Tensor lerp.Scalar lerp.Tensor logaddexp
        logaddexp2 logical_and logical_or logical_xor lt.Scalar lt.Tensor masked_fill.Scalar
        masked_fill.Tensor max.other maximum min.other minimum mul.Scalar mul.Tensor ne.Scalar
        ne.Tensor polar pow.Scalar pow.Tensor_Scalar pow.Tensor_Tensor remainder.Scalar
        remainder.Scalar_Tensor remainder.Tensor rsub.Scalar rsub.Tensor sub.Scalar sub.Tensor
        true_divide.Scalar true_divide.Tensor where.Scalar where.ScalarOther where.ScalarSelf
        where.self xlogy.Tensor""",
    "Reductions": """
        all all.dim all.dims amax amin aminmax any any.dim any.dims argmax argmin
        cosine_similarity count_nonzero.dim_IntList linalg_vector_norm logsumexp max max.dim mean
        mean.dim median median.dim min min.dim nanmean nansum norm.Scalar norm.ScalarOpt_dim
        norm.ScalarOpt_dim_dtype norm.ScalarOpt_dtype prod prod.dim_int std std.correction std.dim
        std_mean.correction std_mean.dim sum sum.dim_IntList trace var var.correction var.dim
        var_mean.correction var_mean.dim""",
    "Linear algebra and attention": """
        _cdist_forward _pdist_forward _scaled_dot_product_flash_attention_for_cpu addbmm addmm
        addmv addr baddbmm bilinear bmm cdist cross dot einsum inner linalg_cross linear matmul mm
        mv outer scaled_dot_product_attention tensordot vdot""",
    "Softmax, normalization and dropout": """
        _fused_rms_norm _log_softmax _native_batch_norm_legit.no_stats
        _native_batch_norm_legit_no_training _safe_softmax _softmax batch_norm dropout group_norm
        instance_norm layer_norm log_softmax.int native_dropout native_group_norm native_layer_norm
        rms_norm softmax.int""",
    "Convolution": """
        conv1d conv1d.padding conv2d conv2d.padding conv3d conv3d.padding conv_transpose1d
        conv_transpose2d.input conv_transpose3d.input convolution""",
    "Pooling": """
        _adaptive_avg_pool2d _adaptive_avg_pool3d adaptive_avg_pool1d adaptive_avg_pool2d
        adaptive_avg_pool3d adaptive_max_pool1d adaptive_max_pool2d adaptive_max_pool3d avg_pool1d
        avg_pool2d avg_pool3d max_pool1d max_pool1d_with_indices max_pool2d max_pool2d_with_indices
        max_pool3d max_pool3d_with_indices""",
    "Views": """
        _unsafe_view adjoint alias broadcast_tensors broadcast_to chunk contiguous detach diagonal
        expand expand_as flatten.using_ints lift_fresh lift_fresh_copy mT movedim.int
        movedim.intlist narrow numpy_T permute ravel reshape resolve_conj resolve_neg select.int
        slice.Tensor split.Tensor split.sizes split_with_sizes squeeze squeeze.dim squeeze.dims
        swapaxes swapdims t tensor_split.indices tensor_split.sections transpose.int unbind.int
        unflatten.int unfold unsqueeze view view.dtype view_as view_as_complex view_as_real""",
    "Copies, conversions and rearrangements": """
        _to_copy cat channel_shuffle clone column_stack concat constant_pad_nd copy diag diag_embed
        flip hstack meshgrid meshgrid.indexing pad pixel_shuffle pixel_unshuffle reflection_pad1d
        reflection_pad2d reflection_pad3d repeat repeat_interleave.self_int replication_pad1d
        replication_pad2d replication_pad3d roll rot90 stack tile to.device to.dtype
        to.dtype_layout to.other tril triu type_as vstack""",
    "Creation": """
        arange arange.start arange.start_step empty.memory_format empty_like eye eye.m full
        full_like linspace new_empty new_full new_ones new_zeros one_hot ones ones_like
        scalar_tensor tril_indices triu_indices zeros zeros_like""",
    "Indexing": """
        _embedding_bag _unsafe_index.Tensor bucketize.Tensor diagonal_scatter embedding gather
        index.Tensor index_add index_copy index_fill.int_Scalar index_fill.int_Tensor index_put
        index_select isin.Tensor_Scalar isin.Tensor_Tensor masked_scatter scatter.reduce
        scatter.src scatter.value scatter.value_reduce scatter_add scatter_reduce.two
        searchsorted.Tensor select_scatter slice_scatter take take_along_dim""",
    "Sorting and scans": """
        argsort argsort.stable cummax cummin cumprod cumsum diff kthvalue logcumsumexp sort
        sort.stable topk""",
    "Resampling and transforms": """
        _fft_c2c _fft_c2r _fft_r2c _upsample_bicubic2d_aa.vec _upsample_bilinear2d_aa.vec
        affine_grid_generator col2im grid_sampler grid_sampler_2d grid_sampler_3d im2col
        upsample_bicubic2d upsample_bicubic2d.vec upsample_bilinear2d upsample_bilinear2d.vec
        upsample_linear1d upsample_linear1d.vec upsample_nearest1d upsample_nearest1d.vec
        upsample_nearest2d upsample_nearest2d.vec upsample_nearest3d upsample_nearest3d.vec
        upsample_trilinear3d upsample_trilinear3d.vec""",
}

# PyTorch numbers its enumerations in schemas' defaults.
MEMORY_FORMATS = ["contiguous_format", "preserve_format", "channels_last", "channels_last_3d"]
DTYPES = {"4": "i64"}

CONSTRAINTS = {
    "int": "INT",
    "ints": "INTS",
    "float": "FLOAT",
    "floats": "FLOATS",
    "bool": "BOOL",
    "bools": "BOOLS",
    "scalar": "SCALAR",
    "str": "STR",
    "dtype": "DTYPE",
    "memory_format": "STR",
}
ANNOTATIONS = {
    "tensor": "Operand",
    "int": "int",
    "ints": "Sequence[int]",
    "float": "float",
    "floats": "Sequence[float]",
    "bool": "bool",
    "bools": "Sequence[bool]",
    "scalar": "Scalar",
    "str": "str",
    "dtype": "Attribute",
    "memory_format": "str",
}

HEADER = '''"""The operators of the `aten` dialect.

Generated by scripts/generate_aten.py (make generate); do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from xdsl.dialects.builtin import LocationAttr, i64
from xdsl.ir import Attribute
from xdsl.irdl import (
    AttrSizedOperandSegments,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    var_operand_def,
    var_result_def,
)

from forge.dialects.aten.base import (
    BOOL,
    BOOLS,
    DTYPE,
    FLOAT,
    FLOATS,
    INT,
    INTS,
    SCALAR,
    STR,
    TENSOR,
    AtenOp,
    Scalar,
    floats,
)
from forge.ir.attributes import to_attribute
from forge.ir.schema_op import Operand

__all__ = [
@all@]

_SEGMENTS = (AttrSizedOperandSegments(as_property=True),)
'''


def schema_texts() -> Iterator[tuple[str, list[str]]]:
    """The sections of the file with their operators' schemas, as PyTorch prints them."""
    import torch

    for section, names in OPERATORS.items():
        texts: list[str] = []
        for name in names.split():
            operator, _, overload = name.partition(".")
            packet = getattr(torch.ops.aten, operator)
            texts.append(str(getattr(packet, overload or "default")._schema))
        yield section, texts


def class_name(name: str) -> str:
    """`add.Tensor` → `AddTensorOp`, `__and__.Scalar` → `AndScalarOp`, `_fft` → `InternalFftOp`."""
    if name.startswith("_") and not name.startswith("__"):
        name = "internal" + name
    parts = re.split(r"[_.]+", name)
    return "".join(part[:1].upper() + part[1:] for part in parts) + "Op"


def python_default(argument: Argument) -> object:
    """The default as a Python value."""
    text = argument.default
    assert text is not None
    if text == "None":
        return None
    if argument.kind == "memory_format":
        return MEMORY_FORMATS[int(text)]
    value = ast.literal_eval(text)
    if argument.kind in ("ints", "floats", "bools") and not isinstance(value, list):
        value = [value] * argument.length
    return float(value) if argument.kind == "float" else value


def parameter(argument: Argument) -> str:
    """The argument in the constructor's signature."""
    annotation = ANNOTATIONS.get(argument.kind, "")
    if argument.kind == "tensors":
        annotation = (
            "Sequence[Operand | None]" if argument.nullable_elements else "Sequence[Operand]"
        )
    # None would read back as a default that is something else.
    if argument.nullable and argument.default in (None, "None"):
        annotation += " | None"
    text = f"{argument.name}: {annotation}"
    if argument.default is None:
        return text
    value = python_default(argument)
    if argument.kind == "dtype" and value is not None:
        return f"{text} = {DTYPES[argument.default]}"
    # A tuple, since a default must not be mutable.
    return f"{text} = {tuple(value) if isinstance(value, list) else value!r}"


def parameters(schema: Schema) -> Iterator[str]:
    """The constructor's signature, `*` included."""
    kept = [argument for argument in schema.arguments if argument.kind != "dropped"]
    yield "self"
    yield from (parameter(argument) for argument in kept if not argument.keyword_only)
    yield "*"
    yield from (parameter(argument) for argument in kept if argument.keyword_only)
    yield "result_types: Sequence[Attribute] | None = None"
    yield "location: LocationAttr | None = None"


def property_field(argument: Argument) -> str:
    """The definition of a static argument."""
    constraint = f'{CONSTRAINTS[argument.kind]}.of("{argument.name}")'
    if argument.default is None:
        function = "opt_prop_def" if argument.nullable else "prop_def"
        return f"{argument.name} = {function}({constraint})"
    value = python_default(argument)
    if value is None:
        return f"{argument.name} = opt_prop_def({constraint})"
    if argument.kind == "dtype":
        return f"{argument.name} = prop_def({constraint}, {DTYPES[argument.default]})"
    function = "floats" if argument.kind == "floats" else "to_attribute"
    return f"{argument.name} = prop_def({constraint}, {function}({value!r}))"


def fields(schema: Schema) -> Iterator[str]:
    """The operands, properties and results."""
    for argument in schema.arguments:
        if argument.kind == "tensors":
            yield f"{argument.name} = var_operand_def(TENSOR)"
        elif argument.kind == "tensor":
            function = "opt_operand_def" if argument.nullable else "operand_def"
            yield f"{argument.name} = {function}(TENSOR)"
    for argument in schema.arguments:
        if argument.nullable_elements:
            name = f"{argument.name}_present"
            yield f'{name} = opt_prop_def(BOOLS.of("{name}"))'
        elif not argument.is_operand and argument.kind != "dropped":
            yield property_field(argument)
    if schema.variadic_result:
        yield "outputs = var_result_def(TENSOR)"
    elif len(schema.results) == 1:
        yield "result = result_def(TENSOR)"
    else:
        taken = {argument.name for argument in schema.arguments}
        for index, name in enumerate(schema.results):
            if name in taken:
                raise ValueError(f"{schema.name}: {name} is an argument and a result")
            yield f"{name or f'result{index}'} = result_def(TENSOR)"


def property_value(argument: Argument) -> str:
    """The expression that the constructor hands on."""
    if argument.kind == "floats":
        return f"floats({argument.name})"
    if argument.kind == "float":
        call = f"float({argument.name})"
        return f"None if {argument.name} is None else {call}" if argument.nullable else call
    return argument.name


def class_text(text: str) -> str:
    """The class of one operator."""
    schema = parse_schema(text)
    operands = [argument for argument in schema.arguments if argument.is_operand]
    groups = sum(argument.nullable or argument.kind == "tensors" for argument in operands)
    properties = ", ".join(
        f'"{argument.name}": {property_value(argument)}'
        for argument in schema.arguments
        if argument.kind not in ("tensor", "tensors", "dropped")
    )
    operand_names = ", ".join(argument.name for argument in operands)
    lines = [
        "@irdl_op_definition",
        f"class {class_name(schema.name)}(AtenOp):",
        f'    """`{text}`."""' if '"' not in text else f'    r"""`{text}`."""',
        "",
        f'    name = "aten.{schema.name}"',
        f"    SCHEMA: ClassVar[str] = {text!r}",
        "",
        *(["    irdl_options = _SEGMENTS"] if groups > 1 else []),
        *(f"    {field}" for field in fields(schema)),
        "",
        f"    def __init__({', '.join(parameters(schema))}) -> None:",
        f"        super().__init__([{operand_names}], {{{properties}}}, result_types, location)",
    ]
    return "\n".join(lines)


def generate() -> str:
    """The text of the generated file, formatted."""
    parts: list[str] = []
    names: list[str] = []
    for section, texts in schema_texts():
        parts.append(f"# -- {section} {'-' * (90 - len(section))}\n")
        parts.extend(class_text(text) + "\n\n" for text in texts)
        names.extend(class_name(parse_schema(text).name) for text in texts)
    if len(set(names)) != len(names):
        raise ValueError(
            f"two classes of one name: {sorted(n for n in names if names.count(n) > 1)}"
        )
    listing = "".join(f"    {name},\n" for name in names)
    parts.append(f"OPERATIONS: tuple[type[AtenOp], ...] = (\n{listing})\n")
    parts.append('"""Every operation of this file."""\n')
    exported = "".join(f'    "{name}",\n' for name in sorted(["OPERATIONS", *names]))
    parts.insert(0, HEADER.replace("@all@", exported))
    return ruff("format", text=ruff("check", "--fix", "--quiet", text="\n".join(parts)))


def ruff(*arguments: str, text: str) -> str:
    """The text as ruff leaves it."""
    command = [sys.executable, "-m", "ruff", *arguments, "--stdin-filename", str(TARGET), "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


def main() -> int:
    """Write or check the file."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--check", action="store_true", help="fail if the file is stale")
    check = arguments.parse_args().check
    text = generate()
    if check:
        stale = not TARGET.is_file() or TARGET.read_text() != text
        if stale:
            print(f"{TARGET.relative_to(ROOT)} is stale: run `make generate`", file=sys.stderr)
        return int(stale)
    TARGET.write_text(text)
    print(f"{TARGET.relative_to(ROOT)}: {text.count('@irdl_op_definition')} operators")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Forge's dialects, passes and targets, found by xDSL's tools through `xdsl.universe`."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from xdsl.ir import Dialect
from xdsl.passes import ModulePass
from xdsl.universe import XDSL_UNIVERSE, Universe
from xdsl.utils.target import Target

from forge.entry_points import broken, describe, entry_points_of, guarded, use

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

# name -> "module:attribute", imported when it is first used: start-up time is what a person feels.
_DIALECTS = {
    "forge": "forge.dialects.forge:Forge",
    "aten": "forge.dialects.aten:ATen",
    "transformer": "forge.dialects.transformer:Transformer",
    "reg": "forge.dialects.reg:Reg",
}
_PASSES: dict[str, str] = {
    "allocate-buffers": "forge.passes.allocate_buffers:AllocateBuffersPass",
    "apply-forms": "forge.passes.apply_forms:ApplyFormsPass",
    "apply-pdl-patterns": "forge.passes.apply_pdl_patterns:ApplyPdlPatternsPass",
    "assign-devices": "forge.passes.assign_devices:AssignDevicesPass",
    "compress-weights": "forge.passes.compress_weights:CompressWeightsPass",
    "convert-aten-to-transformer": (
        "forge.lowering.convert_aten_to_transformer:ConvertAtenToTransformerPass"
    ),
    "convert-convolution-to-linear": (
        "forge.passes.convert_convolution_to_linear:ConvertConvolutionToLinearPass"
    ),
    "convert-to-reg": "forge.lowering.convert_to_reg:ConvertToRegPass",
    "eliminate-common-subexpressions": (
        "forge.passes.eliminate_common_subexpressions:EliminateCommonSubexpressionsPass"
    ),
    "eliminate-dead-code": "forge.passes.eliminate_dead_code:EliminateDeadCodePass",
    "fold-constants": "forge.passes.fold_constants:FoldConstantsPass",
    "fuse-activation": "forge.passes.fuse_activation:FuseActivationPass",
    "fuse-attention": "forge.passes.fuse_attention:FuseAttentionPass",
    "fuse-gated-convolution": "forge.passes.fuse_gated_convolution:FuseGatedConvolutionPass",
    "fuse-linear-activation": "forge.passes.fuse_linear_activation:FuseLinearActivationPass",
    "fuse-mlp": "forge.passes.fuse_mlp:FuseMlpPass",
    "fuse-normalization": "forge.passes.fuse_normalization:FuseNormalizationPass",
    "fuse-residual": "forge.passes.fuse_residual:FuseResidualPass",
    "fuse-rotary-embedding": "forge.passes.fuse_rotary_embedding:FuseRotaryEmbeddingPass",
    "legalize-bfloat16": "forge.passes.legalize_bfloat16:LegalizeBfloat16Pass",
    "legalize-grouped-heads": "forge.passes.legalize_grouped_heads:LegalizeGroupedHeadsPass",
    "legalize-masks": "forge.passes.legalize_masks:LegalizeMasksPass",
    "optimize-layout": "forge.passes.optimize_layout:OptimizeLayoutPass",
    "schedule-instructions": "forge.passes.schedule_instructions:ScheduleInstructionsPass",
    "select-forms": "forge.passes.select_forms:SelectFormsPass",
    "simplify": "forge.passes.simplify:SimplifyPass",
    "simplify-attention-mask": ("forge.passes.simplify_attention_mask:SimplifyAttentionMaskPass"),
}
_TARGETS: dict[str, str] = {
    "bytecode": "forge.backends.vm.target:BytecodeTarget",
    "openvino": "forge.backends.openvino.target:OpenVINOTarget",
}


def _load(path: str) -> Any:
    module, _, attribute = path.partition(":")
    return getattr(import_module(module), attribute)


def _dialect(path: str) -> Any:
    def load() -> Dialect:
        return _load(path)

    return load


def _pass(path: str) -> Any:
    def load() -> type[ModulePass]:
        return _load(path)

    return load


def _target(path: str) -> Any:
    def load() -> type[Target]:
        return _load(path)

    return load


FORGE_UNIVERSE = Universe(
    all_dialects={name: _dialect(path) for name, path in _DIALECTS.items()},
    all_passes={name: _pass(path) for name, path in _PASSES.items()},
    all_targets={name: _target(path) for name, path in _TARGETS.items()},
)


GROUP = "xdsl.universe"
"""The entry points by which xDSL's tools find dialects, passes and targets."""


@cache
def multiverse() -> Universe:
    """What all installed packages offer; found once, since a look at the packages takes 20 ms.

    Raises:
        ForgeError: a package's universe cannot be imported, is none, or has what another has.
    """
    merged = Universe()
    owners: dict[tuple[str, str], EntryPoint] = {}
    for point in entry_points_of(GROUP):
        universe = use(point, point.load)
        if not isinstance(universe, Universe):
            raise broken(point, f"it is a {type(universe).__name__}, no xdsl.universe.Universe")
        for kind in ("dialects", "passes", "targets"):
            known = getattr(merged, f"all_{kind}")
            for name, factory in getattr(universe, f"all_{kind}").items():
                if (owner := owners.setdefault((kind, name), point)) is not point:
                    raise broken(point, f"it has {name!r}, as has {describe(owner)}")
                known[name] = factory if universe in _TRUSTED else guarded(point, factory)
    return merged


# What their own tests hold, and of which there is much.
_TRUSTED = (FORGE_UNIVERSE, XDSL_UNIVERSE)

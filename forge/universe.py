"""Forge's dialects, passes and targets, found by xDSL's tools through `xdsl.universe`."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from xdsl.ir import Dialect
from xdsl.passes import ModulePass
from xdsl.universe import Universe
from xdsl.utils.target import Target

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


@cache
def multiverse() -> Universe:
    """What all installed packages offer; found once, since a look at the packages takes 20 ms."""
    return Universe.get_multiverse()

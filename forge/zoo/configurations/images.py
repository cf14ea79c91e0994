"""Models that look at images, and one of feature vectors."""

from __future__ import annotations

from forge.zoo.entry import CatalogueEntry, Kind

VIT_BASE = CatalogueEntry(
    name="vit-base",
    description="ViT base: 224×224 images in patches of 16×16, 1000 classes",
    source="config.json of google/vit-base-patch16-224 (86,567,656 parameters)",
    kind=Kind.IMAGE_CLASSIFIER,
    config_class="ViTConfig",
    settings={
        "image_size": 224,
        "patch_size": 16,
        "num_channels": 3,
        "hidden_size": 768,
        "intermediate_size": 3072,
        "num_hidden_layers": 12,
        "num_attention_heads": 12,
        "hidden_act": "gelu",
        "layer_norm_eps": 1e-12,
        "initializer_range": 0.02,
        "num_labels": 1000,
    },
    hidden=768,
)

RESNET_BLOCK = CatalogueEntry(
    name="resnet-block",
    description="ResNet-50's stem and its first bottleneck block, 224×224 images, 1000 classes",
    source="He et al., Deep Residual Learning for Image Recognition, table 1",
    kind=Kind.IMAGE_CLASSIFIER,
    config_class="ResNetBlock",
    settings={
        "image_size": 224,
        "num_channels": 3,
        "width": 64,
        "expansion": 4,
        "blocks": 1,
        "num_labels": 1000,
    },
    hidden=256,
    depth_setting="blocks",
)

MLP = CatalogueEntry(
    name="mlp",
    description="Three linear layers with GELU between them",
    source="no publication: the smallest model worth compiling",
    kind=Kind.FEED_FORWARD,
    config_class="MLP",
    settings={"features": 256, "hidden": 1024, "linears": 3, "num_labels": 10},
    hidden=1024,
    depth_setting="linears",
)

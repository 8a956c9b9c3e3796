"""Stand-ins for segment-anything: one whose masks are known, and a tiny one with random weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from segment_anything.modeling import (
    ImageEncoderViT,
    MaskDecoder,
    PromptEncoder,
    Sam,
    TwoWayTransformer,
)
from torch import nn

from segmentation.common.garments import Mask, Rgb

TINY_WIDTH = 16


@dataclass
class KnownMask:
    """Answers the boxes of a photo with the masks it was given, in turn.

    Attributes:
        masks: the answers.
        embedded, forgotten: how many photos it embedded, and forgot again.
        boxes: what it was asked.
    """

    masks: Sequence[Mask]
    embedded: int = field(default=0, init=False)
    forgotten: int = field(default=0, init=False)
    boxes: list[tuple[float, ...]] = field(default_factory=list, init=False)

    def set_image(self, image: Rgb) -> None:
        self.embedded += 1

    def reset_image(self) -> None:
        self.forgotten += 1

    def predict(
        self, *, box: NDArray[np.float64], multimask_output: bool
    ) -> tuple[NDArray[np.bool_], NDArray[np.float32], NDArray[np.float32]]:
        assert not multimask_output
        mask = self.masks[len(self.boxes)]
        self.boxes.append(tuple(box.tolist()))
        return mask[None], np.ones(1, np.float32), np.zeros((1, 4, 4), np.float32)


def tiny_sam() -> nn.Module:
    """Return a SAM of segment-anything's own parts, 64 pixels wide, with random weights."""
    torch.manual_seed(0)
    model: nn.Module = Sam(
        image_encoder=ImageEncoderViT(
            depth=1, embed_dim=TINY_WIDTH, img_size=64, num_heads=2, out_chans=32, use_rel_pos=True
        ),
        prompt_encoder=PromptEncoder(
            embed_dim=32, image_embedding_size=(4, 4), input_image_size=(64, 64), mask_in_chans=4
        ),
        mask_decoder=MaskDecoder(
            transformer=TwoWayTransformer(depth=1, embedding_dim=32, mlp_dim=16, num_heads=2),
            transformer_dim=32,
            iou_head_depth=2,
            iou_head_hidden_dim=16,
        ),
    )
    return model.eval()

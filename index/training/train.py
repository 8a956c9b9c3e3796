"""Train the encoder: `recommender train encoder --data DIR...`.

Pictures and captions are pulled together by the symmetric contrastive loss, in which captions
that read alike are no negatives, and two views of one garment by an image-to-image loss.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import open_clip
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import Dataset

from index.training.captions import caption
from index.training.examples import Example, read_all
from index.training.views import view
from segmentation.backbone import imagenet_state
from segmentation.precision import fastest_dtype
from segmentation.training import loop
from segmentation.training.checkpoints import recipe_of
from segmentation.training.fitting import optimiser_for
from segmentation.training.workers import loaded_ahead

CONFIG: Final[dict[str, Any]] = {
    "model_cfg": {
        "embed_dim": 256,
        "vision_cfg": {
            "timm_model_name": "tf_efficientnet_lite0",
            "timm_model_pretrained": False,
            "timm_pool": "avg",
            "timm_proj": "linear",
            "image_size": 224,
        },
        "text_cfg": {
            "context_length": 32,
            "vocab_size": 49408,
            "width": 128,
            "heads": 4,
            "layers": 3,
        },
    },
    "preprocess_cfg": {
        "mean": [127 / 255] * 3,
        "std": [128 / 255] * 3,
        "interpolation": "bicubic",
        "resize_mode": "longest",
        "fill_color": 127,
    },
}
BATCH: Final = 48
TRUNK_RATE, RATE, DECAY = 2e-4, 1e-3, 0.05
VIEW_TEMPERATURE: Final = 0.1

Batch: TypeAlias = tuple[Tensor, Tensor]
"""(2B, 3, 224, 224) normalised pixels, first views before second ones, and (B, 32) tokens."""


def new_model(folder: Path) -> nn.Module:
    """Return the untrained encoder, its image tower from ImageNet; its config is written to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "open_clip_config.json").write_text(json.dumps(CONFIG, indent=2) + "\n")
    model: nn.Module = open_clip.create_model(f"local-dir:{folder}", load_weights=False)
    trunk = model.get_submodule("visual.trunk")
    wanted = trunk.state_dict().keys()
    given = imagenet_state()
    trunk.load_state_dict({name: given[name] for name in wanted})
    return model


class Pairs(Dataset[tuple[Tensor, Tensor, str]]):
    """Number -> two views of a garment and one caption; a function of the seed and the number."""

    def __init__(self, examples: Sequence[Example], seed: int = 0) -> None:
        self._examples, self._seed = examples, seed

    def __getitem__(self, number: int) -> tuple[Tensor, Tensor, str]:
        epoch, place = divmod(number, len(self._examples))
        order = np.random.default_rng((self._seed, epoch)).permutation(len(self._examples))
        rng = np.random.default_rng((self._seed, 1, number))
        example = self._examples[int(order[place])]
        return (
            normalised(view(example.rgb, rng)),
            normalised(view(example.rgb, rng)),
            caption(example, rng),
        )


def normalised(rgb: np.ndarray) -> Tensor:
    """Return (3, H, W) float pixels as the image tower expects them: (x - 127) / 128."""
    return (torch.from_numpy(rgb).permute(2, 0, 1).float() - 127) / 128


def train_encoder(
    folders: Sequence[Path],
    out: Path,
    *,
    schedule: loop.Schedule,
    batch: int = BATCH,
    resume: bool = False,
    report: loop.Report,
) -> None:
    """Train on every folder's `train` split and write an open_clip `local-dir:` to `out`.

    Args:
        folders: data sets in a layout that `index.training.examples` reads.
        out: the folder; the checkpoint lies in it while training and is removed at the end.
        schedule: how long and how fast.
        batch: garments a step; each is seen in two views.
        resume: go on from the checkpoint.
        report: receives progress lines.
    """
    examples = read_all(folders, "train")
    report(f"{len(examples)} garments")
    model = new_model(out)
    model.train()
    for module in model.modules():  # statistics stay ImageNet's: batches are small and odd
        if isinstance(module, nn.BatchNorm2d):
            module.eval()
    trunk: Any = model.get_submodule("visual.trunk")
    for part in (trunk.conv_stem, trunk.bn1, trunk.blocks[0], trunk.blocks[1]):
        part.requires_grad_(False)
    model.get_submodule("visual").to(memory_format=torch.channels_last)
    tokenize = open_clip.get_tokenizer(f"local-dir:{out}")
    pairs, checkpoint = Pairs(examples), out / "training.checkpoint.pt"

    def batches_from(first: int) -> Iterator[Batch]:
        numbers = range(first * batch, schedule.steps * batch)
        return _loader(pairs, numbers, batch, tokenize)

    trained = loop.run(
        model,
        optimiser_for(model, "visual.trunk", backbone_rate=TRUNK_RATE, rate=RATE, decay=DECAY),
        batches_from,
        encoder_losses,
        schedule,
        checkpoint=checkpoint,
        recipe=_recipe(examples, batch),
        resume=resume,
        report=report,
    )
    state = {name: tensor.half().contiguous() for name, tensor in trained.state_dict().items()}
    save_file(state, out / "open_clip_model.safetensors")
    (out / "open_clip_model.safetensors").chmod(0o644)  # safetensors writes for its owner alone
    checkpoint.unlink()


def _recipe(examples: Sequence[Example], batch: int) -> str:
    kinds = Counter(example.source for example in examples)
    data = ", ".join(f"{number} of {kind}" for kind, number in kinds.items())
    return recipe_of(**CONFIG, batch=batch, data=data, start="ImageNet")


def _loader(pairs: Pairs, numbers: range, batch: int, tokenize: Any) -> Iterator[Batch]:
    def collate(rows: list[tuple[Tensor, Tensor, str]]) -> Batch:
        pixels = torch.stack([row[0] for row in rows] + [row[1] for row in rows])
        return pixels, tokenize([row[2] for row in rows])

    return loaded_ahead(pairs, numbers, batch, collate, ahead=3)


def encoder_losses(model: nn.Module, batch: Batch) -> dict[str, Tensor]:
    """Return the picture-to-words and the picture-to-picture loss of one batch."""
    pixels, tokens = batch
    clip: Any = model
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=fastest_dtype() is torch.bfloat16):
        channels_last = pixels.contiguous(memory_format=torch.channels_last)
        pictures = functional.normalize(clip.encode_image(channels_last).float(), dim=-1)
        words = functional.normalize(clip.encode_text(tokens).float(), dim=-1)
    one, other = pictures.chunk(2)
    scale = clip.logit_scale.exp().clamp(max=100)
    same = (tokens[:, None] == tokens[None]).all(dim=-1)
    return {
        "words": contrastive(scale * one @ words.T, same),
        "views": contrastive(
            one @ other.T / VIEW_TEMPERATURE, torch.eye(len(one), dtype=torch.bool)
        ),
    }


def contrastive(logits: Tensor, same: Tensor) -> Tensor:
    """Return the symmetric cross-entropy of (B, B) logits; `same` marks the right answers.

    >>> eye = torch.eye(2, dtype=torch.bool)
    >>> round(float(contrastive(torch.zeros(2, 2), eye)), 4)
    0.6931
    """
    target = same.float()
    forth = functional.cross_entropy(logits, target / target.sum(dim=1, keepdim=True))
    back = functional.cross_entropy(logits.T, target / target.sum(dim=1, keepdim=True))
    return (forth + back) / 2

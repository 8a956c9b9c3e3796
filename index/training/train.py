"""Train the encoder: `recommender train encoder --data DIR...`. Its losses: `index.training.contrastive.losses`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import open_clip
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import nn

from index.encoders.encoder import OpenClipEncoder
from index.training.contrastive.batches import EACH, KINDS, Batch, Batches
from index.training.contrastive.losses import EncoderLosses
from index.training.examples.garments import Example, read_all
from index.training.examples.vocabulary import vocabulary_of
from index.training.measuring.calibration import write_attributes
from segmentation.common.backbone import imagenet_state
from segmentation.common.errors import WeightsError
from segmentation.training.runs import loop
from segmentation.training.runs.checkpoints import recipe_of
from segmentation.training.runs.devices import loaders, training_device
from segmentation.training.runs.fitting import depthwise_in_float32, optimiser_for
from segmentation.training.samples.workers import loaded_ahead

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
            "context_length": 24,
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
WEIGHTS_FILE: Final = "open_clip_model.safetensors"
TRUNK_RATE, RATE, DECAY = 4e-4, 1e-3, 0.05
SMALL, LARGE, SMALL_SHARE = 160, 224, 0.9
"""Views are small, half the work, for this share of the steps, and then as large as served."""


def new_model(folder: Path, start_from: Path | None = None) -> nn.Module:
    """Return the encoder to be trained; its config is written to `folder`.

    Args:
        folder: where the trained one will lie.
        start_from: an encoder of this shape to begin with; else the image tower has ImageNet's weights
            and the text tower random ones.

    Raises:
        WeightsError: `start_from` holds no encoder of this shape.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "open_clip_config.json").write_text(json.dumps(CONFIG, indent=2) + "\n")
    model: nn.Module = open_clip.create_model(f"local-dir:{folder}", load_weights=False)
    if start_from is not None:
        _begin_from(model, start_from)
        return model
    trunk = model.get_submodule("visual.trunk")
    wanted = trunk.state_dict().keys()
    given = imagenet_state()
    trunk.load_state_dict({name: given[name] for name in wanted})
    return model


def _begin_from(model: nn.Module, folder: Path) -> None:
    weights = folder / WEIGHTS_FILE
    try:
        model.load_state_dict(load_file(weights))
    except (OSError, SafetensorError, RuntimeError) as error:
        raise WeightsError(
            "these weights cannot be begun with",
            got=f"{weights}: {str(error).splitlines()[0]}",
            expected="a folder that `recommender train encoder` wrote",
            next_step="Give such a folder with --from, or leave it out.",
        ) from error


def train_encoder(
    folders: Sequence[Path],
    out: Path,
    *,
    schedule: loop.Schedule,
    start_from: Path | None = None,
    resume: bool = False,
    report: loop.Report,
) -> None:
    """Train on every folder's `train` split and write an open_clip `local-dir:` to `out`.

    It trains on a CUDA device where there is one, on batches that all cores but one make.

    Args:
        folders: data sets in a layout that `index.training.examples.garments` reads.
        out: the folder, with the calibrated `attributes.json`; the checkpoint lies in it while
            training and is removed at the end.
        schedule: how long and how fast.
        start_from: an encoder of an earlier run to begin with; else its image tower has ImageNet's weights.
        resume: go on from the checkpoint.
        report: receives progress lines.
    """
    device = training_device()
    model = _prepared(new_model(out, start_from).to(device))
    everything = read_all(folders, "train")
    examples = [example for example in everything if not example.reserved]
    vocabulary = vocabulary_of(example.facts for example in examples)
    tokenize = open_clip.get_tokenizer(f"local-dir:{out}")
    small = round(SMALL_SHARE * schedule.steps)
    sides = [SMALL] * small + [LARGE] * (schedule.steps - small)
    batches = Batches(examples, vocabulary, tokenize, sides)
    report(f"{len(examples)} garments, {batches.plain_share:.0%} can be repainted")

    def batches_from(first: int) -> Iterator[Batch]:
        made = loaded_ahead(
            batches, range(first, schedule.steps), 1, _only, ahead=3, workers=loaders(device)
        )
        return (batch.on(device) for batch in made)

    checkpoint = out / "training.checkpoint.pt"
    trained = loop.run(
        model,
        optimiser_for(model, "visual.trunk", backbone_rate=TRUNK_RATE, rate=RATE, decay=DECAY),
        batches_from,
        EncoderLosses(vocabulary),
        schedule,
        checkpoint=checkpoint,
        recipe=_recipe(examples, start_from),
        resume=resume,
        report=report,
    )
    write_model(trained, out)
    reserved = [example for example in everything if example.reserved]
    write_attributes(out, OpenClipEncoder.load(out), reserved, report)
    checkpoint.unlink()


def write_model(model: nn.Module, out: Path) -> None:
    """Write an encoder's weights in half precision into its `local-dir:` folder."""
    state = {name: tensor.half().contiguous().cpu() for name, tensor in model.state_dict().items()}
    save_file(state, out / WEIGHTS_FILE)
    (out / WEIGHTS_FILE).chmod(0o644)  # safetensors writes for its owner alone


def _prepared(model: nn.Module) -> nn.Module:
    """Return the model ready to learn: ImageNet's statistics and edges stay as they are."""
    model.train()
    for module in model.modules():  # batches of a few kinds have odd statistics
        if isinstance(module, nn.BatchNorm2d):
            module.eval()
    trunk: Any = model.get_submodule("visual.trunk")
    for part in (trunk.conv_stem, trunk.bn1, trunk.blocks[0], trunk.blocks[1]):
        part.requires_grad_(False)
    model.get_submodule("visual").to(memory_format=torch.channels_last)
    depthwise_in_float32(model)
    return model


def _only(rows: list[Batch]) -> Batch:
    [batch] = rows
    return batch


def _recipe(examples: Sequence[Example], start_from: Path | None) -> str:
    kinds = Counter(example.source for example in examples)
    data = ", ".join(f"{number} of {kind}" for kind, number in kinds.items())
    return recipe_of(**CONFIG, batch=KINDS * EACH, data=data, start=start_from or "ImageNet")

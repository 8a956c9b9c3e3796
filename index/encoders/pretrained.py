"""The name of an encoder -> the model that open_clip builds, with weights that lie on this machine.

Nothing is downloaded here: what is not on the machine is refused at once, with the command that
fetches it. open_clip alone would ask the network, or serve random weights without a word.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import open_clip
from huggingface_hub import constants
from PIL.Image import Image
from torch import Tensor, nn

from index.encoders.encoder_names import ANOTHER, LOCAL, Source, find, refusal

_MISSING: Final = re.compile(r"Failed to download file \((\S+)\) for (\S+?)\.? Last error")
_offline_lock: Final = threading.Lock()

Tokenizer: TypeAlias = Callable[[list[str]], Tensor]
"""n texts -> (n, context length) int64 token ids."""


@dataclass(frozen=True, eq=False)
class Pretrained:
    """A model as open_clip built it.

    Attributes:
        model: in float32, with the weights loaded.
        preprocess: a PIL picture -> (3, h, w) float32.
        tokenize: texts -> token ids.
        config: the architecture, open_clip's `model_cfg`.
    """

    model: nn.Module
    preprocess: Callable[[Image], Tensor]
    tokenize: Tokenizer
    config: dict[str, Any]


def load(name: str) -> Pretrained:
    """Return the model that a name means.

    Raises:
        WeightsError: there is none of this name, or it is not complete on this machine.
    """
    source = find(name)
    with _from_this_machine(name, source):
        model, preprocess = open_clip.create_model_from_pretrained(
            source.model, _weights(source), force_quick_gelu=source.quick_gelu
        )
        tokenize = open_clip.get_tokenizer(source.model)
        config = dict(open_clip.get_model_config(source.model))
    config["quick_gelu"] = config.get("quick_gelu", False) or source.quick_gelu
    return Pretrained(model, preprocess, tokenize, config)


def require(name: str) -> None:
    """Refuse at once a name that `load` would refuse, as far as can be known without reading weights.

    Raises:
        WeightsError: there is none of this name, or it is not on this machine.
    """
    source = find(name)
    with _from_this_machine(name, source):
        _weights(source)
        open_clip.get_model_config(source.model)


def _weights(source: Source) -> str | None:
    """Return a tag once its weights are known to lie in the cache."""
    wanted = open_clip.get_pretrained_cfg(source.model, source.pretrained or "")
    if wanted:
        open_clip.download_pretrained(wanted)  # offline: looks them up, or raises
    return source.pretrained


@contextmanager
def _from_this_machine(name: str, source: Source) -> Iterator[None]:
    """Let open_clip work without a network; turn whatever it raises into a refusal."""
    try:
        with _offline():
            yield
    except ModuleNotFoundError as error:
        missing = f"Run `pip install {error.name}`."
        raise refusal(name, f"no package {error.name}", missing) from error
    except Exception as error:  # open_clip raises whatever its many loaders raise
        raise refusal(name, _cause(error), _mend(source)) from error


@contextmanager
def _offline() -> Iterator[None]:
    """Let no library below ask Hugging Face meanwhile: without a network that takes minutes."""
    with _offline_lock:
        before = constants.HF_HUB_OFFLINE
        constants.HF_HUB_OFFLINE = True
        try:
            yield
        finally:
            constants.HF_HUB_OFFLINE = before


def _cause(error: Exception) -> str:
    """Return an error in one line; open_clip speaks of a connection that was never asked for."""
    missing = _MISSING.search(str(error))
    if missing:
        return f"{missing[1]} of {missing[2]} is not in Hugging Face's cache"
    return str(error).strip().split("\n")[0] or type(error).__name__


def _mend(source: Source) -> str:
    if source.pretrained and Path(source.pretrained).is_file():
        return f"Give weights that fit {source.model}. {ANOTHER}"
    if source.model.startswith(LOCAL):
        return (
            "Set RECOMMENDER_ENCODER to a folder that holds open_clip_config.json and "
            "open_clip_model.safetensors, or unset it for the shipped encoder."
        )
    return f"If its weights are not on this machine, fetch them: {source.fetch}. {ANOTHER}"

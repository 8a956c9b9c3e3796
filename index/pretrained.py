"""The name of an encoder -> the model that open_clip builds, with weights that lie on this machine.

    FOLDER, local-dir:FOLDER    open_clip_config.json and the weights, in one folder
    hf-hub:ORG/REPO             a repository in Hugging Face's cache
    ARCHITECTURE/TAG            one of open_clip's pretrained sets, ViT-B-32/laion2b_s34b_b79k
    ARCHITECTURE/FILE           an architecture of open_clip's with weights of one's own
    ARCHITECTURE                where open_clip has exactly one set for it

Nothing is downloaded here: what is not on the machine is refused at once, with the command that
fetches it. open_clip alone would ask the network, or serve random weights without a word.
"""

from __future__ import annotations

import difflib
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

from segmentation.errors import WeightsError

_LOCAL: Final = "local-dir:"
_HUB: Final = "hf-hub:"
_NAMES: Final = (
    "a folder with open_clip_config.json and weights, hf-hub:ORG/REPO, or an open_clip "
    "architecture with one of its pretrained sets, such as ViT-B-32/laion2b_s34b_b79k"
)
_FEW: Final = 5
_MISSING: Final = re.compile(r"Failed to download file \((\S+)\) for (\S+?)\.? Last error")
_offline_lock: Final = threading.Lock()

Tokenizer: TypeAlias = Callable[[list[str]], Tensor]
"""n texts -> (n, context length) int64 token ids."""


@dataclass(frozen=True)
class Source:
    """Where open_clip finds a model.

    Attributes:
        model: what it calls the model, with its schema.
        pretrained: a tag or a file of weights; None where the model's place holds them.
        quick_gelu: the weights were trained with another activation than the architecture says.
    """

    model: str
    pretrained: str | None = None
    quick_gelu: bool = False

    @property
    def fetch(self) -> str:
        """The command that brings everything to a machine with a network."""
        given = f"{self.model!r}, {self.pretrained!r}" if self.pretrained else f"{self.model!r}"
        return (
            f'python -c "import open_clip; open_clip.create_model({given}); '
            f'open_clip.get_tokenizer({self.model!r})"'
        )


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
    try:
        with _offline():
            model, preprocess = open_clip.create_model_from_pretrained(
                source.model, _weights(source), force_quick_gelu=source.quick_gelu
            )
            tokenize = open_clip.get_tokenizer(source.model)
            config = dict(open_clip.get_model_config(source.model))
    except ModuleNotFoundError as error:
        raise _refusal(
            name, f"no package {error.name}", f"Run `pip install {error.name}`."
        ) from error
    except Exception as error:  # open_clip raises whatever its many loaders raise
        raise _refusal(name, _told(error), _mend(source)) from error
    config["quick_gelu"] = config.get("quick_gelu", False) or source.quick_gelu
    return Pretrained(model, preprocess, tokenize, config)


def find(name: str) -> Source:
    """Return where open_clip finds the model that a name means; nothing is read yet.

    Raises:
        WeightsError: the name means nothing here, or several sets of weights.
    """
    folder = Path(name.removeprefix(_LOCAL)).expanduser()
    if name.startswith(_LOCAL) or folder.is_dir():
        return Source(f"{_LOCAL}{folder}")
    if name.startswith(_HUB):
        return Source(name)
    architecture, weights = _split(name)
    if architecture is None:
        near = difflib.get_close_matches(name.split("/")[0], open_clip.list_models(), 3)
        hint = f"Near that name are {', '.join(near)}. " if near else ""
        raise _refusal(name, "no folder and no architecture has this name", f"{hint}{_SET}")
    tags = open_clip.list_pretrained_tags_by_model(architecture)
    if weights in tags or (not weights and len(tags) == 1):
        tag = weights or tags[0]
        wanted = open_clip.get_pretrained_cfg(architecture, tag)
        return Source(architecture, tag, bool(wanted.get("quick_gelu", False)))
    if weights and Path(weights).expanduser().is_file():
        return Source(architecture, str(Path(weights).expanduser()))
    got = f"no pretrained set or file {weights}" if weights else f"{len(tags)} pretrained sets"
    named = [f"{architecture}/{tag}" for tag in tags] or [f"{architecture}/FILE"]
    if len(named) > _FEW:
        named[_FEW:] = [f"{len(named) - _FEW} more (`open_clip.list_pretrained()`)"]
    raise _refusal(name, got, f"Name one in RECOMMENDER_ENCODER: {', '.join(named)}.")


_SET: Final = "Set RECOMMENDER_ENCODER to another name, or unset it for the shipped encoder."


def _split(name: str) -> tuple[str | None, str]:
    """Return architecture and the rest; `ViT-B/32` is open_clip's own other way to say ViT-B-32."""
    known = set(open_clip.list_models())
    for at in (*(n for n, sign in enumerate(name) if sign == "/"), len(name)):
        architecture = name[:at].replace("/", "-")
        if architecture in known:
            return architecture, name[at + 1 :]
    return None, ""


def _weights(source: Source) -> str | None:
    """Return a tag once its weights are known to lie in the cache."""
    wanted = open_clip.get_pretrained_cfg(source.model, source.pretrained or "")
    if wanted:
        open_clip.download_pretrained(wanted)  # offline: looks them up, or raises
    return source.pretrained


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


def _told(error: Exception) -> str:
    """Return an error in one line; open_clip speaks of a connection that was never asked for."""
    missing = _MISSING.search(str(error))
    if missing:
        return f"{missing[1]} of {missing[2]} is not in Hugging Face's cache"
    return str(error).strip().split("\n")[0] or type(error).__name__


def _mend(source: Source) -> str:
    if source.pretrained and Path(source.pretrained).is_file():
        return f"Give weights that fit {source.model}. {_SET}"
    if source.model.startswith(_LOCAL):
        return (
            "Set RECOMMENDER_ENCODER to a folder that holds open_clip_config.json and "
            "open_clip_model.safetensors, or unset it for the shipped encoder."
        )
    return f"If its weights are not on this machine, fetch them: {source.fetch}. {_SET}"


def _refusal(name: str, got: str, next_step: str) -> WeightsError:
    return WeightsError(
        "the encoder cannot be loaded",
        got=f"{name}: {got}",
        expected=f"{_NAMES}, whose weights are on this machine",
        next_step=next_step,
    )

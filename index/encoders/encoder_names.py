"""What the name of an encoder means.

FOLDER, local-dir:FOLDER    open_clip_config.json and the weights, in one folder
hf-hub:ORG/REPO             a repository in Hugging Face's cache
ARCHITECTURE/TAG            one of open_clip's pretrained sets, ViT-B-32/laion2b_s34b_b79k
ARCHITECTURE/FILE           an architecture of open_clip's with weights of one's own
ARCHITECTURE                where open_clip has exactly one set for it
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import open_clip

from segmentation.common.errors import WeightsError

LOCAL: Final = "local-dir:"
HUB: Final = "hf-hub:"
ANOTHER: Final = "Set RECOMMENDER_ENCODER to another name, or unset it for the shipped encoder."
_NAMES: Final = (
    "a folder with open_clip_config.json and weights, hf-hub:ORG/REPO, or an open_clip "
    "architecture with one of its pretrained sets, such as ViT-B-32/laion2b_s34b_b79k"
)
_FEW: Final = 5


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


def find(name: str) -> Source:
    """Return where open_clip finds the model that a name means; nothing is read yet.

    Raises:
        WeightsError: the name means nothing here, or several sets of weights.
    """
    folder = Path(name.removeprefix(LOCAL)).expanduser()
    if name.startswith(LOCAL) or folder.is_dir():
        return Source(f"{LOCAL}{folder}")
    if name.startswith(HUB):
        return Source(name)
    architecture, weights = _split(name)
    if architecture is None:
        near = difflib.get_close_matches(name.split("/")[0], open_clip.list_models(), 3)
        hint = f"Near that name are {', '.join(near)}. " if near else ""
        raise refusal(name, "no folder and no architecture has this name", f"{hint}{ANOTHER}")
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
    raise refusal(name, got, f"Name one in RECOMMENDER_ENCODER: {', '.join(named)}.")


def _split(name: str) -> tuple[str | None, str]:
    """Return architecture and the rest; `ViT-B/32` is open_clip's own other way to say ViT-B-32."""
    known = set(open_clip.list_models())
    for at in (*(n for n, sign in enumerate(name) if sign == "/"), len(name)):
        architecture = name[:at].replace("/", "-")
        if architecture in known:
            return architecture, name[at + 1 :]
    return None, ""


def refusal(name: str, got: str, next_step: str) -> WeightsError:
    """Return the refusal of an encoder's name."""
    return WeightsError(
        "the encoder cannot be loaded",
        got=f"{name}: {got}",
        expected=f"{_NAMES}, whose weights are on this machine",
        next_step=next_step,
    )

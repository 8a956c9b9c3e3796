"""Checkpoints of training: written whole, and taken up again only by the run that they belong to."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from torch import nn

from segmentation.common.errors import WeightsError

REMEDY: Final = "Leave out --resume to begin anew, or give another --out."


def recipe_of(**facts: object) -> str:
    """Return what makes a run the same run, one fact a line.

    >>> print(recipe_of(architecture="unet", start="ImageNet"))
    architecture: unet
    start: ImageNet
    """
    return "\n".join(f"{name}: {fact}" for name, fact in facts.items())


@dataclass(frozen=True)
class Checkpoint:
    """A file that holds a run's state after some step.

    Attributes:
        path: the file.
        recipe: of the run, as `recipe_of` returns it.
        parts: whose states are kept, by name.
    """

    path: Path
    recipe: str
    parts: dict[str, nn.Module | torch.optim.Optimizer]

    def write(self, step: int) -> None:
        """Write the state after `step` steps; the file is never half written."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        half_written = self.path.with_suffix(".tmp")
        states = {name: part.state_dict() for name, part in self.parts.items()}
        torch.save({"step": step, "recipe": self.recipe, **states}, half_written)
        half_written.replace(self.path)

    def take_up(self) -> int:
        """Load the state into the parts and return the steps done; 0 where there is no file.

        Raises:
            WeightsError: the file is damaged, or of a run with another recipe or none.
        """
        if not self.path.exists():
            return 0
        try:
            state: dict[str, Any] = torch.load(self.path, map_location="cpu", weights_only=True)
            given = str(state.get("recipe", ""))
        except (OSError, EOFError, RuntimeError, AttributeError, pickle.UnpicklingError) as error:
            raise self._unreadable(error) from error
        if given != self.recipe:
            raise self._of_another_run(given)
        try:
            for name, part in self.parts.items():
                part.load_state_dict(state[name])
            return int(state["step"])
        except (KeyError, RuntimeError, TypeError, ValueError) as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: Exception) -> WeightsError:
        return WeightsError(
            "the checkpoint cannot be read",
            got=f"{self.path}: {type(error).__name__}: {error}",
            expected="a checkpoint that this command wrote",
            next_step=REMEDY,
        )

    def _of_another_run(self, given: str) -> WeightsError:
        theirs, ours = given.splitlines(), self.recipe.splitlines()
        differs = "; ".join(line for line in theirs if line not in ours)
        wanted = "; ".join(line for line in ours if line not in theirs)
        return WeightsError(
            "the checkpoint is of another run",
            got=f"{self.path}: {differs if given else 'none of what its run was'}",
            expected=wanted or "nothing more",
            next_step=REMEDY,
        )

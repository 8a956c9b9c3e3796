"""`evaluate encoder`: named encoders on data sets, or on the user's own catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from recommender.cli.terminal.options import open_wiring, training_tools
from recommender.cli.terminal.output import note

if TYPE_CHECKING:
    from index.encoders.encoder import Encoder

SHIPPED: Final = "shipped"
"""What `--encoder` calls the encoder that comes with the product."""


def figures_on_data(folders: list[Path], names: Sequence[str]) -> dict[str, Any]:
    """Return an encoder's figures on labelled data; of several, by name under `models`.

    Raises:
        WeightsError: a name means no encoder on this machine.
        DatasetError: the folders hold no garments.
    """
    wiring = open_wiring()
    with training_tools():
        from index.training.measuring.evaluate import evaluate_encoder

        given = names or [wiring.settings.encoder]
        figures = {name: evaluate_encoder(folders, _encoder(name), report=note) for name in given}
    return figures[given[0]] if len(given) == 1 else {"models": figures}


def figures_on_catalogue(names: Sequence[str], limit: int) -> dict[str, Any]:
    """Return what named encoders find in up to `limit` items of the catalogue in force.

    Raises:
        CatalogMissing: nothing was ever imported.
        CatalogError: there are fewer than two items.
        WeightsError: a name means no encoder on this machine.
    """
    wiring = open_wiring()
    database = wiring.database
    with training_tools():
        from index.encoders.pretrained import require
        from index.training.cutting import Cutting
        from index.training.measuring.own_catalogue import compare

        for name in names:
            if name != SHIPPED:
                require(name)  # before anything takes time
        cutting = Cutting(database, wiring.images, wiring.cutter, wiring.settings.catalogue)
        pieces = cutting.items(limit, report=note)
        models = {name: partial(_encoder, name) for name in dict.fromkeys(names)}
        return compare(pieces, models, report=note)


def _encoder(name: str) -> Encoder:
    from index.encoders.encoder import WEIGHTS, OpenClipEncoder

    return OpenClipEncoder(str(WEIGHTS) if name in ("", SHIPPED) else name)

"""Folders and packs of data, as `--data` gives them to one of the three networks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from recommender.errors import RequestError


def data_folders(
    data: list[Path], more: list[Path] | None = None, network: str | None = None
) -> list[Path]:
    """Return all folders of data that were given; of a pack, those that the network learns from.

    Args:
        data: folders, or packs that `train pack` wrote.
        more: likewise.
        network: `segmentation`, `encoder` or `compatibility`; None takes no packs.

    Raises:
        RequestError: one is not there.
        DatasetError: a file is no pack, or holds nothing for this network.
    """
    folders: list[Path] = []
    for path in [*data, *(more or [])]:
        if path.is_dir():
            folders.append(path)
        elif path.is_file() and network is not None:
            folders += _of_pack(path, network)
        else:
            raise RequestError(
                "a data folder is not there",
                got=str(path),
                expected="a folder in a layout that docs/data.md describes"
                + (", or a file that `train pack` wrote" if network else ""),
                next_step="Check the path.",
            )
    return folders


def _of_pack(pack: Path, network: str) -> list[Path]:
    from segmentation.common.errors import DatasetError
    from segmentation.datasets.packing.reading import unpacked

    folders = unpacked(pack)
    chosen = [folder for folder in folders if LEARNS_FROM[network](folder)]
    if not chosen:
        raise DatasetError(
            "the training set holds nothing for this network",
            got=f"{pack} with {', '.join(folder.name for folder in folders) or 'no folder'}",
            expected=f"a data set that {network} learns from",
            next_step="Pack more folders: docs/data.md says what each network reads.",
        )
    return chosen


def _labelled(folder: Path) -> bool:
    from segmentation.datasets import is_labelled

    return is_labelled(folder)


def _of_garments(folder: Path) -> bool:
    from segmentation.datasets.clothing_dataset import is_clothing_dataset
    from segmentation.datasets.products.clothing_full import is_clothing_full
    from segmentation.datasets.products.product_photos import is_product_photos
    from segmentation.datasets.self_labelled import source_of

    if is_clothing_dataset(folder) or is_clothing_full(folder) or is_product_photos(folder):
        return True
    coarse = {"flat", "shop", "worn", "nothing"}  # the same pictures under coarser names, or none
    return _labelled(folder) and source_of(folder) not in coarse


def _of_outfits(folder: Path) -> bool:
    from segmentation.datasets.clothing_co_parsing import is_clothing_co_parsing
    from segmentation.datasets.self_labelled import source_of

    return is_clothing_co_parsing(folder) or source_of(folder) == "tags"


LEARNS_FROM: Final[dict[str, Callable[[Path], bool]]] = {
    "segmentation": _labelled,
    "encoder": _of_garments,
    "compatibility": _of_outfits,
}
"""Which folders of a pack a network learns from; a folder that is given by itself is never skipped."""

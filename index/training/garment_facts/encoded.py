"""Labelled pictures -> vectors: as many as there is time for, whole or cut out, kept between runs."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from index.importing.encoding import Cutter
from index.model.garment_facts import Audience
from index.training.garment_facts.labelled import Labelled
from segmentation.common.boxes import box_of, pad_box
from segmentation.common.cutouts import MARGIN, NEUTRAL, square
from segmentation.common.garments import Mask, Photo, Rgb

WHITE: Final = 244
"""The least level of all three colours of a shop photo's ground."""
SHARES: Final = (0.03, 0.95)
"""A garment that fills less or more of its photo was not separated from its ground."""
SOME: Final = 40
"""Pictures of each fine kind and formality that are fitted on first."""
BATCH: Final = 64
SAVED: Final = 4
"""Batches after which what was encoded is written down."""
PIECE: Final = "cut out"
"""Ends the id of a garment that is cut out as an import does."""
Report = Callable[[str], None]


class ImageEncoder(Protocol):
    """The part of `index.encoders.encoder.Encoder` that is needed here."""

    @property
    def fingerprint(self) -> str:
        """Identifies weights and preprocessing."""
        ...

    def encode_images(self, images_rgb: Sequence[Rgb]) -> NDArray[np.float32]:
        """Return (n, dim) float32 unit rows."""
        ...


@dataclass(frozen=True, eq=False)
class Encoded:
    """Labelled pictures, aligned with their (n, d) float32 unit vectors.

    Attributes:
        pictures, vectors: aligned.
        cut: (n,) True where a cut-out was encoded, False where the whole picture was.
    """

    pictures: Sequence[Labelled]
    vectors: NDArray[np.float32]
    cut: NDArray[np.bool_]

    def part(self, *splits: str) -> Encoded:
        """Return the pictures of some splits."""
        chosen = np.array([picture.split in splits for picture in self.pictures], np.bool_)
        return self.where(chosen)

    def where(self, chosen: NDArray[np.bool_]) -> Encoded:
        """Return the chosen ones."""
        pictures = [p for p, keep in zip(self.pictures, chosen, strict=True) if keep]
        return Encoded(pictures, self.vectors[chosen], self.cut[chosen])


def drawn(pictures: Sequence[Labelled], limit: int) -> list[Labelled]:
    """Return up to about `limit` product photos, half of them to fit on, and all other pictures.

    What is calibrated and measured on is an even draw. What is fitted on holds all children's things and
    some of every fine kind, and weighs what it holds by how much there is of it.
    """
    others = [picture for picture in pictures if not picture.words]
    products = [picture for picture in pictures if picture.words]
    ordered = sorted(products, key=lambda each: hashlib.sha256(each.id.encode()).digest())
    chosen = []
    for split, share in (("calibrate", 0.25), ("val", 0.25)):
        chosen += [each for each in ordered if each.split == split][: round(share * limit)]
    fit = [each for each in ordered if each.split == "fit"]
    return [*others, *chosen, *_weighed(fit, round(limit / 2))]


def _weighed(pictures: Sequence[Labelled], limit: int) -> list[Labelled]:
    groups = [_group(picture) for picture in pictures]
    ranks = Counter[tuple[str, ...]]()
    ranked = []
    for place, group in enumerate(groups):
        ranks[group] += 1
        turn = 0 if group[0] == Audience.KIDS else 1 if ranks[group] <= SOME else 2
        ranked.append((turn, place))
    places = [place for _, place in sorted(ranked)[:limit]]
    there, taken = Counter(groups), Counter(groups[place] for place in places)
    return [
        replace(pictures[place], weight=there[groups[place]] / taken[groups[place]])
        for place in places
    ]


def _group(picture: Labelled) -> tuple[str, ...]:
    known = picture.answers
    if known.get("audience") == Audience.KIDS:
        return (Audience.KIDS,)
    return "", known.get("fine_kind", picture.category), known.get("formality", "")


def as_imported(pictures: Sequence[Labelled], cutter: Cutter) -> list[Labelled]:
    """Return pictures with the garments laid flat as a catalogue's import cuts them out.

    What is fitted on is seen whole as well, each at half the weight.
    """
    result: list[Labelled] = []
    for picture in pictures:
        if not picture.flat:
            result.append(picture)
            continue
        read = partial(_imported, picture, cutter)
        piece = replace(picture, id=f"{picture.id} {PIECE}", read=read, cut=True)
        if picture.split == "fit":
            both = (picture, piece)
            result += [replace(each, weight=picture.weight / 2) for each in both]
        else:
            result.append(piece)
    return result


def _imported(picture: Labelled, cutter: Cutter) -> Rgb:
    piece, _ = cutter(Photo(picture.read()), picture.category)
    return piece


def encode(
    pictures: Sequence[Labelled], encoder: ImageEncoder, cache: Path | None, report: Report
) -> Encoded:
    """Return pictures with their vectors.

    Of every other shop photo its white ground is cut away, as a garment in a photo is served; the rest
    are encoded whole, as most of a shop's pictures are.

    Args:
        pictures: which.
        encoder: makes the vectors.
        cache: keeps what was encoded between runs; None for nowhere.
        report: receives progress lines.
    """
    known = _read(cache, encoder.fingerprint)
    waiting = [picture for picture in pictures if picture.id not in known]
    for start in range(0, len(waiting), BATCH):
        batch = waiting[start : start + BATCH]
        views = [view_of(picture) for picture in batch]
        rows = encoder.encode_images([view for view, _ in views])
        for picture, row, (_, cut) in zip(batch, rows, views, strict=True):
            known[picture.id] = (np.asarray(row, np.float16), cut)
        done = start // BATCH + 1
        if done % SAVED == 0 or start + BATCH >= len(waiting):
            _write(cache, encoder.fingerprint, known)
            report(f"{min(start + BATCH, len(waiting))} of {len(waiting)} pictures encoded")
    vectors = np.stack([known[picture.id][0] for picture in pictures]).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Encoded(pictures, vectors, np.array([known[picture.id][1] for picture in pictures]))


def view_of(picture: Labelled) -> tuple[Rgb, bool]:
    """Return a picture as it goes through the encoder, 224 x 224 x 3, and whether it was cut out."""
    rgb = picture.read()
    if picture.cut:
        return rgb, True
    if hashlib.sha256(f"view/{picture.id}".encode()).digest()[0] < 128 and picture.words:
        mask = on_white(rgb)
        if mask is not None:
            return cut_from(rgb, mask), True
    return square(rgb), False


def on_white(rgb: Rgb) -> Mask | None:
    """Return where a shop photo is not its white ground; None where that is no garment's shape.

    The ground is what is white and hangs together with the picture's border.
    """
    white = (rgb.min(axis=2) >= WHITE).astype(np.uint8)
    _, pieces = cv2.connectedComponents(white)
    border = np.unique(np.concatenate([pieces[0], pieces[-1], pieces[:, 0], pieces[:, -1]]))
    mask = ~(np.isin(pieces, border[border > 0]))
    return mask if SHARES[0] <= mask.mean() <= SHARES[1] else None


def cut_from(rgb: Rgb, mask: Mask) -> Rgb:
    """Return what the mask shows as a cut-out on neutral grey."""
    box = box_of(mask)
    if box is None:
        return square(rgb)
    left, top, right, bottom = pad_box(box, MARGIN, (rgb.shape[1], rgb.shape[0]))
    piece = rgb[top:bottom, left:right].copy()
    piece[~mask[top:bottom, left:right]] = NEUTRAL
    return square(piece)


def _read(cache: Path | None, fingerprint: str) -> dict[str, tuple[NDArray[np.float16], bool]]:
    if cache is None or not cache.is_file():
        return {}
    with np.load(cache) as file:
        if str(file["fingerprint"]) != fingerprint:
            return {}
        rows = zip(file["ids"].tolist(), file["vectors"], file["cut"].tolist(), strict=True)
        return {name: (row, cut) for name, row, cut in rows}


def _write(
    cache: Path | None, fingerprint: str, known: dict[str, tuple[NDArray[np.float16], bool]]
) -> None:
    if cache is not None and known:
        names = list(known)
        np.savez(
            cache,
            ids=np.array(names),
            vectors=np.stack([known[name][0] for name in names]),
            cut=np.array([known[name][1] for name in names]),
            fingerprint=fingerprint,
        )

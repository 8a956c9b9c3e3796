"""Calibrating relevance, on garments whose vectors are made so that kinds tell more than cosines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from index.encoders.encoder import OpenClipEncoder
from index.encoders.relevance import FILE, Relevance, relevance_in
from index.training.examples.facts import Facts
from index.training.examples.garments import Example
from index.training.measuring import relevance as command
from index.training.measuring.asking import TextQueries, measured, pictures_asked, texts_asked
from index.training.measuring.evaluate import Encoded
from index.training.measuring.identity import (
    COPIES,
    MERGED,
    copies_found,
    nearest_other,
    originals,
    threshold,
)
from index.training.measuring.relevance import (
    KEPT,
    drawn,
    fitted,
    picture_questions,
    text_questions,
)
from segmentation.common.colours import lab_of
from segmentation.common.garments import Rgb
from segmentation.common.taxonomy import Category
from tests.fakes import FakeEncoder
from tests.index.training.pieces import square_garment

KINDS = (Category.DRESS, Category.SHOE, Category.BAG, Category.HAT)
COLOURS = {"navy": (36, 46, 78), "red": (192, 40, 48)}
DIM = 32


class Sayer(FakeEncoder):
    """Puts words where the garments are that they are true of."""

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([meant(text.split()) for text in texts])


def meant(words: Sequence[str], noise: float = 0.0, seed: int = 0) -> NDArray[np.float32]:
    """Return the unit vector of a kind and a colour, how far apart questions lie differing by kind."""
    row = np.zeros(DIM)
    for at, kind in enumerate(KINDS):
        row[at] = float(kind.value in words)
    for at, colour in enumerate(COLOURS, start=8):
        row[at] = 0.8 * float(colour in words)
    row += np.random.default_rng(seed).normal(size=DIM) * noise
    return np.asarray(row / np.linalg.norm(row), np.float32)


def shop(count: int, seed: int = 0, source: str = "tests") -> Encoded:
    """Return garments of four kinds and two colours; some kinds lie much closer than others."""
    rng = np.random.default_rng(seed)
    examples, rows = [], []
    for number in range(count):
        at = int(rng.integers(len(KINDS)))
        colour = str(rng.choice(list(COLOURS)))
        facts = Facts(KINDS[at], KINDS[at].value, (colour,))
        lab = lab_of(np.array([COLOURS[colour]], dtype=np.uint8))[0]
        made = Example(
            f"{source}/{seed}-{number}", source, np.zeros((0, 0, 3), np.uint8), None, facts,
            KINDS[at].value, lab, whole=True,
        )  # fmt: skip
        examples.append(made)
        rows.append(meant((KINDS[at].value, colour), 0.05 + 0.12 * at, seed * 10_000 + number))
    return Encoded(examples, np.stack(rows))


def asked_of(encoded: Encoded) -> TextQueries:
    return pictures_asked(encoded.examples, encoded.vectors, encoded.examples, encoded.vectors)


def test_a_picture_is_not_its_own_answer_and_its_kind_is_right() -> None:
    encoded = shop(60)
    asked = asked_of(encoded)
    assert not asked.known.diagonal().any() and asked.known.sum() == 60 * 59
    assert asked.right.diagonal().all()
    assert not (asked.nearest() & np.eye(60, dtype=bool)).any()
    assert (asked.nearest().sum(axis=1) == 10).all()
    assert asked.of_kind.min() == 0 and 0 < asked.of_kind.max() <= 1


def test_the_scenes_are_what_they_say() -> None:
    asked = asked_of(shop(80))
    scenes = asked.scenes()
    assert set(scenes) == {"unfiltered", "another_kind", "left_1", "left_3", "left_10"}
    assert not (scenes["another_kind"] & asked.right).any()
    for left in (1, 3, 10):
        shown = scenes[f"left_{left}"]
        assert (shown.sum(axis=1) == left).all() and not (shown & ~asked.known).any()
        assert (shown & asked.right)[::2].any(axis=1).all()


def test_texts_are_right_where_kind_and_colour_are() -> None:
    encoded = shop(120)
    asked = texts_asked(encoded.examples, encoded.vectors, Sayer())
    words = [*sorted(kind.value for kind in KINDS)]
    assert len(asked.right) > len(words)
    for row, kind in enumerate(words):
        assert (asked.right[row] == (asked.kinds == kind)).all()
    firsts = asked.nearest()
    assert (firsts & asked.right).sum() / firsts.sum() > 0.6


def test_the_fitted_curve_keeps_what_it_promises_and_beats_a_flat_cut_off() -> None:
    train, held = shop(400), shop(300, seed=1)
    curve = fitted([asked_of(train)])
    assert 0 < curve.least < 1 and curve.of_kind > 0
    firsts = asked_of(train)
    kept = firsts.chances(curve)[firsts.nearest() & firsts.right] >= curve.least
    assert kept.mean() >= KEPT
    figures = measured(asked_of(held), curve)
    assert figures["kept"] >= 0.9
    for scene in ("another_kind", "left_3"):
        dropped = {
            name: figures[name][scene]["irrelevant_dropped"] for name in ("calibrated", "cosine")
        }
        assert dropped["calibrated"] > dropped["cosine"]
    assert figures["calibrated"]["another_kind"]["relevant_kept"] is None


def test_only_what_was_kept_from_training_asks() -> None:
    encoded = shop(700)
    reserved = sum(example.reserved for example in encoded.examples)
    assert 0 < reserved < 100
    asked = picture_questions(encoded, reserved=True)
    assert [one.cosines.shape for one in asked] == [(reserved, 700 - reserved), (reserved, 300)]
    assert [one.cosines.shape for one in picture_questions(encoded, reserved=False)] == [
        (700, 700), (700, 300),
    ]  # fmt: skip
    texts = text_questions(encoded, drawn(shop(40, 2), 40), Sayer(), reserved=True)  # type: ignore[arg-type]
    assert [one.cosines.shape[1] for one in texts] == [
        reserved + 40, reserved + 340, reserved + 40 + 700 - reserved,
    ]  # fmt: skip


def test_sources_do_not_answer_each_other() -> None:
    both = shop(50) + shop(40, 1, "others")
    assert sorted(one.cosines.shape for one in picture_questions(both, reserved=False)) == [
        (40, 40), (50, 50),
    ]  # fmt: skip


def test_hardly_any_item_is_taken_for_another() -> None:
    nearest = np.linspace(0.5, 0.999, 5000).astype(np.float32)
    least = threshold(nearest)
    assert (nearest >= least).mean() <= MERGED and (nearest >= least - 0.001).mean() > MERGED
    assert threshold(np.ones(3, np.float32)) == 1.0


def test_the_nearest_other_is_of_the_same_kind() -> None:
    rows = np.array([[1, 0], [1, 0], [0, 1]], np.float32)
    assert nearest_other(np.array(["a", "b", "a"]), rows).tolist() == [0, -1, 0]


def test_copies_are_told_from_what_is_changed_too_much() -> None:
    rng = np.random.default_rng(0)
    photos: list[Rgb] = [np.full((80, 60, 3), rng.integers(30, 220, 3), np.uint8) for _ in range(4)]
    found = copies_found(photos, FakeEncoder(), 0.99)
    assert found == dict.fromkeys(COPIES, 1.0)
    assert copies_found([], FakeEncoder(), 0.99) == {}
    shapes = {name: change(photos[0]).shape for name, change in COPIES.items()}
    assert shapes["half_size"] == (40, 30, 3) and shapes["trimmed_3_percent"] == (76, 56, 3)


def products(folder: Path, count: int = 60) -> Path:
    """Write single garments, four kinds in colours of their own."""
    for number in range(count):
        kind = ("dress", "hat", "shoes", "t-shirt")[number % 4]
        (folder / kind).mkdir(parents=True, exist_ok=True)
        rgb = np.full((40, 40, 3), ((number % 4) * 60 + number % 20, 90, 200 - number), np.uint8)
        Image.fromarray(rgb).save(folder / kind / f"{number}.jpg")
    return folder


def test_originals_are_the_photos_themselves(tmp_path: Path) -> None:
    folder = products(tmp_path / "products")
    train, held = originals([folder], "train"), originals([folder], "val")
    assert len(train) + len(held) == 60 and all(rgb.shape == (40, 40, 3) for rgb in train)
    assert originals([tmp_path], "train") == []


def test_what_is_written_is_what_serving_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    halves = {"train": shop(700), "val": shop(120, 1)}
    monkeypatch.setattr(command, "gathered", lambda _f, split, _e: (halves[split], shop(30, 2)))
    monkeypatch.setattr(OpenClipEncoder, "load", lambda _folder: Sayer())
    (tmp_path / "encoder").mkdir()
    command.relevance([tmp_path], encoder=tmp_path / "encoder")
    result = relevance_in(tmp_path / "encoder", Sayer().fingerprint)
    assert isinstance(result, Relevance) and result.identical is not None
    assert (tmp_path / "encoder" / FILE).read_text().endswith("}\n")


def test_pixels_are_let_go_once_they_are_encoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    garments = [replace(square_garment(), id=f"g{n}", whole=n % 2 == 0) for n in range(5)]
    monkeypatch.setattr(command, "BATCH", 2)
    monkeypatch.setattr(command, "read_examples", lambda *_: iter(garments))
    encoded, painted = command.gathered([tmp_path], "val", FakeEncoder())  # type: ignore[arg-type]
    assert len(encoded.examples) == len(encoded.vectors) == 5
    assert all(example.rgb.size == 0 for example in (*encoded.examples, *painted.examples))
    assert [example.id for example in encoded.examples] == [f"g{n}" for n in range(5)]

"""Features are remembered once, and an encoder trained on them learns and can be served."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import pytest
import torch
from safetensors.torch import load_file
from torch.nn import functional

from index.encoders.encoder import WEIGHTS, OpenClipEncoder
from index.training.examples.captions import caption
from index.training.examples.facts import FALSE, TRUE, UNKNOWN, Facts, truth
from index.training.examples.garments import read_all
from index.training.examples.vocabulary import vocabulary_of
from index.training.remembered import shelf
from index.training.remembered.batches import HeadBatches, Truths, tones_of
from index.training.remembered.collecting import Trunk, collect
from index.training.remembered.losses import text_vectors
from index.training.remembered.train import between, train_head
from index.training.train import new_model
from segmentation.common.errors import DatasetError, WeightsError
from segmentation.common.taxonomy import Category
from segmentation.training.runs import loop
from tests.street import write_street


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_street(tmp_path_factory.mktemp("data") / "street")


@pytest.fixture(scope="module")
def trunk() -> Trunk:
    return Trunk(WEIGHTS)


@pytest.fixture(scope="module")
def features(street: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("features")
    assert collect([street], WEIGHTS, folder, lambda _line: None) == 6
    return folder


def test_every_garment_is_remembered_once_as_it_is_served_and_changed(
    street: Path, features: Path, trunk: Trunk
) -> None:
    kept = shelf.read(features, trunk.fingerprint)
    examples = read_all([street], "train")
    assert [garment.looks[0].facts for garment in kept.garments] == [e.facts for e in examples]
    served = [look.served for g in kept.garments for look in g.looks if look.served is not None]
    again = trunk.features([example.served() for example in examples]).astype(np.float32)
    assert kept.features[served].astype(np.float32) == pytest.approx(again, rel=0.1, abs=0.05)
    rows = [row for g in kept.garments for look in g.looks for row in look.changed]
    assert len(set(rows)) == len(rows) and len(rows) + len(served) == len(kept.features)
    assert collect([street], WEIGHTS, features, lambda _line: None) == 0


def test_repainted_looks_are_known_by_their_new_colours(features: Path, trunk: Trunk) -> None:
    kept = shelf.read(features, trunk.fingerprint)
    painted = [garment for garment in kept.garments if len(garment.looks) > 1]
    assert painted
    for garment in painted:
        own, *others = (look.facts for look in garment.looks)
        assert all(own.colours != look.colours or own.pattern != look.pattern for look in others)
        assert all(look.name == own.name for look in others)


def test_a_caption_is_judged_as_the_facts_judge_it(street: Path) -> None:
    facts = [example.facts for example in read_all([street], "train")]
    words = [claim for family in vocabulary_of(facts).values() for claim in family]
    truths, rng = Truths(words, facts), np.random.default_rng(3)
    for known in facts * 5:
        claim = caption(known, rng)
        said = [min(int(truths.of(each)[word]) for word in truths.said_by(claim)) for each in facts]
        assert said == truth(facts, [claim])[:, 0].tolist()
        assert said[facts.index(known)] == TRUE


def test_what_is_trained_on_features_learns_and_keeps_the_trunk(
    street: Path, features: Path, trunk: Trunk, tmp_path: Path
) -> None:
    torch.manual_seed(0)
    schedule = loop.Schedule(steps=6, warm_up=2, average_decay=0.5, save_every=6)
    lines = list[str]()
    train_head(features, WEIGHTS, tmp_path, schedule=schedule, moved=1.0, report=lines.append)
    before = load_file(WEIGHTS / "open_clip_model.safetensors")
    after = load_file(tmp_path / "open_clip_model.safetensors")
    moved = {name for name in before.keys() & after.keys() if not before[name].equal(after[name])}
    assert moved and not any(name.startswith("visual.trunk") for name in moved)
    encoder = OpenClipEncoder.load(tmp_path)
    assert encoder.fingerprint != trunk.fingerprint
    examples = read_all([street], "train")
    vectors = encoder.encode_images([example.served() for example in examples])
    words = encoder.encode_texts(["a hat", "pants"])
    kinds = [["hat", "pants"][best] for best in np.argmax(vectors @ words.T, axis=1)]
    assert kinds == [example.facts.name for example in examples]


def test_short_texts_computed_alone_have_the_vectors_of_the_whole_context(tmp_path: Path) -> None:
    model: Any = new_model(tmp_path, WEIGHTS).eval()
    tokenize = open_clip.get_tokenizer(f"local-dir:{tmp_path}")
    texts = ["a hat", "a formal navy striped shirt with long sleeves for men", "red"]
    with torch.inference_mode():
        wanted = functional.normalize(model.encode_text(tokenize(texts)), dim=-1)
        one, two = text_vectors(model, [tokenize(texts[:1]), tokenize(texts[1:])])
    torch.testing.assert_close(torch.cat([one, two]), wanted, rtol=1e-4, atol=1e-5)


def test_a_batch_is_a_function_of_its_step(features: Path, trunk: Trunk) -> None:
    kept = shelf.read(features, trunk.fingerprint)
    vocabulary = vocabulary_of(garment.looks[0].facts for garment in kept.garments)

    def tokenize(texts: list[str]) -> torch.Tensor:
        return torch.tensor([[len(text), 1] for text in texts])

    batches = HeadBatches(kept, kept.garments, vocabulary, tokenize)
    one, again, other = batches[0], batches[0], batches[1]
    assert all(a.equal(b) for a, b in zip(one, again, strict=True))
    assert not one.features.equal(other.features)
    one_look, number = one.look.tolist(), one.number.tolist()
    assert len(set(one_look)) > len(set(number))  # some stand in it in another look as well


def test_weights_between_two_lie_on_their_line() -> None:
    begun = {"weights": torch.tensor([0.0, 4.0]), "count": torch.tensor(1)}
    trained = {"weights": torch.tensor([1.0, 2.0]), "count": torch.tensor(7)}
    assert between(begun, trained, 0.25)["weights"].tolist() == [0.25, 3.5]
    assert between(begun, trained, 1.0)["weights"].equal(trained["weights"])
    assert between(begun, trained, 0.25)["count"] == 7


def test_like_garments_are_told_apart_by_their_main_colour() -> None:
    facts = [
        Facts(Category.SHIRT, "shirt", colours=colours)
        for colours in (("red", "white"), ("red",), ("navy",), ("black",), ("charcoal",), ())
    ]
    tones = tones_of(facts, np.zeros(6, np.int64), [0, 1, 2, 3, 4, 5]).tolist()
    assert tones[0] == [UNKNOWN, TRUE, FALSE, FALSE, FALSE, UNKNOWN]
    assert tones[3][4] == UNKNOWN  # people call one by the other's name
    assert tones_of(facts, np.array([0, 1, 0, 0, 0, 0]), list(range(6)))[0, 1] == UNKNOWN
    assert tones_of(facts, np.zeros(6, np.int64), [0, 0, 2, 3, 4, 5])[0, 1] == UNKNOWN


def test_features_of_another_encoder_and_none_are_refused(features: Path, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="of another encoder"):
        shelf.read(features, "0" * 16)
    with pytest.raises(DatasetError, match="no features are remembered"):
        shelf.read(tmp_path, "0" * 16)

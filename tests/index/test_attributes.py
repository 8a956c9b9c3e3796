"""What is read off a garment: colours from pixels, the rest where the words are near enough."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from index.encoders.attribute_prompts import FILE, Family, families_in, families_of
from index.encoders.attributes import AttributeReader, Attributes
from segmentation.common.cutouts import NEUTRAL
from segmentation.common.errors import WeightsError
from segmentation.common.garments import Rgb
from segmentation.common.taxonomy import Category

AXES = ("plain", "striped", "stripes", "short", "long", "shirt", "dress")


@dataclass
class WordEncoder:
    """Each word of `AXES` is a direction of its own; a text points between those it holds."""

    batches: list[list[str]] = field(default_factory=list)

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.batches.append(list(texts))
        return np.stack([towards(*(word for word in AXES if word in text)) for text in texts])


def towards(*words: str) -> NDArray[np.float32]:
    row = np.asarray([float(word in words) for word in AXES], np.float32)
    return np.asarray(row / np.linalg.norm(row), np.float32)


def family(answers: Mapping[str, list[str]], **changes: Any) -> Family:
    parts = {"temperature": 0.1, "threshold": 0.7, **changes}
    return Family.model_validate_json(json.dumps({**parts, "answers": dict(answers)}))


PATTERN = family({"plain": ["plain"], "stripe": ["striped", "stripes"]})
SLEEVE = family({"short": ["short"], "long": ["long"]}, categories=["shirt", "dress"])


def read(reader: AttributeReader, *words: str, category: Category = Category.SHIRT) -> Attributes:
    (value,) = reader.read([None], towards(*words)[np.newaxis], [category])
    return value


def on_neutral(*colours: tuple[int, int, int]) -> Rgb:
    cutout = np.full((40, 40, 3), NEUTRAL, np.uint8)
    for number, colour in enumerate(colours):
        cutout[10 + 10 * number : 20 + 10 * number, 10:30] = colour
    return cutout


def test_no_garments_ask_nothing() -> None:
    encoder = WordEncoder()
    reader = AttributeReader(encoder, {"pattern": PATTERN})
    assert reader.read([], np.zeros((0, len(AXES)), np.float32), []) == []
    assert encoder.batches == []


def test_colours_are_those_of_the_pixels_off_the_neutral_ground() -> None:
    reader = AttributeReader(WordEncoder())
    cutouts = [on_neutral((192, 40, 48)), on_neutral((36, 46, 78), (246, 245, 242)), None]
    cutouts.append(on_neutral())
    rows = np.stack([towards("plain")] * 4)
    one, two, left_out, nothing = reader.read(cutouts, rows, [Category.SHIRT] * 4)
    assert one == Attributes(colour="red")
    assert {two.colour, two.second_colour} == {"navy", "white"}
    assert left_out == nothing == Attributes()


def test_an_answer_is_given_where_its_phrases_are_nearest() -> None:
    reader = AttributeReader(WordEncoder(), {"pattern": PATTERN, "sleeve": SLEEVE})
    assert read(reader, "plain") == Attributes(pattern="plain")
    assert read(reader, "striped", "stripes", "long") == Attributes(pattern="stripe", sleeve="long")


def test_what_is_not_sure_is_unknown() -> None:
    both = read(AttributeReader(WordEncoder(), {"sleeve": SLEEVE}), "short", "long")
    assert both.sleeve == ""
    unsure = family({"short": ["short"], "long": ["long"]}, threshold=0.5)
    assert read(AttributeReader(WordEncoder(), {"sleeve": unsure}), "short", "long").sleeve


def test_the_share_is_a_softmax_of_cosines_at_the_temperature() -> None:
    # cosines 1 and 0 at temperature 1: e / (e + 1) = 0.731
    for threshold, answer in ((0.73, "short"), (0.732, "")):
        warm = family({"short": ["short"], "long": ["long"]}, temperature=1, threshold=threshold)
        assert read(AttributeReader(WordEncoder(), {"sleeve": warm}), "short").sleeve == answer


def test_a_family_is_asked_of_its_kinds_alone() -> None:
    reader = AttributeReader(WordEncoder(), {"sleeve": SLEEVE})
    assert read(reader, "long", category=Category.DRESS).sleeve == "long"
    assert read(reader, "long", category=Category.SHOE).sleeve == ""


def test_phrases_hold_the_kind_and_are_encoded_once_in_one_batch() -> None:
    encoder = WordEncoder()
    result = family({"short": ["short {kind}"], "long": ["long {kind}"]})
    reader = AttributeReader(encoder, {"pattern": PATTERN, "sleeve": result})
    rows = np.stack([towards("short", "dress"), towards("long", "shirt")])
    kinds = [Category.DRESS, Category.SHIRT]
    assert [each.sleeve for each in reader.read([None] * 2, rows, kinds)] == ["short", "long"]
    reader.read([None] * 2, rows, kinds)
    (batch,) = encoder.batches
    assert sorted(batch) == [
        "long dress", "long shirt", "plain", "short dress", "short shirt", "striped", "stripes",
    ]  # fmt: skip


def test_as_many_of_each_are_expected() -> None:
    with pytest.raises(ValueError, match="1 cut-outs, 2 vectors, 1 categories"):
        AttributeReader(WordEncoder()).read([None], np.eye(2, 7, dtype=np.float32), [Category.HAT])


def test_an_encoder_that_answers_nonsense_is_refused() -> None:
    class Broken:
        def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
            return np.full((len(texts), len(AXES)), np.nan, np.float32)

    with pytest.raises(WeightsError, match="unusable"):
        read(AttributeReader(Broken(), {"pattern": PATTERN}), "plain")


GOOD: dict[str, Any] = {
    "pattern": {
        "temperature": 0.03,
        "threshold": 0.6,
        "answers": {"plain": ["plain"], "stripe": ["a striped {kind}"]},
        "categories": [],
    },
    "sleeve": {
        "temperature": 1,
        "threshold": 0.5,
        "answers": {"short": ["s"], "long": ["l"]},
        "categories": ["shirt", "leg warmer"],
    },
}


def test_the_file_is_read_back(tmp_path: Path) -> None:
    assert families_in(tmp_path) == {}
    (tmp_path / FILE).write_text(json.dumps(GOOD))
    families = families_in(tmp_path)
    assert set(families) == {"pattern", "sleeve"}
    assert families["pattern"].temperature == 0.03
    assert families["pattern"].texts("hat") == [["plain"], ["a striped hat"]]
    assert families["sleeve"].categories == {Category.SHIRT, Category.LEG_WARMER}


def test_only_a_folder_has_families(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(json.dumps(GOOD))
    assert set(families_of(str(tmp_path))) == set(families_of(f"local-dir:{tmp_path}"))
    assert families_of(str(tmp_path)) == families_in(tmp_path) != {}
    assert families_of("ViT-B-32/laion2b_s34b_b79k") == {}


def changed(name: str, **changes: Any) -> str:
    return json.dumps({**GOOD, name: {**GOOD["pattern"], **changes}})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the file"),
        ("{", "the file"),
        ("[]", "the file"),
        (changed("neckline"), "neckline"),
        (changed("pattern", temperature=0), "pattern.temperature"),
        (changed("pattern", temperature="0.1"), "pattern.temperature"),
        (changed("pattern", temperature=float("nan")), "pattern.temperature"),
        (changed("pattern", threshold=1.1), "pattern.threshold"),
        (changed("pattern", threshold=float("nan")), "pattern.threshold"),
        (changed("pattern", answers={"plain": ["plain"]}), "pattern.answers"),
        (changed("pattern", answers={"plain": ["plain"], "dots": []}), "pattern.answers.dots"),
        (changed("pattern", answers={"plain": ["plain"], "dots": [" "]}), "no phrase"),
        (changed("pattern", answers={"plain": ["{kinds}"], "dots": ["d"]}), "no phrase"),
        (changed("pattern", answers={"Plain": ["plain"], "dots": ["d"]}), "no answer's name"),
        (changed("pattern", answers={"plain": ["p"], "striped": ["s"]}), "is called 'stripe'"),
        (changed("sleeve", categories=["sofa"]), "sleeve.categories"),
        (changed("sleeve", note="x"), "sleeve.note"),
        (json.dumps({"pattern": {"temperature": 1, "threshold": 1}}), "pattern.answers"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(WeightsError) as caught:
        families_in(tmp_path)
    assert says in caught.value.got and str(tmp_path / FILE) in caught.value.got
    assert "only colours are read" in caught.value.next_step

"""Each figure is what its name says, on vectors made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from index.training.contact_sheets import TILE, drawn, rows_of
from index.training.examples.facts import Facts
from index.training.examples.garments import Example
from index.training.examples.vocabulary import COLOUR, vocabulary_of
from index.training.measuring.calibration import (
    NEVER,
    Calibration,
    answered,
    attribute_words,
    calibrated,
    expected_calibration_error,
)
from index.training.measuring.neighbours import changed, neighbour_figures
from index.training.measuring.refining import refinement_figures, wardrobe
from index.training.measuring.words import (
    caption_figures,
    chance_of,
    colour_kind_queries,
    named,
    pattern_kind_queries,
    precision,
)
from segmentation.common.cutouts import SIDE
from segmentation.common.garments import Rgb
from segmentation.common.taxonomy import Category
from tests.index.training.pieces import square_garment

KINDS = (Category.SHIRT, Category.PANTS)
COLOURS = {"red": (192, 40, 48), "navy": (36, 46, 78), "white": (246, 245, 242)}
PATTERNS = ("striped", "checked", "dotted", "floral", "pinstriped", "plain")
WORDS = ("shirt", "pants", *COLOURS, *PATTERNS)


class Reader:
    """An encoder that sees what the facts say: a direction for each kind, colour and pattern."""

    fingerprint = "reader"
    dim = len(WORDS) + 1
    batch = 32

    def __init__(self, examples: Sequence[Example] = ()) -> None:
        self._seen = {example.served().tobytes(): example.facts for example in examples}

    def knows(self, examples: Sequence[Example]) -> NDArray[np.float32]:
        return self._rows([_said(example.facts) for example in examples])

    def encode_images(self, images_rgb: Sequence[Rgb]) -> NDArray[np.float32]:
        return self._rows([_said(self._seen[rgb.tobytes()]) for rgb in images_rgb])

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._rows([{word for word in WORDS if word in text.split()} for text in texts])

    def _rows(self, answer: Sequence[set[str]]) -> NDArray[np.float32]:
        rows = np.array([[word in said for word in WORDS] + [0.01] for said in answer], np.float32)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def _said(facts: Facts) -> set[str]:
    patterns = {
        "stripe": "striped",
        "check": "checked",
        "dots": "dotted",
        "pinstripe": "pinstriped",
    }
    return {facts.name, facts.colours[0], patterns.get(facts.pattern, facts.pattern)}


def shop(each: int = 12) -> list[Example]:
    """As many plain garments of each kind and colour, no two alike."""
    made = []
    for kind in KINDS:
        for name, rgb in COLOURS.items():
            for number in range(each):
                own = (rgb[0], rgb[1], max(0, rgb[2] - number))
                facts = Facts(kind, kind.value, (name,), "plain")
                garment = square_garment(kind.value, kind, own, facts)
                made.append(replace(garment, id=f"{kind.value}-{name}-{number}"))
    return made


def test_neighbours_of_an_encoder_that_sees_everything_are_right() -> None:
    garments = shop()
    vectors = Reader().knows(garments)
    figures = neighbour_figures(garments, 5, vectors, vectors[:5])
    assert figures["cutout_kind_p1"] == figures["cutout_kind_p10"] == 1.0
    assert figures["colour_p10"] == 1.0 and figures["kind_p1"] == 0.0  # there is no product shot
    blind = np.tile(np.array([[1.0, 0.0]], np.float32), (len(garments), 1))
    assert neighbour_figures(garments, 5, blind, blind[:5])["instance_r1"] == pytest.approx(0.2)


def test_a_changed_view_is_of_the_served_size_and_not_the_picture() -> None:
    garments = shop(1)
    views = changed(garments)
    assert {view.shape for view in views} == {(SIDE, SIDE, 3)}
    assert all((a != b.served()).any() for a, b in zip(views, garments, strict=True))


def test_words_find_what_they_say_and_only_queries_with_ten_right_answers_count() -> None:
    garments = shop()
    queries = colour_kind_queries(garments)
    assert {"red shirt", "navy pants", "white shirt"} <= set(queries)
    assert not any("mint" in query for query in queries)
    spoken = {query: right for query, right in queries.items() if query.split()[0] in COLOURS}
    assert precision(spoken, Reader().knows(garments), Reader()) == 1.0
    assert chance_of(queries) < 0.4 and colour_kind_queries(shop(3)) == {}
    assert set(pattern_kind_queries(garments)) == {"plain shirt", "plain pants"}


def test_a_captions_own_picture_ranks_first_where_only_it_is_true() -> None:
    garments = shop(1)
    figures = caption_figures(garments, Reader().knows(garments), Reader())
    assert figures["caption_median_rank"] <= 2 and figures["caption_first_true_r1"] == 1.0


def test_refining_takes_the_new_attribute_and_keeps_the_kind() -> None:
    dressed = wardrobe(shop())
    figures = refinement_figures(dressed, Reader().knows(dressed), Reader())
    assert figures["wishes"] > 100
    assert figures["refined_p10"] > figures["picture_alone_p10"] + 0.3
    assert {one.facts.pattern for one in dressed} > {"plain", "stripe"}


def test_a_known_answer_is_told_and_an_unknown_one_is_not_asked() -> None:
    garments = [*shop(1), replace(square_garment(), facts=Facts(Category.SHIRT, "shirt", ("red",)))]
    result = answered("pattern", garments, Reader().knows(garments), Reader())
    answers = list(attribute_words()["pattern"])
    assert len(result.cosines) == len(garments) - 1
    assert result.true.argmax(axis=1).tolist() == [answers.index("plain")] * len(result.true)
    words = vocabulary_of(garment.facts for garment in garments)[COLOUR]
    colours = named(garments, Reader().knows(garments), words, Reader())
    assert len(colours.cosines) == len(garments)


def test_calibration_is_as_sure_as_it_is_right() -> None:
    rng = np.random.default_rng(0)
    true = np.eye(4, dtype=bool)[rng.integers(0, 4, 600)]
    cosines = (true * 0.1 + rng.normal(0, 0.05, true.shape)).astype(np.float32)
    fitted = calibrated(cosines, true)
    figures = fitted.figures(cosines, true)
    assert figures["calibration_error"] < 0.06
    assert figures["accuracy_answered"] >= 0.89 > figures["accuracy"] > 0.6
    assert 0.2 < figures["answered"] < 1


def test_answers_that_are_never_right_are_never_given() -> None:
    true = np.tile([[True, False]], (50, 1))
    cosines = np.tile(np.array([[0.0, 1.0]], np.float32), (50, 1))
    assert calibrated(cosines, true).threshold == NEVER
    assert expected_calibration_error(np.full(4, 0.99), np.zeros(4, bool)) == pytest.approx(0.99)
    assert Calibration(0.1, 0.5).chances(cosines).sum(axis=1) == pytest.approx(np.ones(50))


def test_a_sheet_shows_every_query_with_its_ten_nearest() -> None:
    garments = shop()
    dressed = wardrobe(garments)
    rows = list(rows_of(garments, Reader([*garments, *dressed])))
    assert len(rows) >= 60 and all(len(row.found) == 10 for row in rows)
    assert drawn(rows[:3]).shape == (3 * TILE, 11 * TILE, 3)
    assert any(row.label == "red shirt" and all(row.right) for row in rows)

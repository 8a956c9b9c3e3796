"""What is said of a photo's garments, with and without an encoder that can be asked."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np

from index.encoders.attribute_prompts import Families, Family
from index.model.filters import Filters
from recommender.completion.complete import complete
from recommender.photos.photo_analysis import analyse
from recommender.photos.reading import describe
from recommender.similarity.similarity_search import SimilarRequest, similar_to_photo
from recommender.timing import Stopwatch
from segmentation.common.garments import Garments
from tests.recommender.fakes import DRESSED, FakeDetector, FakeServices, photo, shop


def sure(name: str, answer: str) -> Families:
    """Return a family that gives one answer whatever it sees: of equals, the first is taken."""
    record = {"temperature": 1.0, "threshold": 0.5, "categories": ["dress", "top"]}
    answers = {answer: ["x"], "another": ["x"]}
    return {name: Family.model_validate_json(json.dumps({**record, "answers": answers}))}


def services(**changes: object) -> FakeServices:
    return replace(FakeServices(shop(), FakeDetector(DRESSED)), **changes)  # type: ignore[arg-type]


def test_no_garments_are_described_without_an_encoder() -> None:
    given = services(detector=FakeDetector(), families=sure("pattern", "plain"))
    assert len(analyse(photo(), given).garments) == 0
    assert given.encoder.calls == 0


def test_without_families_the_encoder_is_not_asked() -> None:
    given = services()
    analysis = analyse(photo(), given)
    assert [garment.attributes for garment in analysis.garments] == [{"colour": "red"}] * 2
    assert given.encoder.calls == 0


def test_garments_get_what_the_encoder_tells_and_keep_their_colours() -> None:
    given = services(families=sure("sleeve", "long"))
    watch = Stopwatch()
    dress, shoe = analyse(photo(), given, watch=watch).garments
    assert dress.attributes == {"colour": "red", "sleeve": "long"}
    assert shoe.attributes == {"colour": "red"}, "shoes are not asked for sleeves"
    assert (given.encoder.calls, list(watch.ms)) == (1, ["segment", "cutout", "encode"])


def test_what_the_detector_says_is_not_overruled() -> None:
    given = services(families=sure("pattern", "plain"))
    found = analyse(photo(), given).found
    parts = tuple(replace(g, attributes={**g.attributes, "pattern": "dots"}) for g in found)
    garments = Garments(found.height, found.width, parts)
    described = describe(garments, np.eye(2, 8, dtype=np.float32), given)
    assert described[0].attributes["pattern"] == "dots"


def test_completing_and_finding_similar_items_describe_alike() -> None:
    given = services(families=sure("length", "midi"))
    dress = complete(analyse(photo(), given), given).garments[0]
    assert dress.attributes == {"colour": "red", "length": "midi"}
    assert given.encoder.calls == 1, "all cut-outs in one batch, once"
    similar = similar_to_photo(analyse(photo(), given), given)
    assert similar.garment is not None
    assert similar.garment.attributes == dress.attributes
    assert given.encoder.calls == 2


def test_filters_reach_the_catalogue() -> None:
    given = services()
    wanted = Filters(patterns=frozenset({"stripe"}), sleeves=frozenset({"long"}))
    similar_to_photo(analyse(photo(), given), given, SimilarRequest(filters=wanted))
    (asked,) = given.searcher.asked
    assert (asked.patterns, asked.sleeves) == (wanted.patterns, wanted.sleeves)
    assert not asked.lengths

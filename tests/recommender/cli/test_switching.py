"""Another encoder: the index of the old one is refused, one command makes the new one's."""

from __future__ import annotations

import numpy as np
import pytest

from index.encoders.encoder import OpenClipEncoder
from recommender.runtime.wiring import Wiring
from tests.recommender.cli.conftest import ROWS, Shell, picture
from tests.tiny_encoder import write_encoder

REAL = Wiring._load_encoder


@pytest.fixture
def real(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell with real encoders; the detector is still one that loads at once."""
    monkeypatch.setattr(Wiring, "_load_encoder", REAL)
    return shell


def test_from_the_shipped_encoder_to_another_and_back(
    real: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    [imported] = real.ok("catalog", "import", real.feed())
    assert imported["encoded"] == len(ROWS)
    [first] = real.ok("similar", "--text", "red shoes")
    shipped = real.ok("index", "status")[0]

    other = write_encoder(real.folder / "tiny")
    monkeypatch.setenv("RECOMMENDER_ENCODER", f"local-dir:{other}")
    for query in (("--text", "red shoes"), ("--item", "boots"), ("--photo", photo(real))):
        said = real.refused("similar", *query)
        assert "the index has another encoder" in said and "`recommender index build`" in said
        assert shipped["encoder"] in said

    [built] = real.ok("index", "build")
    expected = OpenClipEncoder(str(other))
    assert (built["encoded"], built["rejected"]) == (len(ROWS), 0)
    assert (built["encoder"], built["dim"]) == (expected.fingerprint, 16)
    for query in (("--text", "red shoes"), ("--item", "boots"), ("--photo", photo(real))):
        [answer] = real.ok("similar", *query, "-k", "3")
        assert answer["hits"]
    [again] = real.ok("index", "build")
    assert again["encoded"] == 0
    [unchanged] = real.ok("catalog", "import", real.feed())
    assert (unchanged["encoded"], unchanged["unchanged"]) == (0, len(ROWS))

    monkeypatch.delenv("RECOMMENDER_ENCODER")
    assert built["encoder"] in real.refused("similar", "--text", "red shoes")
    real.ok("index", "build")
    [last] = real.ok("similar", "--text", "red shoes")
    assert [hit["sku"] for hit in last["hits"]] == [hit["sku"] for hit in first["hits"]]
    before, after = ([hit["score"] for hit in answer["hits"]] for answer in (first, last))
    np.testing.assert_allclose(before, after, atol=1e-3)


def test_an_encoder_that_is_not_here_is_refused_by_every_command_that_needs_it(
    real: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    real.ok("catalog", "import", real.feed())
    monkeypatch.setenv("RECOMMENDER_ENCODER", "hf-hub:nobody/nothing")
    for words in (("similar", "--text", "red"), ("index", "build"), ("catalog", "import", "feed")):
        said = real.refused(*words)
        assert "nobody/nothing" in said and "create_model('hf-hub:nobody/nothing')" in said


def photo(shell: Shell) -> str:
    return str(shell.file("mine.png", picture()))

"""An import cuts out the next batch's pictures while it encodes and writes one, to the same end."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from index.importing.reports import ImportReport
from index.model.items import Pictures
from index.model.progress import Event, Step
from segmentation.common.garments import Photo, Rgb
from segmentation.common.taxonomy import Category
from tests.fakes import FakeCutter, FakeEncoder
from tests.index.conftest import Shop, colour_of

WAITS_S = 30


@dataclass
class WaitingEncoder(FakeEncoder):
    """Returns its first answer once the cutter has come to the next batch."""

    others_cut: threading.Event = field(default_factory=threading.Event)
    waited: list[bool] = field(default_factory=list)

    def encode_images(self, images_rgb: Sequence[Rgb]) -> NDArray[np.float32]:
        if not self.waited:
            self.waited.append(self.others_cut.wait(WAITS_S))
        return super().encode_images(images_rgb)


@dataclass
class Cutting(FakeCutter):
    """Says when it cuts a picture of a colour, and may fail at it once."""

    colour: tuple[int, int, int] = colour_of(5)
    reached: threading.Event = field(default_factory=threading.Event)
    fails: int = 0

    def __call__(
        self, photo: Photo, category: Category | None, pictures: Pictures = Pictures.AUTO
    ) -> tuple[Rgb, Mapping[str, str]]:
        if tuple(photo.rgb[0, 0]) == self.colour:
            self.reached.set()
            if self.fails:
                self.fails -= 1
                raise RuntimeError("no memory for this picture just now")
        return super().__call__(photo, category, pictures)


def by_one(shop: Shop) -> ImportReport:
    """Import the feed, a row a batch."""
    return replace(shop.indexer(), batch_size=1).import_feed(shop.feed)


def test_the_next_batch_is_cut_out_while_one_is_encoded(shop: Shop) -> None:
    shop.cutter = cutter = Cutting()
    shop.encoder = encoder = WaitingEncoder(others_cut=cutter.reached)
    shop.write(*(shop.row(n) for n in range(8)))
    report = shop.run()
    assert encoder.waited == [True]
    assert (report.added, report.encoded, cutter.calls, encoder.calls) == (8, 8, 8, 2)
    assert shop.searcher().nearest(shop.query(6), 1)[0].item.sku == "s6"


def test_what_two_batches_show_is_cut_out_once(shop: Shop) -> None:
    rows = [shop.row(n) for n in range(6)]
    shop.write(*rows[:3], rows[3] | {"image": "p2.png"}, *rows[4:])
    report = by_one(shop)
    assert (report.added, report.encoded) == (6, 5)
    assert (shop.cutter.calls, shop.encoder.pictures) == (5, 5)


def test_a_picture_that_one_batch_leaves_is_there_for_the_next(shop: Shop) -> None:
    rows = [shop.row(n) for n in range(3)]
    shop.write(*rows)
    by_one(shop)
    left = shop.item("s0").image
    shop.row(9)
    shop.write(rows[0] | {"image": "p9.png"}, rows[1] | {"image": "p0.png"}, rows[2])
    report = by_one(shop)
    assert (report.changed, report.unchanged) == (2, 1)
    assert shop.item("s1").image == left
    assert left in shop.pictures() and len(shop.pictures()) == 3
    assert shop.searcher().nearest(shop.query(0), 1)[0].item.sku == "s1"


def test_what_failed_ahead_of_its_turn_is_tried_again_in_its_turn(shop: Shop) -> None:
    shop.cutter = Cutting(fails=1)
    shop.write(*(shop.row(n) for n in range(8)))
    assert shop.run().added == 8
    shop.cutter = Cutting(colour=colour_of(12), fails=2)
    shop.write(*(shop.row(n) for n in range(8, 16)))
    with pytest.raises(RuntimeError, match="just now"):
        shop.run()
    assert len(shop.skus()) == 12, "the batch before it is in the catalogue"


def test_an_import_that_is_stopped_leaves_the_next_batch_out(shop: Shop) -> None:
    def stop(event: Event) -> None:
        if event.step is Step.STORED:
            raise InterruptedError

    shop.write(*(shop.row(n) for n in range(12)))
    with pytest.raises(InterruptedError):
        shop.run(stop)
    assert len(shop.skus()) == len(shop.pictures()) == 4
    report = shop.run()
    assert (report.added, report.unchanged, report.encoded) == (8, 4, 8)

"""What a worker answers, and what is made of it, with no cluster in between."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from index.distributed.cluster import connected
from index.distributed.fleet import Resources, room_of
from index.distributed.jobs import EncodingJob, Finished, Recipe
from index.distributed.worker import Files, Station
from index.errors import ClusterError
from index.files.images import ImageStore
from index.importing.encoding import Workbench
from segmentation.common.errors import Refusal, WeightsError
from segmentation.common.taxonomy import Category
from tests.fakes import FakeCutter, FakeEncoder
from tests.index.conftest import Shop, colour_of, picture
from tests.index.test_pictures import Rack


@dataclass
class OneByOne:
    """A fleet of one station in this process, that answers the last job first and the first twice."""

    images: ImageStore
    recipe: Recipe

    def encode(self, jobs: Iterable[EncodingJob]) -> Iterator[list[Finished]]:
        station, asked = Station(self.recipe, "fake-1"), list(jobs)
        for job in [*reversed(asked), *asked[:1]]:
            answer = station.answer([(job, self._files(job))])
            if isinstance(answer, Refusal):
                raise answer
            yield answer

    def _files(self, job: EncodingJob) -> Files:
        try:
            return [self.images.path_of(name).read_bytes() for name in job.names]
        except OSError as error:
            return [str(error)] * len(job.names)


def workbench() -> Workbench:
    return Workbench(FakeCutter({"colour": "red"}), FakeEncoder())


def stocked(shop: Shop, items: int) -> Shop:
    shop.encoder = FakeEncoder("fake-0")
    shop.write(*(shop.row(number) for number in range(items)))
    shop.run()
    shop.encoder = FakeEncoder("fake-1")
    return shop


def test_a_fleet_and_this_process_reject_and_write_the_same(shop: Shop) -> None:
    stocked(shop, 10)
    images = shop.indexer().images
    images.path_of(shop.item("s3").image).unlink()
    images.path_of(shop.item("s4").image).write_bytes(picture(colour_of(4))[:40])
    by_fleet = shop.indexer(fleet=OneByOne(images, workbench)).rebuild()
    assert by_fleet.encoded == 8 + 1, "one answer came twice"
    red = [shop.item(f"s{n}").colour for n in range(10)]
    rows = [shop.searcher().nearest(shop.query(n), 1)[0].item.sku for n in range(3)]
    shop.encoder = FakeEncoder("fake-1")
    here = shop.indexer(cutter=FakeCutter({"colour": "red"})).rebuild(encode_again=True)
    assert sorted((r.sku, r.reason) for r in by_fleet.rejects) == [
        (r.sku, r.reason) for r in here.rejects
    ]
    assert [r.sku for r in here.rejects] == ["s3", "s4"]
    assert red == [shop.item(f"s{n}").colour for n in range(10)]
    assert rows == ["s0", "s1", "s2"]


def test_further_pictures_come_back_to_their_places(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    rack = Rack(shop, [])
    monkeypatch.setattr("index.build.open_feed", lambda _source, _options: rack)
    rack.of(("a", (1, 2, 3)), ("b", (4,)), ("c", (5, 1)))
    assert rack.run(later=True).encoded == 0
    fleet = OneByOne(shop.indexer().images, workbench)
    assert shop.indexer(fleet=fleet).rebuild().encoded == 6 + 3, "one item came twice"
    made = {sku: rack.vectors(sku) for sku in "abc"}
    assert [len(made[sku]) for sku in "abc"] == [3, 1, 2]
    assert shop.item("a").colour == "red"
    for number, sku in ((2, "a"), (3, "a"), (4, "b"), (5, "c")):
        assert shop.searcher().nearest(shop.query(number), 1)[0].item.sku == sku
    rack.of(("a", (1, 2, 6)), ("b", (4,)), ("c", (5, 1)))
    rack.run(later=True)
    assert shop.indexer(fleet=fleet).rebuild().encoded == 1 + 1, "only what is new, twice told"
    assert rack.vectors("a")[:2] == made["a"][:2], "the others stay as they are"
    kept = {sku: rack.vectors(sku) for sku in "abc"}
    shop.indexer().rebuild(encode_again=True)
    assert {sku: rack.vectors(sku) for sku in "abc"} == kept


def test_a_fleet_tells_how_far_it_is(shop: Shop) -> None:
    parts: list[tuple[int, int | None]] = []
    stocked(shop, 5)
    fleet = OneByOne(shop.indexer().images, workbench)
    shop.indexer(lambda event: parts.append((event.done, event.total)), fleet=fleet).rebuild()
    assert (1, 5) in parts
    assert (5, 5) in parts


def test_models_that_cannot_be_loaded_are_told(shop: Shop) -> None:
    def damaged() -> Workbench:
        raise WeightsError("damaged", got="a", expected="b", next_step="Mend it.")

    stocked(shop, 2)
    with pytest.raises(WeightsError, match="damaged"):
        shop.indexer(fleet=OneByOne(shop.indexer().images, damaged)).rebuild()


def test_an_answer_of_no_use_is_told() -> None:
    class Broken(FakeEncoder):
        def encode_images(self, images_rgb: Any) -> Any:
            return super().encode_images(images_rgb) * 2

    station = Station(lambda: Workbench(FakeCutter(), Broken()), "fake-1")
    answer = station.answer([(EncodingJob("s1", Category.DRESS, ("n",)), [picture((9, 9, 9))])])
    assert isinstance(answer, WeightsError)


@pytest.mark.parametrize(
    ("node", "wanted", "room"),
    [
        ({}, Resources(), 0),
        ({"CPU": 4.0}, Resources(), 4),
        ({"CPU": 4.0}, Resources(cpus=3), 1),
        ({"CPU": 4.0}, Resources(gpus=1), 0),
        ({"CPU": 4.0, "GPU": 1.0}, Resources(gpus=0.5), 2),
    ],
)
def test_a_node_has_room_for_so_many(node: dict[str, float], wanted: Resources, room: int) -> None:
    assert room_of(node, wanted) == room


def test_a_missing_package_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ClusterError, match=r"no ray; expected the extra `scale`"), connected(""):
        pass


def test_a_client_address_is_refused() -> None:
    with pytest.raises(ClusterError, match="HOST:PORT"), connected("ray://127.0.0.1:10001"):
        pass


@pytest.mark.parametrize(
    "address", ["127.0.0.1:1", "127.0.0.1", "127.0.0.1:ray", "127.0.0.1:99999"]
)
def test_an_address_where_no_cluster_is_is_refused_at_once(address: str) -> None:
    started = time.monotonic()
    with (
        pytest.raises(ClusterError, match=r"the Ray cluster .* cannot be used"),
        connected(address),
    ):
        pass
    assert time.monotonic() - started < 60, "Ray itself would try for minutes"
